//! Who may be one person.

use serde_json::{Value, json};

use super::{merge, with_a_double};
use crate::support::{Answer, TestServer};

fn ids(answer: &Answer) -> Vec<String> {
    let rows = answer.is(200).body["duplicates"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

async fn found(server: &TestServer, query: &str) -> Answer {
    let admin = server.admin().await;
    server.get(&format!("/api/athletes/duplicates{query}")).by(&admin).await
}

#[tokio::test]
async fn a_pair_is_shown_with_its_reasons_and_both_athletes() {
    let server = with_a_double().await;
    let answer = found(&server, "").await;
    assert_eq!(ids(&answer), ["1-6"]);
    let pair = &answer.body["duplicates"][0];
    assert_eq!(pair["reasons"], json!(["turned-name", "same-birth-year"]));
    assert!((50..90).contains(&pair["sureness"].as_i64().unwrap()), "{pair}");
    let [one, other] = [&pair["athletes"][0], &pair["athletes"][1]];
    assert_eq!((&one["name"], &one["email"]), (&json!("John Kamau"), &json!("john@athsys.com")));
    assert_eq!((&one["registrationCount"], &one["resultCount"]), (&json!(2), &json!(1)));
    assert_eq!((&other["registrationCount"], &other["resultCount"]), (&json!(2), &json!(3)));
    merge(&server, 1, &json!({"from": 6})).await.is(200);
    assert_eq!(ids(&found(&server, "").await), [""; 0], "the very next look is without them");
}

#[tokio::test]
async fn the_surest_pairs_come_first_and_in_pages() {
    let server = TestServer::demo().await;
    for (name, extra) in [
        ("Grace Nakato", json!({"yearOfBirth": 2003, "clubTeam": "Kampala Athletics"})),
        ("Emily Jonson", json!({"dateOfBirth": "2000-06-05"})),
        ("Wanjiru, Mary", json!({"dateOfBirth": "2001-09-30"})),
        ("John Kamau", json!({"dateOfBirth": "1998-12-04"})),
    ] {
        let mut body = json!({"name": name, "country": "UGA"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        server.add("/api/athletes", body).await;
    }
    let all = found(&server, "").await;
    assert_eq!(ids(&all), ["4-6", "2-8", "5-7"], "another birth date is another person");
    assert_eq!(all.body["duplicates"][2]["reasons"], json!(["similar-name", "same-birth-date"]));
    let second = found(&server, "?perPage=2&page=2").await;
    assert_eq!(ids(&second), ["5-7"]);
    let numbers = ["count", "total", "page", "perPage"].map(|name| second.body[name].clone());
    assert_eq!(numbers, [1, 3, 2, 2].map(Value::from));
    assert_eq!(ids(&found(&server, "?page=9").await), [""; 0]);
    found(&server, "?sort=name").await.refused(400, "unknown-parameter");
    found(&server, "?page=0").await.refused(400, "invalid-parameter");
}

#[tokio::test]
async fn an_empty_list_has_no_pairs() {
    let server = TestServer::start().await;
    let answer = found(&server, "").await;
    assert_eq!((&answer.is(200).body["duplicates"], &answer.body["total"]), (&json!([]), &json!(0)));
}
