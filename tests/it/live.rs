//! `/api/live` (api.md 9): what changed, to whom it is told, and how a client that was away catches up.

use athsys::auth::policy::Role;
use athsys::config::Config;
use athsys::live::Room;
use serde_json::{Value, json};

use crate::support::TestServer;

/// One event as a browser would see it.
#[derive(Debug, PartialEq)]
struct Heard {
    id: u64,
    event: String,
    data: Value,
}

impl Heard {
    fn is(&self, entity: &str, id: impl Into<Value>, op: &str) {
        assert_eq!(self.data, json!({"entity": entity, "id": id.into(), "op": op}));
        assert_eq!(self.event, "message");
    }
}

/// A stream that is open.
struct Ear {
    response: reqwest::Response,
    text: String,
    /// What a browser would send as `Last-Event-ID`.
    last: String,
}

impl Ear {
    async fn open(server: &TestServer, token: Option<&str>, last: Option<&str>) -> Ear {
        let mut request = server.client.get(server.url("/api/live"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        Ear::of(request.send().await.unwrap()).await
    }

    /// Waits for the greeting.
    async fn of(response: reqwest::Response) -> Ear {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut ear = Ear { response, text: String::new(), last: String::new() };
        while !ear.text.contains("\n\n") {
            ear.more().await;
        }
        let greeting = ear.text.clone();
        assert!(greeting.starts_with("retry: "), "{greeting}");
        ear.last = greeting.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or_default().to_owned();
        ear
    }

    async fn more(&mut self) -> bool {
        let chunk = self.response.chunk().await.expect("the stream ends in order");
        self.text.push_str(std::str::from_utf8(chunk.as_deref().unwrap_or_default()).unwrap());
        chunk.is_some()
    }

    /// The next event; none when the server has ended the stream.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let value = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                let heard = value("data").map(|data| Heard {
                    id: value("id").unwrap().parse().unwrap(),
                    event: value("event").unwrap_or("message").to_owned(),
                    data: serde_json::from_str(data).unwrap(),
                });
                self.text = rest.to_owned();
                if let Some(heard) = heard {
                    self.last = heard.id.to_string();
                    return Some(heard);
                }
            }
            if !self.more().await {
                return None;
            }
        }
    }

    async fn heard(&mut self) -> Heard {
        self.next().await.expect("the stream goes on")
    }

    /// Everything up to the creation of a race, as `entity op id`.
    async fn up_to_a_race(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let Heard { data, .. } = self.heard().await;
            if data["entity"] == "race" {
                return all;
            }
            all.push(format!("{} {} {}", data["entity"].as_str().unwrap(), data["op"].as_str().unwrap(), data["id"]));
        }
    }
}

async fn add_race(server: &TestServer, name: &str) -> i64 {
    server.add("/api/races", json!({"name": name, "date": "2026-06-01", "location": "Here"})).await
}

#[tokio::test]
async fn what_changes_is_heard_with_a_number_and_without_the_data() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let mut ear = Ear::open(&server, None, None).await;
    let id = add_race(&server, "Opening").await;
    let first = ear.heard().await;
    first.is("race", id, "create");
    server.put(&format!("/api/races/{id}"), &json!({"name": "Opener"})).by(&admin).await.is(200);
    let second = ear.heard().await;
    second.is("race", id, "update");
    server.delete(&format!("/api/races/{id}")).by(&admin).await.is(200);
    ear.heard().await.is("race", id, "delete");
    assert!(second.id > first.id, "numbers go up");
}

#[tokio::test]
async fn contact_data_and_administration_are_told_to_nobody_without_the_right() {
    let server = TestServer::demo().await;
    let registrar = server.token(Role::Registrar).await;
    let admin = server.admin().await;
    let coach = server.token(Role::Coach).await;
    let mut everybody = Ear::open(&server, None, None).await;
    let mut coach = Ear::open(&server, Some(&coach), None).await;
    let mut registrar = Ear::open(&server, Some(&registrar), None).await;
    let mut administrator = Ear::open(&server, Some(&admin), None).await;

    server.add_user(Role::Viewer, "someone@example.org").await;
    server.put("/api/admin/settings", &json!({"readsPerMinute": 7000})).by(&admin).await.is(200);
    let athlete = server.add_athlete("Ana Silva", "901").await;
    let entry = server.add("/api/registrations", json!({"athleteId": athlete, "eventId": 1})).await;
    add_race(&server, "The end").await;

    let public = [format!("athlete create {athlete}"), "registration reload null".into()];
    assert_eq!(everybody.up_to_a_race().await, public);
    assert_eq!(coach.up_to_a_race().await, public, "a message does not say whose entry it is");
    let registrar = registrar.up_to_a_race().await;
    assert_eq!(registrar, [format!("athlete create {athlete}"), format!("registration create {entry}")]);
    let all = administrator.up_to_a_race().await;
    for wanted in ["user ", "setting ", "audit_log create ", "registration create "] {
        assert!(all.iter().any(|heard| heard.starts_with(wanted)), "{wanted} in {all:?}");
    }
}

