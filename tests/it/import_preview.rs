//! Looking before importing: how a file was read, what it would do, what would mend it; and the mended import.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, Upload, counts, people};

/// Looks at a CSV file of athletes.
async fn look(server: &TestServer, parameters: &[(&str, &str)], content: impl Into<Vec<u8>>) -> Answer {
    let form = Upload::of("a.csv", content).with(parameters);
    server.send("/api/admin/import/athletes-csv/preview", form).await
}

async fn import(server: &TestServer, parameters: &[(&str, &str)], content: impl Into<Vec<u8>>) -> Answer {
    server.send("/api/admin/import/athletes-csv", Upload::of("a.csv", content).with(parameters)).await
}

/// The proposed repairs of a problem, all values together.
fn repairs(preview: &Answer, code: &str) -> Value {
    let problems = preview.body["problems"].as_array().unwrap();
    let problem = problems.iter().find(|problem| problem["code"] == code).unwrap_or_else(|| panic!("{}", preview.text));
    let values = problem["values"].as_array().unwrap().iter();
    values.flat_map(|value| value["proposal"]["repairs"].as_array().cloned().unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_preview_shows_how_the_file_was_read_and_stores_nothing() {
    let server = TestServer::start().await;
    let csv = b"Club list 2026\r\n\r\nNom;Pr\xe9nom;Pays;Dossard;Pointure\r\nDupont;Zo\xe9;FRA;007;38\r\n".to_vec();
    let preview = look(&server, &[], csv).await;
    let body = &preview.is(200).body;
    assert_eq!(
        (&body["encoding"], &body["delimiter"], &body["header_row"]),
        (&json!("windows-1252"), &json!(";"), &json!(3))
    );
    assert_eq!(body["header"], json!(["Nom", "Prénom", "Pays", "Dossard", "Pointure"]));
    assert_eq!(body["rows"], json!([["Dupont", "Zoé", "FRA", "007", "38"]]));
    let mapping = json!({"Nom": "last_name", "Prénom": "first_name", "Pays": "country", "Dossard": "bib_number", "Pointure": null});
    assert_eq!(body["mapping"], mapping);
    let column = &body["columns"][3];
    assert_eq!((&column["samples"], &column["reason"]), (&json!(["007"]), &json!("the heading is known")), "{column}");
    assert!(column["confidence"].as_u64().unwrap() > 80);
    assert_eq!((&body["new"], &body["refused"], &body["dry_run"]), (&json!(1), &json!(0), &json!(true)));
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 0);
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 0);
    assert_eq!(server.audit("action=import").await.len(), 0);
}

#[tokio::test]
async fn consequences_are_told_in_numbers_and_changed_cells() {
    let server = TestServer::start().await;
    server.import_csv("", "name,country,club,bib\nAda,KEN,Rift,1\nBob,KEN,Rift,2\n").await.is(201);
    let csv = "name,country,club,bib\nAda,KEN,Coast,1\nBob,KEN,Rift,2\nEve,UGA,,3\nX,Nowhere land,,4\n";
    let preview = look(&server, &[("on_duplicate", "update")], csv).await;
    let body = &preview.is(200).body;
    let numbers = ["new", "updated", "unchanged", "skipped", "refused"].map(|name| body[name].as_u64().unwrap());
    assert_eq!(numbers, [1, 1, 1, 0, 1], "{}", preview.text);
    let change = &body["changes"][0];
    assert_eq!((&change["row"], &change["label"], &change["id"]), (&json!(2), &json!("Ada"), &json!(1)));
    assert_eq!(change["cells"], json!([{"field": "clubTeam", "before": "Rift", "after": "Coast"}]));
    // Without a choice such a row is refused, and the preview proposes the choice.
    let refused = look(&server, &[], csv).await;
    let problems = refused.is(200).body["problems"].as_array().unwrap().clone();
    let duplicate = problems.iter().find(|problem| problem["code"] == "duplicate_row").unwrap();
    let parameter = &duplicate["values"][0]["proposal"]["parameter"];
    assert_eq!(parameter, &json!({"name": "on_duplicate", "value": "update"}));
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE club_team = 'Rift'").await, 2);
}

#[tokio::test]
async fn problems_are_grouped_and_a_group_is_mended_at_once() {
    let server = TestServer::start().await;
    let mut csv = "Name,Nation,Mail,Bib\n".to_owned();
    for n in 1..=17 {
        csv.push_str(&format!("Runner {n},Kenyaa,,{n}\n"));
    }
    csv.push_str("Ada,UGA,ada (at) example.org,17\nBob,UGA,,18\n");
    let preview = look(&server, &[], csv.clone()).await;
    let body = &preview.is(200).body;
    let first = &body["problems"][0];
    assert_eq!(
        (&first["code"], &first["column"], &first["count"]),
        (&json!("invalid_country"), &json!("Nation"), &json!(17))
    );
    assert_eq!(first["values"][0]["proposal"]["text"], "Kenya is KEN");
    assert_eq!(first["values"][0]["rows"].as_array().unwrap().len(), 17);
    assert_eq!(body["refused"], 18, "{}", preview.text);

    let mut mended = repairs(&preview, "invalid_country").as_array().unwrap().clone();
    mended.extend(repairs(&preview, "invalid_email").as_array().unwrap().clone());
    let sent = Value::from(mended.clone()).to_string();
    let second = look(&server, &[("repairs", &sent)], csv.clone()).await;
    // Only now that the others are good the bib is worn twice.
    assert_eq!((&second.is(200).body["new"], &second.body["refused"]), (&json!(18), &json!(1)), "{}", second.text);
    mended.extend(repairs(&second, "duplicate_bib").as_array().unwrap().clone());
    let sent = Value::from(mended).to_string();
    let done = import(&server, &[("repairs", &sent)], csv).await;
    assert_eq!(counts(done.is(201)), [19, 0, 0, 0, 0], "{}", done.text);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE country = 'KEN'").await, 17);
    assert_eq!(
        server
            .number(
                "SELECT count(*) FROM athletes WHERE name = 'Ada' AND bib_number IS NULL AND email = 'ada@example.org'"
            )
            .await,
        1
    );
}

