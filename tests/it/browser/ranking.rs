//! The places of an event, looked at and stored in its drawer.

use serde_json::json;

use super::window::Window;
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn places_are_shown_with_their_reasons_and_stored_with_one_press() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    let admin = server.admin().await;
    for (athlete, time) in [(1, 10.9), (2, 10.7), (3, 10.9)] {
        let body = json!({"athleteId": athlete, "eventId": 2, "round": "final", "timeSeconds": time});
        server.post("/api/results", &body).by(&admin).await.is(201);
    }
    window.sign_in_as_admin("/admin/events?id=2&tab=ranking").await;
    window.shows("3 places would change").await;
    let words = window.text(".ranking").await;
    assert!(words.contains("Place 2 is shared by 2") && words.contains("Same mark, shared place"), "{words}");
    window.press("Store these places").await;
    window.shows("3 places were changed").await;
    window.shows("Every place is as the rules have it.").await;
    assert_eq!(server.number("SELECT position FROM results WHERE event_id = 2 AND athlete_id = 2").await, 1);
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
