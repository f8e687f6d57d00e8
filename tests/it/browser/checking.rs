//! A file is looked at before it is imported: problems are mended, columns matched, and nothing is stored meanwhile.

use athsys::formats::workbook_out::{Cell, WorkbookWriter};
use serde_json::Value;

use super::importing::{choose, choose_in_dialog, go_to_check, pairs, tally};
use super::window::Window;
use crate::support::TestServer;

/// Three of its rows are refused: for an email address, for a country, and for both a gender and no country.
const DIRTY: &str = "name,country,gender,email,bib_number\n\
    Amina Okoye,NGR,F,amina(at)example.org,701\n\
    Li Wei,Chnia,M,,702\n\
    Ann Lee,,mm,,703\n\
    Peter Kamau,KEN,M,,704\n";

/// Waits until the consequences of what was last done are shown.
async fn checked(window: &Window, new: u32, refused: u32) {
    window
        .until(&format!(
            "(() => {{ const n = (name) => document.querySelector(`.tally .${{name}} dd`)?.innerText;
                return document.querySelector('.check-up')?.ariaBusy === 'false' && n('imported') === '{new}' && n('failed') === '{refused}'; }})()"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dirty_file_that_is_dropped_is_mended_before_it_is_imported() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    window.until("Boolean(document.querySelector('.panel .drop'))").await;
    window.drop_file(".panel .drop", "club.csv", DIRTY).await;
    go_to_check(&window, "Check all 4 rows").await;
    checked(&window, 1, 3).await;
    window.shows("3 rows would be refused").await;
    for group in [
        "Email addresses that cannot be right",
        "Countries that are not known",
        "Genders that are not known",
        "No country",
    ] {
        window.shows(group).await;
    }

    // One press for what is proposed, and something else for what is not.
    window.press("Write it as amina@example.org").await;
    checked(&window, 2, 2).await;
    window.until("document.querySelectorAll('.chip').length === 1").await;
    let problem = |code: &str| {
        format!("[...document.querySelectorAll('.finding')].find((one) => one.innerText.includes('{code}'))")
    };
    let blank = format!("{}.querySelector('.by-row .at-fault input').id = 'blank-country'", problem("No country"));
    window.js::<Value>(&blank).await;
    window.fill("#blank-country", "UGA").await;
    window.key("Enter").await;
    window.until("document.querySelectorAll('.chip').length === 2").await;
    checked(&window, 2, 2).await;
    window.press("Leave it blank").await;
    checked(&window, 3, 1).await;

    // A repair may be taken off again.
    window.press("Take back: email becomes amina@example.org").await;
    checked(&window, 2, 2).await;
    window.press("Write it as amina@example.org").await;
    checked(&window, 3, 1).await;
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5, "a check stores nothing");

    window.press("Import 3 rows").await;
    window.shows("Import finished").await;
    assert_eq!(
        tally(&window).await,
        pairs([("New", "3"), ("Updated", "0"), ("Unchanged", "0"), ("Left out", "0"), ("Refused", "1")])
    );
    let stored = "SELECT count(*) FROM athletes WHERE name = 'Amina Okoye' AND email = 'amina@example.org'
        OR name = 'Ann Lee' AND country = 'UGA' AND gender IS NULL";
    assert_eq!(server.number(stored).await, 2);
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repair_that_was_wrong_is_mended_in_its_place_and_one_row_by_itself() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", "name,country\nAnn Lee,QQQ\nBea Lee,QQQ\nCleo Lee,KEN\n").await;
    go_to_check(&window, "Check all 3 rows").await;
    checked(&window, 1, 2).await;
    window.fill(".value-line .mend input", "RRR").await;
    window.key("Enter").await;
    window.until("document.querySelector('.values .value')?.innerText === '“RRR”' || document.querySelector('.values .value')?.innerText === 'RRR'").await;
    window.fill(".value-line .mend input", "UGA").await;
    window.key("Enter").await;
    checked(&window, 3, 0).await;
    // There is one repair still, from what the file holds to what is right.
    let chips: Vec<String> =
        window.js("[...document.querySelectorAll('.chip')].map((one) => one.innerText.replace(/\\s+/g, ' '))").await;
    assert!(chips.len() == 1 && chips[0].contains("QQQ") && chips[0].contains("UGA"), "{chips:?}");

    window.press("Take all back").await;
    checked(&window, 1, 2).await;
    window.press("Row by row").await;
    window.fill(".by-row tbody tr:last-child .at-fault input", "TAN").await;
    window.key("Enter").await;
    checked(&window, 2, 1).await;
    window.press("Import 2 rows").await;
    window.shows("Import finished").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Bea Lee' AND country = 'TAN'").await, 1);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_change_is_shown_cell_by_cell() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let csv = "name,country,bib_number,club\nGrace Nakato,UGA,UGA001,Jinja Striders\n";
    let _file = choose(&window, "club.csv", csv).await;
    go_to_check(&window, "Check the row").await;
    window.shows("Rows that are stored with other values").await;
    // The proposal is a parameter of the whole import: it is set where a person would set it.
    window.press("Update the stored rows with what the file says").await;
    window.shows("Stored rows that would change").await;
    assert_eq!(window.js::<String>("document.querySelector('#import-duplicate').value").await, "update");
    let cells: String = window.js("document.querySelector('.changes tbody').textContent.replace(/\\s+/g, ' ')").await;
    for part in ["Grace Nakato", "Club", "Kampala Athletics", "Jinja Striders"] {
        assert!(cells.contains(part), "{part} is not in {cells}");
    }
    window.press("Import one row").await;
    window.shows("Import finished").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE club_team = 'Jinja Striders'").await, 1);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_matched_by_hand_once() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", "Wer,Woher,Nr\nAmina Okoye,NGR,801\nLi Wei,CHN,802\n").await;
    window.press("Import now").await;
    // It cannot be used as it is, and the way to mend that is at hand.
    window.press("Match the columns").await;
    window.shows("What do the columns hold?").await;
    window.select("[aria-label='What the column Wer holds']", "name").await;
    window.select("[aria-label='What the column Woher holds']", "country").await;
    window.press("Check all 2 rows").await;
    checked(&window, 2, 0).await;
    window.press("Import 2 rows").await;
    window.shows("Import finished").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Li Wei' AND country = 'CHN'").await, 1);

    // The next file with these headings is read the same way, until somebody wants that forgotten.
    window.press("Import another file").await;
    let _file = choose_in_dialog(&window, "late.csv", "Wer,Woher,Nr\nLate Entry,KEN,803\n").await;
    window.press("Match the columns").await;
    window.shows("Matched as last time").await;
    window.press("Forget that").await;
    window.until("!document.body.innerText.includes('Matched as last time')").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoding_that_was_found_wrongly_is_chosen() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.tsv", "name\tcountry\nLi Wei\tCHN\n").await;
    window.press("Match the columns").await;
    let summary = "[...document.querySelectorAll('summary')].find((one) => one.innerText.includes('How it was read'))";
    window.until(&format!("Boolean({summary})")).await;
    let read: String = window.js(&format!("{summary}.innerText")).await;
    assert!(read.contains("UTF-8, tab"), "{read}");
    window.js::<Value>(&format!("void ({summary}.parentElement.open = true)")).await;
    let second = "Boolean(document.querySelector(\"[aria-label='What the column country holds']\"))";
    window.until(second).await;
    window.select("#import-delimiter", ";").await;
    window.until(&format!("!{second}")).await;
    window.select("#import-delimiter", "\t").await;
    window.until(second).await;
    window.press("Check the row").await;
    checked(&window, 1, 0).await;
    window.close().await;
}

