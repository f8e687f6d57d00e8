//! Personal data: who sees it, how it is forgotten, and what people are told about it.

mod contacts;
mod erasing;
mod forgotten;
mod person;

use std::collections::BTreeSet;

use athsys::auth::policy::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// What is known of one child and occurs nowhere else.
const SECRETS: [&str; 8] =
    ["2011-07-23", "23.07.2011", "23 July 2011", "July 2011", "zq-marker@", "5550987654", "555 0987654", "Markercoach"];
/// Members that would tell it, whatever their values are.
const TELLING: [&str; 6] =
    ["dateOfBirth", "yearOfBirth", "athleteAgeGroup", "date_of_birth", "athlete_age_group", "year_of_birth"];
const NAME: &str = "Zebedee Quuxmarker";

/// A meet with that child in an event, entered and with a result. Answers athlete, event, registration and result.
async fn meet_of(server: &TestServer) -> [i64; 4] {
    let child = json!({"name": NAME, "country": "KEN", "gender": "M", "bibNumber": "Q777", "clubTeam": "Marker Harriers",
        "dateOfBirth": "2011-07-23", "email": "zq-marker@example.org", "phone": "+1 555 0987654",
        "coach": "Markercoach"});
    let athlete = server.add("/api/athletes", child).await;
    let event = json!({"raceId": 1, "name": "600m", "category": "Track", "gender": "M", "ageGroup": "U18"});
    let event = server.add("/api/events", event).await;
    let entry = json!({"athleteId": athlete, "eventId": event, "bibNumber": "Q778", "seedMark": "1:41.2"});
    let entry = server.add("/api/registrations", entry).await;
    let result = json!({"athleteId": athlete, "eventId": event, "timeSeconds": 101.25, "position": 1});
    [athlete, event, entry, server.add("/api/results", result).await]
}

/// Every address that can be read, with the ids of `meet`.
async fn addresses(server: &TestServer, [athlete, event, entry, result]: [i64; 4]) -> BTreeSet<String> {
    let document = server.get("/api/openapi.json").await.is(200).body.clone();
    let mut found: BTreeSet<String> = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        // Streams without end have no text to look at.
        if item.get("get").is_none() || path.ends_with("/progress") || path == "/api/live" {
            continue;
        }
        let id = match path.split('/').nth(2) {
            Some("athletes") => athlete,
            Some("events") => event,
            Some("registrations") => entry,
            Some("results") => result,
            _ => 1,
        };
        found.insert(path.replace("{id}", &id.to_string()));
        if path.ends_with("/export") {
            found.extend(["csv", "json", "ndjson"].map(|format| format!("{path}?format={format}")));
        }
    }
    for query in ["q=zebedee", "q=Marker", "q=Q777"] {
        found.extend(["/api/athletes", "/api/registrations", "/api/results", "/api/search", "/find"].map(|path| {
            let path: &str = path;
            format!("{path}?{query}")
        }));
    }
    for list in ["registrations", "results"] {
        found.insert(format!("/api/{list}?athleteId={athlete}&perPage=500"));
    }
    found.insert("/api/athletes?perPage=500&sort=name".into());
    found.extend(["/", "/races/1", "/privacy"].map(String::from));
    found.extend([format!("/events/{event}"), format!("/athletes/{athlete}")]);
    found
}

#[track_caller]
fn tells_no_secret(what: &str, answer: &Answer) {
    for secret in SECRETS.iter().chain(&TELLING) {
        // The description of the API names its members.
        let is_described = what.contains("/api/openapi.json") || what.contains("-template");
        assert!(is_described || !answer.text.contains(secret), "{what} tells {secret}: {}", answer.text);
    }
}

