//! Lists: pages, order, filters, free text, entity tags, and that none is ever stale.

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

const LISTS: [(&str, &str); 6] = [
    ("/api/athletes", "athletes"),
    ("/api/races", "races"),
    ("/api/events", "events"),
    ("/api/registrations", "registrations"),
    ("/api/results", "results"),
    ("/api/admin/users", "users"),
];

/// One member of each row of a list.
fn column(answer: &Answer, plural: &str, member: &str) -> Vec<Value> {
    answer.is(200).body[plural].as_array().unwrap().iter().map(|row| row[member].clone()).collect()
}

#[tokio::test]
async fn a_list_answers_its_first_page_with_counts() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    for (path, plural) in LISTS {
        let whole = server.get(path).by(&admin).await;
        let total = whole.is(200).body[plural].as_array().unwrap().len();
        assert!(total >= 3, "{path}");
        let counts = ["count", "total", "page", "perPage"].map(|name| whole.body[name].clone());
        assert_eq!(counts, [json!(total), json!(total), json!(1), json!(50)], "{path}");
        let part = server.get(&format!("{path}?page=2&perPage=2")).by(&admin).await;
        let counts = ["count", "total", "page", "perPage"].map(|name| part.body[name].clone());
        assert_eq!(counts, [json!((total - 2).min(2)), json!(total), json!(2), json!(2)], "{path}");
        assert_eq!(part.body[plural][0], whole.body[plural][2], "{path}");
        let beyond = server.get(&format!("{path}?page=99")).by(&admin).await;
        assert_eq!((&beyond.body["count"], &beyond.body["total"]), (&json!(0), &json!(total)));
        let last = server.get(&format!("{path}?page=4294967295&perPage=500")).by(&admin).await;
        assert_eq!(last.is(200).body["count"], 0);
    }
}

#[tokio::test]
async fn pages_have_bounds() {
    let server = TestServer::shared();
    for query in ["page=0", "page=-1", "page=x", "page=", "perPage=0", "perPage=501", "perPage=1e2", "page=1.5"] {
        server.get(&format!("/api/athletes?{query}")).await.refused(400, "invalid-parameter");
    }
    server.get("/api/athletes?perPage=500&page=1").await.is(200);
}

#[tokio::test]
async fn rows_are_ordered_as_asked() {
    let server = TestServer::shared();
    let names = |query: &'static str| async move {
        column(&TestServer::shared().get(&format!("/api/athletes?{query}")).await, "athletes", "name")
    };
    let up = names("sort=name").await;
    assert_eq!(up, ["Andre Campbell", "Emily Johnson", "Grace Nakato", "John Kamau", "Mary Wanjiru"]);
    let down: Vec<Value> = up.into_iter().rev().collect();
    assert_eq!(names("sort=-name").await, down);
    assert_eq!(names("sort=-id").await[0], "Emily Johnson");
    server.get("/api/athletes?sort=email").await.refused(400, "unknown-sort");
    server.get("/api/athletes?sort=id;DROP TABLE athletes").await.refused(400, "unknown-sort");
}

/// Every entity can be filtered by every member it shows, apart from moments, decimals, counts and the age
/// groups that are reckoned from a birth.
#[tokio::test]
async fn filters_leave_the_rows_that_match() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    for (path, plural) in LISTS {
        let rows = server.get(path).by(&admin).await.body[plural].as_array().unwrap().clone();
        let reckoned = |member: &str| {
            ["athleteAgeGroup", "mastersGroup"].contains(&member) || (plural == "athletes" && member == "ageGroup")
        };
        for (member, value) in rows[1].as_object().unwrap().iter().filter(|(member, _)| !reckoned(member)) {
            let filter = match value {
                Value::String(text) if !member.ends_with("At") && member != "lastLogin" && member != "photoUrl" => {
                    text.clone()
                }
                Value::Number(number) if member != "id" && !member.ends_with("Count") && number.is_i64() => {
                    number.to_string()
                }
                Value::Bool(flag) if member != "twoFactorEnabled" => flag.to_string(),
                _ => continue,
            };
            let url = reqwest::Url::parse_with_params(&server.url(path), [(member, &filter)]).unwrap();
            let asked = format!("{path}?{}", url.query().unwrap());
            let found = server.get(&asked).by(&admin).await;
            let wanted = rows.iter().filter(|row| row[member] == *value).count();
            assert_eq!(found.is(200).body["total"], wanted, "{asked}");
            assert!(column(&found, plural, member).iter().all(|other| other == value), "{asked}");
        }
    }
}

