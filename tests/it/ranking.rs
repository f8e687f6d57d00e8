//! Places of an event's results by the rules: shown first, then stored.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// A server with an event and one result for each of `results`, in their order.
async fn with_results(event: &str, results: &[Value]) -> (TestServer, i64) {
    let server = TestServer::start().await;
    let race = server.add("/api/races", json!({"name": "Open", "date": "2026-06-14", "location": "Oslo"})).await;
    let event = server.add_event(race, event).await;
    for (at, result) in results.iter().enumerate() {
        let athlete = server.add_athlete(&format!("Runner {}", at + 1), &format!("{}", at + 1)).await;
        let mut body = result.clone();
        (body["athleteId"], body["eventId"]) = (athlete.into(), event.into());
        server.add("/api/results", body).await;
    }
    (server, event)
}

async fn rank(server: &TestServer, event: i64, body: Value) -> Answer {
    let admin = server.admin().await;
    server.post(&format!("/api/events/{event}/rank"), &body).by(&admin).await
}

/// The new places by result, in the order in which the results were made.
fn places(answer: &Answer) -> Vec<Value> {
    let lists = answer.is(200).body["lists"].as_array().unwrap().iter();
    let mut rows: Vec<&Value> = lists.flat_map(|list| list["results"].as_array().unwrap()).collect();
    rows.sort_by_key(|row| row["id"].as_i64());
    rows.into_iter().map(|row| row["after"].clone()).collect()
}

async fn stored(server: &TestServer, event: i64) -> Vec<Value> {
    let answer = server.get(&format!("/api/results?eventId={event}&sort=id")).await;
    answer.is(200).body["results"].as_array().unwrap().iter().map(|row| row["position"].clone()).collect()
}

fn race() -> Vec<Value> {
    vec![
        json!({"timeSeconds": 11.52}),
        json!({"timeSeconds": 11.34, "position": 2}),
        json!({"timeSeconds": 11.52}),
        json!({"status": "dnf", "position": 1}),
    ]
}

#[tokio::test]
async fn a_proposal_says_every_place_and_why_and_stores_nothing() {
    let (server, event) = with_results("100m", &race()).await;
    let answer = rank(&server, event, json!({})).await;
    assert_eq!(places(&answer), [json!(2), json!(1), json!(2), Value::Null]);
    assert_eq!((&answer.body["applied"], &answer.body["changed"]), (&json!(false), &json!(4)));
    let rows = answer.body["lists"][0]["results"].as_array().unwrap();
    assert_eq!((rows[0]["athleteName"].as_str(), rows[0]["before"].as_i64()), (Some("Runner 2"), Some(2)));
    let said: Vec<&str> = rows.iter().map(|row| row["explanation"].as_str().unwrap()).collect();
    assert_eq!(
        said,
        [
            "1st: 0.18 s better than the next",
            "2nd: the same time as 1 more; the place is shared",
            "2nd: the same time as 1 more; the place is shared",
            "no place: did not finish",
        ]
    );
    assert_eq!(answer.body["open"][0]["code"], "tie");
    assert_eq!(answer.body["open"][0]["resultIds"], json!([1, 3]));
    assert_eq!(stored(&server, event).await, [Value::Null, json!(2), Value::Null, json!(1)]);
}

#[tokio::test]
async fn applied_places_are_stored_together_with_an_audit_row_each() {
    let (server, event) = with_results("100m", &race()).await;
    let admin = server.admin().await;
    let shown = rank(&server, event, json!({})).await;
    let path = format!("/api/events/{event}/rank");
    let apply = || {
        let call = server.post(&path, &json!({"apply": true})).by(&admin);
        call.header("if-match", shown.header("etag")).header("idempotency-key", "once")
    };
    let before = server.number("SELECT count(*) FROM audit_logs").await;
    let answer = apply().await;
    assert_eq!((answer.is(200).body["applied"].clone(), answer.body["changed"].clone()), (json!(true), json!(4)));
    assert_eq!(stored(&server, event).await, [json!(2), json!(1), json!(2), Value::Null]);
    assert_eq!(server.number("SELECT count(*) FROM audit_logs").await, before + 4);
    // The same request again is the same answer, and the next proposal has nothing to change.
    assert_eq!(apply().await.header("x-idempotency-replayed"), "true");
    let again = rank(&server, event, json!({})).await;
    assert_eq!((again.body["changed"].clone(), again.body["unchanged"].clone()), (json!(0), json!(4)));
    assert_eq!(again.header("etag"), answer.header("etag"));
}

