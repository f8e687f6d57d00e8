//! Backups as somebody works with them: made, gone back to, refused, and missed when the stick is away.

use std::time::Duration;

use athsys::auth::policy::Role;
use athsys::config::Config;
use serde_json::json;

use super::screens::public::open_race;
use super::window::{Window, quoted};
use crate::support::{TestServer, folder};

/// Where somebody registers for the race of [`open_race`].
const FORM: &str = "/register/open26";
const ATHLETES: &str = "SELECT count(*) FROM athletes";

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_made_and_gone_back_to() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/backups").await;
    window.shows("No backups yet").await;
    window.press("Make a backup").await;
    window.shows("is made and verified").await;
    window.shows("One backup, now. All are verified.").await;
    let id: String = window.js("athsys.api.getBackups().then((answer) => answer.backups[0].id)").await;
    server.add_athlete("Amina Okoye", "901").await;
    assert_eq!(server.number(ATHLETES).await, 6);

    window.press(&format!("Restore {id}.db")).await;
    // What is inside, and what would be lost, before anybody decides.
    window.shows("One change since then is taken back.").await;
    window.shows("Everybody is signed out").await;
    let line: Vec<String> = window.js(ATHLETE_LINE).await;
    assert_eq!(line, ["Athletes", "6", "5", "\u{2212}1"]);
    window.fill("dialog .input", "something else").await;
    window.key("Enter").await;
    window.shows("This is not the name of the backup").await;
    assert_eq!(server.number(ATHLETES).await, 6);

    window.fill("dialog .input", &id).await;
    window.key("Enter").await;
    window.shows("Everything is as it was on").await;
    let kept = window.text("dialog .restore-news code").await;
    assert!(kept.ends_with("-before-restore.db"), "{kept}");
    assert!(server.folder().join("backups").join(&kept).is_file());
    let line: Vec<String> = window.js(ATHLETE_LINE).await;
    assert_eq!(line, ["Athletes", "6", "5", "\u{2212}1"]);
    assert_eq!(server.number(ATHLETES).await, 5);

    window.trouble().await; // the browser notes that the session has ended
    // The news is not covered by the form, whatever asks meanwhile.
    let asked = "athsys.api.get('/api/admin/backups').then(() => 'answered', (error) => String(error.status))";
    assert_eq!(window.js::<String>(asked).await, "401");
    assert_eq!(window.js::<u32>("document.querySelectorAll('dialog[open]').length").await, 1);
    window.press("Sign in again").await;
    window.until("document.querySelector('dialog h2')?.innerText === 'Sign in again'").await;
    window.fill("dialog [type=password]", "Admin@123").await;
    window.key("Enter").await;
    window.shows("What a restore replaced").await;
    window.until("!document.querySelector('dialog')").await;
    window.trouble().await;
    window.go("/admin/athletes").await;
    window.shows("Grace Nakato").await;
    assert!(!window.text(".main").await.contains("Amina Okoye"));
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

/// Kind, both numbers and the difference.
const ATHLETE_LINE: &str = "[...document.querySelectorAll('dialog .counts tbody tr')]
    .map((row) => [...row.children].map((cell) => cell.innerText)).find(([kind]) => kind === 'Athletes')";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_refused_in_words_and_one_that_is_comes_into_the_list() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let made = server.post("/api/admin/backups", &json!({})).by(&admin).await.is(201).body["backup"].clone();
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/backups").await;
    window.shows("One backup").await;
    let folder = folder();
    let wrong = folder.path().join("holiday.db");
    std::fs::write(&wrong, "no database at all").unwrap();
    window.choose_file("footer input[type=file]", &wrong).await;
    window.shows("holiday.db was not taken").await;
    window.shows("This is not a database of athsys").await;
    window.trouble().await; // the browser notes the refusal

    let copy = folder.path().join("laptop.db");
    std::fs::copy(server.folder().join("backups").join(made["name"].as_str().unwrap()), &copy).unwrap();
    window.choose_file("footer input[type=file]", &copy).await;
    window.shows("laptop.db is in the list").await;
    window.shows("Brought from elsewhere").await;
    window.until("!document.querySelector('footer .notice')").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_has_nothing_before_the_first_backup() {
    let stick = folder();
    let mut config = Config::default();
    config.backups.copy = Some(stick.path().to_owned());
    let server = TestServer::demo_with(config).await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/backups").await;
    window.shows("The second folder is ready.").await;
    window.press("Make a backup").await;
    window.shows("Has the newest backup").await;
    assert!(window.text(".parts").await.contains("Keep the stick where the laptop is not."));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_banner_tells_the_administrator_that_the_stick_is_away_and_goes_when_it_is_back() {
    let place = folder();
    let stick = place.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    let mut config = Config::default();
    config.backups.copy = Some(stick.clone());
    config.backups.every = Some(Duration::from_millis(50));
    let server = TestServer::demo_with(config).await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/backups").await;
    window.shows("Has the newest backup").await;
    std::fs::rename(&stick, place.path().join("pocket")).unwrap();
    window.shows("Backups do not reach the second folder").await;
    window.go("/admin/athletes").await;
    window.until(&says("Something is wrong with the backups.")).await;
    window.go("/admin").await;
    window.shows("Backups fail").await;

    // Whoever cannot do anything about it is not disturbed.
    let health = server.get("/api/admin/database/health").by(&server.token(Role::Official).await).await;
    assert!(
        health.is(200).body["details"].is_null() && health.body["audit_head"]["hash"].is_string(),
        "{}",
        health.text
    );

    std::fs::rename(place.path().join("pocket"), &stick).unwrap();
    window.go("/admin/backups").await;
    window.shows("Has the newest backup").await;
    window.js::<serde_json::Value>("athsys.checkDatabaseHealth()").await;
    window.until("!document.querySelector('.banner')").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

/// True when the banner says this.
fn says(text: &str) -> String {
    format!("document.querySelector('.banner')?.innerText.includes({})", quoted(text))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_on_every_page_and_at_the_form_until_there_is_room() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    open_race(&server).await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/athletes").await;
    window.shows("Grace Nakato").await;
    let row = |n: u32| json!({"name": format!("Athlete {n} {}", "x".repeat(80)), "country": "KEN"});
    server.sql("PRAGMA max_page_count = 1").await; // as many as there are
    let mut numbers = 0..;
    while server.post("/api/athletes", &row(numbers.next().unwrap())).by(&admin).await.status == 201 {}
    window.js::<serde_json::Value>("athsys.checkDatabaseHealth()").await;
    window.until(&says("The disk of the server is full.")).await;
    let form = reqwest::get(server.url(FORM)).await.unwrap().text().await.unwrap();
    assert!(form.contains("The server cannot save anything at the moment"), "{form}");

    server.sql("PRAGMA max_page_count = 1000000").await;
    server.post("/api/athletes", &row(numbers.next().unwrap())).by(&admin).await.is(201);
    // Nobody presses anything.
    window.until("!document.querySelector('.banner')").await;
    let form = reqwest::get(server.url(FORM)).await.unwrap().text().await.unwrap();
    assert!(!form.contains("The server cannot save anything at the moment"));
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