#[tokio::test]
async fn unknown_parameters_are_refused_with_the_known_ones() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    for path in LISTS.iter().map(|(path, _)| *path).chain([
        "/api/admin/audit-logs",
        "/api/search",
        "/api/events/results",
        "/api/admin/imports",
    ]) {
        let answer = server.get(&format!("{path}?nonsense=1")).by(&admin).await;
        answer.refused(400, "unknown-parameter");
        assert!(answer.body["known"].as_array().is_some_and(|known| !known.is_empty()), "{}", answer.text);
    }
    let known = server.get("/api/athletes?x=1").await.body["known"].clone();
    assert!(known.as_array().unwrap().contains(&json!("country")));
    assert!(!known.as_array().unwrap().contains(&json!("email")), "private fields are no filters for everybody");
    server.get("/api/races?registrationOpen=perhaps").await.refused(400, "invalid-filter");
    server.get("/api/events?raceId=x").await.refused(400, "invalid-filter");
}

#[tokio::test]
async fn free_text_finds_what_a_person_would_type() {
    let server = TestServer::demo().await;
    server.add("/api/athletes", json!({"name": "Zoë Müller", "country": "GER", "clubTeam": "TV Grün-Weiß"})).await;
    server.add("/api/races", json!({"name": "Hallenmeeting", "date": "2026-01-10", "location": "Zürich"})).await;
    for (path, plural, q, wanted) in [
        ("/api/athletes", "athletes", "kamau", 1),
        ("/api/athletes", "athletes", "KAMAU", 1),
        ("/api/athletes", "athletes", "mueller", 1),
        ("/api/athletes", "athletes", "zoe m", 1),
        ("/api/athletes", "athletes", "rift valley", 2),
        ("/api/athletes", "athletes", "Grün", 1),
        ("/api/athletes", "athletes", "KEN", 2),
        ("/api/athletes", "athletes", "100%", 0),
        ("/api/athletes", "athletes", "_", 0),
        ("/api/athletes", "athletes", "'", 0),
        ("/api/races", "races", "Zürich", 1),
        ("/api/races", "races", "nairobi", 1),
        ("/api/events", "events", "long", 1),
        ("/api/registrations", "registrations", "kamau", 2),
        ("/api/results", "results", "nakato", 1),
        ("/api/admin/users", "users", "sarah@", 1),
    ] {
        let admin = server.admin().await;
        let url = reqwest::Url::parse_with_params(&server.url(path), [("q", q)]).unwrap();
        let found = server.get(&format!("{path}?{}", url.query().unwrap())).by(&admin).await;
        assert_eq!(column(&found, plural, "id").len(), wanted, "{path} {q}");
    }
}

#[tokio::test]
async fn a_list_that_has_not_changed_is_not_sent_again() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    for (path, plural) in LISTS {
        let first = server.get(path).by(&admin).await;
        let tag = first.header("etag").to_owned();
        assert!(!tag.is_empty(), "{path}");
        let again = server.get(path).by(&admin).header("if-none-match", &tag).await;
        assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag.as_str()), "{path}");
        let several = format!("\"x\", {tag}");
        assert_eq!(server.get(path).by(&admin).header("if-none-match", &several).await.status, 304);
        assert_eq!(server.get(path).by(&admin).header("if-none-match", "\"x\"").await.status, 200);
        let row = first.body[plural][0].clone();
        let change = match plural {
            "registrations" | "results" => json!({"laneNumber": 8}),
            _ => json!({"name": format!("{} II", row["name"].as_str().unwrap())}),
        };
        server.put(&format!("{path}/{}", row["id"]), &change).by(&admin).await.is(200);
        let changed = server.get(path).by(&admin).header("if-none-match", &tag).await;
        assert_eq!(changed.status, 200, "{path}");
        assert_ne!(changed.header("etag"), tag);
    }
}

