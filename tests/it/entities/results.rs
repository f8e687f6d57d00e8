//! Results: exact marks, the spellings of officials, one each.

use serde_json::{Value, json};

use super::create;
use crate::support::TestServer;

const PATH: &str = "/api/results";

/// The text of a number in an answer, digit for digit.
fn digits(text: &str, member: &str) -> String {
    let (_, rest) = text.split_once(&format!("\"{member}\":")).unwrap_or_else(|| panic!("no {member} in {text}"));
    rest.split([',', '}']).next().unwrap().to_owned()
}

#[tokio::test]
async fn marks_come_out_digit_for_digit_as_they_went_in() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let mut round = 0;
    for (event, member, given, wanted) in [
        (1, "timeSeconds", "9.58", "9.58"),
        (1, "timeSeconds", "10.005", "10.005"),
        (1, "timeSeconds", "11", "11.0"),
        (1, "timeSeconds", "10.1", "10.1"),
        (1, "timeSeconds", "10.29", "10.29"),
        (1, "timeSeconds", "\"11,95\"", "11.95"),
        (4, "timeSeconds", "\"3:26.00\"", "206.0"),
        (4, "timeSeconds", "225.337", "225.337"),
        (8, "timeSeconds", "\"2:00:35\"", "7235.0"),
        (3, "distanceMeters", "6.45", "6.45"),
        (3, "distanceMeters", "8.29", "8.29"),
        (3, "distanceMeters", "\"6,45 m\"", "6.45"),
        (3, "distanceMeters", "7", "7.0"),
        (9, "points", "8500", "8500"),
        (9, "points", "7.5", "7.5"),
        (1, "windSpeed", "-0.1", "-0.1"),
        (1, "windSpeed", "\"+1,3\"", "1.3"),
        (1, "windSpeed", "0", "0.0"),
    ] {
        round += 1;
        let body = format!("{{\"athleteId\":2,\"eventId\":{event},\"round\":\"r{round}\",\"{member}\":{given}}}");
        let call = server.call(reqwest::Method::POST, PATH).by(&admin).header("content-type", "application/json");
        let answer = call.body(body).await;
        assert_eq!(digits(&answer.is(201).text, member), wanted, "{given}");
        let shown = server.get(&format!("{PATH}/{}", answer.row()["id"])).await;
        assert_eq!(digits(&shown.text, member), wanted, "{given}");
    }
    // Every thousandth between 9 and 11 seconds, by the change of one row.
    for ms in (9_000..11_000).step_by(37) {
        let text = format!("{}.{:03}", ms / 1000, ms % 1000);
        let call =
            server.call(reqwest::Method::PUT, "/api/results/1").by(&admin).header("content-type", "application/json");
        let answer = call.body(format!("{{\"timeSeconds\":{text}}}")).await;
        let shown = digits(&answer.is(200).text, "timeSeconds");
        assert_eq!(shown.parse::<f64>().unwrap(), text.parse::<f64>().unwrap());
        assert!(shown.len() <= text.len(), "{shown}");
    }
    let csv = server.get("/api/results/export?format=csv").await;
    assert!(csv.text.contains(",6.18,") && !csv.text.contains("00000"), "{}", csv.text);
}

