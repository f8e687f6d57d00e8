//! Chosen columns.

use athsys::auth::policy::Role;
use calamine::Data;
use serde_json::{Value, json};

use super::book::Book;
use super::formats::DATASETS;
use crate::support::TestServer;

#[tokio::test]
async fn chosen_columns_come_in_the_order_they_were_asked_for() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let csv = server.get("/api/admin/export/athletes-csv?columns=country,+name&country=KEN").by(&admin).await;
    assert_eq!(csv.is(200).text, "country,name\r\nKEN,John Kamau\r\nKEN,Mary Wanjiru\r\n");
    let book =
        Book::get(&server, "/api/admin/export/athletes-xlsx?columns=country,id&country=KEN", Some(&admin), "athletes")
            .await;
    assert_eq!(book.header(), "country,id");
    assert_eq!(book.rows()[1], [Data::String("KEN".into()), Data::Float(2.0)]);
    let lines = server.get("/api/admin/export/athletes-ndjson?columns=clubTeam,bib_number&q=grace").by(&admin).await;
    assert_eq!(lines.is(200).text, "{\"clubTeam\":\"Kampala Athletics\",\"bibNumber\":\"UGA001\"}\n");
    let json = server.get("/api/results/export?format=json&columns=athlete_name,event,time_seconds").await;
    let first = json!({"athleteName": "Andre Campbell", "event": "100m", "timeSeconds": 10.19});
    assert_eq!(json.is(200).body["results"][0], first);
    assert!(json.text.starts_with("{\"results\":[{\"athleteName\":"), "{}", json.text);
    let more = server.get("/api/athletes/export?columns=name,updated_at,photo_url").await;
    assert!(more.is(200).text.starts_with("name,updated_at,photo_url\r\nJohn Kamau,20"), "{}", more.text);
    for blank in ["", ",", "+"] {
        let usual = server.get(&format!("/api/athletes/export?columns={blank}")).await;
        assert!(usual.is(200).text.starts_with("id,name,country,gender,club,bib_number\r\n"), "{}", usual.text);
    }
    // A row of one empty cell is no blank line, which a reader would skip.
    let one = server.get("/api/admin/export/athletes-csv?columns=email&q=grace").by(&admin).await;
    assert_eq!(one.is(200).text, "email\r\n\"\"\r\n");
}

#[tokio::test]
async fn a_column_that_there_is_not_is_refused_with_those_there_are() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let unknown = server.get("/api/admin/export/races-csv?columns=name,colour").by(&admin).await;
    unknown.refused(400, "unknown-column");
    let detail = unknown.body["detail"].as_str().unwrap();
    assert!(detail.starts_with("colour is not a known column; known are id, name, date,"), "{detail}");
    assert_eq!(unknown.body["known"][10], "updated_at", "{}", unknown.text);
    // The names of JSON are none of a spreadsheet.
    server.get("/api/admin/export/races-csv?columns=createdAt").by(&admin).await.refused(400, "unknown-column");
    server.get("/api/admin/export/races-json?columns=createdAt,name").by(&admin).await.is(200);
    for twice in ["races-csv?columns=name,date,name", "races-json?columns=created_at,createdAt"] {
        server.get(&format!("/api/admin/export/{twice}")).by(&admin).await.refused(400, "invalid-parameter");
    }
}

/// Whatever a row has as JSON can be chosen, and is then what the whole row says.
#[tokio::test]
async fn chosen_members_are_those_of_the_whole_row() {
    let server = TestServer::demo().await;
    server.add("/api/results", json!({"athleteId": 2, "eventId": 4, "timeSeconds": 238.501, "wind": -0.4})).await;
    server.add("/api/results", json!({"athleteId": 1, "eventId": 9, "points": 8123.5, "isRecord": true})).await;
    server.add("/api/results", json!({"athleteId": 3, "eventId": 3, "distanceMeters": 7.05})).await;
    let admin = server.admin().await;
    for (set, _, _) in DATASETS {
        let whole = server.get(&format!("/api/admin/export/{set}-json")).by(&admin).await;
        let mut whole = whole.is(200).body[set].clone();
        for row in whole.as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("athleteIds"); // a list, which is no column
        }
        let names: Vec<&String> = whole[0].as_object().unwrap().keys().collect();
        let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
        let chosen = server.get(&format!("/api/admin/export/{set}-json?columns={}", names.join(","))).by(&admin).await;
        assert_eq!(chosen.is(200).body[set], whole, "{set}");
    }
}

#[tokio::test]
async fn what_somebody_may_not_read_they_cannot_choose() {
    let server = TestServer::shared();
    let [starter, coach, registrar] =
        [server.token(Role::Starter).await, server.token(Role::Coach).await, server.token(Role::Registrar).await];
    let private = ["email", "phone", "coach", "date_of_birth", "year_of_birth", "user_id"];
    for column in private {
        for format in ["csv", "xlsx", "json", "ndjson"] {
            let path = format!("/api/athletes/export?format={format}&columns=name,{column}");
            for call in [server.get(&path), server.get(&path).by(&starter), server.get(&path).by(&coach)] {
                let answer = call.await;
                answer.refused(400, "unknown-column");
                let known: Vec<&Value> = answer.body["known"].as_array().unwrap().iter().collect();
                assert!(private.iter().all(|name| !known.contains(&&json!(name))), "{}", answer.text);
            }
            server.get(&path).by(&registrar).await.is(200);
        }
    }
    for member in ["dateOfBirth", "yearOfBirth", "userId"] {
        let path = format!("/api/athletes/export?format=json&columns={member}");
        server.get(&path).by(&coach).await.refused(400, "unknown-column");
    }
    let births = "/api/registrations/export?columns=athlete_name,date_of_birth";
    server.get(births).by(&starter).await.refused(400, "unknown-column");
    assert!(server.get(births).by(&registrar).await.is(200).text.contains("John Kamau,1998-04-12\r\n"));
}
