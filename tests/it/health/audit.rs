//! The audit log: who did what, found again.

use serde_json::{Value, json};

use crate::support::TestServer;

fn seqs(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["seq"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn rows_have_the_documented_shape() {
    let server = TestServer::demo().await;
    let id = server.add_athlete("Jane Okoye", "900").await;
    let row = server.audit("entity=athlete&perPage=1").await.remove(0);
    for member in [
        "id",
        "seq",
        "userId",
        "userName",
        "action",
        "entityType",
        "entityId",
        "before",
        "after",
        "details",
        "ipAddress",
        "createdAt",
        "hash",
    ] {
        assert!(row.get(member).is_some(), "{member} in {row}");
    }
    assert_eq!(
        (&row["userId"], &row["userName"], &row["action"]),
        (&json!(1), &json!("Amina Odhiambo"), &json!("create"))
    );
    assert_eq!(
        (&row["entityId"], &row["after"]["bibNumber"], &row["ipAddress"]),
        (&json!(id), &json!("900"), &json!("127.0.0.1"))
    );
    assert_eq!(row["hash"].as_str().unwrap().len(), 64);
}

#[tokio::test]
async fn filters_narrow_the_log() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let id = server.add_athlete("Jane Okoye", "900").await;
    server.put(&format!("/api/athletes/{id}"), &json!({"clubTeam": "Wanderers"})).by(&admin).await.is(200);
    server.sign_in("viewer@athsys.com", "wrong").await;
    let count = |query: &'static str| {
        let server = &server;
        async move { server.audit(&format!("perPage=500&{query}")).await.len() }
    };
    let all = count("").await;
    assert_eq!(count("user=1").await, 3, "sign-in, athlete, change");
    assert_eq!(count("user=Amina+Odhiambo").await, 3);
    assert_eq!(count("user=server").await + count("user=1").await + count("user=anonymous").await, all);
    assert_eq!(
        (count("action=update").await, count("action=login_failed").await, count("action=nothing").await),
        (1, 1, 0)
    );
    assert_eq!(
        (count("entity=athlete").await, count("entity=athletes").await, count("entity=athlete/6").await),
        (7, 7, 2)
    );
    assert_eq!((count("q=Wanderers").await, count("q=wander").await, count("q=100%25").await), (1, 1, 0));
    assert_eq!(count("entity=athlete&action=create&user=1").await, 1);
    assert_eq!((count("from=2020-01-01").await, count("from=2999-01-01").await), (all, 0));
    assert_eq!((count("to=2020-01-01").await, count("to=2999-01-01").await), (0, all));
    let today = &athsys::time::now().to_string()[..10];
    let (from, to) = (format!("from={today}&perPage=500"), format!("to={today}&perPage=500"));
    assert_eq!((server.audit(&from).await.len(), server.audit(&to).await.len()), (all, all), "a day is whole");
    let moment = athsys::time::now().to_string();
    assert_eq!(server.audit(&format!("from={moment}")).await.len(), 0);
}

#[tokio::test]
async fn the_newest_stands_first_and_pages_follow() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let all = seqs(&server.audit("perPage=500").await);
    assert!(all.is_sorted_by(|a, b| a > b) && all.len() > 30);
    assert_eq!(all.last(), Some(&1), "no gap up to the first");
    assert_eq!(all.len() as i64, all[0]);
    let up = seqs(&server.audit("perPage=500&sort=seq").await);
    assert_eq!(up, all.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(seqs(&server.audit("perPage=10&page=2").await), all[10..20]);
    let answer = server.get("/api/admin/audit-logs?perPage=10&page=2").by(&admin).await;
    let counts = ["count", "total", "page", "perPage"].map(|name| answer.body[name].clone());
    assert_eq!(counts, [json!(10), json!(all.len()), json!(2), json!(10)]);
    for bad in ["page=0", "perPage=501", "from=soon", "to=2026-02-31", "sort=name", "q=%00"] {
        server.get(&format!("/api/admin/audit-logs?{bad}")).by(&admin).await.refused(400, "invalid-parameter");
    }
}

#[tokio::test]
async fn the_log_can_neither_be_changed_nor_shortened() {
    let server = TestServer::demo().await;
    for sql in ["UPDATE audit_logs SET user_name = 'nobody'", "DELETE FROM audit_logs"] {
        let run = move |tx: &mut athsys::db::Tx<'_>| tx.conn().execute_batch(sql).map_err(athsys::db::DbError::from);
        let refused = server.app.db().write(run).await.unwrap_err();
        assert!(refused.to_string().contains("audit rows are never"), "{refused}");
    }
}

#[tokio::test]
async fn exports_are_in_the_log() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let file = server.get("/api/admin/export/athletes-csv").by(&admin).await;
    let rows = server.audit_of("action=export", 1).await;
    let details = &rows[0]["details"];
    let name = file.header("content-disposition").split('"').nth(1).unwrap();
    assert_eq!(
        (&details["file_name"], &details["rows"], &details["bytes"]),
        (&json!(name), &json!(5), &json!(file.text.len()))
    );
    assert_eq!(details["sha256"], athsys::auth::token::token_hash(&file.text));
    assert!(details["duration_ms"].is_u64() && rows[0]["userId"] == 1);
}
