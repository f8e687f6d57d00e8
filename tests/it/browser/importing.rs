//! Import with the mouse and the keyboard, and what the overview says of the database.

use tempfile::TempDir;

use super::window::Window;
use crate::support::{TestServer, folder};

/// Opens the import on the overview and chooses a file with this content.
pub async fn choose(window: &Window, name: &str, content: impl AsRef<[u8]>) -> TempDir {
    open(window).await;
    choose_in_dialog(window, name, content).await
}

/// Opens the import by the button of the overview.
async fn open(window: &Window) {
    window.click("[aria-labelledby=import-title] .btn.primary").await;
    window.until("Boolean(document.querySelector('dialog[open]'))").await;
}

/// From the chosen file past its columns to the check, whose button says how many rows it is about.
pub async fn go_to_check(window: &Window, button: &str) {
    window.press("Match the columns").await;
    window.press(button).await;
}

/// Chooses a file with this content in the dialog that is open.
pub async fn choose_in_dialog(window: &Window, name: &str, content: impl AsRef<[u8]>) -> TempDir {
    let folder = folder();
    let file = folder.path().join(name);
    std::fs::write(&file, content).unwrap();
    window.choose_file("dialog input[type=file]", &file).await;
    window.until(&format!("document.querySelector('dialog .file')?.innerText.includes('{name}')")).await;
    folder
}

/// Label and number of the counts in the dialog.
pub async fn tally(window: &Window) -> Vec<(String, String)> {
    window
        .js("[...document.querySelectorAll('.tally > div')].map((one) => [one.querySelector('dt').innerText, one.querySelector('dd').innerText])")
        .await
}

pub fn pairs(counts: [(&str, &str); 5]) -> Vec<(String, String)> {
    counts.map(|(name, n)| (name.to_owned(), n.to_owned())).to_vec()
}

pub const MIXED: &str = "name,country,gender,bib_number\n\
    Amina Okoye,NGR,F,701\n\
    Bad Country,QQQ,M,702\n\
    Li Wei,CHN,M,703\n";

