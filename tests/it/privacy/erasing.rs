//! An athlete is erased: what stays, what goes, and who may.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use super::{NAME, SECRETS, addresses, meet_of, rows};
use crate::support::{Answer, TestServer};

pub async fn erase(server: &TestServer, athlete: i64, name: &str) -> Answer {
    let chief = server.token(Role::ChiefRegistrar).await;
    server.post(&format!("/api/athletes/{athlete}/erase"), &json!({"confirm": name})).by(&chief).await
}

/// All words that lead to the child, also those no result list keeps.
fn traces() -> impl Iterator<Item = &'static str> {
    SECRETS.into_iter().chain(["Quuxmarker", "quuxmarker", "Q777", "Q778"])
}

/// The same child with everything that repeats it: imports, refused rows, merges, undone work, kept answers, coaches.
async fn with_traces(server: &TestServer) -> [i64; 4] {
    let admin = server.admin().await;
    let meet = meet_of(server).await;
    let path = format!("/api/athletes/{}", meet[0]);
    let file = "name,country,email,bib_number,date_of_birth,coach\r\n\
        Zebedee Quuxmarker,KEN,zq-marker@example.org,Q777,2011-07-23,Markercoach\r\n\
        Zebedee Quuxmarker,KEN,zq-marker@,Q778x,23.07.2011,Markercoach\r\n";
    server.upload("/api/admin/import/athletes-csv?on_duplicate=update", "club.csv", file).by(&admin).await;
    let other = "name,country,bib_number,club\r\nZebedee Quuxmarker,KEN,Q777,Marker Club\r\n";
    server.upload("/api/admin/import/athletes-csv?on_duplicate=update", "club2.csv", other).by(&admin).await.is(200);
    let twin =
        json!({"name": "Quuxmarker Zebedee", "country": "KEN", "phone": "+1 555 0987654", "coach": "Markercoach"});
    let twin = server.add("/api/athletes", twin).await;
    server.post(&format!("{path}/merge"), &json!({"from": twin})).by(&admin).await.is(200);
    let change = json!({"clubTeam": "Marker Harriers"});
    server.put(&path, &change).by(&admin).header("idempotency-key", "one").await.is(200);
    server.put("/api/admin/users/6", &json!({"athleteIds": [meet[0]]})).by(&admin).await.is(200);
    meet
}

#[tokio::test]
async fn results_stay_and_nothing_else_does() {
    let server = TestServer::demo().await;
    let [athlete, event, entry, result] = meet_of(&server).await;
    let erased = erase(&server, athlete, "zebedee quuxmarker").await;
    let wanted = json!({"id": athlete, "name": format!("Athlete removed {athlete}"), "registrations": 1, "results": 1,
        "importFiles": 0, "account": null});
    assert_eq!(erased.is(200).body["erased"], wanted);
    let admin = server.admin().await;
    let row = server.get(&format!("/api/athletes/{athlete}")).by(&admin).await;
    for gone in ["dateOfBirth", "email", "phone", "coach", "bibNumber", "photoUrl", "userId"] {
        assert_eq!(row.row()[gone], Value::Null, "{gone}");
    }
    // Lists are made by these.
    assert_eq!((&row.row()["country"], &row.row()["gender"]), (&json!("KEN"), &json!("M")));
    assert_eq!(row.row()["clubTeam"], "Marker Harriers");
    assert_eq!(row.row()["yearOfBirth"], 2011, "the event has an age group");
    let stored = server.get(&format!("/api/results/{result}")).await;
    assert_eq!((&stored.row()["timeSeconds"], &stored.row()["position"]), (&json!(101.25), &json!(1)));
    let entry = server.get(&format!("/api/registrations/{entry}")).by(&admin).await;
    assert_eq!((&entry.row()["seedMark"], &entry.row()["bibNumber"]), (&json!("1:41.2"), &Value::Null));
    let page = server.get(&format!("/events/{event}")).await;
    assert!(page.is(200).text.contains("Athlete removed") && !page.text.contains(NAME), "{}", page.text);
    // The bib is free for somebody else.
    server.add_athlete("Somebody Else", "Q777").await;
}

#[tokio::test]
async fn the_year_goes_where_no_age_group_hangs_on_it() {
    let server = TestServer::demo().await;
    let child = json!({"name": "No Group", "country": "KEN", "dateOfBirth": "2011-07-23"});
    let athlete = server.add("/api/athletes", child).await;
    erase(&server, athlete, "No Group").await.is(200);
    let row = server.get(&format!("/api/athletes/{athlete}")).by(&server.admin().await).await;
    assert_eq!((&row.row()["yearOfBirth"], &row.row()["dateOfBirth"]), (&Value::Null, &Value::Null));
}

