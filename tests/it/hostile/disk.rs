//! A disk that fills in the middle of an import, or has too little room for one.

use athsys::db::DbError;
use serde_json::{Value, json};

use crate::support::saving::plain_client;
use crate::support::{Athsys, TestServer, Upload, counts, folder, people};

/// Leaves so many pages of 4 KiB free.
async fn leave(server: &TestServer, pages: i64) {
    let limit = move |tx: &mut athsys::db::Tx<'_>| {
        let used: i64 = tx.conn().query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let most = used.saturating_add(pages).min(1 << 30);
        tx.conn().pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))?;
        Ok::<_, DbError>(())
    };
    server.app.db().write(limit).await.unwrap();
}

async fn room_again(server: &TestServer) {
    leave(server, 1 << 30).await;
}

#[tokio::test]
async fn a_disk_that_fills_in_the_middle_stores_nothing_and_the_import_goes_in_when_there_is_room() {
    // One transaction, and one that is cut into slices.
    for (rows, pages) in [(15_000, 60), (45_000, 900)] {
        let server = TestServer::start().await;
        server.import_csv("", "name,country\nFirst,KEN\n").await.is(201);
        leave(&server, pages).await;
        let full = server.import_csv("", people(1, rows)).await;
        full.refused(507, "disk-full");
        full.tells_nothing();
        let names = "SELECT count(*) FROM athletes";
        assert_eq!(server.number(names).await, 1, "{rows}: nothing half imported");
        assert_eq!(server.get("/api/athletes").await.is(200).body["total"], 1, "{rows}: reading goes on");
        let running = "SELECT count(*) FROM imports WHERE state = 'running'";
        assert_eq!(server.number(running).await, 0, "{rows}: the history knows that it has ended");
        room_again(&server).await;
        let good = server.import_csv("", people(1, rows)).await;
        assert_eq!(counts(good.is(201)), [rows as u64, 0, 0, 0, 0], "{}", good.text);
        assert_eq!(server.number(names).await, i64::try_from(rows).unwrap() + 1);
        server.take_back(&good.body["import_id"]).await.is(200);
        assert_eq!(server.number(names).await, 1);
    }
}

#[tokio::test]
async fn a_large_file_that_finds_no_room_is_not_kept_and_its_import_stays() {
    let server = TestServer::start().await;
    // What does not compress.
    let mut state = 7_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("{:x}", state >> 4)
    };
    let rows: String =
        (0..1_200).map(|row| format!("Runner {row},KEN,{}\n", (0..550).map(|_| noise()).collect::<String>())).collect();
    leave(&server, 600).await;
    let answer = server.import_csv("", format!("name,country,remarks of nobody\n{rows}")).await;
    assert_eq!(counts(answer.is(201))[4], 0, "{}", answer.text);
    assert_eq!(server.past(&answer.body["import_id"]).await["has_original"], false, "there was no room for it");
    assert_eq!(server.number("SELECT count(*) FROM import_file_parts").await, 0, "and it takes none");
    assert_eq!(server.add_athlete("Somebody at a desk", "D1").await, answer.body["imported"].as_i64().unwrap() + 1);
}

#[tokio::test]
async fn an_export_of_a_full_disk_goes_on() {
    let server = TestServer::start().await;
    server.import_csv("", people(1, 200)).await.is(201);
    leave(&server, 0).await;
    let admin = server.admin().await;
    let path = "/api/admin/import/athletes-csv";
    let full = server.send(path, Upload::of("a.csv", people(1_000, 2_000))).await;
    full.refused(507, "disk-full");
    let export = server.get("/api/athletes/export?format=csv").by(&admin).await;
    assert_eq!(export.is(200).text.lines().count(), 201);
    let dry = server.send(&format!("{path}?dry_run=true"), Upload::of("a.csv", people(1, 2))).await;
    assert_eq!(dry.is(200).body["unchanged"], json!(2), "{}", dry.text);
}

/// The results of the day need what is left more than a list does that can be read later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_refused_where_less_than_200_mb_are_left_and_saving_goes_on() {
    for (mib, refused) in [(190, true), (260, false)] {
        let folder = folder();
        let Some(athsys) = Athsys::on_a_disk_of(mib, &folder.path().join("meet.db")) else { return };
        let served = athsys.serve(&["--demo"]);
        let who = json!({"email": "admin@athsys.com", "password": "Admin@123"});
        let post = |path: &str| plain_client().post(served.url(path));
        let answer = post("/api/auth/login").json(&who).send().await.unwrap().text().await.unwrap();
        let token = serde_json::from_str::<Value>(&answer).unwrap()["token"].as_str().unwrap().to_owned();
        let import = |path: &str| {
            let request = post(path).bearer_auth(&token).header("content-type", "text/csv");
            request.body("name,country\nJane,KEN\n")
        };
        let path = "/api/admin/import/athletes-csv";
        let answer = import(path).send().await.unwrap();
        assert_eq!(answer.status(), if refused { 507 } else { 201 }, "{mib} MiB");
        let told = answer.text().await.unwrap();
        assert_eq!(told.contains("\"code\":\"disk-full\""), refused, "{told}");
        assert_eq!(
            import(&format!("{path}?dry_run=true")).send().await.unwrap().status(),
            200,
            "{mib} MiB: to look is free"
        );
        let one = post("/api/athletes").bearer_auth(&token).json(&json!({"name": "At the desk", "country": "KEN"}));
        assert_eq!(one.send().await.unwrap().status(), 201, "{mib} MiB: saving goes on");
        let health = plain_client().get(served.url("/api/health")).send().await.unwrap().text().await.unwrap();
        assert!(health.contains("\"disk\":\"degraded\""), "less than 500 MB are told: {health}");
        served.kill();
    }
}
