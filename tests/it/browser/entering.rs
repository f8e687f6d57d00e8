//! The page of a station: a phone in one hand, without an account.

use serde_json::json;

use super::window::Window;
use crate::support::TestServer;

/// A phone that has opened the link of a station at the women's long jump, where Grace Nakato has 6.18.
async fn phone_at(server: &TestServer) -> Option<Window> {
    let admin = server.admin().await;
    let made = server.post("/api/stations", &json!({"eventId": 3})).by(&admin).await;
    let link = made.is(201).body["link"].as_str().unwrap().to_owned();
    let phone = Window::open(server).await?;
    phone.size(390, 844, true).await;
    phone.go(&link[link.find("/station#").unwrap()..]).await;
    phone.fill("#station-name", "Amina Okafor").await;
    phone.press("Start").await;
    phone.shows("Grace Nakato").await;
    Some(phone)
}

/// What stands at the end of the only row, saved or not.
const ROW: &str = "document.querySelector('.station-row .mark')";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_takes_the_place_of_the_mark_that_was_there() {
    let server = TestServer::demo().await;
    let Some(phone) = phone_at(&server).await else { return };
    phone.shows("Demo data.").await;
    phone.click(".station-row").await;
    phone.until("document.activeElement.id === 'station-mark' && document.activeElement.value === '6.18'").await;
    phone.until("document.activeElement.selectionEnd === 4 && document.activeElement.selectionStart === 0").await;
    phone.write("6,41").await;
    phone.press("Save").await;
    phone.until(&format!("{ROW}?.innerText === '6.41' && !{ROW}.matches('.waiting, .refused')")).await;
    assert_eq!(phone.trouble().await, Vec::<String>::new());
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_thumb_is_told_before_it_is_sent() {
    let server = TestServer::demo().await;
    let Some(phone) = phone_at(&server).await else { return };
    phone.click(".station-row").await;
    phone.fill("#station-mark", "6.18.41").await;
    phone.fill("#station-wind", "calm").await;
    phone.press("Save").await;
    phone.until("document.querySelectorAll('dialog .err').length === 2").await;
    phone.shows("Cannot be read. Write it like this: 6.18, in metres").await;
    assert_eq!(phone.js::<String>("localStorage.getItem('station-outbox') ?? '[]'").await, "[]");
    phone.fill("#station-mark", "6.41").await;
    phone.fill("#station-wind", "-0.4").await;
    phone.press("Save").await;
    phone.until(&format!("{ROW}?.innerText === '6.41' && !{ROW}.matches('.waiting, .refused')")).await;
    assert_eq!(phone.trouble().await, Vec::<String>::new());
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_result_is_put_right_where_it_was_typed() {
    let server = TestServer::demo().await;
    let Some(phone) = phone_at(&server).await else { return };
    phone.click(".station-row").await;
    phone.fill("#station-mark", "64100").await;
    phone.press("Save").await;
    phone.until(&format!("{ROW}?.matches('.refused')")).await;
    phone.press("Correct it").await;
    phone.until("document.querySelector('#station-mark')?.value === '64100'").await;
    phone.fill("#station-mark", "6.41").await;
    phone.press("Save").await;
    phone.until(&format!("{ROW}?.innerText === '6.41' && !{ROW}.matches('.waiting, .refused')")).await;
    phone.shows("Everything is saved").await;
    phone.close().await;
}