#[tokio::test]
async fn who_comes_back_hears_what_they_missed() {
    let server = TestServer::demo().await;
    let away = Ear::open(&server, None, None).await.last;
    let first = add_race(&server, "First").await;
    let second = add_race(&server, "Second").await;
    let mut ear = Ear::open(&server, None, Some(&away)).await;
    ear.heard().await.is("race", first, "create");
    let between = ear.last.clone();
    ear.heard().await.is("race", second, "create");

    let request = server.client.get(server.url(&format!("/api/live?lastEventId={between}")));
    let mut by_script = Ear::of(request.send().await.unwrap()).await;
    by_script.heard().await.is("race", second, "create");
}

#[tokio::test]
async fn who_was_away_for_too_long_or_in_another_run_is_told_to_read_again() {
    let server = TestServer::demo().await;
    let before = Ear::open(&server, None, None).await.last;
    let server = server.restart().await;
    for last in [before.as_str(), "0", "17", "18446744073709551615", "nonsense", ""] {
        let mut ear = Ear::open(&server, None, Some(last)).await;
        let reset = ear.heard().await;
        assert_eq!((reset.event.as_str(), &reset.data["op"]), ("reset", &json!("reset")), "{last}");
        let race = add_race(&server, "And on").await;
        ear.heard().await.is("race", race, "create");
    }
}

#[tokio::test]
async fn a_change_of_many_rows_is_one_message_a_table() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let mut ear = Ear::open(&server, None, None).await;
    let rows: String = (0..3_000).map(|n| format!("Runner {n},KEN,F,{}\n", 5_000 + n)).collect();
    let file = format!("name,country,gender,bib_number\n{rows}");
    server.upload("/api/admin/import/athletes-csv", "many.csv", file).by(&admin).await.is(201);
    let ids: Vec<i64> = (10..200).collect();
    server.post("/api/athletes/bulk/delete", &json!({"ids": ids})).by(&admin).await.is(200);
    add_race(&server, "The end").await;
    let heard = ear.up_to_a_race().await;
    assert!((1..=2).contains(&heard.len()) && heard.iter().all(|one| one == "athlete reload null"), "{heard:?}");
}

#[tokio::test]
async fn there_are_so_many_streams_and_no_more() {
    let room = Room { streams: 3, reserved: 1 };
    let server = TestServer::demo_with(Config { room, ..Config::default() }).await;
    let admin = server.admin().await;
    let (first, second) = (Ear::open(&server, None, None).await, Ear::open(&server, None, None).await);
    let refused = server.get("/api/live").await;
    refused.refused(503, "too-many-streams");
    assert!(refused.headers.contains_key("retry-after"));
    let third = Ear::open(&server, Some(&admin), None).await;
    server.get("/api/live").by(&admin).await.refused(503, "too-many-streams");
    drop((first, second, third));
    // The server sees that they have gone when it next says something.
    let mut races = 0;
    while server.app.seats().taken() > 0 {
        races += 1;
        add_race(&server, &format!("Race {races}")).await;
    }
    Ear::open(&server, None, None).await;
}

#[tokio::test]
async fn a_stream_ends_with_the_session_it_was_opened_with() {
    let server = TestServer::demo().await;
    server.add_user(Role::Official, "desk@example.org").await;
    let token = server.login("desk@example.org", crate::support::PASSWORD).await;
    let mut ear = Ear::open(&server, Some(&token), None).await;
    server.post("/api/auth/logout", &json!({})).by(&token).await.is(200);
    add_race(&server, "Not for them").await;
    assert_eq!(ear.next().await, None);
    server.get("/api/live").by(&token).await.refused(401, "token-revoked");
}

#[tokio::test]
async fn a_stream_ends_with_the_server() {
    let server = TestServer::demo().await;
    let mut ear = Ear::open(&server, None, None).await;
    let server = server.restart().await;
    assert_eq!(ear.next().await, None, "in order, and not when the time for running requests is over");
    drop(server);
}

#[tokio::test]
async fn a_restore_resets_every_stream() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let backup = server.post("/api/admin/backups", &json!({})).by(&admin).await.is(201).body["backup"].clone();
    let (mut public, mut signed_in) =
        (Ear::open(&server, None, None).await, Ear::open(&server, Some(&admin), None).await);
    let path = format!("/api/admin/backups/{}/restore", backup["id"].as_str().unwrap());
    server.post(&path, &json!({"confirm": backup["name"]})).by(&admin).await.is(200);
    for ear in [&mut public, &mut signed_in] {
        loop {
            match ear.heard().await {
                heard if heard.event == "reset" => break,
                heard => assert_eq!(heard.event, "message"),
            }
        }
        assert_eq!(ear.next().await, None);
    }
    // The number of the reset is one of the new data: nothing is missed, and nothing reset a second time.
    let mut again = Ear::open(&server, None, Some(&public.last)).await;
    server.add_user(Role::Admin, "new@example.org").await;
    let admin = server.login("new@example.org", crate::support::PASSWORD).await;
    let body = json!({"name": "After", "date": "2026-06-01", "location": "Here"});
    let race = server.post("/api/races", &body).by(&admin).await.is(201).row()["id"].as_i64().unwrap();
    again.heard().await.is("race", race, "create");
}

#[tokio::test]
async fn a_foreign_host_name_is_refused_here_too() {
    let server = TestServer::shared();
    let answer = server.raw(b"GET /api/live HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 421"), "{answer}");
}
