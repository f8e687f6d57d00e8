//! A server that keeps its copy, and the commands beside it.

use std::time::{Duration, Instant};

use athsys::config::Config;
use serde_json::{Value, json};

use super::target;
use crate::support::postgres::{Postgres, connect};
use crate::support::{Athsys, TestServer, folder};

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !holds().await {
        assert!(Instant::now() < end, "{what} does not come true");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn status(server: &TestServer) -> Value {
    server.get("/api/admin/sync/status").by(&server.admin().await).await.is(200).body.clone()
}

#[tokio::test]
async fn a_saved_change_is_in_postgresql_soon_and_the_page_knows() {
    let Some(url) = Postgres::database().await else { return };
    let config = Config { sync_to: Some(target(&url, false)), ..Config::default() };
    let server = TestServer::demo_with(config).await;
    let admin = server.admin().await;
    until("the first copy", async || status(&server).await["status"] == "synchronized").await;
    let race = json!({"name": "Evening meet", "date": "2026-06-01", "location": "Eldoret"});
    server.post("/api/races", &race).by(&server.admin().await).await.is(201);
    let client = connect(&url).await;
    let there = "SELECT count(*) FROM athsys.races WHERE name = 'Evening meet'";
    until("the new race", async || client.query_one(there, &[]).await.unwrap().get::<_, i64>(0) == 1).await;
    let now = status(&server).await;
    assert!(now["target"].as_str().unwrap().starts_with("postgres://athsys@127.0.0.1:"), "{now}");
    assert!(!now.to_string().contains("password%20"), "{now}");
    assert!(now["last_sync"].is_string() && now["records"].as_i64().unwrap() > 20, "{now}");
    let found = server.post("/api/admin/sync/verify", &json!({})).by(&admin).await.is(200).body.clone();
    assert_eq!(found["equal"], true, "{found}");
    assert_eq!(found["tables"].as_array().unwrap().len(), 7);
    client.batch_execute("DELETE FROM athsys.races").await.unwrap();
    let found = server.post("/api/admin/sync/verify", &json!({})).by(&admin).await.is(200).body.clone();
    assert_eq!(found["equal"], false, "{found}");
    server.post("/api/admin/sync/run?full=true", &json!({})).by(&admin).await.is(200);
    assert_eq!(client.query_one(there, &[]).await.unwrap().get::<_, i64>(0), 1);
    let metrics = server.get("/metrics").await.text;
    assert!(metrics.contains("athsys_sync_rows_total"), "{metrics}");
}

#[tokio::test]
async fn the_commands_say_what_they_do_and_refuse_beside_a_server() {
    let Some(url) = Postgres::database().await else { return };
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    let said = athsys.run(&["sync", "--to", &url, "--dry-run", "--json"]).is(0).json();
    assert_eq!(said["creates_tables"], true, "{said}");
    let said = athsys.run(&["sync", "--to", &url, "--verify", "--json"]).is(0).json();
    assert_eq!((&said["comparison"]["equal"], &said["set_aside"]), (&json!(true), &json!([])), "{said}");
    assert!(said["sent"].as_i64().unwrap() > 20, "{said}");
    let said = athsys.run(&["sync", "--to", &url]).is(0).err.clone();
    assert!(said.starts_with("0 rows sent to postgres://athsys@127.0.0.1"), "{said}");
    let said = athsys.run(&["sync", "--to", &url, "--dry-run"]).is(0).err.clone();
    assert!(said.starts_with("0 rows would be sent"), "{said}");
    connect(&url).await.batch_execute("DELETE FROM athsys.events").await.unwrap();
    let said = athsys.run(&["sync", "--to", &url, "--verify"]).is(1).err.clone();
    assert!(said.contains("DIFFERENT events") && said.contains("--full"), "{said}");
    athsys.run(&["sync", "--to", &url, "--verify", "--full"]).is(0);

    athsys.run(&["sync"]).refused(2, "--to");
    athsys.run(&["sync", "--to", &url, "--verify", "--dry-run"]).refused(2, "use one, then the other");
    athsys.run(&["sync", "--to", "mysql://me:s3cret@host/db"]).refused(2, "postgres://");
    let nobody = athsys.run(&["sync", "--to", "postgres://me:s3cret@127.0.0.1:1/db"]);
    nobody.refused(1, "cannot be reached");
    assert!(!nobody.err.contains("s3cret"), "{nobody:?}");

    let served = athsys.serve(&[]);
    athsys.run(&["sync", "--to", &url]).refused(1, "--sync-to");
    athsys.run(&["new-identity"]).refused(1, "already in use");
    served.kill();
    athsys.run(&["new-identity"]).is(0);
    athsys.run(&["sync", "--to", &url, "--verify"]).is(0);
    let client = connect(&url).await;
    let meets = client.query_one("SELECT count(*) FROM athsys.sync_state", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(meets, 2, "a meet of its own, beside the one it was copied from");
}