/// What an administrator sees never comes out of the cache for somebody else.
#[tokio::test]
async fn a_kept_list_is_kept_by_who_may_see_it() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let full = server.get("/api/athletes?perPage=3").by(&admin).await;
    let public = server.get("/api/athletes?perPage=3").await;
    assert!(full.text.contains("john@athsys.com") && !public.text.contains("john@athsys.com"));
    assert_ne!(full.header("etag"), public.header("etag"));
    assert_eq!(server.get("/api/athletes?perPage=3").header("if-none-match", full.header("etag")).await.status, 200);
    assert!(full.header("cache-control").contains("private") && full.header("vary").contains("Authorization"));
    let coach = server.token(Role::Coach).await;
    let own = server.get("/api/athletes?perPage=3").by(&coach).await;
    assert!(!own.header("cache-control").contains("public"));
}

/// A write is seen by whatever shows it, at once.
#[tokio::test]
async fn nothing_is_stale_after_a_write() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let total = |path: &'static str| {
        let (call, path) = (server.get(path).by(&admin), path);
        async move { call.await.body["total"].as_i64().unwrap_or_else(|| panic!("{path}")) }
    };
    for (path, _) in LISTS {
        server.get(path).by(&admin).await.is(200);
    }
    let before = total("/api/athletes").await;
    let id = server.add_athlete("Jane Okoye", "77").await;
    assert_eq!(total("/api/athletes").await, before + 1);
    assert_eq!(server.get("/api/athletes?bibNumber=077").await.body["count"], 1);
    server.delete(&format!("/api/athletes/{id}")).by(&admin).await.is(200);
    assert_eq!(total("/api/athletes").await, before);
    server.upload("/api/admin/import/athletes-csv", "a.csv", "name,country\nA B,KEN\n").by(&admin).await.is(201);
    assert_eq!(total("/api/athletes").await, before + 1);

    // Lists that look into other tables change with those tables.
    assert_eq!(total("/api/registrations?q=kamau").await, 2);
    assert_eq!(total("/api/results?q=kamau").await, 1);
    server.put("/api/athletes/1", &json!({"name": "John Otieno"})).by(&admin).await.is(200);
    assert_eq!(total("/api/registrations?q=kamau").await, 0);
    assert_eq!(total("/api/results?q=kamau").await, 0);
    assert_eq!((total("/api/registrations?raceId=3").await, total("/api/results?raceId=3").await), (0, 0));
    server.put("/api/events/1", &json!({"raceId": 3})).by(&admin).await.is(200);
    assert_eq!((total("/api/registrations?raceId=3").await, total("/api/results?raceId=3").await), (2, 2));

    // A deleted account is taken out of the rows that named it.
    assert_eq!(server.get("/api/athletes?perPage=1").by(&admin).await.body["athletes"][0]["userId"], 5);
    server.delete("/api/admin/users/5").by(&admin).await.is(200);
    assert_eq!(server.get("/api/athletes?perPage=1").by(&admin).await.body["athletes"][0]["userId"], Value::Null);
}

#[tokio::test]
async fn rows_of_one_race_are_found_below_it() {
    let server = TestServer::shared();
    let admin = server.admin().await;
    let events = server.get("/api/races/1/events?sort=-name").await;
    assert_eq!(column(&events, "events", "name"), ["Long Jump", "1500m", "100m", "100m"].map(Value::from));
    let entries = server.get("/api/races/2/registrations").by(&admin).await;
    assert_eq!(column(&entries, "registrations", "eventId"), [5]);
    server.get("/api/races/99/events").await.refused(404, "not-found");
    server.get("/api/races/99/registrations").by(&admin).await.refused(404, "not-found");
    server.get("/api/races/1/registrations").await.refused(401, "authentication-required");
    let named = server.get("/api/events/results?race_id=1").await;
    let first = named.is(200).body["results"][0].clone();
    let shown = ["athleteName", "eventName", "country", "category", "gender"].map(|name| first[name].clone());
    assert_eq!(shown, ["Andre Campbell", "100m", "JAM", "Track", "M"].map(Value::from));
    assert_eq!(server.get("/api/events/results?race_id=3").await.body["total"], 0);
}