/// Two entries for the Regional Track Meet, of an athlete that is known and one that is not.
fn workbook() -> Vec<u8> {
    let mut book = WorkbookWriter::new("Entries", &["Name", "Country", "Gender", "Bib", "Event"]).unwrap();
    for row in [["Andre Campbell", "JAM", "M", "JAM001", "400m"], ["New Runner", "UGA", "M", "990", "400m"]] {
        row.iter().for_each(|cell| book.cell(Cell::Text(cell)).unwrap());
        book.end_row().unwrap();
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut book.finish().unwrap(), &mut bytes).unwrap();
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_of_entries_goes_to_a_race_and_brings_its_athletes() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "entries.xlsx", workbook()).await;
    window.click("dialog input[value=registrations]").await;
    window.select("#import-race", "2").await;
    window.press("Match the columns").await;
    window.shows("Sheet “Entries”").await;
    window.press("Check all 2 rows").await;
    window.shows("Athletes that are not known").await;
    checked(&window, 1, 1).await;
    window.press("Create the athletes that are missing").await;
    checked(&window, 2, 0).await;
    assert!(window.js::<bool>("document.querySelector('#import-create').checked").await);
    window.press("Import 2 rows").await;
    window.shows("One athlete was added.").await;
    let entered =
        "SELECT count(*) FROM registrations r JOIN athletes a ON a.id = r.athlete_id JOIN events e ON e.id = r.event_id
        WHERE e.race_id = 2 AND e.name = '400m' AND a.bib_number IN ('JAM001', '990')";
    assert_eq!(server.number(entered).await, 2);
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_fits_a_phone_and_its_keys_fit_a_finger() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.size(360, 740, true).await;
    window.sign_in_as_admin("/admin").await;
    let _file = choose(&window, "club.csv", DIRTY).await;
    go_to_check(&window, "Check all 4 rows").await;
    checked(&window, 1, 3).await;
    window.js::<Value>("document.querySelectorAll('dialog details').forEach((one) => (one.open = true))").await;
    let beyond: i32 = window
        .js("(() => { const body = document.querySelector('dialog .body'); return body.scrollWidth - body.clientWidth; })()")
        .await;
    assert_eq!(beyond, 0);
    let small: Vec<String> = window
        .js("[...document.querySelectorAll('dialog :is(button, select, summary, .input)')].filter((one) => one.checkVisibility())
            .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width < 44 || box.height < 44)
            .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`)")
        .await;
    assert_eq!(small, Vec::<String>::new());
    window.close().await;
}
