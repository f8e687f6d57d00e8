//! Work on many rows at once.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

fn told(answer: &Answer) -> [Value; 3] {
    ["changed", "unchanged", "missing"].map(|name| answer.is(200).body[name].clone())
}

#[tokio::test]
async fn all_ids_that_match_come_in_the_order_of_the_list() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    for (path, ids) in [
        ("/api/athletes/ids", json!([1, 2, 3, 4, 5])),
        ("/api/athletes/ids?sort=name&country=ken", json!([1, 2])),
        ("/api/races/ids?sort=-date", json!([3, 2, 1])),
        ("/api/events/ids?raceId=2", json!([5, 6, 7])),
        ("/api/registrations/ids?q=kamau", json!([1, 6])),
        ("/api/results/ids?page=2&perPage=1", json!([1, 2, 3])),
        ("/api/results/ids?q=nobody", json!([])),
    ] {
        let answer = server.get(path).by(&admin).await;
        assert_eq!(answer.is(200).body["ids"], ids, "{path}");
        assert_eq!(answer.body["total"], ids.as_array().unwrap().len());
        assert_eq!(answer.body["truncated"], false);
    }
    server.get("/api/athletes/ids?nonsense=1").await.refused(400, "unknown-parameter");
    server.get("/api/athletes/ids?email=john@athsys.com").await.refused(400, "unknown-parameter");
    assert_eq!(server.get("/api/athletes/ids?email=john@athsys.com").by(&admin).await.body["ids"], json!([1]));
    let coach = server.token(Role::Coach).await;
    let own = server.get("/api/registrations/ids").by(&coach).await;
    assert_eq!(own.body["ids"], json!([1, 3, 6]), "of one's own only");
}

#[tokio::test]
async fn ten_thousand_ids_are_the_most() {
    let server = TestServer::start().await;
    server
        .sql(
            "INSERT INTO races (name, name_key, date, location, status, registration_open, created_at, updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
            SELECT 'R' || i, 'r' || i, '2026-06-14', 'Oslo', 'scheduled', 0, 1, 1 FROM n",
        )
        .await;
    let answer = server.get("/api/races/ids?sort=-id").await;
    assert_eq!(answer.is(200).body["ids"].as_array().unwrap().len(), 10_000);
    assert_eq!((&answer.body["total"], &answer.body["truncated"]), (&json!(10_001), &json!(true)));
    assert_eq!(answer.body["ids"][0], 10_001);
}

#[tokio::test]
async fn one_change_reaches_many_rows_with_an_audit_row_each() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let update = |path: &str, ids: Value, set: Value| server.post(path, &json!({"ids": ids, "set": set})).by(&admin);
    let confirm = json!({"status": "confirmed", "paymentStatus": "paid"});
    let answer = update("/api/registrations/bulk/update", json!([1, 4, 6, 99]), confirm.clone()).await;
    assert_eq!(told(&answer), [json!(3), json!(0), json!([99])]);
    assert_eq!((&answer.body["changed_ids"], &answer.body["refused"]), (&json!([1, 4, 6]), &json!([])));
    assert_eq!(server.audit("action=update&entity=registration").await.len(), 3);
    let again = update("/api/registrations/bulk/update", json!([1, 4, 6]), confirm).await;
    assert_eq!(told(&again), [json!(0), json!(3), json!([])]);
    assert_eq!(server.audit("action=update&entity=registration").await.len(), 3, "equal values leave no trace");
    assert_eq!(server.number("SELECT count(*) FROM registrations WHERE payment_status = 'paid'").await, 3);
    for (path, set, count) in [
        ("/api/athletes/bulk/update", json!({"club": "TSV"}), 2),
        ("/api/events/bulk/update", json!({"raceId": 3}), 2),
        ("/api/results/bulk/update", json!({"round": "heats"}), 2),
    ] {
        assert_eq!(told(&update(path, json!([1, 2]), set).await)[0], count, "{path}");
    }
    assert_eq!(server.get("/api/athletes?clubTeam=TSV").await.body["total"], 2);
}

