//! A phone with a station link in hands that want more than its one event.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use super::poison::{POISON, ran};
use super::window::{Window, quoted};
use crate::support::TestServer;

/// Women's long jump of the demo data, with one entry and one result.
const JUMP: i64 = 3;
/// Somebody else's work: what each of these asks is no business of a station.
const NOT_THEIRS: [(&str, &str, &str); 12] = [
    ("GET", "/api/admin/users", ""),
    ("GET", "/api/admin/audit-logs", ""),
    ("GET", "/api/admin/export/all-json", ""),
    ("GET", "/api/auth/me", ""),
    ("GET", "/api/stations", ""),
    ("GET", "/api/registrations?eventId=3", ""),
    ("GET", "/api/results/3/history", ""),
    ("POST", "/api/stations", r#"{"eventId": 3}"#),
    ("POST", "/api/results", r#"{"athleteId": 2, "eventId": 1, "mark": "11.20"}"#),
    ("PUT", "/api/results/1", r#"{"position": 9}"#),
    ("PUT", "/api/results/3", r#"{"eventId": 1}"#),
    ("DELETE", "/api/results/3", ""),
];

/// A link to the long jump: its id and the page that opens it.
async fn link(server: &TestServer, label: &str) -> (i64, String) {
    let chief = server.token(Role::ChiefRegistrar).await;
    let made = server.post("/api/stations", &json!({"eventId": JUMP, "label": label})).by(&chief).await;
    let (_, page) = made.is(201).body["link"].as_str().unwrap().split_once("/station").unwrap();
    (made.row()["id"].as_i64().unwrap(), format!("/station{page}"))
}

async fn enter(window: &Window, page: &str, name: &str) {
    window.go(page).await;
    window.fill("#station-name", name).await;
    window.press("Start").await;
    window.shows("Grace Nakato").await;
}

/// What the server says to a script in the page that has the station's token.
async fn asked(window: &Window, method: &str, path: &str, body: &str) -> u16 {
    let body = if body.is_empty() { "undefined".to_owned() } else { quoted(body) };
    let ask = format!(
        "fetch({}, {{ method: {}, body: {body}, headers: {{ 'content-type': 'application/json',
            authorization: `Bearer ${{JSON.parse(localStorage.station).token}}` }} }}).then((answer) => answer.status)",
        quoted(path),
        quoted(method)
    );
    window.js(&ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_at_a_station_gets_nowhere_else_and_nothing_once_it_is_revoked() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    let (id, page) = link(&server, "Pit 2").await;
    enter(&window, &page, "Mallory").await;
    assert_eq!(window.js::<String>("location.href.split('/station')[1]").await, "", "the secret left the address");
    assert_eq!(window.trouble().await, Vec::<String>::new());
    let stored = server.get("/api/results").await.body["results"].clone();
    for (method, path, body) in NOT_THEIRS {
        assert_eq!(asked(&window, method, path, body).await, 403, "{method} {path}");
    }
    assert_eq!(server.get("/api/results").await.body["results"], stored);
    assert_eq!(asked(&window, "GET", "/api/stations/here", "").await, 200);

    // The dashboard takes the token neither as one of its own nor as a cookie.
    let secret = "JSON.parse(localStorage.station).token";
    window
        .js::<Value>(&format!(
            "document.cookie = 'athsys_session=' + {secret}; void (localStorage.authToken = {secret})"
        ))
        .await;
    window.go("/admin/users").await;
    window.shows("For officials and administrators").await;
    assert_eq!(window.js::<u16>("fetch('/api/admin/users').then((answer) => answer.status)").await, 401);

    let chief = server.token(Role::ChiefRegistrar).await;
    server.post(&format!("/api/stations/{id}/revoke"), &json!({})).by(&chief).await.is(200);
    for path in ["/api/stations/here", "/api/athletes", "/api/live"] {
        assert_eq!(asked(&window, "GET", path, "").await, 401, "{path}");
    }
    window.go("/station").await;
    window.shows("This station has ended").await;
    window.go("/races").await;
    window.go(&page).await;
    window.fill("#station-name", "Mallory").await;
    window.press("Start").await;
    window.shows("has ended or was revoked").await;
    window.close().await;
}

