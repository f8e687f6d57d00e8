//! Power cuts: the real server, killed without a warning, and what is there when it comes back.

use reqwest::Client;
use reqwest::multipart::{Form, Part};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::saving::{beside, plain_client, sign_in, with_an_administrator};
use crate::support::{Athsys, folder, people};

const ROWS: usize = 60_000;

/// One number, read beside the server.
fn number(athsys: &Athsys, sql: &str) -> i64 {
    beside(&athsys.db).query_row(sql, [], |row| row.get(0)).unwrap()
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
    let athsys = with_an_administrator(&folder);
    let csv = people(1, ROWS).into_bytes();
    let client = plain_client();
    let (mut interrupted, mut cuts) = (0, 0);
    // Killed as soon as so many rows can be seen, from before the first to behind the last.
    for moment in [0, 1, 15_000, 45_000, ROWS] {
        let served = athsys.serve(&[]);
        let base = served.url("");
        let token = sign_in(&base).await;
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
            let token = sign_in(&served.url("")).await;
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
            let _ = std::fs::remove_dir_all(athsys.db.with_file_name("meet.db.live"));
            with_an_administrator(&folder);
            interrupted = 0;
        }
    }
    assert!(cuts > 0, "no import was caught in the middle, so this has shown nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_an_interrupted_import_that_somebody_has_used_stay() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
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
    let conn = beside(&athsys.db);
    let (left, report): (String, String) = conn
        .query_row(&format!("SELECT ({left}), report FROM imports WHERE id = 1"), [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(left, "7 9");
    assert!(report.contains("2 rows stayed, because somebody has changed or used them since"), "{report}");
    drop(conn);
    plain_client().get(served.url("/livez")).send().await.unwrap();
    served.stop();
    athsys.run(&["check"]).is(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bib_that_an_interrupted_import_took_and_somebody_got_does_not_keep_the_server_down() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let import = |csv: &str| athsys.run_with(&["import", "athletes", "-", "--on-duplicate", "update"], csv.as_bytes());
    import("name,country,club,bib_number\nAnn,KEN,A,1\nBob,KEN,B,2\n").is(0);
    import("id,name,country,club,bib_number\n1,Ann,UGA,A,9\n2,Bob,UGA,B,8\n").is(0);
    import("name,country,bib_number\nNewcomer,KEN,1\n").is(0);
    let conn = Connection::open(&athsys.db).unwrap();
    conn.execute_batch("UPDATE imports SET state = 'running' WHERE id = 2").unwrap();
    drop(conn);
    let served = athsys.serve(&[]);
    plain_client().get(served.url("/livez")).send().await.unwrap();
    served.stop();
    let stored = "SELECT group_concat(name || ' ' || country || ' ' || coalesce(bib_number, '-'), ', ') FROM athletes";
    let conn = beside(&athsys.db);
    let stored: String = conn.query_row(stored, [], |row| row.get(0)).unwrap();
    assert_eq!(stored, "Ann KEN -, Bob KEN 2, Newcomer KEN 1");
    drop(conn);
    athsys.run(&["check"]).is(0);
}
