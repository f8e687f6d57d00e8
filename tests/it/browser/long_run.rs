//! What every page tells administrators of the computer that serves.

use athsys::computer::battery::Battery;

use super::window::Window;
use crate::long_run::watched;

#[tokio::test(flavor = "multi_thread")]
async fn a_sleep_and_a_low_battery_stand_on_every_page() {
    let server = watched().await;
    let Some(window) = Window::open(&server).await else { return };
    window.enter(&server).await;
    server.app.health().note_sleep(840);
    for page in ["/admin/athletes", "/admin/races"] {
        window.go(page).await;
        window.shows("This computer slept for 14 minutes, until").await;
    }
    window.press("How to").await;
    window.shows("A server that runs for days").await;
    // The battery comes first: there is something to do now.
    server.app.health().note_battery(Some(Battery { percent: 20, charging: false }));
    window.go("/admin/athletes").await;
    window.shows("The battery of the server is low. 20 % are left.").await;
    server.app.health().note_battery(Some(Battery { percent: 10, charging: false }));
    window.go("/admin/events").await;
    window.shows("Plug the laptop in now.").await;
    std::fs::write(server.folder().join("crash-20270514-093000.txt"), "odd\n").unwrap();
    window.go("/admin/health").await;
    window.shows("The newest is crash-20270514-093000.txt, beside the database.").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
