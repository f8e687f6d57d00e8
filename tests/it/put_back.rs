//! The file that people copy and put back: what becomes of it, of the sessions, and of what was there.

use std::fs;

use rusqlite::Connection;

use crate::support::folder;
use crate::support::saving::{plain_client, sign_in, with_an_administrator};

async fn may_enter(base: &str, token: &str) -> u16 {
    plain_client().get(format!("{base}/api/auth/me")).bearer_auth(token).send().await.unwrap().status().as_u16()
}

fn one(file: &std::path::Path, sql: &str) -> String {
    Connection::open(file).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_taken_while_the_server_ran_signs_everybody_out_where_it_is_put_back() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let served = athsys.serve(&[]);
    let token = sign_in(&served.url("")).await;
    assert_eq!(may_enter(&served.url(""), &token).await, 200);
    let copy = folder.path().join("copy.db");
    // The copy that is waited for holds the session.
    let sessions = "SELECT CAST(count(*) AS TEXT) FROM sessions";
    loop {
        fs::copy(&athsys.db, &copy).unwrap();
        if one(&copy, sessions) == "1" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    served.stop();
    assert!(!folder.path().join("meet.db.live").exists(), "a clean end leaves just the file");
    fs::rename(&copy, &athsys.db).unwrap();
    let served = athsys.serve(&[]);
    assert_eq!(may_enter(&served.url(""), &token).await, 401, "who was signed in there is not signed in here");
    assert_eq!(may_enter(&served.url(""), &sign_in(&served.url("")).await).await, 200);
    served.stop();
    let told = one(&athsys.db, "SELECT action || ' ' || user_name FROM audit_logs WHERE action = 'restore'");
    assert_eq!(told, "restore console");
    athsys.run(&["check"]).is(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_replaced_under_a_running_server_is_kept() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let other = fs::read(&athsys.db).unwrap();
    let served = athsys.serve(&[]);
    // The same bytes with another time are another file.
    fs::write(&athsys.db, &other).unwrap();
    sign_in(&served.url("")).await;
    served.stop();
    let names: Vec<String> = fs::read_dir(folder.path().join("backups"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with("-found.db"))
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert_eq!(fs::read(folder.path().join("backups").join(&names[0])).unwrap(), other);
    assert_eq!(one(&athsys.db, "SELECT CAST(count(*) AS TEXT) FROM sessions"), "1", "what was saved is published");
}
