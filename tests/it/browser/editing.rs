//! Rows in the table and in the drawer.

use serde_json::json;

use super::window::Window;
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn an_athlete_is_added_found_and_changed() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/athletes").await;
    window.shows("5 athletes").await;
    window.press("Add athlete").await;
    window.until("document.activeElement?.name === 'name'").await;
    window.press("Add athlete").await;
    window.shows("Name is required").await;
    window.shows("Country is required").await;
    window.until("document.activeElement?.name === 'name'").await;

    window.fill("input[name=name]", "Zola Ndlovu").await;
    window.fill("input[name=country]", "RSA").await;
    window.fill("input[name=bibNumber]", "ken001").await;
    window.press("Add athlete").await;
    // The server's refusal stands at the field it is about.
    window.until("Boolean(document.querySelector('input[name=bibNumber][aria-invalid=true]'))").await;
    window.until("document.activeElement?.name === 'bibNumber'").await;
    let said: String =
        window.js("document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText").await;
    assert_eq!(said, "Bib ken001 is already worn by John Kamau");
    window.trouble().await; // the browser notes the refusal

    window.fill("input[name=bibNumber]", "RSA 7").await;
    window.press("Add athlete").await;
    window.shows("Zola Ndlovu was added").await;
    window.shows("6 athletes").await;

    window.fill(".toolbar input[type=search]", "ndlovu").await;
    window.shows("One athlete").await;
    window.press("Zola Ndlovu").await;
    window.until("document.querySelector('input[name=country]')?.value === 'RSA'").await;
    window.fill("input[name=clubTeam]", "Soweto AC").await;
    window.press("Save").await;
    window.shows("Zola Ndlovu was saved").await;
    window.until("document.querySelector('[role=grid]').innerText.includes('Soweto AC')").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_change_the_same_row_see_each_others_values() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/athletes?id=2").await;
    window.until("document.querySelector('input[name=clubTeam]')?.value === 'Rift Valley AC'").await;
    window.fill("input[name=clubTeam]", "Mine AC").await;
    let admin = server.admin().await;
    let theirs = json!({"clubTeam": "Theirs AC", "coach": "Their Coach"});
    server.put("/api/athletes/2", &theirs).by(&admin).await.is(200);

    window.press("Save").await;
    window.shows("Someone else was quicker").await;
    let shown = window.text(".conflict tbody").await;
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("Club Theirs AC Mine AC") && words.contains("Coach Their Coach"), "{words:?}");
    window.press("Go on with what is marked").await;
    window.press("Save").await;
    window.shows("Mary Wanjiru was saved").await;
    // Mine where I changed something, theirs where I did not.
    let row = server.get("/api/athletes/2").by(&admin).await.row().clone();
    assert_eq!((&row["clubTeam"], &row["coach"]), (&json!("Mine AC"), &json!("Their Coach")));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_not_lost_to_an_escape() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/races?id=2").await;
    window.until("document.querySelector('input[name=location]')?.value === 'Kampala, Uganda'").await;
    window.fill("input[name=location]", "Entebbe").await;
    window.key("Escape").await;
    window.shows("Leave without saving?").await;
    window.press("Keep editing").await;
    assert_eq!(window.js::<String>("document.querySelector('input[name=location]').value").await, "Entebbe");
    window.key("Escape").await;
    window.press("Discard changes").await;
    window.until("!document.querySelector('dialog')").await;
    assert_eq!(server.number("SELECT count(*) FROM races WHERE location = 'Entebbe'").await, 0);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_race_in_use_is_only_deleted_with_all_that_hangs_on_it() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/races?id=1").await;
    window.press("Delete").await;
    window.shows("Delete National Athletics Championship 2026 for good?").await;
    window.press("Delete").await;
    window.shows("This still has 4 events").await;
    assert_eq!(server.number("SELECT count(*) FROM races").await, 3);
    window.press("Delete all").await;
    window.shows("National Athletics Championship 2026 was deleted").await;
    assert_eq!(server.number("SELECT count(*) FROM races").await, 2);
    assert_eq!(server.number("SELECT count(*) FROM results").await, 0);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_read_changes_nothing() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in("/admin/athletes?id=1", "viewer@athsys.com", "Viewer@123").await;
    window.until("document.querySelector('input[name=name]')?.value === 'John Kamau'").await;
    let words: String =
        window.js("[...document.querySelectorAll('button')].map((one) => one.innerText).join('|')").await;
    for word in ["Save", "Delete", "Add athlete", "Import"] {
        assert!(!words.split('|').any(|button| button == word), "{word} is offered: {words}");
    }
    assert!(window.js::<bool>("[...document.querySelectorAll('dialog .input')].every((one) => one.disabled)").await);
    assert_eq!(window.js::<usize>("document.querySelectorAll('dialog input[name=email]').length").await, 0);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_an_old_order_and_an_open_row_leads_into_the_list() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/athletes").await;
    window.go("/admin/athletes?sort=shoeSize&id=2").await;
    window.until("document.querySelector('input[name=clubTeam]')?.value === 'Rift Valley AC'").await;
    window.until("document.activeElement?.name === 'name'").await;
    window.key("Escape").await;
    // Nobody has opened the drawer, so the page takes the keyboard.
    window.until("document.activeElement?.id === 'main'").await;
    window.shows("5 athletes").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_leads_to_all_its_athletes() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    let admin = server.admin().await;
    let club = "name,country\nAda Obi,NGR\nBen Obi,NGR\n";
    server.upload("/api/admin/import/athletes-csv", "club.csv", club).by(&admin).await.is(201);
    server.add_athlete("Jane Okoye", "77").await;
    window.sign_in_as_admin("/admin").await;
    window.press("Enter them").await;
    window.shows("2 athletes").await;
    window.shows("Entered: No").await;
    window.go("/admin").await;
    window.press("Add birth dates").await;
    window.shows("3 athletes").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