/// A page of some other server, in the browser of somebody who is signed in here.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_elsewhere_neither_writes_nor_reads() {
    let server = TestServer::demo().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let elsewhere = format!("http://{}", listener.local_addr().unwrap());
    let other = axum::Router::new().fallback(async || axum::response::Html("<title>Elsewhere</title>"));
    let serving = tokio::spawn(axum::serve(listener, other).into_future());
    let Some(window) = Window::at(elsewhere).await else { return };
    let (_, page) = link(&server, "Pit 2").await;
    let secret = page.split_once('#').unwrap().1;
    let entered = server.post("/api/stations/enter", &json!({"secret": secret, "name": "Amina"})).await;
    let token = entered.is(200).body["token"].as_str().unwrap().to_owned();
    let cookie = server.sign_in("admin@athsys.com", "Admin@123").await.header("set-cookie").replace("; HttpOnly", "");
    window.go("/").await;
    // To a cookie all ports of a computer are one site.
    window.js::<Value>(&format!("void (document.cookie = {})", quoted(&cookie))).await;
    let before = server.get("/api/results").await.body["results"].clone();

    let (results, users, live) = (server.url("/api/results"), server.url("/api/admin/users"), server.url("/api/live"));
    let write = json!({"athleteId": 2, "eventId": JUMP, "mark": "5.80"}).to_string();
    let tries = format!(
        "(async () => {{
            const outcome = (promise) => promise.then((answer) => answer.type + answer.status, () => 'refused');
            const body = {body};
            const authorization = 'Bearer ' + {token};
            const heard = new Promise((resolve) => {{
                const stream = new EventSource({live}, {{ withCredentials: true }});
                stream.onopen = () => resolve('heard');
                stream.onerror = () => resolve('refused');
            }});
            return [
                await outcome(fetch('/')), // its own, which shows that it can ask
                await outcome(fetch({results}, {{ method: 'POST', body, headers: {{ authorization, 'content-type': 'application/json' }} }})),
                await outcome(fetch({users}, {{ credentials: 'include' }})),
                await outcome(fetch({users}, {{ headers: {{ authorization }} }})),
                await outcome(fetch({results}, {{ method: 'POST', body, mode: 'no-cors', credentials: 'include' }})),
                await heard,
            ];
        }})()",
        body = quoted(&write),
        token = quoted(&token),
        live = quoted(&live),
        results = quoted(&results),
        users = quoted(&users),
    );
    let outcome: Vec<String> = window.js(&tries).await;
    assert_eq!(outcome, ["basic200", "refused", "refused", "refused", "refused", "refused"]);
    assert_eq!(server.get("/api/results").await.body["results"], before);
    serving.abort();
    window.close().await;
}

/// What people at stations call themselves is shown to them and to those who manage links, as the letters it has.
#[tokio::test(flavor = "multi_thread")]
async fn no_name_of_a_station_or_of_a_person_there_runs() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/station").await;
    for poison in POISON {
        let name: String = poison.chars().take(60).collect();
        let (_, page) = link(&server, poison).await;
        // A link that is opened where the page of another is open; what is there is another page only from its # on.
        window.js::<Value>(&format!("void location.assign({})", quoted(&page))).await;
        window.fill("#station-name", &name).await;
        window.press("Start").await;
        window.shows("Grace Nakato").await;
        window.shows(&name).await;
        assert_eq!(window.js::<String>("location.hash").await, "");
        assert!(!ran(&window).await, "{poison}");
    }
    window.sign_in_as_admin("/admin/stations").await;
    for path in ["/admin/stations", "/admin/audit"] {
        window.go(path).await;
        window.shows(POISON[0]).await;
        assert!(!ran(&window).await, "something ran on {path}");
    }
    window.close().await;
}
