//! Every page: quiet, at home on this server, and readable in both themes and on a phone.

pub mod public;

use serde_json::Value;

use super::window::Window;
use crate::support::TestServer;

/// Screens with something that only stands there once they are loaded. The first two are seen signed out.
const OUTSIDE: [(&str, &str); 4] = [
    ("/", "Competitions and results"),
    ("/admin", "Sign in"),
    ("/setup?token=x", "Sign in"),
    ("/api/docs", "/api/athletes/{id}"),
];
const INSIDE: [(&str, &str); 9] = [
    ("/admin", "National Athletics Championship 2026"),
    ("/admin/athletes", "Grace Nakato"),
    ("/admin/athletes?id=1", "Date of birth"),
    ("/admin/athletes?id=new", "New athlete"),
    ("/admin/races", "Regional Track Meet 2026"),
    ("/admin/races?id=1", "Registration until"),
    ("/admin/nowhere", "There is nothing here"),
    ("/", "John Kamau"),
    ("/api/docs", "/api/athletes/{id}"),
];

/// Loads a screen and looks at everything that holds on each of them.
async fn visit(window: &Window, server: &TestServer, path: &str, text: &str) {
    window.go(path).await;
    window.shows(text).await;
    window.until("[...document.querySelectorAll('.demo-banner')].some((one) => one.checkVisibility())").await;
    window.until("document.querySelectorAll('.skeleton').length === 0").await;
    let trouble = window.trouble().await;
    assert!(trouble.is_empty(), "{path}: {trouble:?}");
    let home = server.url("/");
    let strangers: Vec<String> = window.requests().await.into_iter().filter(|url| !is_ours(url, &home)).collect();
    assert!(strangers.is_empty(), "{path} asks {strangers:?}");
    let headings: usize = window.js("document.querySelectorAll('h1').length").await;
    let mains: usize = window.js("document.querySelectorAll('main').length").await;
    assert_eq!((headings, mains), (1, 1), "{path}: headings and mains");
}

fn is_ours(url: &str, home: &str) -> bool {
    url.starts_with(home) || url.starts_with("data:") || url.starts_with("blob:")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_is_quiet_and_asks_nothing_of_another_host() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    for (path, text) in OUTSIDE {
        visit(&window, &server, path, text).await;
    }
    window.sign_in_as_admin("/admin-pro.html").await;
    for (path, text) in INSIDE {
        visit(&window, &server, path, text).await;
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_addresses_lead_into_the_dashboard() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/athletes.html?q=nakato").await;
    window.shows("Grace Nakato").await;
    assert_eq!(window.js::<String>("location.pathname + location.search").await, "/admin/athletes?q=nakato");
    window.until("document.querySelectorAll('[role=rowgroup] [role=row]').length === 1").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_of_a_phone_takes_the_keyboard_and_gives_it_back() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    window.size(390, 844, true).await;
    window.press("Menu").await;
    window.until("document.activeElement?.getAttribute('href') === '/admin'").await;
    window.key("Escape").await;
    window.until("document.activeElement?.ariaLabel === 'Menu'").await;
    window.press("Menu").await;
    window.click("#side a[href='/admin/races']").await;
    window.shows("Regional Track Meet 2026").await;
    window.until("!document.querySelector('.side').checkVisibility()").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_theme_is_chosen_and_kept() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/").await;
    let mut grounds = Vec::new();
    for theme in ["dark", "light"] {
        window.press("Light or dark").await;
        window.until(&format!("document.documentElement.dataset.theme === '{theme}'")).await;
        // Another page of the same browser.
        window.go("/admin").await;
        window.shows("Sign in").await;
        grounds.push(window.js::<Value>("getComputedStyle(document.documentElement).backgroundColor").await);
        let ink: Value = window.js("getComputedStyle(document.body).color").await;
        assert_ne!(grounds.last(), Some(&ink));
        window.go("/").await;
    }
    assert_ne!(grounds[0], grounds[1]);
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_api_finds_opens_and_tries_an_operation() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    window.press("API of this server").await;
    window.shows("Add one athlete").await;
    let listed: usize = window.js("document.querySelectorAll('.operation').length").await;
    let described = server.get("/api/openapi.json").await.body;
    let known: usize =
        described["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(listed, known);

    window.fill("input[type=search]", "one athlete, with its etag").await;
    window.until("document.querySelectorAll('.operation').length === 1").await;
    window.click(".operation summary").await;
    window.until("location.hash === '#get-api-athletes-id'").await;
    window.shows("Everyone, without a token").await;

    window.press("Send").await;
    window.shows("id is required").await;
    window.fill("#try-get-api-athletes-id-id", "4").await;
    window.press("Send").await;
    window.until("document.querySelector('.try pre')?.textContent.includes('Grace Nakato')").await;
    window.fill("#try-get-api-athletes-id-id", "99").await;
    window.press("Send").await;
    window
        .until(
            "document.querySelector('.try pre')?.textContent.includes('athlete-not-found') ||
        document.querySelector('.try pre')?.textContent.includes('not-found')",
        )
        .await;
    assert!(window.text(".try [role=status]").await.starts_with("404"));

    // A link from elsewhere opens what it names.
    window.js::<Value>("void (location.hash = '#post-api-athletes')").await;
    window.shows("Administrator, Chief registrar, Registrar").await;
    let asked: String = window.text("#post-api-athletes .schema").await;
    assert!(asked.contains("bibNumber") && !asked.contains("createdAt"), "{asked}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_are_those_of_the_chosen_race() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    let beside = |path: &str| format!("document.querySelector('#side a[href=\"{path}\"] .count')?.innerText");
    let counts = |events: i64, entries: i64| {
        format!("{} === '{events}' && {} === '{entries}'", beside("/admin/events"), beside("/admin/registrations"))
    };
    window.sign_in_as_admin("/admin").await;
    window.until(&counts(9, 6)).await;
    window.go("/admin/events?race=2").await;
    window.until(&counts(3, 1)).await;
    window.click("#side a[href='/admin']").await;
    window.until("document.querySelector('.stats')?.innerText.includes('In one race')").await;
    let shown: String = window.js("document.querySelector('.stat:nth-child(2) dd').innerText").await;
    assert_eq!(shown, "3");
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
