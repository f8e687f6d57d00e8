//! Names that are programs: whatever stands in a name, a club, a race or an event is shown as the letters it has.

use serde_json::json;

use super::everywhere::{INSIDE, visit};
use super::window::Window;
use crate::support::TestServer;

/// Each would leave its mark on the window, had it run.
pub(super) const POISON: [&str; 6] = [
    "<script>window.poisoned = 1</script>",
    "<img src=x onerror=\"window.poisoned = 2\">",
    "\"><svg onload=window.poisoned=3>",
    "javascript:window.poisoned=4//",
    "${window.poisoned = 5}{{constructor.constructor('window.poisoned=5')()}}",
    "</title></textarea><iframe srcdoc=\"<script>top.poisoned=6</script>\">",
];

/// Whether one of them ran in the page.
pub(super) async fn ran(window: &Window) -> bool {
    window.js("'poisoned' in window || document.querySelector('iframe') !== null").await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_runs_on_any_page() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    for (index, poison) in POISON.iter().enumerate() {
        let race = json!({"name": poison, "date": athsys::time::today().to_string(), "location": poison,
            "description": poison, "status": "ongoing"});
        let race = server.add("/api/races", race).await;
        let event = server.add_event(race, poison).await;
        let athlete = json!({"name": poison, "country": "KEN", "clubTeam": poison, "coach": poison,
            "bibNumber": format!("X{index}")});
        let athlete = server.add("/api/athletes", athlete).await;
        let entry = json!({"athleteId": athlete, "eventId": event, "seedMark": "11.90"});
        server.add("/api/registrations", entry).await;
        let result = json!({"athleteId": athlete, "eventId": event, "timeSeconds": 11.5, "recordType": poison.chars().take(50).collect::<String>()});
        server.add("/api/results", result).await;
    }
    let settings = json!({"organisationName": POISON[0], "privacyContact": POISON[1]});
    server.put("/api/admin/settings", &settings).by(&server.admin().await).await.is(200);
    let quiet = async |path: &str| {
        visit(&window, &server, path).await;
        assert!(!ran(&window).await, "something ran on {path}");
    };
    for path in [
        "/",
        "/races/4",
        "/events/10",
        "/athletes/6",
        "/find?q=poisoned",
        "/find?q=%3Cscript%3Ewindow.poisoned=7",
        "/privacy",
    ] {
        quiet(path).await;
    }
    window.sign_in_as_admin("/admin-pro.html").await;
    for path in INSIDE {
        quiet(path).await;
    }
    for path in [
        "/admin/athletes?id=6",
        "/admin/athletes?id=6&tab=privacy",
        "/admin/races?id=4",
        "/admin/events?id=10",
        "/admin/athletes?q=%3Cimg",
    ] {
        quiet(path).await;
    }
    window.close().await;
}
