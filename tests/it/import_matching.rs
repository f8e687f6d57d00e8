//! Which stored athlete a row is: one test for each rule of the contract.

use serde_json::json;

use crate::support::{Answer, TestServer, counts};

const HEADER: &str = "id,name,country,club,bib_number,date_of_birth";

/// A server with these athletes; ids count from 1.
async fn with(rows: &[&str]) -> TestServer {
    let server = TestServer::start().await;
    let csv = format!("name,country,club,bib_number,date_of_birth\n{}\n", rows.join("\n"));
    let answer = server.import_csv("", csv).await;
    assert_eq!(counts(&answer)[0], rows.len() as u64, "{}", answer.text);
    server
}

async fn import(server: &TestServer, query: &str, rows: &[&str]) -> Answer {
    server.import_csv(query, format!("{HEADER}\n{}\n", rows.join("\n"))).await
}

/// Fails unless the only row was refused with this code and a sentence that holds `words`.
#[track_caller]
fn refused(answer: &Answer, code: &str, words: &str) {
    assert_eq!(counts(answer), [0, 0, 0, 0, 1], "{}", answer.text);
    assert_eq!(answer.body["error_details"][0]["code"], code, "{}", answer.text);
    let sentence = answer.body["errors"][0].as_str().unwrap();
    assert!(sentence.starts_with("Row 2: ") && sentence.contains(words), "{sentence}");
}

#[tokio::test]
async fn an_id_counts_only_when_name_bib_or_birth_agrees() {
    let server = with(&["Jane Kipchoge,KEN,Rift,7,2001-05-14"]).await;
    for (row, changed) in [
        ("1,Jane Kipchoge,KEN,Valley,,", "the name agrees"),
        ("1,Jane Chepkoech,KEN,,7,", "the bib agrees"),
        ("1,Jane Cheptai,KEN,,,2001-05-14", "the birth agrees"),
    ] {
        let answer = import(&server, "?on_duplicate=update&dry_run=true", &[row]).await;
        assert_eq!(counts(&answer), [0, 1, 0, 0, 0], "{changed}: {}", answer.text);
    }
    let stranger = import(&server, "?on_duplicate=update", &["1,Ole Hansen,NOR,,9,"]).await;
    assert_eq!(counts(&stranger), [1, 0, 0, 0, 0], "a foreign id is not trusted: {}", stranger.text);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE id = 1 AND name = 'Jane Kipchoge'").await, 1);
}

#[tokio::test]
async fn a_bib_counts_with_the_same_name_without_case_and_accents() {
    let server = with(&["José Núñez,ESP,Rayo,0042,"]).await;
    let same = import(&server, "", &[",JOSE NUNEZ,ESP,,42,"]).await;
    assert_eq!(same.body["error_details"][0]["code"], "duplicate_row", "the name is written otherwise");
    let exact = import(&server, "", &[",José Núñez,ESP,,0042,"]).await;
    assert_eq!(counts(&exact), [0, 0, 1, 0, 0], "{}", exact.text);
    let update = import(&server, "?on_duplicate=update", &[",JOSE NUNEZ,ESP,Betis,42,"]).await;
    assert_eq!(counts(&update), [0, 1, 0, 0, 0], "{}", update.text);
}

#[tokio::test]
async fn a_bib_held_by_another_name_is_a_duplicate_also_under_update() {
    let server = with(&["Jane,KEN,,7,", "Ole,NOR,,8,"]).await;
    for query in ["", "?on_duplicate=skip", "?on_duplicate=update"] {
        refused(&import(&server, query, &[",Somebody Else,KEN,,7,"]).await, "duplicate_bib", "worn by Jane");
        refused(&import(&server, query, &["2,Ole,NOR,,7,"]).await, "duplicate_bib", "worn by Jane");
    }
}

#[tokio::test]
async fn name_and_birth_are_one_person() {
    let server = with(&["Jane,KEN,Rift,,2001-05-14"]).await;
    let answer = import(&server, "?on_duplicate=update", &[",jane,KEN,Other,5,2001-05-14"]).await;
    assert_eq!(counts(&answer), [0, 1, 0, 0, 0], "{}", answer.text);
    let other = import(&server, "", &[",Jane,KEN,Rift,,2002-05-14"]).await;
    assert_eq!(counts(&other), [1, 0, 0, 0, 0], "both births are known and differ: {}", other.text);
    let year = import(&server, "", &[",Jane,KEN,Rift,,1999"]).await;
    assert_eq!(counts(&year), [1, 0, 0, 0, 0], "the years differ: {}", year.text);
}

#[tokio::test]
async fn name_and_club_are_one_person() {
    let server = with(&["Jane,KEN,Rift Válley,,", "Ole,NOR,,,"]).await;
    let same = import(&server, "", &[",Jane,KEN,Rift Válley,,", ",Ole,NOR,,,"]).await;
    assert_eq!(counts(&same), [0, 0, 2, 0, 0], "{}", same.text);
    let folded = import(&server, "?on_duplicate=update", &[",Jane,KEN,rift valley,,"]).await;
    assert_eq!(counts(&folded), [0, 1, 0, 0, 0], "{}", folded.text);
    let other = import(&server, "", &[",Jane,KEN,Oregon,,"]).await;
    assert_eq!(counts(&other), [1, 0, 0, 0, 0], "another club: {}", other.text);
}

