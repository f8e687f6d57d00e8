//! The demo meet beside the real one: files, accounts and pages of its own, and an end together with it.

use std::path::PathBuf;
use std::time::Duration;

use athsys::db::Files;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::saving::{plain_client, sign_in, with_an_administrator};
use crate::support::{Athsys, TestServer, folder};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

async fn ask(method: Method, url: &str, token: &str, body: Value) -> (u16, Value) {
    let client: Client = plain_client();
    let mut request = client.request(method, url);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    let answer = if body.is_null() { request } else { request.json(&body) }.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

async fn info(base: &str) -> Value {
    ask(Method::GET, &format!("{base}/api/info"), "", Value::Null).await.1
}

/// Of the set-up link, as the server leaves it for a second start.
async fn setup_token(athsys: &Athsys) -> String {
    let file = Files::of(&athsys.db).address_file();
    let left = async {
        loop {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            if let Some(token) = text.strip_suffix('\n').and_then(|text| text.lines().nth(1)) {
                return token.to_owned();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, left).await.expect("a set-up link")
}

/// As the program does it that is started without a word about its file.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_named_from_the_working_folder_has_a_demo_too() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let served = athsys.serve(&["--db", "meet.db"]);
    let token = setup_token(&athsys).await;
    let (status, answer) = ask(Method::POST, &served.url("/api/setup/demo"), "", json!({"token": token})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(info(&format!("http://127.0.0.1:{}", answer["demo"]["port"])).await["demo"], true);
    served.stop();
    assert!(folder.path().join("meet-demo").join("demo.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_the_set_up_link_tries_a_demo_that_touches_nothing() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let served = athsys.serve(&[]);
    let url = served.url("/api/setup/demo");
    let (status, refused) = ask(Method::POST, &url, "", json!({"token": "not this one"})).await;
    assert_eq!((status, &refused["code"]), (403, &json!("wrong-setup-token")), "{refused}");

    let token = setup_token(&athsys).await;
    let (status, answer) = ask(Method::POST, &url, "", json!({"token": token})).await;
    assert_eq!(status, 200, "{answer}");
    let demo = format!("http://127.0.0.1:{}", answer["demo"]["port"]);
    let there = info(&demo).await;
    assert_eq!((&there["demo"], &there["setup_needed"]), (&json!(true), &json!(false)), "{there}");
    let here = info(&served.url("")).await;
    assert_eq!((&here["demo"], &here["setup_needed"]), (&json!(false), &json!(true)), "{here}");
    let page = plain_client().get(&demo).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("demo-banner"), "every page says what it is: {page}");

    // Asked again, it is the same one.
    let (_, again) = ask(Method::POST, &url, "", json!({"token": token})).await;
    assert_eq!(again["demo"]["port"], answer["demo"]["port"]);

    let kept = PathBuf::from(answer["demo"]["folder"].as_str().unwrap());
    served.stop();
    assert!(plain_client().get(&demo).send().await.is_err(), "it ended with the other one");
    assert!(kept.join("demo.db").exists() && !kept.join("demo.db.live").exists(), "in order");
    let athletes = |file: &std::path::Path| -> i64 {
        let conn = rusqlite::Connection::open(file).unwrap();
        conn.query_row("SELECT count(*) FROM athletes", [], |row| row.get(0)).unwrap()
    };
    assert_eq!((athletes(&athsys.db), athletes(&kept.join("demo.db"))), (0, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_starts_the_demo_and_removes_it_with_its_file() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let served = athsys.serve(&[]);
    let (url, token) = (served.url("/api/admin/demo"), sign_in(&served.url("")).await);
    let (status, spent) = ask(Method::POST, &served.url("/api/setup/demo"), "", json!({"token": "any"})).await;
    assert_eq!(status, 404, "set up already: {spent}");
    let (_, before) = ask(Method::GET, &url, &token, Value::Null).await;
    assert_eq!((&before["demo"]["possible"], &before["demo"]["port"]), (&json!(true), &Value::Null), "{before}");
    assert_eq!(before["demo"]["kept"], false);

    let (status, started) = ask(Method::POST, &url, &token, Value::Null).await;
    assert_eq!((status, &started["demo"]["kept"]), (200, &json!(true)), "{started}");
    let demo = format!("http://127.0.0.1:{}", started["demo"]["port"]);
    assert_eq!(info(&demo).await["demo"], true);

    let (status, gone) = ask(Method::DELETE, &url, &token, Value::Null).await;
    assert_eq!((status, &gone["demo"]["kept"]), (200, &json!(false)), "{gone}");
    assert!(!folder.path().join("meet-demo").exists());
    assert!(plain_client().get(&demo).send().await.is_err());

    // A folder that only has the name is left alone.
    let real = Athsys::on(&folder.path().join("meet-demo/demo.db"));
    std::fs::create_dir(folder.path().join("meet-demo")).unwrap();
    real.run(&["init"]).is(0);
    let (status, refused) = ask(Method::DELETE, &url, &token, Value::Null).await;
    assert_eq!((status, &refused["code"]), (409, &json!("not-a-demo")), "{refused}");
    assert!(real.db.exists());
    served.stop();
}

/// Killed without a warning, it leaves no demo behind that runs on.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_does_not_outlive_a_server_that_is_killed() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let served = athsys.serve(&[]);
    let token = json!({"token": setup_token(&athsys).await});
    let (_, answer) = ask(Method::POST, &served.url("/api/setup/demo"), "", token).await;
    let demo = format!("http://127.0.0.1:{}/livez", answer["demo"]["port"]);
    served.kill();
    let ended = async {
        while plain_client().get(&demo).send().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("the demo has ended");
}

#[tokio::test]
async fn a_demo_and_a_server_inside_another_program_have_none_beside_them() {
    let demo = TestServer::demo().await;
    let admin = demo.admin().await;
    demo.post("/api/admin/demo", &json!({})).by(&admin).await.refused(409, "is-a-demo");
    let server = TestServer::start().await;
    let admin = server.admin().await;
    server.post("/api/admin/demo", &json!({})).by(&admin).await.refused(409, "no-demo-here");
    server.post("/api/setup/demo", &json!({})).await.refused(404, "not-found");
}
