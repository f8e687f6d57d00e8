//! What one person changes is seen by the others, without a reload and without a question.

use serde_json::Value;

use super::window::Window;
use crate::support::TestServer;

const MARK: &str = "window.isTheSamePage = true";

#[tokio::test(flavor = "multi_thread")]
async fn what_one_person_changes_appears_at_another() {
    let server = TestServer::demo().await;
    let Some(desk) = Window::open(&server).await else { return };
    let Some(other) = Window::open(&server).await else { return };
    desk.sign_in_as_admin("/admin/races").await;
    other.sign_in_as_admin("/admin/races?id=1").await;
    other.until("!!document.querySelector('dialog input[name=name]')?.value").await;
    other.js::<Value>(MARK).await;
    desk.until("!!window.athsys?.api").await;

    server.until_listening(2).await;
    let add = "athsys.api.createRace({ name: 'Night Mile', date: '2026-09-01', location: 'Oslo' })";
    desk.js::<Value>(add).await;
    other.until("document.querySelector('main').innerText.includes('Night Mile')").await;

    let holds = |text: &str| {
        format!("[...document.querySelectorAll('dialog input')].some(({{ value }}) => value === '{text}')")
    };
    desk.js::<Value>("athsys.api.updateRace(1, { location: 'Lakeside' })").await;
    other.until(&holds("Lakeside")).await;

    // What is being typed is left alone.
    other.fill("dialog input[name=location]", "Hillside").await;
    desk.js::<Value>("athsys.api.updateRace(1, { location: 'Riverside', name: 'Renamed' })").await;
    other.until("document.querySelector('main').innerText.includes('Renamed')").await;
    assert!(other.js::<bool>(&holds("Hillside")).await);
    assert!(other.js::<bool>("window.isTheSamePage").await);
    assert_eq!(other.trouble().await, Vec::<String>::new());
    desk.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_of_the_overview_follow_what_others_do() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    window.until("document.querySelector('.stats dd')?.innerText === '5'").await;
    window.js::<Value>(MARK).await;
    server.until_listening(1).await;
    server.add_athlete("Zipporah Quick", "777").await;
    window.until("document.querySelector('.stats dd')?.innerText === '6'").await;
    assert!(window.js::<bool>("window.isTheSamePage").await);
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_page_shows_a_result_as_soon_as_it_is_saved() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/events/1").await;
    window.until("document.readyState === 'complete'").await;
    window.js::<Value>(MARK).await;
    server.until_listening(1).await;
    let athlete = server.add_athlete("Zipporah Quick", "777").await;
    server.add("/api/results", serde_json::json!({"athleteId": athlete, "eventId": 1, "mark": "12.34"})).await;
    window.until("document.querySelector('main').innerText.includes('Zipporah Quick')").await;
    assert!(window.js::<bool>("window.isTheSamePage").await);
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
