//! Every sample file through the real import, against the outcomes that come with the samples.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, counts, fixture};

fn expected() -> Value {
    serde_json::from_slice(&fixture("expected.json")).unwrap()
}

/// The physical line and code of every refused row.
fn refusals(answer: &Answer, place: &str) -> Vec<(u64, String)> {
    let details = answer.body["error_details"].as_array().unwrap();
    let one = |detail: &Value| (detail[place].as_u64().unwrap(), detail["code"].as_str().unwrap().to_owned());
    details.iter().map(one).collect()
}

#[tokio::test]
async fn every_athletes_file_ends_as_expected() {
    let expected = expected();
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let mut tried = 0;
    for entry in std::fs::read_dir(crate::support::data("athletes")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let outcome = &expected[format!("athletes/{name}")];
        assert!(outcome.is_object(), "{name} is in no list of outcomes");
        // Only names that end in .csv are taken; what is in them decides.
        let sent = name.replace(".txt", ".csv");
        let content = fixture(&format!("athletes/{name}"));
        let format = if name.ends_with(".xlsx") { "xlsx" } else { "csv" };
        let path = format!("/api/admin/import/athletes-{format}?dry_run=true");
        let answer = server.upload(&path, &sent, content).by(&admin).await;
        tried += 1;
        if outcome["rejected"] == true || outcome["rows"] == 0 {
            assert_eq!(answer.status, 400, "{name}: {}", answer.text);
            continue;
        }
        assert_eq!(answer.status, 200, "{name}: {}", answer.text);
        let [imported, _, unchanged, _, failed] = counts(&answer);
        let bad: Vec<(u64, String)> = outcome["bad"]
            .as_array()
            .unwrap()
            .iter()
            .map(|bad| (bad["line"].as_u64().unwrap(), bad["error"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(refusals(&answer, "line"), bad, "{name}: {}", answer.text);
        if name != "dirty-unclosed-quote.csv" {
            // Behind a quote that never closes nobody can say how many rows there were.
            assert_eq!(imported + unchanged + failed, outcome["rows"].as_u64().unwrap(), "{name}: {}", answer.text);
        }
    }
    assert!(tried >= 22, "{tried} files");
}

/// Imports a sample into an empty database and gives its athletes by name.
async fn stored(name: &str) -> Vec<Value> {
    let server = TestServer::start().await;
    let answer = server.import_csv("", fixture(name)).await;
    assert!(matches!(answer.status, 201 | 207), "{name}: {}", answer.text);
    server.everything().await["athletes"].as_array().unwrap().clone()
}

fn list(rows: &[Value], member: &str) -> Vec<Value> {
    rows.iter().map(|row| row[member].clone()).collect()
}

#[tokio::test]
async fn spellings_of_dates_genders_and_countries_are_stored_as_one() {
    let dates = stored("athletes/dirty-dates.csv").await;
    let day = "2008-03-14";
    let births = json!([day, day, day, null, day, "2008-04-03", day, null, "2009-07-13", "2008-03-04", day]);
    assert_eq!(json!(list(&dates, "dateOfBirth")), births);
    assert_eq!(dates[3]["yearOfBirth"], 2008);
    let genders = stored("athletes/dirty-genders.csv").await;
    let first: Vec<Value> = list(&genders, "gender").into_iter().take(10).collect();
    assert_eq!(json!(first), json!(["M", "F", "M", "F", "M", "X", null, "F", "M", "F"]));
    let countries = stored("athletes/dirty-bad-country.csv").await;
    let codes = json!(["GER", "GER", "GER", "GBR", "CIV", "SUI", "SUI", "NIG", "KEN", "FRA"]);
    assert_eq!(json!(list(&countries, "country")), codes);
    let spanish = stored("athletes/headings-es.csv").await;
    assert_eq!(json!(list(&spanish, "gender")), json!(["F", "F", "F", "M", "F", "M", "F", "F"]));
}

#[tokio::test]
async fn text_survives_its_encoding() {
    let western = stored("athletes/dirty-semicolon-cp1252.csv").await;
    let names: String = list(&western, "name").iter().map(Value::to_string).collect();
    assert!(!names.is_ascii() && !names.contains('\u{fffd}'), "{names}");
    assert_eq!(stored("athletes/dirty-bom-utf8.csv").await.len(), 20);
    assert_eq!(stored("athletes/dirty-nul-bytes.csv").await.len(), 10);
    for athlete in stored("athletes/dirty-quoted-newlines.csv").await {
        let text = athlete.to_string();
        assert!(!text.contains("\\n") && !text.contains("\\r"), "a line break in a cell becomes a blank: {text}");
    }
}

#[tokio::test]
async fn unknown_columns_are_noted_and_ignored() {
    let server = TestServer::start().await;
    let answer = server.import_csv("", "name,country,shoe size,bib\nJane,KEN,39,1\n").await;
    let notes = answer.is(201).body["notes"].to_string();
    assert!(notes.contains("The column shoe size is not known and is ignored"), "{notes}");
    let note = server.import_csv("", "name,country\nOle,Norway\n").await;
    assert!(note.is(201).body["notes"].to_string().contains("NOR"), "{}", note.text);
}

#[tokio::test]
async fn a_mapping_says_what_columns_mean() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let csv = "Wer,Woher,Verein\nJane,KEN,Rift\n";
    let send = async |mapping: Value| {
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("mapping", &mapping.to_string()).finish();
        server.upload(&format!("/api/admin/import/athletes-csv?{query}"), "a.csv", csv).by(&admin).await
    };
    let taken = send(json!({"Wer": "name", "Woher": "country", "Verein": null})).await;
    assert_eq!(counts(taken.is(201)), [1, 0, 0, 0, 0]);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'Jane' AND club_team IS NULL").await, 1);
    let field = send(json!({"Wer": "nonsense", "Woher": "country"})).await;
    assert!(
        field.is(400).body["message"].as_str().unwrap().contains("'nonsense', which is not known"),
        "{}",
        field.text
    );
    let heading = send(json!({"Wer": "name", "Woher": "country", "Wo": "club"})).await;
    assert!(heading.is(400).body["message"].as_str().unwrap().contains("names the column 'Wo'"), "{}", heading.text);
    let text = send(json!("name")).await;
    text.refused(400, "invalid-parameter");
}

#[tokio::test]
async fn encoding_and_delimiter_can_be_told() {
    let server = TestServer::start().await;
    let western = b"name;country\nJos\xe9;ESP\n";
    let told = server.import_csv("?encoding=windows-1252&delimiter=semicolon", western.to_vec()).await;
    assert_eq!(counts(told.is(201))[0], 1);
    assert_eq!(server.number("SELECT count(*) FROM athletes WHERE name = 'José'").await, 1);
    let pipe = server.import_csv("?delimiter=%7C", "name|country\nOle|NOR\n").await;
    assert_eq!(counts(pipe.is(201))[0], 1);
    let wrong = server.import_csv("?encoding=utf-8", western.to_vec()).await;
    assert_eq!(wrong.is(400).body["title"], "The file cannot be imported", "{}", wrong.text);
    let unknown = server.import_csv("?encoding=klingon", western.to_vec()).await;
    assert!(unknown.is(400).body["message"].as_str().unwrap().contains("'klingon' is not known"), "{}", unknown.text);
    for bad in ["?delimiter=ab", "?mode=all", "?on_duplicate=merge", "?dry_run=maybe", "?mapping=%7B"] {
        server.import_csv(bad, western.to_vec()).await.refused(400, "invalid-parameter");
    }
    let typo = server.import_csv("?on_duplicates=skip", western.to_vec()).await;
    typo.refused(400, "unknown-parameter");
    assert!(typo.body["message"].as_str().unwrap().contains("did you mean on_duplicate?"), "{}", typo.text);
}

#[tokio::test]
async fn formulas_are_stored_as_the_text_they_are() {
    let athletes = stored("athletes/dirty-formula-injection.csv").await;
    assert_eq!(athletes.len(), 9);
    assert!(list(&athletes, "name").iter().any(|name| name.as_str().unwrap().starts_with('=')), "{athletes:?}");
}

#[tokio::test]
async fn the_samples_of_the_examples_do_what_their_table_says() {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let table = std::fs::read_to_string(samples.join("README.md")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let files = std::fs::read_dir(&samples).unwrap().count() - 1;
    assert_eq!(rows.len(), files, "every file is in the table");
    for row in rows {
        let (name, outcome) = (row[1].trim_matches('`'), row[3]);
        let dataset = name.split(['-', '.']).next().unwrap();
        let format = name.rsplit('.').next().unwrap();
        // Entries are about the meet of the demo data.
        let (server, path) = match dataset {
            "entries" => (TestServer::demo().await, format!("/api/admin/import/registrations-{format}?race_id=1")),
            _ => (TestServer::start().await, format!("/api/admin/import/{dataset}-{format}")),
        };
        let admin = server.admin().await;
        let answer = server.upload(&path, name, std::fs::read(samples.join(name)).unwrap()).by(&admin).await;
        let said = match answer.status {
            400 => "refused as a whole".to_owned(),
            _ => match counts(&answer) {
                [imported, 0, 0, 0, 0] => format!("{imported} imported"),
                [imported, 0, 0, 0, failed] => format!("{imported} imported, {failed} refused"),
                [imported, 0, unchanged, 0, failed] => {
                    format!("{imported} imported, {unchanged} unchanged, {failed} refused")
                }
                other => panic!("{name}: {other:?}"),
            },
        };
        assert!(outcome.starts_with(&said), "{name}: {said}; the table says: {outcome}");
    }
}