/// Whoever administers the server reads everything there is, and finds nothing; nor does somebody with the file.
#[tokio::test]
async fn no_route_and_no_byte_of_the_file_tells_who_it_was() {
    let server = TestServer::demo().await;
    let meet = with_traces(&server).await;
    let admin = server.admin().await;
    let mut addresses = addresses(&server, meet).await;
    addresses.extend(
        (1..=2).flat_map(|import| {
            ["", "/original", "/errors.csv"].map(|part| format!("/api/admin/imports/{import}{part}"))
        }),
    );
    addresses.insert("/api/admin/audit-logs?perPage=500".into());
    let before = rows(&server.get("/api/admin/audit-logs?perPage=500").by(&admin).await, "audit_logs").len();
    let found = |answer: &Answer| traces().filter(|trace| answer.text.contains(trace)).count();
    let mut seen = 0;
    for address in &addresses {
        seen += found(&server.get(address).by(&admin).await);
    }
    assert!(seen > 50, "the walk saw the child only {seen} times");
    let erased = erase(&server, meet[0], NAME).await;
    assert_eq!(erased.is(200).body["erased"]["importFiles"], 3, "two files and the refused rows of one");
    for address in &addresses {
        let answer = server.get(address).by(&admin).await;
        // A search repeats what was searched for.
        let told: Vec<&str> =
            traces().filter(|trace| answer.text.contains(trace) && !address.contains(trace)).collect();
        assert!(told.is_empty(), "{address} tells {told:?}: {}", answer.text);
    }
    let log = server.get("/api/admin/audit-logs?perPage=500").by(&admin).await;
    assert!(rows(&log, "audit_logs").len() > before, "rows of the log are never deleted");
    let chain = server.get("/api/admin/audit-logs/chain?fresh=true").by(&admin).await;
    assert_eq!(chain.is(200).body["chain"]["ok"], true, "{}", chain.text);
    let server = server.restart().await;
    let file = std::fs::read(server.app.db().files().database()).unwrap();
    let told: Vec<&str> =
        traces().filter(|trace| file.windows(trace.len()).any(|bytes| bytes == trace.as_bytes())).collect();
    assert!(told.is_empty(), "the file holds {told:?}");
}

/// What could bring the child back is refused, or does not know it any more.
#[tokio::test]
async fn nothing_that_takes_work_back_brings_the_child_back() {
    let server = TestServer::demo().await;
    let [athlete, ..] = with_traces(&server).await;
    let admin = server.admin().await;
    erase(&server, athlete, NAME).await.is(200);
    let undone = server.post("/api/athletes/merges/1/undo", &json!({})).by(&admin).await;
    undone.refused(409, "undo-overtaken");
    for import in [2, 1] {
        server.post(&format!("/api/admin/imports/{import}/undo?rest=true"), &json!({})).by(&admin).await;
    }
    let path = format!("/api/athletes/{athlete}");
    let again = server.put(&path, &json!({"clubTeam": "Marker Harriers"})).by(&admin).header("idempotency-key", "one");
    again.await.is(200);
    let row = server.get(&path).by(&admin).await;
    assert_eq!(row.row()["name"], format!("Athlete removed {athlete}"));
    for trace in traces() {
        assert!(!row.text.contains(trace) && !undone.text.contains(trace), "{trace}");
    }
    // The coach who saw them does not any more.
    let coach = server.get(&path).by(&server.token(Role::Coach).await).await;
    assert!(!coach.text.contains("yearOfBirth"), "{}", coach.text);
}

#[tokio::test]
async fn it_takes_the_name_the_role_and_no_running_import() {
    let server = TestServer::demo().await;
    let [athlete, ..] = meet_of(&server).await;
    for wrong in
        [json!({}), json!({"confirm": ""}), json!({"confirm": "Zebedee"}), json!({"confirm": 1}), json!({"name": NAME})]
    {
        let path = format!("/api/athletes/{athlete}/erase");
        let answer = server.post(&path, &wrong).by(&server.admin().await).await;
        answer.refused(422, "invalid-fields");
        assert!(answer.faults().iter().any(|(field, _)| field == "confirm" || field == "name"), "{}", answer.text);
    }
    let registrar = server.token(Role::Registrar).await;
    let path = format!("/api/athletes/{athlete}/erase");
    server.post(&path, &json!({"confirm": NAME})).by(&registrar).await.refused(403, "forbidden");
    erase(&server, 4711, NAME).await.refused(404, "not-found");
    server
        .sql(
            "INSERT INTO imports (dataset, format, file_name, sha256, mode, on_duplicate, state, user_name, started_at)
            VALUES ('athletes', 'csv', 'x.csv', '', 'partial', 'error', 'running', 'x', 0)",
        )
        .await;
    erase(&server, athlete, NAME).await.refused(409, "import-running");
    assert_eq!(server.get(&format!("/api/athletes/{athlete}")).await.row()["name"], NAME);
    server.sql("UPDATE imports SET state = 'failed'").await;
    erase(&server, athlete, NAME).await.is(200);
}

/// Two who were erased are not taken for one person, and a whole meet with them goes out and in again.
#[tokio::test]
async fn two_who_were_erased_stay_two() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for name in ["First Person", "Second Person"] {
        let athlete = server.add("/api/athletes", json!({"name": name, "country": "KEN", "gender": "F"})).await;
        erase(&server, athlete, name).await.is(200);
    }
    let pairs = server.get("/api/athletes/duplicates").by(&admin).await;
    assert!(!pairs.is(200).text.contains("Athlete removed"), "{}", pairs.text);
    let all = server.get("/api/admin/export/all-json").by(&admin).await.text;
    let other = TestServer::start().await;
    let answer = other.upload("/api/admin/import/bulk-json", "all.json", all).by(&other.admin().await).await;
    assert_eq!(
        other.number("SELECT count(*) FROM athletes WHERE name LIKE 'Athlete removed%'").await,
        2,
        "{}",
        answer.text
    );
}