#[tokio::test]
async fn rows_that_refuse_a_change_stay_as_they_are_and_are_named() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let update = |path: &str, ids: Value, set: Value| server.post(path, &json!({"ids": ids, "set": set})).by(&admin);
    let answer = update("/api/athletes/bulk/update", json!([4, 5]), json!({"bibNumber": "55"})).await;
    assert_eq!(told(&answer), [json!(1), json!(0), json!([])]);
    assert_eq!(answer.body["refused"][0]["id"], 5);
    assert!(answer.body["refused"][0]["message"].as_str().unwrap().contains("55"), "{}", answer.text);
    server.put("/api/events/3", &json!({"maxParticipants": 2})).by(&admin).await.is(200);
    let answer = update("/api/registrations/bulk/update", json!([1, 2, 5]), json!({"eventId": 3})).await;
    assert_eq!(told(&answer), [json!(1), json!(1), json!([])]);
    assert!(answer.body["refused"][0]["message"].as_str().unwrap().contains("is full"), "{}", answer.text);
    let answer = update("/api/results/bulk/update", json!([1, 3]), json!({"timeSeconds": 0.01})).await;
    assert_eq!(answer.body["refused"][0]["id"], 1, "{}", answer.text);
}

#[tokio::test]
async fn what_no_row_could_take_is_refused_at_once() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let path = "/api/registrations/bulk/update";
    let send = |body: Value| server.post(path, &body).by(&admin);
    for body in [
        json!({"ids": [1], "set": {}}),
        json!({"ids": [1], "set": {"id": 2}}),
        json!({"ids": [1], "set": "status"}),
        json!({"ids": [1]}),
        json!({"set": {"status": "dns"}}),
        json!({"ids": [], "set": {"status": "dns"}}),
        json!({"ids": [0], "set": {"status": "dns"}}),
        json!({"ids": [1], "set": {"status": "perhaps"}}),
        json!({"ids": [1], "set": {"stauts": "dns"}}),
        json!({"ids": [1], "set": {"athleteName": "X"}}),
    ] {
        send(body).await.refused(422, "invalid-fields");
    }
    let hint = send(json!({"ids": [1], "set": {"stauts": "dns"}})).await;
    assert!(hint.text.contains("did you mean status?"), "{}", hint.text);
    let starter = server.token(Role::Starter).await;
    let present = json!({"ids": [1, 2], "set": {"confirmedPresent": true}});
    assert_eq!(told(&server.post(path, &present).by(&starter).await)[0], 2);
    let paid = json!({"ids": [1], "set": {"paymentStatus": "paid"}});
    server.post(path, &paid).by(&starter).await.refused(403, "forbidden");
    let keyed = |body: &Value| server.post(path, body).by(&admin).header("idempotency-key", "once");
    let dns = json!({"ids": [1], "set": {"status": "dns"}});
    assert_eq!(told(&keyed(&dns).await)[0], 1);
    let again = keyed(&dns).await;
    assert_eq!((told(&again)[0].clone(), again.header("x-idempotency-replayed")), (json!(1), "true"));
}

#[tokio::test]
async fn events_and_registrations_are_deleted_together_too() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let delete = |path: &str, ids: Value| server.post(path, &json!({"ids": ids})).by(&admin);
    delete("/api/events/bulk/delete", json!([8, 1])).await.refused(409, "in-use");
    assert_eq!(server.number("SELECT count(*) FROM events").await, 9, "none of them");
    let answer = delete("/api/events/bulk/delete", json!([8, 9, 99])).await;
    assert_eq!((&answer.is(200).body["deleted"], &answer.body["missing"]), (&json!(2), &json!([99])));
    assert_eq!(delete("/api/events/bulk/delete?cascade=true", json!([1])).await.is(200).body["deleted"], 1);
    assert_eq!(delete("/api/registrations/bulk/delete", json!([3, 4])).await.is(200).body["deleted"], 2);
    assert_eq!(server.number("SELECT count(*) FROM registrations").await, 2);
}
