//! The password once more, over a line that others on the network could listen to.

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::support::{DEMO, TestServer};

/// The demo server reached by an address of this computer that is not loopback, as a phone would.
struct Network {
    server: TestServer,
    base: String,
    served: JoinHandle<()>,
}

impl Drop for Network {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Network {
    /// None on a computer without a network.
    async fn open() -> Option<Network> {
        let found = athsys::venue::addresses::of_this_computer();
        let Some(found) = found.iter().find(|found| found.ip.is_ipv4() && !found.ip.is_loopback()) else {
            eprintln!("skipped: this computer is on no network");
            return None;
        };
        let server = TestServer::demo().await;
        let listener = TcpListener::bind((found.ip, 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let served = tokio::spawn(athsys::app::serve(server.app.clone(), listener, std::future::pending()));
        Some(Network { server, base, served })
    }

    async fn send(&self, method: &str, path: &str, token: &str, body: Value) -> (u16, Value) {
        let request = self.server.client.request(method.parse().unwrap(), format!("{}{path}", self.base));
        let answer = request.bearer_auth(token).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    /// Lets fifteen minutes pass for every session.
    async fn later(&self) {
        self.server.sql("UPDATE sessions SET created_at = created_at - 900000, confirmed_at = NULL").await;
        // What was remembered of sessions ends with any change of them.
        self.server.sign_in("viewer@athsys.com", "Viewer@123").await.is(200);
    }
}

#[tokio::test]
async fn a_password_counts_for_fifteen_minutes_and_is_asked_for_again_on_a_line_that_others_hear() {
    let Some(network) = Network::open().await else { return };
    let (_, email, password) = DEMO[0];
    let token = network.server.login(email, password).await;
    let user = |name: &str| json!({"name": name, "email": format!("{name}@club.example"), "role": "viewer"});
    let (status, created) = network.send("POST", "/api/admin/users", &token, user("ann")).await;
    assert_eq!(status, 201, "a fresh sign-in is enough: {created}");
    network.later().await;
    let backup = network.send("POST", "/api/admin/backups", &token, json!({})).await.1["backup"].clone();
    let restore = format!("/api/admin/backups/{}/restore", backup["id"].as_str().unwrap());
    let race = json!([{"name": "Night Mile", "date": "2026-09-01", "location": "Oslo"}]);
    let (status, imported) = network.send("POST", "/api/admin/import/races-json", &token, race).await;
    assert_eq!(status, 201, "other files go on: {imported}");
    let undo = format!("/api/admin/imports/{}/undo", imported["import_id"]);
    let account = json!({"name": "Eve", "email": "eve@club.example", "role": "admin", "password": "quite another one"});
    let refused = [
        ("POST", "/api/admin/users", user("bea")),
        ("PUT", "/api/admin/users/7", json!({"role": "admin"})),
        ("DELETE", "/api/admin/users/7", json!({})),
        ("POST", "/api/admin/users/bulk/delete", json!({"ids": [7]})),
        ("POST", "/api/admin/users/7/reset-password", json!({})),
        ("POST", "/api/admin/users/7/second-factor/off", json!({})),
        ("POST", restore.as_str(), json!({"confirm": backup["name"]})),
        ("POST", "/api/athletes/bulk/delete", json!({"ids": [1]})),
        ("DELETE", "/api/races/1?cascade=true", json!({})),
        // An account comes in a file too, and many rows go with an import that is taken back.
        ("POST", "/api/admin/import/users-json", json!([account])),
        ("POST", "/api/admin/import/bulk-json", json!({"users": [account]})),
        ("POST", undo.as_str(), json!({})),
        ("POST", "/api/athletes/1/erase", json!({"confirm": "John Kamau"})),
        ("POST", "/api/admin/privacy/remove-due", json!({"count": 0})),
    ];
    for (method, path, body) in &refused {
        let (status, answer) = network.send(method, path, &token, body.clone()).await;
        assert_eq!((status, &answer["code"]), (403, &json!("password-needed")), "{method} {path}: {answer}");
    }
    let accounts = network.server.get("/api/admin/users?q=eve@club.example").by(&network.server.admin().await).await;
    assert_eq!(accounts.is(200).body["total"], 0);
    // Looking at such a file changes nothing. Reading and the work of the day go on, and so does this computer itself.
    let dry_run = "/api/admin/import/users-json?dry_run=true";
    assert_eq!(network.send("POST", dry_run, &token, json!([account])).await.0, 200);
    assert_eq!(network.send("PUT", "/api/athletes/1", &token, json!({"clubTeam": "Lakeside"})).await.0, 200);
    network.server.post("/api/admin/users", &user("cleo")).by(&token).await.is(201);

    let (status, wrong) = network.send("POST", "/api/auth/confirm", &token, json!({"password": "wrong"})).await;
    assert_eq!((status, &wrong["errors"][0]["code"]), (422, &json!("wrong-password")));
    assert_eq!(network.send("POST", "/api/auth/confirm", &token, json!({"password": password})).await.0, 200);
    assert_eq!(network.send("POST", "/api/admin/users", &token, user("bea")).await.0, 201);
    // Only in the session that was asked.
    network.later().await;
    let other = network.server.login(email, password).await;
    assert_eq!(network.send("POST", "/api/admin/users", &token, user("dora")).await.0, 403);
    assert_eq!(network.send("POST", "/api/admin/users", &other, user("dora")).await.0, 201);
}

#[tokio::test]
async fn asking_for_the_password_again_is_no_way_to_guess_it() {
    let Some(network) = Network::open().await else { return };
    let (_, email, password) = DEMO[0];
    let token = network.server.login(email, password).await;
    for _ in 0..5 {
        assert_eq!(network.send("POST", "/api/auth/confirm", &token, json!({"password": "wrong"})).await.0, 422);
    }
    let (status, answer) = network.send("POST", "/api/auth/confirm", &token, json!({"password": password})).await;
    assert_eq!((status, &answer["code"]), (429, &json!("too-many-attempts")));
}
