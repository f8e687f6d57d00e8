//! How values may be written, and how they are kept.

use serde_json::{Value, json};

use super::{athlete, create, event, race};
use crate::support::TestServer;

/// Each value and what is stored for it; `Err` holds the code of the refusal.
async fn read_as(
    server: &TestServer,
    path: &str,
    member: &str,
    body: fn(&str, Value) -> Value,
    cases: Vec<(Value, Result<Value, &str>)>,
) {
    for (given, wanted) in cases {
        let answer = create(server, path, &body(member, given.clone())).await;
        match wanted {
            Ok(stored) => {
                assert_eq!(answer.is(201).row()[member], stored, "{member} {given}");
                let id = &answer.row()["id"];
                assert_eq!(server.get(&format!("{path}/{id}")).by(&server.admin().await).await.row()[member], stored);
            }
            Err(code) => {
                answer.refused(422, "invalid-fields");
                assert_eq!(answer.faults(), [(member.to_owned(), code.to_owned())], "{member} {given}");
            }
        }
    }
}

fn ok(given: Value, stored: Value) -> (Value, Result<Value, &'static str>) {
    (given, Ok(stored))
}

fn no(given: Value, code: &'static str) -> (Value, Result<Value, &'static str>) {
    (given, Err(code))
}

#[tokio::test]
async fn athletes_are_read_in_common_spellings() {
    let server = TestServer::demo().await;
    let path = "/api/athletes";
    let same = |text: &str| ok(json!(text), json!(text));
    read_as(
        &server,
        path,
        "name",
        athlete,
        vec![
            same("Ngũgĩ wa Thiong'o"),
            same("O"),
            same(&"é".repeat(100)),
            ok(json!("  Jane   Okoye "), json!("Jane Okoye")),
            ok(json!("Jose\u{301}"), json!("José")),
            no(json!("x".repeat(101)), "too-long"),
            no(json!("a\u{0}b"), "control-character"),
            no(json!("   "), "required"),
            no(json!(17), "wrong-type"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "country",
        athlete,
        vec![
            same("KEN"),
            ok(json!("ken"), json!("KEN")),
            ok(json!("Kenya"), json!("KEN")),
            ok(json!("Germany"), json!("GER")),
            ok(json!("DEU"), json!("GER")),
            ok(json!("DE"), json!("GER")),
            ok(json!("NLD"), json!("NED")),
            no(json!("Atlantis"), "invalid-country"),
            no(json!("XXX"), "invalid-country"),
            no(json!(""), "required"),
            no(json!(["KEN"]), "wrong-type"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "gender",
        athlete,
        vec![
            same("M"),
            same("F"),
            same("X"),
            ok(json!("female"), json!("F")),
            ok(json!("Male"), json!("M")),
            ok(json!("w"), json!("F")),
            ok(json!(null), json!(null)),
            no(json!("?!"), "invalid-gender"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "email",
        athlete,
        vec![
            same("Jane.O'Neil+meet@club.example"),
            ok(json!(null), json!(null)),
            no(json!("jane"), "invalid-email"),
            no(json!("jane@"), "invalid-email"),
            no(json!("@club.example"), "invalid-email"),
            no(json!("jane@club"), "invalid-email"),
            no(json!("ja ne@club.example"), "invalid-email"),
            no(json!(format!("{}@club.example", "x".repeat(260))), "invalid-email"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "dateOfBirth",
        athlete,
        vec![
            same("2004-02-29"),
            ok(json!(null), json!(null)),
            no(json!("2003-02-29"), "invalid-date"),
            no(json!("2001-02-31"), "invalid-date"),
            no(json!("03/04/2001"), "invalid-date"),
            no(json!("2190-01-01"), "invalid-date"),
            no(json!("1800-01-01"), "invalid-date"),
            no(json!("2001-13-01"), "invalid-date"),
        ],
    )
    .await;
    let year = create(&server, path, &athlete("dateOfBirth", json!("2004"))).await;
    assert_eq!((&year.is(201).row()["dateOfBirth"], &year.row()["yearOfBirth"]), (&Value::Null, &json!(2004)));
    let mut both = athlete("dateOfBirth", json!("2004-02-29"));
    both["yearOfBirth"] = json!(2003);
    assert_eq!(create(&server, path, &both).await.faults(), [("yearOfBirth".to_owned(), "contradiction".to_owned())]);
    read_as(
        &server,
        path,
        "userId",
        athlete,
        vec![
            ok(json!(7), json!(7)),
            no(json!(99), "unknown-user"),
            no(json!(0), "out-of-range"),
            no(json!("x"), "wrong-type"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "photoUrl",
        athlete,
        vec![same("/photos/1.jpg"), no(json!("javascript:alert(1)"), "invalid-url")],
    )
    .await;
}

#[tokio::test]
async fn races_are_read_in_common_spellings() {
    let server = TestServer::demo().await;
    let path = "/api/races";
    let same = |text: &str| ok(json!(text), json!(text));
    let mut statuses: Vec<_> = ["scheduled", "ongoing", "completed", "cancelled"].map(same).into();
    statuses.extend(["upcoming", "open", "draft", "Scheduled"].map(|text| ok(json!(text), json!("scheduled"))));
    statuses.extend([ok(json!(null), json!("scheduled")), no(json!("done"), "not-one-of"), no(json!(1), "not-one-of")]);
    read_as(&server, path, "status", race, statuses).await;
    read_as(
        &server,
        path,
        "date",
        race,
        vec![
            same("2026-12-31"),
            same("2024-02-29"),
            no(json!("2026-02-31"), "invalid-date"),
            no(json!("14.06.2026"), "invalid-date"),
            no(json!(""), "required"),
            no(json!(null), "required"),
            no(json!(20260614), "invalid-date"),
        ],
    )
    .await;
    read_as(&server, path, "name", race, vec![same(&"x".repeat(200)), no(json!("x".repeat(201)), "too-long")]).await;
    read_as(
        &server,
        path,
        "location",
        race,
        vec![no(json!("\t"), "required"), no(json!("a\u{7}"), "control-character")],
    )
    .await;
    read_as(
        &server,
        path,
        "registrationOpen",
        race,
        vec![
            ok(json!(true), json!(true)),
            ok(json!("yes"), json!(true)),
            ok(json!(0), json!(false)),
            no(json!("perhaps"), "wrong-type"),
            no(json!(2), "wrong-type"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "registrationDeadline",
        race,
        vec![
            same("2026-06-01"),
            ok(json!("2026-06-01T18:00:00+02:00"), json!("2026-06-01T16:00:00.000Z")),
            no(json!("soon"), "invalid-time"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "registrationLink",
        race,
        vec![
            same("https://club.example/entry?x=1"),
            same("club.example:8080/entry"),
            no(json!("javascript:alert(document.cookie)"), "invalid-url"),
            no(json!("JavaScript:alert(1)"), "invalid-url"),
            no(json!("data:text/html,x"), "invalid-url"),
        ],
    )
    .await;
    let missing = create(&server, path, &json!({})).await;
    let fields: Vec<String> = missing.faults().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["name", "date", "location"]);
}

#[tokio::test]
async fn events_are_read_in_common_spellings() {
    let server = TestServer::demo().await;
    let path = "/api/events";
    let same = |text: &str| ok(json!(text), json!(text));
    let mut categories: Vec<_> = ["Track", "Field", "Road", "Combined"].map(same).into();
    categories.extend([
        ok(json!("Sprint"), json!("Track")),
        ok(json!("throws"), json!("Field")),
        ok(json!("track"), json!("Track")),
        no(json!("Swimming"), "invalid-category"),
    ]);
    read_as(&server, path, "category", event, categories).await;
    for (name, category) in [("Long Jump", "Field"), ("100m", "Track"), ("Marathon", "Road"), ("Decathlon", "Combined")]
    {
        let answer = create(&server, path, &event("name", json!(name))).await;
        assert_eq!(answer.is(201).row()["category"], category, "{name}");
    }
    read_as(
        &server,
        path,
        "distance",
        event,
        vec![
            ok(json!(800), json!("800")),
            same("4x100"),
            no(json!(-5), "out-of-range"),
            no(json!(0), "out-of-range"),
            no(json!(1e30), "out-of-range"),
            no(json!("-5"), "invalid-distance"),
            no(json!(true), "wrong-type"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "maxParticipants",
        event,
        vec![
            ok(json!(8), json!(8)),
            no(json!(0), "out-of-range"),
            no(json!(-1), "out-of-range"),
            no(json!(1.5), "wrong-type"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "startTime",
        event,
        vec![
            ok(json!("2026-06-14T09:30:00Z"), json!("2026-06-14T09:30:00.000Z")),
            no(json!("09:30"), "invalid-time"),
            no(json!("2026-02-31T09:30:00Z"), "invalid-time"),
        ],
    )
    .await;
    read_as(
        &server,
        path,
        "raceId",
        event,
        vec![
            no(json!(99), "unknown-race"),
            no(json!(0), "out-of-range"),
            no(json!(null), "required"),
            no(json!("one"), "wrong-type"),
        ],
    )
    .await;
}
