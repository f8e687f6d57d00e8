//! The pages for everybody, on phones and laptops, in both themes: nothing wrong on the console, nothing too wide or too
//! small, fresh by themselves, and a form that is filled by hand.

use serde_json::{Value, json};

use crate::browser::window::Window;
use crate::support::TestServer;

/// A race that takes entries, beside the demo data.
pub async fn open_race(server: &TestServer) {
    let race = json!({"name": "Open Day", "date": "2099-06-14", "location": "Kisumu", "registrationOpen": true,
        "registrationLink": "open26"});
    let race = server.add("/api/races", race).await;
    server.add("/api/events", json!({"raceId": race, "name": "Fun run", "category": "Road"})).await;
}

const PAGES: [(&str, &str); 7] = [
    ("/", "Andre Campbell"),
    ("/races/1", "100m Men"),
    ("/events/1", "10.19"),
    ("/events/3", "6.18"),
    ("/athletes/1", "Rift Valley AC"),
    ("/find?q=a", "Grace Nakato"),
    ("/register/open26", "Who starts"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_public_page_fits_every_screen() {
    let server = TestServer::demo().await;
    open_race(&server).await;
    let Some(window) = Window::open(&server).await else { return };
    for (width, height, phone) in [(1440, 900, false), (720, 450, false), (390, 844, true), (320, 640, true)] {
        window.size(width, height, phone).await;
        for theme in ["light", "dark"] {
            for (path, text) in PAGES {
                window.go(path).await;
                window.js::<Value>(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
                window.shows(text).await;
                let wide: Vec<i64> =
                    window.js("[document.documentElement.scrollWidth - innerWidth].filter((over) => over > 0)").await;
                assert!(wide.is_empty(), "{path} at {width}: {wide:?}");
                if phone {
                    window.until("matchMedia('(pointer: coarse)').matches").await;
                    let small: Vec<String> = window
                        .js("[...document.querySelectorAll('a, button, input, select')]
                            .filter((one) => one.checkVisibility() && !one.matches('.sr, .skip'))
                            .map((one) => [one, (one.closest('label, .search') ?? one).getBoundingClientRect()])
                            .filter(([, box]) => box.width > 0 && (box.width < 43.5 || box.height < 43.5))
                            .map(([one, box]) => `${one.tagName} ${one.textContent.trim()} ${box.width}x${box.height}`)")
                        .await;
                    assert!(small.is_empty(), "{path} at {width}: {small:?}");
                }
                let parts: [usize; 2] =
                    window.js("['h1', 'main'].map((name) => document.querySelectorAll(name).length)").await;
                assert_eq!(parts, [1, 1], "{path}");
            }
        }
        assert_eq!(window.trouble().await, Vec::<String>::new(), "at {width}");
    }
    let home = server.url("/");
    let strangers: Vec<String> = window.requests().await.into_iter().filter(|url| !url.starts_with(&home)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_becomes_fresh_by_itself_and_says_when_the_server_is_away() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    // The time between two looks passes at once when the page is told that it is seen again.
    let look = "document.dispatchEvent(new Event('visibilitychange'))";
    window.go("/events/1").await;
    window.shows("10.44").await;
    window.js::<Value>("document.querySelector('main').dataset.seen = 'before'").await;
    let admin = server.admin().await;
    server.put("/api/results/2", &json!({"timeSeconds": 10.43})).by(&admin).await.is(200);
    window.js::<Value>(look).await;
    window.shows("10.43").await;
    let same: String = window.js("document.querySelector('main').dataset.seen").await;
    assert_eq!(same, "before", "the page itself was not loaded again");
    assert_eq!(window.text("#news").await, "");

    window.js::<Value>("XMLHttpRequest.prototype.open = function () {}, XMLHttpRequest.prototype.send = function () { this.onloadend() }").await;
    window.js::<Value>(look).await;
    window.shows("The server does not answer. No news since").await;
    window.shows("10.43").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_registers_with_the_form() {
    let server = TestServer::demo().await;
    open_race(&server).await;
    let Some(window) = Window::open(&server).await else { return };
    window.size(390, 844, true).await;
    window.go("/").await;
    window.click("a[href='/races/4']").await;
    window.press("Register").await;
    window.fill("#name", "Wanjiku Otieno").await;
    window.click(".entry button").await;
    window.shows("things need your attention").await;
    assert_eq!(window.js::<String>("document.querySelector('#name').value").await, "Wanjiku Otieno");
    window.select("#gender", "F").await;
    window.select("#country", "KEN").await;
    window.fill("#birth", "2008").await;
    window.click(".option").await;
    window.click("#consent").await;
    window.click(".entry button").await;
    window.shows("You are registered").await;
    window.until("document.querySelector('[data-print]').checkVisibility()").await;
    assert_eq!(server.number("SELECT count(*) FROM registrations WHERE registration_type = 'public'").await, 1);
    // A page that was refused is an error to the browser's log, and to nobody else.
    let trouble = window.trouble().await;
    assert!(trouble.iter().all(|line| line.contains("422")), "{trouble:?}");
    window.close().await;
}
