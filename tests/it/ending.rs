//! How the server ends: when it is asked to, asked twice, or its terminal goes away.

use reqwest::multipart::{Form, Part};
use rusqlite::Connection;

use crate::support::saving::{plain_client, sign_in, with_an_administrator};
use crate::support::{folder, people};

const ROWS: usize = 60_000;

fn number(file: &std::path::Path, sql: &str) -> i64 {
    Connection::open(file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

fn names(folder: &tempfile::TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_runs_when_the_server_is_asked_to_end_is_taken_back_and_one_file_is_left() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let served = athsys.serve(&[]);
    let token = sign_in(&served.url("")).await;
    let form = Form::new().part("file", Part::bytes(people(1, ROWS).into_bytes()).file_name("club.csv"));
    let url = served.url("/api/admin/import/athletes-csv");
    let sent = tokio::spawn(plain_client().post(url).bearer_auth(token).multipart(form).send());
    let live = folder.path().join("meet.db.live/live.db");
    while number(&live, "SELECT count(*) FROM athletes") == 0 {
        assert!(!sent.is_finished(), "the import was over before the server could be asked to end");
        tokio::task::yield_now().await;
    }
    served.stop();
    let answer = sent.await.unwrap();
    assert!(answer.is_err() || !answer.unwrap().status().is_success(), "what was taken back was not confirmed");
    assert_eq!(number(&athsys.db, "SELECT count(*) FROM athletes"), 0);
    let left: Vec<String> = names(&folder).into_iter().filter(|name| name.starts_with("meet")).collect();
    assert_eq!(left, ["meet.db"]);
    athsys.run(&["check"]).is(0);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_that_is_closed_ends_the_server_in_order_and_a_second_signal_at_once() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let served = athsys.serve(&[]);
    sign_in(&served.url("")).await;
    served.end_by(&["HUP"]);
    assert_eq!(number(&athsys.db, "SELECT count(*) FROM sessions"), 1);
    assert!(!names(&folder).contains(&"meet.db.live".to_owned()), "{:?}", names(&folder));

    let served = athsys.serve(&[]);
    sign_in(&served.url("")).await;
    served.end_by(&["INT", "TERM"]);
    let served = athsys.serve(&[]);
    served.stop();
    assert_eq!(number(&athsys.db, "SELECT count(*) FROM sessions"), 2, "nothing is lost either way");
}