/// Every page, list, row, export and search, with every role that may not know it.
#[tokio::test]
async fn nobody_below_a_registrar_reads_the_birth_or_the_contact_of_a_child_anywhere() {
    let server = TestServer::demo().await;
    let meet = meet_of(&server).await;
    let addresses = addresses(&server, meet).await;
    assert!(addresses.len() > 80, "{}", addresses.len());
    let mut named = 0;
    for role in
        [None, Some(Role::Viewer), Some(Role::Official), Some(Role::Starter), Some(Role::Coach), Some(Role::Athlete)]
    {
        for address in &addresses {
            let call = server.get(address).header("accept-language", "en");
            let answer = match role {
                Some(role) => call.by(&server.token(role).await).await,
                None => call.await,
            };
            named += usize::from(answer.text.contains(NAME));
            // Coaches and athletes of the demo see the birth of their own, who are others.
            match role {
                Some(Role::Coach | Role::Athlete) => tells_no_value(address, &answer),
                _ => tells_no_secret(&format!("{role:?} {address}"), &answer),
            }
        }
    }
    assert!(named > 60, "the walk came past the child only {named} times");
}

#[track_caller]
fn tells_no_value(what: &str, answer: &Answer) {
    for secret in SECRETS {
        assert!(!answer.text.contains(secret), "{what} tells {secret}: {}", answer.text);
    }
}

/// Refusals show what is stored in their way: rows, warnings, names. None shows more than its reader may know.
#[tokio::test]
async fn no_refusal_tells_more_than_the_page_would() {
    let server = TestServer::demo().await;
    let [athlete, event, entry, result] = meet_of(&server).await;
    let calls = [
        (Method::POST, "/api/results".to_owned(), json!({"athleteId": athlete, "eventId": event, "timeSeconds": 99.1})),
        (Method::POST, "/api/results".to_owned(), json!({"athleteId": athlete, "eventId": 1, "timeSeconds": 9.1})),
        (Method::PUT, format!("/api/results/{result}"), json!({"timeSeconds": 3.5})),
        (Method::PUT, format!("/api/registrations/{entry}"), json!({"status": "confirmed"})),
        (Method::POST, format!("/api/events/{event}/rank"), json!({})),
        (Method::POST, "/api/results/bulk/update".to_owned(), json!({"ids": [result], "set": {"timeSeconds": -1}})),
        (Method::POST, "/api/registrations/bulk/update".to_owned(), json!({"ids": [entry], "set": {"status": "dns"}})),
        (Method::POST, "/api/athletes".to_owned(), json!({"name": NAME, "country": "KEN", "bibNumber": "Q777"})),
        (Method::DELETE, format!("/api/athletes/{athlete}"), json!({})),
    ];
    for role in [None, Some(Role::Viewer), Some(Role::Official), Some(Role::Starter)] {
        for (method, path, body) in &calls {
            let call = server.call(method.clone(), path).header("if-match", "\"stale\"").json(body);
            let answer = match role {
                Some(role) => call.by(&server.token(role).await).await,
                None => call.await,
            };
            tells_no_secret(&format!("{role:?} {method} {path}"), &answer);
            assert!(answer.status < 500, "{path}: {}", answer.text);
        }
    }
}

/// Those who need it see it: a walk that found nothing must not be one that could not find anything.
#[tokio::test]
async fn registrars_and_the_child_read_all_of_it() {
    let server = TestServer::demo().await;
    let [athlete, ..] = meet_of(&server).await;
    let admin = server.admin().await;
    server.put("/api/admin/users/5", &json!({"status": "active"})).by(&admin).await.is(200);
    server.put("/api/athletes/1", &json!({"userId": null})).by(&admin).await.is(200);
    server.put(&format!("/api/athletes/{athlete}"), &json!({"userId": 5})).by(&admin).await.is(200);
    for role in [Role::Registrar, Role::ChiefRegistrar, Role::Admin, Role::Athlete] {
        let row = server.get(&format!("/api/athletes/{athlete}")).by(&server.token(role).await).await;
        for secret in ["2011-07-23", "zq-marker@", "Markercoach"] {
            assert!(row.is(200).text.contains(secret), "{role:?} {secret}");
        }
    }
}

/// The rows of a list, under its name.
fn rows<'a>(answer: &'a Answer, name: &str) -> &'a Vec<Value> {
    answer.is(200).body[name].as_array().unwrap()
}
