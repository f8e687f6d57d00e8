//! Set-up, sign-in, sign-out, and a session that ends under somebody's hands.

use serde_json::json;

use super::window::Window;
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn the_set_up_link_makes_the_first_administrator() {
    let server = TestServer::start().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/admin").await;
    window.shows("No administrator yet").await;
    window.go(&format!("/setup?token={}", server.app.setup_token())).await;
    window.fill("#setup-name", "Ada Official").await;
    window.fill("#setup-email", "ada@example.org").await;
    window.fill("#setup-password", "short").await;
    window.fill("#setup-repeat", "shorter").await;
    window.press("Make administrator").await;
    window.shows("The two passwords differ").await;
    window.until("document.activeElement?.id === 'setup-repeat'").await;

    window.fill("#setup-repeat", "short").await;
    window.press("Make administrator").await;
    window.until("Boolean(document.querySelector('#setup-password[aria-invalid=true]'))").await;
    window.trouble().await; // the browser notes the refusal

    for field in ["#setup-password", "#setup-repeat"] {
        window.fill(field, "three unrelated words").await;
    }
    window.press("Make administrator").await;
    window.shows("Which meet is it?").await;
    window.press("Later").await;
    window.shows("Who takes part?").await;
    window.shows("athsys.db. That one file is your meet.").await;
    window.press("Later, to the overview").await;
    window.shows("Overview").await;
    window.shows("No races yet").await;
    assert_eq!(window.js::<String>("location.pathname + location.search").await, "/admin");
    assert_eq!(window.js::<usize>("document.querySelectorAll('.demo-banner').length").await, 0);
    assert_eq!(window.trouble().await, Vec::<String>::new());

    // The link is spent.
    window.press("Account of Ada Official").await;
    window.press("Sign out").await;
    window.go(&format!("/setup?token={}", server.app.setup_token())).await;
    window.shows("For officials and administrators").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_questions_make_the_first_meet_and_hand_a_file_to_the_import() {
    let server = TestServer::start().await;
    server.add_user(athsys::auth::policy::Role::Admin, "ada@test.example").await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in("/admin", "ada@test.example", crate::support::PASSWORD).await;
    window.go("/setup?step=meet").await;
    window.press("Save and go on").await;
    window.shows("Name of the meet is required").await;
    window.fill("#setup-meet-name", "Spring Open").await;
    window.fill("#setup-meet-location", "Oslo").await;
    window.press("Save and go on").await;
    window.shows("Who takes part?").await;
    assert_eq!(server.number("SELECT count(*) FROM races WHERE name = 'Spring Open' AND location = 'Oslo'").await, 1);
    window.drop_file(".gate-drop", "club.csv", &crate::support::people(1, 3)).await;
    window.until("location.pathname === '/admin/import'").await;
    window.shows("club.csv").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());

    // Without a question the address leads to work.
    window.go("/setup").await;
    window.until("location.pathname === '/admin'").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_is_entered_by_one_press() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/admin").await;
    window.press("Sign in as the demo’s administrator").await;
    window.until("Boolean(document.querySelector('.shell .demo-banner'))").await;
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_and_nothing_is_shown() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/admin/athletes").await;
    window.press("Sign in").await;
    window.shows("Email is required").await;
    window.until("document.activeElement?.id === 'sign-in-email'").await;
    window.fill("#sign-in-email", "admin@athsys.com").await;
    window.fill("#sign-in-password", "not this").await;
    window.key("Enter").await;
    window.shows("The email or the password is wrong").await;
    assert_eq!(window.js::<usize>("document.querySelectorAll('.shell').length").await, 0);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_is_out_everywhere() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let token: String = window.js("localStorage.authToken").await;
    window.press("Account of Amina Odhiambo").await;
    window.press("Sign out").await;
    window.shows("For officials and administrators").await;
    assert!(window.js::<bool>("!localStorage.authToken && !localStorage.refreshToken").await);
    server.get("/api/auth/me").by(&token).await.is(401);
    window.go("/admin/athletes").await;
    window.shows("For officials and administrators").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_brings_the_sign_in_over_the_page() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin/athletes?id=new").await;
    window.fill("dialog input[name=name]", "Late Entry").await;
    window.fill("dialog input[name=country]", "KEN").await;
    // Somebody changes the password of the account, which ends all of its sessions.
    let chief = server.login("admin@athsys.com", "Admin@123").await;
    let change = json!({"current_password": "Admin@123", "new_password": "another three words"});
    server.post("/api/auth/change-password", &change).by(&chief).await.is(200);

    window.press("Add athlete").await;
    window.shows("Your session has ended").await;
    window.until("document.activeElement?.id === 'sign-in-password'").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5);
    window.fill("#sign-in-password", "another three words").await;
    window.press("Sign in").await;
    // What was typed is sent without typing it again.
    window.shows("Late Entry was added").await;
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Late Entry'").await, 1);
    window.close().await;
}

#[tokio::test]
async fn a_new_password_ends_the_refresh_tokens_and_cookies_too() {
    let server = TestServer::demo().await;
    let signed_in = server.sign_in("john@athsys.com", "Athlete@123").await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    server.get("/api/auth/me").header("cookie", &cookie).await.is(200);
    let other = server.login("john@athsys.com", "Athlete@123").await;
    let change = json!({"current_password": "Athlete@123", "new_password": "another three words"});
    let changed = server.post("/api/auth/change-password", &change).by(&other).await;
    changed.is(200);

    let refresh = json!({"refresh_token": signed_in.body["refresh_token"]});
    server.post("/api/auth/refresh", &refresh).await.is(401);
    server.get("/api/auth/me").header("cookie", &cookie).await.is(401);
    // The session in which it was changed goes on with the tokens of the answer.
    let refresh = json!({"refresh_token": changed.body["refresh_token"]});
    server.post("/api/auth/refresh", &refresh).await.is(200);
}