#[tokio::test]
async fn impossible_marks_are_refused() {
    let server = TestServer::demo().await;
    for (event, member, value, code) in [
        (1, "timeSeconds", json!(0), "invalid-mark"),
        (1, "timeSeconds", json!(-9.58), "invalid-mark"),
        (1, "timeSeconds", json!(1e30), "invalid-mark"),
        (1, "timeSeconds", json!(9.5801), "invalid-mark"),
        (1, "timeSeconds", json!("fast"), "invalid-mark"),
        (1, "timeSeconds", json!("NaN"), "invalid-mark"),
        (1, "timeSeconds", json!("1:75.00"), "invalid-mark"),
        (1, "timeSeconds", json!(true), "invalid-mark"),
        (1, "timeSeconds", json!([9.58]), "invalid-mark"),
        (1, "timeSeconds", json!("10:44"), "out-of-range"),
        (1, "timeSeconds", json!(0.5), "out-of-range"),
        (3, "distanceMeters", json!(0), "invalid-mark"),
        (3, "distanceMeters", json!(-1), "invalid-mark"),
        (3, "distanceMeters", json!(6.455), "invalid-mark"),
        (3, "distanceMeters", json!(5000), "out-of-range"),
        (9, "points", json!(-1), "invalid-points"),
        (9, "points", json!(1e30), "invalid-points"),
        (9, "points", json!(9_000_000), "out-of-range"),
        (1, "windSpeed", json!(31), "invalid-mark"),
        (1, "windSpeed", json!("x"), "invalid-mark"),
        (1, "position", json!(0), "out-of-range"),
        (1, "position", json!(1.5), "wrong-type"),
        (1, "laneNumber", json!(-1), "out-of-range"),
        (1, "status", json!("won"), "not-one-of"),
        (1, "round", json!("x".repeat(51)), "too-long"),
        (1, "mark", json!({}), "invalid-mark"),
        (1, "mark", json!("-1"), "invalid-mark"),
        (3, "mark", json!("1:02.3"), "invalid-mark"),
    ] {
        let mut body = json!({"athleteId": 2, "eventId": event});
        body[member] = value.clone();
        let answer = create(&server, PATH, &body).await;
        answer.refused(422, "invalid-fields");
        assert_eq!(answer.faults(), [(member.to_owned(), code.to_owned())], "{value}");
    }
    assert_eq!(server.number("SELECT count(*) FROM results").await, 3);
}

#[tokio::test]
async fn officials_write_as_they_are_used_to() {
    let server = TestServer::demo().await;
    let body = json!({"athlete_id": 5, "event_id": 2, "place": 1, "mark": "11.34", "wind": "+1.8", "heat": 2, "lane": 4, "status": "ok"});
    let row = create(&server, PATH, &body).await.is(201).row().clone();
    let wanted = json!({"athleteId": 5, "eventId": 2, "position": 1, "timeSeconds": 11.34, "distanceMeters": null, "windSpeed": 1.8,
        "heatNumber": 2, "laneNumber": 4, "status": "finished", "round": "final"});
    for (member, value) in wanted.as_object().unwrap() {
        assert_eq!(&row[member], value, "{member}");
    }
    assert_eq!(row["recordedBy"], 1, "whoever entered it");
    let jump = create(&server, PATH, &json!({"athleteId": 5, "eventId": 3, "mark": 6.45})).await;
    assert_eq!((&jump.is(201).row()["distanceMeters"], &jump.row()["timeSeconds"]), (&json!(6.45), &Value::Null));
    let points = create(&server, PATH, &json!({"athleteId": 5, "eventId": 9, "mark": 6100})).await;
    assert_eq!(points.is(201).row()["points"], 6100);
    assert!(jump.body["result"].get("mark").is_none());
    let admin = server.admin().await;
    let changed = server.put(&format!("{PATH}/{}", jump.row()["id"]), &json!({"mark": "6.50"})).by(&admin).await;
    assert_eq!(changed.is(200).row()["distanceMeters"], 6.5);
    for status in ["dns", "dnf", "dq", "nm", "nh", "finished"] {
        let answer = server.put("/api/results/1", &json!({"status": status})).by(&admin).await;
        assert_eq!(answer.is(200).row()["status"], status);
    }
}

#[tokio::test]
async fn one_result_for_each_athlete_event_round_and_heat() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let result = |round: &str, heat: Value| json!({"athleteId": 2, "eventId": 2, "timeSeconds": 11.9, "round": round, "heatNumber": heat});
    create(&server, PATH, &result("heats", json!(1))).await.is(201);
    create(&server, PATH, &result("heats", json!(1))).await.refused(409, "result-exists");
    create(&server, PATH, &result("Heats", json!(1))).await.refused(409, "result-exists");
    create(&server, PATH, &result("heats", json!(2))).await.is(201);
    let last = create(&server, PATH, &result("final", json!(null))).await;
    create(&server, PATH, &result("final", json!(null))).await.refused(409, "result-exists");
    let path = format!("{PATH}/{}", last.is(201).row()["id"]);
    server.put(&path, &json!({"round": "heats", "heatNumber": 1})).by(&admin).await.refused(409, "result-exists");
    let nobody = create(&server, PATH, &json!({"athleteId": 98, "eventId": 99, "timeSeconds": 10})).await;
    assert_eq!(nobody.faults().iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["athleteId", "eventId"]);
}
