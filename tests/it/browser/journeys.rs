//! What people come to do, from the first press to the last. The first administrator is in `accounts`, a dirty file in
//! `checking` and `importing`.

use athsys::auth::policy::Role;
use serde_json::json;

use super::budgets::crowded;
use super::window::Window;
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn an_athlete_among_a_hundred_thousand_is_found_by_three_letters_and_corrected() {
    let server = crowded().await;
    let Some(window) = Window::open(&server).await else { return };
    window.enter(&server).await;
    window.go("/admin").await;
    window.until("Boolean(document.querySelector('h1'))").await;
    window.with_control('k').await;
    window.until("document.activeElement?.getAttribute('role') === 'combobox'").await;
    window.write("qui").await;
    window
        .until("[...document.querySelectorAll('[role=option]')].some((one) => one.innerText.includes('Wanjiku Quist'))")
        .await;
    window.key("Enter").await;
    window.until("document.querySelector('input[name=name]')?.value === 'Wanjiku Quist'").await;
    window.fill("input[name=clubTeam]", "Nyeri Pacers").await;
    window.press("Save").await;
    window.shows("Wanjiku Quist was saved").await;
    let admin = server.admin().await;
    let found = server.get("/api/athletes?q=quist").by(&admin).await.is(200).body.clone();
    assert_eq!((&found["total"], &found["athletes"][0]["clubTeam"]), (&json!(1), &json!("Nyeri Pacers")), "{found}");
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_of_one_person_are_merged_and_taken_apart_again() {
    let server = TestServer::demo().await;
    let person =
        |club: &str| json!({"name": "Amina Okoye", "country": "NGR", "dateOfBirth": "2001-05-04", "clubTeam": club});
    let kept = server.add("/api/athletes", person("Lagos AC")).await;
    let other = server.add("/api/athletes", person("Lagos Athletics Club")).await;
    server.add("/api/registrations", json!({"athleteId": other, "eventId": 1})).await;
    let Some(window) = Window::open(&server).await else { return };
    window.enter(&server).await;
    window.go("/admin/athletes").await;
    window.press("Find duplicates").await;
    window.shows("One pair").await;
    // The one with an entry stays; its club is written as the other has it.
    window.click("article.duplicate input.radio[name$=clubTeam]:not(:checked)").await;
    window.press("Merge").await;
    window.shows("Amina Okoye is one athlete now").await;
    let admin = server.admin().await;
    let row = server.get(&format!("/api/athletes/{other}")).by(&admin).await.is(200).row().clone();
    assert_eq!(row["clubTeam"], "Lagos AC");
    server.get(&format!("/api/athletes/{kept}")).by(&admin).await.is(404);

    window.press("Undo").await;
    window.shows("Amina Okoye is there again").await;
    window.shows("One pair").await;
    let clubs = "SELECT count(DISTINCT club_team) FROM athletes WHERE name = 'Amina Okoye'";
    assert_eq!(server.number(clubs).await, 2);
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saves_second_in_another_browser_sees_what_the_first_has_written() {
    let server = TestServer::demo().await;
    let Some(first) = Window::open(&server).await else { return };
    let Some(second) = Window::open(&server).await else { return };
    for (window, club) in [(&first, "First AC"), (&second, "Second AC")] {
        window.enter(&server).await;
        window.go("/admin/athletes?id=2").await;
        window.until("document.querySelector('input[name=clubTeam]')?.value === 'Rift Valley AC'").await;
        window.fill("input[name=clubTeam]", club).await;
    }
    first.press("Save").await;
    first.shows("Mary Wanjiru was saved").await;
    second.press("Save").await;
    second.shows("Someone else was quicker").await;
    second.shows("First AC").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE id = 2 AND club_team = 'First AC'").await, 1);
    second.press("Take all that is stored").await;
    second.until("document.querySelector('input[name=clubTeam]')?.value === 'First AC'").await;
    first.close().await;
    second.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_signed_out_from_the_laptop() {
    let server = TestServer::demo().await;
    let phone = server.login("admin@athsys.com", "Admin@123").await;
    server.get("/api/auth/me").by(&phone).await.is(200);
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/profile").await;
    window.shows("Where you are signed in").await;
    window.press("Sign out all others").await;
    window.shows("One other device was signed out").await;
    server.get("/api/auth/me").by(&phone).await.is(401);
    // Here the person is still at work.
    window.go("/admin/athletes").await;
    window.shows("Grace Nakato").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_done_by_the_keyboard_alone() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/admin").await;
    window.until("document.activeElement?.id === 'sign-in-email'").await;
    window.write("admin@athsys.com").await;
    window.key("Tab").await;
    window.until("document.activeElement?.id === 'sign-in-password'").await;
    window.write("Admin@123").await;
    window.key("Enter").await;
    window.until("Boolean(document.querySelector('.shell h1'))").await;

    // To a screen by two letters, into its table, to a row, and into the row.
    window.key("g").await;
    window.key("a").await;
    window.until("location.pathname === '/admin/athletes'").await;
    window.shows("Grace Nakato").await;
    for _ in 0..40 {
        if window.js::<bool>("document.activeElement?.getAttribute('role') === 'grid'").await {
            break;
        }
        window.key("Tab").await;
    }
    window.key("Home").await;
    window.key("ArrowDown").await;
    window.key("Enter").await;
    window.until("document.querySelector('dialog h2')?.innerText === 'Emily Johnson'").await;
    for _ in 0..40 {
        if window.js::<bool>("document.activeElement?.name === 'clubTeam'").await {
            break;
        }
        window.key("Tab").await;
    }
    window.js::<serde_json::Value>("document.activeElement.select()").await;
    window.write("Bend Track Club").await;
    window.key("Enter").await;
    window.shows("Emily Johnson was saved").await;
    let stored = "SELECT count(*) FROM athletes WHERE name = 'Emily Johnson' AND club_team = 'Bend Track Club'";
    assert_eq!(server.number(stored).await, 1);

    // The list of keys opens and closes, and the way out is a command.
    window.until("!document.querySelector('dialog[open]')").await;
    window.key("?").await;
    window.until("Boolean(document.querySelector('dialog[open] kbd'))").await;
    window.key("Escape").await;
    window.until("!document.querySelector('dialog[open]')").await;
    window.with_control('k').await;
    window.until("document.activeElement?.getAttribute('role') === 'combobox'").await;
    window.write("sign out").await;
    window.until("document.querySelector('[role=option][aria-selected=true]')?.innerText.includes('Sign out')").await;
    window.key("Enter").await;
    window.shows("Sign in").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_survives_a_session_that_was_ended_elsewhere() {
    let server = TestServer::demo().await;
    server.add_user(Role::Registrar, "desk@test.example").await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in("/admin/athletes?id=new", "desk@test.example", crate::support::PASSWORD).await;
    window.until("document.activeElement?.name === 'name'").await;
    window.fill("input[name=name]", "Zola Ndlovu").await;
    window.fill("input[name=country]", "RSA").await;
    server.sql("UPDATE sessions SET revoked_at = 1").await;
    let touch = |tx: &mut athsys::db::Tx<'_>| {
        tx.touch(athsys::db::Entity::Sessions);
        Ok::<_, athsys::db::DbError>(())
    };
    server.app.db().write(touch).await.unwrap();
    window.press("Add athlete").await;
    window
        .until("document.activeElement?.id === 'sign-in-password' || document.activeElement?.id === 'sign-in-email'")
        .await;
    window.fill("#sign-in-email", "desk@test.example").await;
    window.fill("#sign-in-password", crate::support::PASSWORD).await;
    window.press("Sign in").await;
    window.shows("Zola Ndlovu was added").await;
    window.close().await;
}
