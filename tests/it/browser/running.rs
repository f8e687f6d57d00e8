//! An import under way and afterwards: its numbers, how it is stopped, its files, and the way back.

use serde_json::{Value, json};

use super::importing::{MIXED, choose, choose_in_dialog};
use super::window::Window;
use crate::support::{TestServer, people};

/// Collects every count of the dashboard that is different from the one before, in `counts`.
const WATCH: &str = "window.counts = []; setInterval(() => {
    const { imported } = athsys.importProgress; if (counts.at(-1) !== imported) counts.push(imported); }, 1)";

/// What a file holds is known, for which the writer is needed.
const LOOKED_AT: &str = "[...document.querySelectorAll('dialog button')].some(
    (one) => one.textContent.trim() === 'Import now' && !one.disabled)";

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_move_while_ten_thousand_rows_are_imported() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", people(2_000, 10_000)).await;
    window.js::<Value>(WATCH).await;
    window.press("Import now").await;
    window.shows("Import finished").await;
    let counts: Vec<u32> = window.js("counts").await;
    assert!(counts.is_sorted() && counts.last() == Some(&10_000), "{counts:?}");
    let between = counts.iter().filter(|count| (1..10_000).contains(*count)).count();
    assert!(between >= 2, "{counts:?}");
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_leaves_nothing() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", people(2_000, 20_000)).await;
    window.until(LOOKED_AT).await;
    // It cannot come to its end before it is stopped.
    let held = server.hold_the_writer();
    window.press("Import now").await;
    window.until("athsys.importProgress.total === 20000").await;
    window.press("Stop").await;
    window.shows("Stopping").await;
    drop(held);
    window.shows("The import was stopped").await;
    // The file is still there for another try.
    window.until("document.querySelector('dialog .file')?.innerText.includes('club.csv')").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5);
    window.key("Escape").await;
    window.until("document.querySelector('.imports tbody')?.innerText.includes('Stopped')").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_when_its_window_is_closed() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", people(2_000, 500)).await;
    window.until(LOOKED_AT).await;
    let held = server.hold_the_writer();
    window.press("Import now").await;
    window.until("athsys.importProgress.total === 500").await;
    window.key("Escape").await;
    window.until("!document.querySelector('dialog')").await;
    drop(held);
    window.shows("Import finished: 500 rows").await;
    window.until("document.querySelector('.imports tbody')?.innerText.includes('Complete')").await;
    window.until("document.querySelector('.stat dd').innerText === '505'").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_come_back_as_a_file_that_is_mended_and_imported() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", MIXED).await;
    window.press("Import now").await;
    window.shows("Import finished").await;
    window.press("Download the refused rows").await;
    let (name, content) = window.downloaded().await;
    assert!(content.contains("Bad Country,QQQ,M,702"), "{content}");

    window.press("Import another file").await;
    let _file = choose_in_dialog(&window, &name, content.replace("QQQ", "KEN")).await;
    window.press("Import now").await;
    window.shows("Import finished").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Bad Country' AND country = 'KEN'").await, 1);
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 8);

    // The list has both files of the first import.
    window.press("Done").await;
    window.press("Download the refused rows of club.csv").await;
    assert_eq!(window.downloaded().await.1, content);
    window.press("Download club.csv as it came").await;
    assert_eq!(window.downloaded().await, ("club.csv".to_owned(), MIXED.to_owned()));
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_is_taken_back_when_somebody_has_built_on_a_row() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let csv = "name,country\nAmina Okoye,NGR\nLi Wei,CHN\n";
    server.upload("/api/admin/import/athletes-csv", "club.csv", csv).by(&admin).await.is(201);
    let id = server.number("SELECT max(id) FROM athletes").await;
    server.post("/api/registrations", &json!({"athleteId": id, "eventId": 1})).by(&admin).await.is(201);
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    window.press("Undo the import of club.csv").await;
    window.press("Take back").await;
    window.shows("Not taken back: one row has changed since").await;
    window.until("document.activeElement?.innerText === 'Leave all as it is'").await;
    let rows = window.text(".obstacles ul").await;
    assert!(rows.contains("Entry 7") && rows.contains(&format!("athlete {id}")), "{rows}");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 7, "nothing was touched");
    window.trouble().await; // the browser notes the refusal

    window.press("Take back the rest").await;
    window.shows("Taken back, but for one row").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 6);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Li Wei'").await, 1);
    window.until("document.querySelector('.imports tbody').innerText.includes('Undone')").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