#[tokio::test]
async fn one_cell_is_mended_by_its_row() {
    let server = TestServer::start().await;
    let csv = "name,country\n,KEN\n,KEN\nBob,KEN\n";
    let repairs = json!([{"column": "name", "row": 3, "to": "Eve"}]).to_string();
    let done = import(&server, &[("repairs", &repairs)], csv).await;
    assert_eq!(counts(done.is(207)), [2, 0, 0, 0, 1], "{}", done.text);
    assert_eq!(done.body["error_details"][0]["row"], 2);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Eve'").await, 1);
    let nonsense = import(&server, &[("repairs", "[{\"row\": 3}]")], csv).await;
    nonsense.refused(400, "invalid-parameter");
}

#[tokio::test]
async fn a_json_document_is_mended_by_its_members() {
    let server = TestServer::start().await;
    let races = json!([{"name": "A", "date": "2026-13-01", "location": "X"}, {"name": "B", "date": "2026-05-01", "location": "X"}]);
    let repairs = json!([{"column": "date", "from": "2026-13-01", "to": "2026-12-01"}]).to_string();
    let form = Upload::of("r.json", races.to_string()).with(&[("repairs", &repairs)]);
    let preview = server.send("/api/admin/import/races-json/preview", Upload::of("r.json", races.to_string())).await;
    assert_eq!(preview.is(200).body["problems"][0]["code"], "invalid_date");
    let done = server.send("/api/admin/import/races-json", form).await;
    assert_eq!(counts(done.is(201)), [2, 0, 0, 0, 0]);
}

#[tokio::test]
async fn columns_that_nobody_knows_are_matched_by_hand_and_remembered() {
    let server = TestServer::start().await;
    let preview = look(&server, &[], "Wer,Woher\nJane,KEN\n").await;
    assert_eq!(preview.is(200).body["usable"], false, "{}", preview.text);
    assert_eq!(preview.body["header"], json!(["Wer", "Woher"]));
    assert_eq!(preview.body["missing"], json!(["name", "country"]));
    assert_eq!(preview.body["rows"], json!([["Jane", "KEN"]]), "{}", preview.text);
    assert_eq!(
        (&preview.body["encoding"], &preview.body["columns"][0]["samples"]),
        (&json!("utf-8"), &json!(["Jane"]))
    );
    let mapping = json!({"Wer": "name", "Woher": "country"}).to_string();
    let matched = look(&server, &[("mapping", &mapping)], "Wer,Woher\nJane,KEN\n").await;
    assert_eq!((&matched.is(200).body["new"], &matched.body["usable"]), (&json!(1), &json!(true)), "{}", matched.text);
    // A preview teaches nothing; an import does.
    import(&server, &[], "Wer,Woher\nJane,KEN\n").await.is(400);
    import(&server, &[("mapping", &mapping)], "Wer,Woher\nJane,KEN\n").await.is(201);
    let next = look(&server, &[], "Wer,Woher\nAda,UGA\n").await;
    assert_eq!(
        (&next.is(200).body["new"], &next.body["mapping_remembered"]),
        (&json!(1), &json!(true)),
        "{}",
        next.text
    );
    let again = import(&server, &[], "Wer,Woher\nAda,UGA\n").await;
    let notes = again.is(201).body["notes"].to_string();
    assert!(notes.contains("matched as last time"), "{notes}");
    import(&server, &[], "Wer,Woher,Was\nBob,UGA,x\n").await.is(400);
}

#[tokio::test]
async fn names_are_turned_round_only_when_somebody_accepts_it() {
    let server = TestServer::start().await;
    let csv = "name,country\nKILONZO Ada,KEN\n\"Moraa, Mary\",KEN\n";
    let preview = look(&server, &[], csv).await;
    let turned = &preview.is(200).body["names_turned"];
    assert_eq!(turned["examples"], json!([["KILONZO Ada", "Ada KILONZO"], ["Moraa, Mary", "Mary Moraa"]]), "{turned}");
    let mapping = turned["mapping"].to_string();
    import(&server, &[], csv).await.is(201);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'KILONZO Ada'").await, 1);
    let by_hand = json!({"name": "name:last_first", "country": "country"});
    assert_eq!(by_hand["name"], turned["mapping"]["name"]);
    let again = look(&server, &[("mapping", &mapping)], csv).await;
    assert_eq!(again.is(200).body["mapping"], by_hand, "what is answered can be sent back");
    import(&server, &[("mapping", &mapping)], csv).await.is(201);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Ada KILONZO'").await, 1);
    let unturned = look(&server, &[], people(1, 5)).await;
    assert_eq!(unturned.is(200).body["names_turned"], Value::Null);
}