#[tokio::test]
async fn a_name_does_not_count_when_both_bibs_differ() {
    let server = with(&["Jane,KEN,Rift,7,2001-05-14"]).await;
    let other = import(&server, "", &[",Jane,KEN,Rift,8,2001-05-14"]).await;
    assert_eq!(counts(&other), [1, 0, 0, 0, 0], "{}", other.text);
    let without = import(&server, "", &[",Ole,NOR,Lyn,,"]).await;
    assert_eq!(counts(&without)[0], 1);
    let given = import(&server, "?on_duplicate=update", &[",Ole,NOR,Lyn,9,"]).await;
    assert_eq!(counts(&given), [0, 1, 0, 0, 0], "one of them has no bib yet: {}", given.text);
}

#[tokio::test]
async fn two_candidates_are_an_error_that_names_them() {
    let server = with(&["Jane,KEN,Rift,7,", "Jane,KEN,Rift,8,"]).await;
    let answer = import(&server, "?on_duplicate=update", &[",Jane,KEN,Rift,,"]).await;
    refused(&answer, "ambiguous_match", "Jane (id 1, bib 7), Jane (id 2, bib 8)");
}

#[tokio::test]
async fn rows_of_one_file_are_matched_like_stored_ones() {
    let server = TestServer::start().await;
    let rows = [
        ",Jane,KEN,Rift,7,",
        ",Jane,KEN,Rift,7,",
        ",Ole,NOR,,007,",
        ",Jane,KEN,Other,7,",
        ",Ann,USA,,9,",
        ",Bob,USA,,9,",
    ];
    let answer = import(&server, "", &rows).await;
    assert_eq!(counts(&answer), [2, 0, 1, 0, 3], "{}", answer.text);
    let errors = &answer.body["errors"];
    assert_eq!(answer.body["error_details"][0]["value"], "007");
    assert_eq!(errors[0], "Row 4: Bib 007 is already worn by Jane (row 2)");
    assert!(errors[1].as_str().unwrap().starts_with("Row 5: Jane is stored already"), "{errors}");
    assert_eq!(errors[2], "Row 7: Bib 9 is already worn by Ann (row 6)");
    let document = json!({"athletes": [{"name": "Zoe", "country": "NZL", "bib": "z1"}, {"name": "Zac", "country": "NZL", "bib": "Z1"}]});
    let bulk = server.import_json("bulk", "", &document).await;
    assert_eq!(bulk.body["errors"][0], "athletes[1]: Bib Z1 is already worn by Zoe (athletes[0])", "{}", bulk.text);
    let bib_of_before = import(&server, "", &[",Cid,USA,,9,"]).await;
    assert_eq!(bib_of_before.body["errors"][0], "Row 2: Bib 9 is already worn by Ann", "Ann is not of this file");
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing_whatever_is_asked() {
    let server = TestServer::start().await;
    let csv = crate::support::fixture("athletes/athletes-200.csv");
    let first = server.import_csv("", csv.clone()).await;
    assert_eq!(counts(first.is(201)), [200, 0, 0, 0, 0]);
    let before = server.everything().await;
    for query in ["", "?on_duplicate=skip", "?on_duplicate=update", "?mode=atomic"] {
        let again = server.import_csv(query, csv.clone()).await;
        assert_eq!((again.status, counts(&again)), (200, [0, 0, 200, 0, 0]), "{query}: {}", again.text);
        assert_eq!(again.body["message"], "✅ 0 athletes imported, 200 unchanged");
        assert!(again.body["same_file_as"].as_i64() >= first.body["import_id"].as_i64(), "{}", again.text);
    }
    assert_eq!(server.everything().await, before);
    assert_eq!(first.body["same_file_as"], json!(null));
}

#[tokio::test]
async fn races_match_by_name_day_and_place_and_the_rest_by_what_they_lead_to() {
    let server = TestServer::demo().await;
    let before = server.everything().await;
    let document = json!({
        "users": [{"name": "Peter Lindqvist", "email": "CHIEF@athsys.com", "role": "chief_registrar"}],
        "races": [{"name": "regional track meet 2026", "date": "2026-07-04", "location": "KAMPALA, Uganda"}],
        "events": [{"race": "National Athletics Championship 2026", "name": "100m", "gender": "M", "maxParticipants": 32}],
        "registrations": [{"athlete": {"bibNumber": "KEN001"}, "event": {"name": "100m", "gender": "M"},
            "race": "National Athletics Championship 2026", "status": "confirmed"}],
        "results": [{"athlete": {"bibNumber": "JAM001"}, "event": "100m", "gender": "M",
            "race": "National Athletics Championship 2026", "mark": "10.19", "place": 1}],
    });
    let answer = server.import_json("bulk", "?on_duplicate=skip", &document).await;
    let tally =
        |skipped| json!({"success": 0, "failed": 0, "updated": 0, "unchanged": 1 - skipped, "skipped": skipped});
    let results = json!({"users": tally(1), "races": tally(1), "events": tally(0), "registrations": tally(0), "results": tally(0)});
    assert_eq!(answer.is(200).body["results"], results, "{}", answer.text);
    assert_eq!(server.everything().await, before);
    let heat = json!({"results": [{"athleteId": 3, "eventId": 1, "mark": "10.30", "round": "heats"},
        {"athleteId": 3, "eventId": 1, "mark": "10.31", "heat": 2}]});
    let more = server.import_json("bulk", "", &heat).await;
    assert_eq!(more.body["results"]["results"]["success"], 2, "another round, another heat: {}", more.text);
}
