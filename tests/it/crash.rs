//! Power cuts: the real server, killed without a warning, and what is there when it comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Client;
use reqwest::multipart::{Form, Part};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::{Athsys, folder, people};

const ROWS: usize = 60_000;
const PASSWORD: &[u8] = b"three unrelated words\n";

/// A database with an administrator.
fn ready(folder: &tempfile::TempDir) -> Athsys {
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let add = ["user", "add", "--admin", "--email", "a@example.org", "--name", "A", "--password-stdin"];
    athsys.run_with(&add, PASSWORD).is(0);
    athsys
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

async fn sign_in(client: &Client, base: &str) -> String {
    let who = json!({"email": "a@example.org", "password": "three unrelated words"});
    let answer = client.post(format!("{base}/api/auth/login")).json(&who).send().await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

/// One number, read beside the server.
fn number(athsys: &Athsys, sql: &str) -> i64 {
    let conn = Connection::open_with_flags(&athsys.db, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}

async fn import(client: Client, base: String, token: String, csv: Vec<u8>) -> Option<u16> {
    let part = Part::bytes(csv).file_name("club.csv");
    let request = client.post(format!("{base}/api/admin/import/athletes-csv")).bearer_auth(token);
    let response = request.multipart(Form::new().part("file", part)).send().await.ok()?;
    Some(response.status().as_u16())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_cut_short_is_there_as_a_whole_or_not_at_all() {
    let folder = folder();
    let athsys = ready(&folder);
    let csv = people(1, ROWS).into_bytes();
    let client = client();
    let (mut interrupted, mut cuts) = (0, 0);
    // Killed as soon as so many rows can be seen, from before the first to behind the last.
    for moment in [0, 1, 15_000, 45_000, ROWS] {
        let served = athsys.serve(&[]);
        let base = served.url("");
        let token = sign_in(&client, &base).await;
        let history = number(&athsys, "SELECT count(*) FROM imports");
        let stored = number(&athsys, "SELECT count(*) FROM athletes");
        let sent = tokio::spawn(import(client.clone(), base.clone(), token, csv.clone()));
        let seen = || number(&athsys, "SELECT count(*) FROM athletes") >= i64::try_from(moment).unwrap();
        while !(seen() || sent.is_finished()) {
            tokio::task::yield_now().await;
        }
        served.kill();
        let answered = sent.await.unwrap();

        let served = athsys.serve(&[]);
        let rows = number(&athsys, "SELECT count(*) FROM athletes");
        assert!(rows == stored || rows == i64::try_from(ROWS).unwrap(), "killed at {moment}: {rows} rows are there");
        let more = number(&athsys, "SELECT count(*) FROM imports") - history;
        let states = format!("SELECT count(*) FROM imports WHERE id > {history} AND state = ");
        let state = |name: &str| number(&athsys, &format!("{states}'{name}'"));
        assert_eq!(more, state("interrupted") + state("success"), "killed at {moment}: the history says what happened");
        assert_eq!(state("success") == 1, rows > stored, "killed at {moment}");
        assert!(answered != Some(201) || rows > stored, "killed at {moment}: what was answered is there");
        if state("interrupted") == 1 {
            interrupted += 1;
            cuts += 1;
            let token = sign_in(&client, &served.url("")).await;
            let id = number(&athsys, "SELECT max(id) FROM imports");
            let url = served.url(&format!("/api/admin/imports/{id}"));
            let past = client.get(url).bearer_auth(token).send().await.unwrap().text().await.unwrap();
            let past: Value = serde_json::from_str(&past).unwrap();
            assert_eq!(past["import"]["report"]["interrupted"], true, "{past}");
            assert!(
                past["import"]["report"]["message"].as_str().unwrap().contains("nothing of it is stored"),
                "{past}"
            );
            let trail = "SELECT count(*) FROM audit_logs WHERE action = 'undo' AND user_name = 'server'";
            assert_eq!(number(&athsys, trail), interrupted);
        }
        served.kill();
        athsys.run(&["check"]).is(0);
        if rows > stored {
            // The next round starts from the same place.
            std::fs::remove_file(&athsys.db).unwrap();
            let _ = std::fs::remove_file(athsys.db.with_file_name("meet.db-wal"));
            let _ = std::fs::remove_file(athsys.db.with_file_name("meet.db-shm"));
            ready(&folder);
            interrupted = 0;
        }
    }
    assert!(cuts > 0, "no import was caught in the middle, so this has shown nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_an_interrupted_import_that_somebody_has_used_stay() {
    let folder = folder();
    let athsys = ready(&folder);
    let import = athsys.run_with(&["import", "athletes", "-", "--json"], people(1, 30).as_bytes());
    assert_eq!(import.is(0).json()["imported"], 30);
    let races = json!({"races": [{"name": "Open", "date": "2026-06-14", "location": "Oslo"}],
        "events": [{"race": "Open", "name": "100m"}]});
    athsys.run_with(&["import", "bulk", "-"], races.to_string().as_bytes()).is(0);
    let entry = json!({"registrations": [{"athlete": {"bibNumber": "7"}, "event": "100m"}]});
    athsys.run_with(&["import", "bulk", "-"], entry.to_string().as_bytes()).is(0);
    // As a power cut leaves it: the import is running, and meanwhile one of its rows was used and one was changed.
    let conn = Connection::open(&athsys.db).unwrap();
    let cut = "UPDATE imports SET state = 'running' WHERE id = 1;
        UPDATE athletes SET club_team = 'Changed', version = version + 1 WHERE bib_number = '9'";
    conn.execute_batch(cut).unwrap();
    drop(conn);
    let served = athsys.serve(&[]);
    let left = "SELECT group_concat(bib_number, ' ') FROM athletes ORDER BY id";
    let conn = Connection::open_with_flags(&athsys.db, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let (left, report): (String, String) = conn
        .query_row(&format!("SELECT ({left}), report FROM imports WHERE id = 1"), [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(left, "7 9");
    assert!(report.contains("2 rows stayed, because somebody has changed or used them since"), "{report}");
    drop(conn);
    served.kill();
    athsys.run(&["check"]).is(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bib_that_an_interrupted_import_took_and_somebody_got_does_not_keep_the_server_down() {
    let folder = folder();
    let athsys = ready(&folder);
    let import = |csv: &str| athsys.run_with(&["import", "athletes", "-", "--on-duplicate", "update"], csv.as_bytes());
    import("name,country,club,bib_number\nAnn,KEN,A,1\nBob,KEN,B,2\n").is(0);
    import("id,name,country,club,bib_number\n1,Ann,UGA,A,9\n2,Bob,UGA,B,8\n").is(0);
    import("name,country,bib_number\nNewcomer,KEN,1\n").is(0);
    let conn = Connection::open(&athsys.db).unwrap();
    conn.execute_batch("UPDATE imports SET state = 'running' WHERE id = 2").unwrap();
    drop(conn);
    athsys.serve(&[]).kill();
    let stored = "SELECT group_concat(name || ' ' || country || ' ' || coalesce(bib_number, '-'), ', ') FROM athletes";
    let conn = Connection::open_with_flags(&athsys.db, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let stored: String = conn.query_row(stored, [], |row| row.get(0)).unwrap();
    assert_eq!(stored, "Ann KEN -, Bob KEN 2, Newcomer KEN 1");
    drop(conn);
    athsys.run(&["check"]).is(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_row_is_lost_when_the_server_is_killed() {
    let folder = folder();
    let athsys = ready(&folder);
    let acknowledged: Arc<std::sync::Mutex<Vec<i64>>> = Arc::default();
    for round in 0..8 {
        let served = athsys.serve(&[]);
        let base = served.url("");
        let token = sign_in(&client(), &base).await;
        let (count, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let goal = 20 + round * 15;
        let clients: Vec<_> = (0..8)
            .map(|which| {
                let (base, token, count, enough) = (base.clone(), token.clone(), count.clone(), enough.clone());
                let acknowledged = acknowledged.clone();
                tokio::spawn(async move {
                    let client = client();
                    for number in 0.. {
                        let row =
                            json!({"name": format!("Round {round} client {which} row {number}"), "country": "KEN"});
                        let sent =
                            client.post(format!("{base}/api/athletes")).bearer_auth(&token).json(&row).send().await;
                        let Ok(response) = sent else { return };
                        let status = response.status();
                        let Ok(text) = response.text().await else { return };
                        assert_eq!(status, 201, "{text}");
                        let body: Value = serde_json::from_str(&text).unwrap();
                        acknowledged.lock().unwrap().push(body["athlete"]["id"].as_i64().unwrap());
                        if count.fetch_add(1, Ordering::Relaxed) + 1 == goal {
                            enough.notify_one();
                        }
                    }
                })
            })
            .collect();
        enough.notified().await;
        served.kill();
        for client in clients {
            client.await.unwrap();
        }
        athsys.run(&["check"]).is(0);
        let ids = acknowledged.lock().unwrap().clone();
        let conn = Connection::open_with_flags(&athsys.db, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut there = conn.prepare("SELECT count(*) FROM athletes WHERE id = ?1").unwrap();
        let lost = ids.iter().filter(|id| there.query_row([*id], |row| row.get::<_, i64>(0)).unwrap() != 1).count();
        assert_eq!(lost, 0, "round {round}: {lost} of {} acknowledged rows are gone", ids.len());
        assert_eq!(
            number(&athsys, "SELECT count(*) FROM audit_logs WHERE action = 'create' AND entity_type = 'athlete'"),
            number(&athsys, "SELECT count(*) FROM athletes"),
            "each with its audit row"
        );
    }
}