/// A document that was imported before its content was known went in as athletes only.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_imported_before_it_is_known_what_a_file_holds() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window
        .before_each_page(
            "const read = Blob.prototype.text;
            Blob.prototype.text = function () {
                return new Promise((done) => (window.goOn = done)).then(() => read.call(this));
            };",
        )
        .await;
    window.sign_in_as_admin("/admin").await;
    let both = r#"{"athletes": [{"name": "Amina Okoye", "country": "NGR"}],
        "races": [{"name": "Spring Open", "date": "2027-05-01", "location": "Oslo"}]}"#;
    let _file = choose(&window, "meet.json", both).await;
    window.until("Boolean(window.goOn)").await;
    let waits: bool =
        window.js("[...document.querySelectorAll('.wizard-buttons button')].every((one) => one.disabled)").await;
    assert!(waits, "{}", window.text("dialog").await);
    window.js::<serde_json::Value>("goOn()").await;
    window.press("Import now").await;
    window.shows("Import finished").await;
    assert_eq!(server.number("SELECT count(*) FROM races WHERE name = 'Spring Open'").await, 1);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_imported_and_taken_back() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", MIXED).await;

    go_to_check(&window, "Check all 3 rows").await;
    window.shows("Nothing saved yet").await;
    let expected = [("New", "2"), ("Updated", "0"), ("Unchanged", "0"), ("Left out", "0"), ("Refused", "1")];
    assert_eq!(tally(&window).await, pairs(expected));
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5);

    window.press("Import 2 rows").await;
    window.shows("Import finished").await;
    assert_eq!(tally(&window).await, pairs(expected));
    let refused = window.text(".errors tbody").await;
    assert!(refused.contains('3') && refused.contains("QQQ"), "{refused}");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 7);
    window.press("Download the refused rows").await;
    let (name, content) = window.downloaded().await;
    assert_eq!(name, "club-errors.csv");
    assert!(content.starts_with("name,country,gender,bib_number,error"), "{content}");
    assert!(content.contains("Bad Country,QQQ,M,702,") && !content.contains("Amina"), "{content}");

    window.press("Undo this import").await;
    window.shows("The import was taken back").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5);
    window.press("Done").await;
    // Without a reload.
    window.until("document.querySelector('[aria-labelledby=history-title] tbody')?.innerText.includes('Undone')").await;
    window.until("document.querySelector('.stat dd').innerText === '5'").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_import_is_taken_back_from_the_list() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let csv = "name,country\nAmina Okoye,NGR\nLi Wei,CHN\n";
    server.upload("/api/admin/import/athletes-csv", "last-year.csv", csv).by(&admin).await.is(201);
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    window.press("Undo the import of last-year.csv").await;
    window.shows("Take back 2 rows?").await;
    window.until("document.activeElement?.innerText === 'Cancel'").await;
    window.press("Cancel").await;
    window.until("document.activeElement?.ariaLabel === 'Undo the import of last-year.csv'").await;
    window.press("Undo the import of last-year.csv").await;
    window.press("Take back").await;
    window.shows("The import was taken back").await;
    window.until("document.querySelector('[aria-labelledby=history-title] tbody').innerText.includes('Undone')").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5);

    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_or_nothing_imports_nothing_and_says_why() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", MIXED).await;
    window.select("#import-mode", "atomic").await;
    window.press("Import now").await;
    window.shows("Nothing new was imported").await;
    let refused = window.text(".errors tbody").await;
    assert!(refused.contains("QQQ"), "{refused}");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_table_is_refused_in_words() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", "name,country\n").await;
    window.press("Import now").await;
    window.shows("The import did not go through").await;
    // The file and the choices are still there to mend.
    window.until("Boolean(document.querySelector('dialog .file'))").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn escape_closes_the_import_and_the_keyboard_goes_back() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    open(&window).await;
    window.until("document.activeElement?.matches('dialog[open] .drop button')").await;
    window.key("Escape").await;
    window.until("!document.querySelector('dialog')").await;
    window.until("document.activeElement?.innerText.trim() === 'Import'").await;
    let open: bool = window.js("athsys.showImportModal").await;
    assert!(!open);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_has_its_three_landmarks_and_validates_the_database() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    window.until("document.querySelector('#health-title + .badge')?.innerText === 'Healthy'").await;
    let names = window.names_of("region").await;
    for landmark in ["Import", "Export", "Database health"] {
        assert!(names.iter().any(|name| name == landmark), "{landmark} is not among {names:?}");
    }
    let health = window.text("[aria-labelledby=health-title]").await;
    for fact in ["Users\n7", "Athletes\n5", "Races\n3", "Events\n9", "Entries\n6", "Results\n3"] {
        assert!(health.contains(fact), "{fact:?} is not in {health:?}");
    }
    window.press("Validate").await;
    window.until("/All \\d+ checks passed/.test(document.body.innerText)").await;
    window.press("Initialize").await;
    window.shows("All tables are there already").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_unknown_before_the_first_answer() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    // What the panel shows while the answer is on its way: the first frame, with a server that never answers.
    window.before_each_page("const ask = window.fetch;
        window.fetch = (url, init) => (String(url).includes('/database/health') ? new Promise(() => {}) : ask(url, init));").await;
    window.go("/admin").await;
    window.shows("Database health").await;
    assert_eq!(window.text("#health-title + .badge").await, "Unknown");
    assert_eq!(window.text(".conn").await, "Connecting");
    assert!(window.js::<bool>("athsys.databaseHealth === null").await);
    let health = window.text("[aria-labelledby=health-title]").await;
    assert!(!health.contains("Healthy") && !health.contains("Athletes"), "{health}");
    window.close().await;
}

/// The API counts the rows of a JSON list from 0, people from 1; and of several lists they want to know which.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_row_of_a_document_is_named_as_people_count() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let meet = r#"{"athletes": [{"name": "Amina Okoye", "country": "NGR"}, {"country": "KEN"}],
        "results": [{"race": "No Such Meet", "event": "100m", "bib_number": "1", "mark": "10.44"}]}"#;
    let _file = choose(&window, "meet.json", meet).await;
    window.press("Import now").await;
    window.until("document.querySelectorAll('.errors tbody tr').length > 1").await;
    let places: Vec<String> =
        window.js("[...document.querySelectorAll('.errors tbody td:first-child')].map((one) => one.innerText)").await;
    assert_eq!(places.first().map(String::as_str), Some("Athletes, row 2"), "{places:?}");
    assert!(places.contains(&"Results, row 1".to_owned()), "{places:?}");
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
