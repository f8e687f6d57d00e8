//! What holds on every screen, in every size, theme and language: it is quiet, keeps to this server, does not scroll
//! sideways, can be pressed by a finger, and a program that looks for barriers finds none.

use serde_json::Value;

use super::window::Window;
use crate::support::TestServer;

/// Width, height, and whether it is held in a hand.
const SIZES: [(i64, i64, bool); 3] = [(1440, 900, false), (390, 844, true), (320, 640, true)];
const THEMES: [&str; 2] = ["light", "dark"];

/// Every screen of the dashboard, some of them with a row open.
pub(super) const INSIDE: [&str; 29] = [
    "/admin",
    "/admin/races",
    "/admin/races?id=1",
    "/admin/races?id=new",
    "/admin/events",
    "/admin/events?id=1",
    "/admin/athletes",
    "/admin/athletes?id=1",
    "/admin/athletes?id=1&tab=privacy",
    "/admin/athletes?id=new",
    "/admin/athletes/duplicates",
    "/admin/registrations",
    "/admin/registrations?id=1",
    "/admin/registrations?id=new",
    "/admin/results",
    "/admin/results?id=1",
    "/admin/import",
    "/admin/export",
    "/admin/backups",
    "/admin/health",
    "/admin/log",
    "/admin/network",
    "/admin/audit",
    "/admin/users",
    "/admin/profile",
    "/admin/settings",
    "/admin/help",
    "/admin/help/import-a-file",
    "/admin/nowhere",
];
/// What is there without an account.
const OUTSIDE: [&str; 10] = [
    "/",
    "/privacy",
    "/races/1",
    "/events/1",
    "/find?q=keter",
    "/join",
    "/join/sheet",
    "/admin",
    "/setup?token=x",
    "/api/docs",
];

/// All is read: nothing grey, nothing busy.
const SETTLED: &str = "document.readyState === 'complete' && document.querySelectorAll('h1').length === 1
    && document.querySelectorAll('main').length === 1
    && document.querySelectorAll('.skeleton, main [aria-busy=true], dialog [aria-busy=true]').length === 0";

const WIDE: &str = "[document.documentElement, ...document.querySelectorAll('main, dialog, dialog .body')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map((one) => `${one.tagName} ${one.scrollWidth} > ${one.clientWidth}`)";

/// What is smaller than a finger. A link in the middle of a sentence may be (WCAG 2.5.8), and so may what lies in a row that opens as a whole.
const SMALL: &str = "[...document.querySelectorAll('a, button, input, select, textarea, summary')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches('.sr, .skip, p a, li p a'))
    .map((one) => [one, (one.closest('label, .searchbox, [role=row]') ?? one).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
    .map(([one, box]) => `${one.tagName}.${one.className} ${one.textContent.trim() || one.name} ${box.width}x${box.height}`)";

/// Loads a screen and waits until it stands.
pub(super) async fn visit(window: &Window, server: &TestServer, path: &str) {
    window.go(path).await;
    window.until(SETTLED).await;
    let trouble = window.trouble().await;
    assert!(trouble.is_empty(), "{path}: {trouble:?}");
    let home = server.url("/");
    let at_home = |url: &str| [home.as_str(), "data:", "blob:"].iter().any(|start| url.starts_with(start));
    let strangers: Vec<String> = window.requests().await.into_iter().filter(|url| !at_home(url)).collect();
    assert!(strangers.is_empty(), "{path} asks {strangers:?}");
}

/// Looks at the loaded screen in every size and theme.
async fn look_around(window: &Window, path: &str, language: &str) {
    for (width, height, phone) in SIZES {
        window.size(width, height, phone).await;
        window.until(&format!("innerWidth === {width} && matchMedia('(pointer: coarse)').matches === {phone}")).await;
        for theme in THEMES {
            window.js::<Value>(&format!("void (document.documentElement.dataset.theme = '{theme}')")).await;
            window.until(SETTLED).await;
            let what = format!("{path} in {language} at {width}, {theme}");
            let wide: Vec<String> = window.js(WIDE).await;
            assert!(wide.is_empty(), "{what} scrolls sideways: {wide:?}");
            let small = if phone { too_small(window).await } else { Vec::new() };
            assert!(small.is_empty(), "{what} is too small for a finger: {small:?}");
        }
    }
    let trouble = window.trouble().await;
    assert!(trouble.is_empty(), "{path} in {language}: {trouble:?}");
}

/// What stays too small once the change of the screen has been drawn.
async fn too_small(window: &Window) -> Vec<String> {
    let mut small = Vec::new();
    for _ in 0..30 {
        small = window.js(SMALL).await;
        if small.is_empty() {
            break;
        }
        window.js::<Value>("new Promise((drawn) => requestAnimationFrame(() => drawn(null)))").await;
    }
    small
}

async fn in_language(language: &str) {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.speak(language).await;
    for (number, path) in OUTSIDE.into_iter().enumerate() {
        let (width, height, phone) = SIZES[number % SIZES.len()];
        window.size(width, height, phone).await;
        visit(&window, &server, path).await;
        assert_eq!(window.js::<String>("document.documentElement.lang").await, language, "{path}");
        look_around(&window, path, language).await;
    }
    window.size(1440, 900, false).await;
    window.enter(&server).await;
    for (number, path) in INSIDE.into_iter().enumerate() {
        let (width, height, phone) = SIZES[number % SIZES.len()];
        window.size(width, height, phone).await;
        visit(&window, &server, path).await;
        assert_eq!(window.js::<String>("document.documentElement.lang").await, language, "{path}");
        look_around(&window, path, language).await;
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_holds_in_english() {
    in_language("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_holds_in_french() {
    in_language("fr").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_holds_in_spanish() {
    in_language("es").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_holds_in_swahili() {
    in_language("sw").await;
}

/// What axe-core finds on the page, each as rule and element.
async fn barriers(window: &Window) -> Vec<String> {
    if !window.js::<bool>("'axe' in window").await {
        window.js::<Value>(concat!(include_str!("../../vendor/axe-core/axe.min.js"), ";undefined")).await;
    }
    window
        .js("axe.run(document, { resultTypes: ['violations'],
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`)))")
        .await
}

/// Colours on their way from one theme to the other are nobody's.
const STILL: &str = "document.getAnimations().every((one) => one.playState !== 'running')";

async fn no_barrier(window: &Window, path: &str) {
    for (width, height, phone) in &SIZES[..2] {
        window.size(*width, *height, *phone).await;
        window.until(&format!("matchMedia('(pointer: coarse)').matches === {phone}")).await;
        for theme in THEMES {
            window.js::<Value>(&format!("void (document.documentElement.dataset.theme = '{theme}')")).await;
            window.until(SETTLED).await;
            window.until(STILL).await;
            let found = barriers(window).await;
            assert!(found.is_empty(), "{path} at {width}, {theme}: {found:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_outside_has_a_barrier() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    for path in OUTSIDE {
        visit(&window, &server, path).await;
        no_barrier(&window, path).await;
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_of_the_dashboard_has_a_barrier() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.enter(&server).await;
    for path in INSIDE {
        visit(&window, &server, path).await;
        no_barrier(&window, path).await;
    }
    window.close().await;
}