#[tokio::test]
async fn a_proposal_of_another_state_is_not_stored() {
    let (server, event) = with_results("100m", &race()).await;
    let admin = server.admin().await;
    let shown = rank(&server, event, json!({})).await;
    server.put("/api/results/1", &json!({"timeSeconds": 11.2})).by(&admin).await.is(200);
    let path = format!("/api/events/{event}/rank");
    let call = server.post(&path, &json!({"apply": true})).by(&admin).header("if-match", shown.header("etag"));
    let answer = call.await;
    answer.refused(409, "stale-version");
    assert_eq!(answer.body["event"]["lists"][0]["results"][0]["athleteName"], "Runner 1");
    assert_eq!(stored(&server, event).await, [Value::Null, json!(2), Value::Null, json!(1)]);
}

#[tokio::test]
async fn heats_are_ranked_by_themselves_and_a_final_in_several_races_together() {
    let run = |round: &str, heat: i64, time: f64| json!({"round": round, "heatNumber": heat, "timeSeconds": time});
    let results = [
        run("heats", 1, 11.5),
        run("heats", 2, 11.2),
        run("heats", 1, 11.4),
        run("final", 1, 11.35),
        run("final", 2, 11.3),
        run("final", 2, 11.35),
    ];
    let (server, event) = with_results("100m", &results).await;
    let answer = rank(&server, event, json!({})).await;
    assert_eq!(places(&answer), [2, 1, 1, 2, 1, 2].map(|place| json!(place)));
    let only = rank(&server, event, json!({"round": "Heats", "together": true})).await;
    assert_eq!(places(&only), [3, 1, 2].map(|place| json!(place)));
    assert_eq!(only.body["lists"][0]["heatNumber"], Value::Null);
    let apart = rank(&server, event, json!({"round": "final", "together": false})).await;
    assert_eq!(places(&apart), [1, 1, 2].map(|place| json!(place)));
}

#[tokio::test]
async fn field_events_rank_by_the_best_mark_and_ask_about_ties() {
    let jump = |metres: f64| json!({"distanceMeters": metres});
    let (server, event) =
        with_results("High Jump", &[jump(1.97), jump(2.01), jump(2.01), json!({"status": "nh"})]).await;
    let answer = rank(&server, event, json!({})).await;
    assert_eq!(places(&answer), [json!(3), json!(1), json!(1), Value::Null]);
    assert_eq!(answer.body["open"][0]["code"], "jump-off");
    let (server, event) = with_results("Weitsprung Frauen", &[jump(6.1), jump(6.45)]).await;
    let admin = server.admin().await;
    server.put(&format!("/api/events/{event}"), &json!({"category": "Field"})).by(&admin).await.is(200);
    assert_eq!(places(&rank(&server, event, json!({})).await), [json!(2), json!(1)]);
}

#[tokio::test]
async fn what_is_asked_for_may_stand_behind_the_question_mark() {
    let (server, event) = with_results("100m", &race()).await;
    let admin = server.admin().await;
    let path = format!("/api/events/{event}/rank");
    let call = |query: &str| server.call(reqwest::Method::POST, &format!("{path}?{query}")).by(&admin);
    assert_eq!(call("dry_run=true").await.is(200).body["dryRun"], true);
    call("round=final&aply=true").await.refused(422, "invalid-fields");
    call("apply=true&dryRun=true").await.refused(422, "invalid-fields");
    assert_eq!(call("dry_run=false").await.is(200).body["applied"], true);
    assert_eq!(stored(&server, event).await[1], 1);
    server.post("/api/events/99/rank", &json!({})).by(&admin).await.refused(404, "not-found");
    let starter = server.token(Role::Starter).await;
    server.post(&path, &json!({})).by(&starter).await.refused(403, "forbidden");
}
