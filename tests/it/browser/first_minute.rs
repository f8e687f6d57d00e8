//! A new user's first minutes, from a fresh folder to a result on a phone: each step one action. Its times are printed,
//! and stand in the README; none is asserted.

use std::time::Instant;

use serde_json::{Value, json};

use super::window::Window;
use crate::support::desktop::Desktop;

/// Notes how long each step took.
struct Walk {
    began: Instant,
    step: Instant,
}

impl Walk {
    fn done(&mut self, what: &str) {
        println!("{:6.2} s {:6.2} s  {what}", self.step.elapsed().as_secs_f64(), self.began.elapsed().as_secs_f64());
        self.step = Instant::now();
    }
}

fn meet() -> String {
    let athlete = |name: &str, bib: &str| json!({"name": name, "country": "KEN", "gender": "F", "bib_number": bib});
    let entry = |bib: &str| json!({"race": "Spring Open", "event": "100m", "gender": "F", "bib_number": bib});
    json!({
        "athletes": [athlete("Grace Nakato", "1"), athlete("Mary Wanjiru", "2"), athlete("Emily Johnson", "3")],
        "events": [{"race": "Spring Open", "name": "100m", "category": "Sprint", "gender": "F", "distance": "100"}],
        "registrations": [entry("1"), entry("2"), entry("3")],
    })
    .to_string()
}

/// Whether the page with such a path is there as a whole.
fn is_open(path: &str) -> String {
    format!("RegExp('^{path}').test(location.pathname) && document.readyState === 'complete'")
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_fresh_folder_to_a_result_on_a_phone() {
    let desktop = Desktop::new();
    // The browser of a laptop runs already.
    let Some(laptop) = Window::at(String::new()).await else { return };
    let Some(phone) = Window::at(String::new()).await else { return };
    phone.size(390, 844, true).await;
    let mut walk = Walk { began: Instant::now(), step: Instant::now() };

    let served = desktop.athsys().serve_as(&[]);
    let page = desktop.shown();
    laptop.go(&page).await;
    laptop.shows("Question 1 of 3").await;
    walk.done("double-click: the browser shows the first question");

    laptop.fill("#setup-name", "Ada Official").await;
    laptop.fill("#setup-email", "ada@example.org").await;
    for field in ["#setup-password", "#setup-repeat"] {
        laptop.fill(field, "three unrelated words").await;
    }
    laptop.press("Make administrator").await;
    laptop.shows("Question 2 of 3").await;
    walk.done("the administrator");

    laptop.fill("#setup-meet-name", "Spring Open").await;
    laptop.fill("#setup-meet-location", "Oslo").await;
    laptop.press("Save and go on").await;
    laptop.shows("Question 3 of 3").await;
    walk.done("the meet");

    laptop.drop_file(".gate-drop", "meet.json", &meet()).await;
    laptop.press("Import now").await;
    laptop.shows("Import finished").await;
    walk.done("athletes and entries from a file");

    // What the code in the menu holds that the phone reads.
    let joined: String =
        laptop.js("athsys.api.get('/api/admin/network').then(({ addresses }) => addresses[0].join_url)").await;
    phone.go(&joined).await;
    phone.shows("You are connected to").await;
    walk.done("the phone has joined by the code");

    let station = "location.assign('/admin/events?id=1&tab=stations')";
    laptop.js::<Value>(station).await;
    laptop.press("Make a link").await;
    laptop.until("Boolean(document.querySelector('.station-code'))").await;
    walk.done("the code of the 100 m is on the screen");

    let station: String = laptop.js("document.querySelector('#station-link').value").await;
    phone.go(&station).await;
    phone.fill("#station-name", "Tom Timer").await;
    phone.press("Start").await;
    phone.shows("Grace Nakato").await;
    walk.done("the phone reads it and gives a name: it is the station");

    phone.click(".station-row").await;
    phone.fill("#station-mark", "11,95").await;
    phone.press("Save").await;
    phone.until("document.querySelector('.station-row .mark:not(.waiting)')?.innerText === '11.95'").await;
    walk.done("a starter is pressed, the time typed and saved");

    phone.go(&joined).await;
    // Each page is there before it is pressed: the one before it has links to the same places.
    phone.click(".acts a[href='/']").await;
    phone.until(&is_open("/$")).await;
    phone.click("a[href^='/races/']").await;
    phone.until(&is_open("/races/")).await;
    phone.click("main a[href^='/events/']").await;
    phone.until(&is_open("/events/")).await;
    phone.shows("11.95").await;
    walk.done("the result is read on the phone");

    assert_eq!(laptop.trouble().await, Vec::<String>::new());
    assert_eq!(phone.trouble().await, Vec::<String>::new());
    laptop.close().await;
    phone.close().await;
    served.stop();
}
