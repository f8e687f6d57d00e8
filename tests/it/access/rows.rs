//! Rights on single rows and fields.

use std::collections::BTreeSet;

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use super::{names, no_private_data};
use crate::support::{Answer, TestServer};

/// Every way in which athletes are shown.
const SHOWN: [&str; 9] = [
    "/api/athletes",
    "/api/athletes?q=john",
    "/api/athletes/1",
    "/api/athletes/4",
    "/api/search?q=a",
    "/api/search?q=john&type=athletes",
    "/api/athletes/export?format=csv",
    "/api/athletes/export?format=json",
    "/api/events/results",
];

#[tokio::test]
async fn everybody_sees_only_what_a_result_list_shows() {
    let server = TestServer::shared();
    for role in [None, Some(Role::Viewer), Some(Role::Official), Some(Role::Starter)] {
        for path in SHOWN {
            let call = server.get(path);
            let answer = match role {
                Some(role) => call.by(&server.token(role).await).await,
                None => call.await,
            };
            no_private_data(answer.is(200));
        }
    }
    let public = ["id", "name", "country", "gender", "clubTeam", "bibNumber", "photoUrl", "createdAt", "updatedAt"];
    let public: BTreeSet<String> = public.map(String::from).into();
    assert_eq!(names(&server.get("/api/athletes").await.body["athletes"][0]), public);
    let mut alone = names(server.get("/api/athletes/1").await.row());
    assert!(alone.remove("registrationCount") && alone.remove("resultCount"));
    assert_eq!(alone, public);
    assert!(server.get("/api/athletes/export").await.text.starts_with("id,name,country,gender,club,bib_number\r\n"));
}

/// What cannot be read cannot be asked for either, one letter after the other.
#[tokio::test]
async fn private_fields_are_no_filters_for_the_public() {
    let server = TestServer::shared();
    let coach = server.token(Role::Coach).await;
    let admin = server.admin().await;
    for filter in [
        "email=john@athsys.com",
        "phone=%2B254+700+000+001",
        "dateOfBirth=1998-04-12",
        "yearOfBirth=1998",
        "userId=5",
        "coach=Sarah+Whitfield",
    ] {
        for path in ["/api/athletes", "/api/athletes/export"] {
            server.get(&format!("{path}?{filter}")).await.refused(400, "unknown-parameter");
            server.get(&format!("{path}?{filter}")).by(&coach).await.refused(400, "unknown-parameter");
        }
        assert!(
            server.get(&format!("/api/athletes?{filter}")).by(&admin).await.is(200).body["total"].as_i64() > Some(0)
        );
    }
    for q in ["john@athsys", "700+000", "1998-04", "whitfield"] {
        assert_eq!(server.get(&format!("/api/athletes?q={q}")).await.body["total"], 0, "{q}");
        assert_eq!(server.get(&format!("/api/search?q={q}")).await.body["results"]["athletes"], json!([]), "{q}");
    }
    assert_eq!(server.get("/api/search?q=admin").await.body["results"]["users"], Value::Null);
    server.get("/api/search?q=admin&type=users").await.refused(401, "authentication-required");
}

/// Athletes of a list with and without their private fields.
fn seen_in_full(answer: &Answer) -> Vec<i64> {
    let rows = answer.is(200).body["athletes"].as_array().unwrap();
    rows.iter().filter(|row| row.get("dateOfBirth").is_some()).map(|row| row["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn coaches_and_athletes_see_their_own_in_full() {
    let server = TestServer::shared();
    let [coach, athlete] = [server.token(Role::Coach).await, server.token(Role::Athlete).await];
    for (token, own) in [(&coach, vec![1, 2]), (&athlete, vec![1])] {
        let list = server.get("/api/athletes").by(token).await;
        assert_eq!((seen_in_full(&list), &list.body["total"]), (own.clone(), &json!(5)));
        for id in 1..=5 {
            let row = server.get(&format!("/api/athletes/{id}")).by(token).await;
            assert_eq!(row.is(200).row().get("email").is_some(), own.contains(&id), "{id}");
        }
        let hits = server.get("/api/search?q=a&type=athletes").by(token).await;
        let hits = hits.body["results"]["athletes"].as_array().unwrap();
        assert!(hits.len() > 2);
        for hit in hits {
            assert_eq!(hit.get("phone").is_some(), own.contains(&hit["id"].as_i64().unwrap()), "{hit}");
        }
        for format in ["csv", "json"] {
            no_private_data(&server.get(&format!("/api/athletes/export?format={format}")).by(token).await);
        }
    }
    let registrar = server.token(Role::Registrar).await;
    assert_eq!(seen_in_full(&server.get("/api/athletes").by(&registrar).await).len(), 5);
    assert!(server.get("/api/athletes/export").by(&registrar).await.text.contains("john@athsys.com"));
}

#[tokio::test]
async fn coaches_and_athletes_see_their_own_registrations() {
    let server = TestServer::shared();
    for (role, own) in
        [(Role::Coach, vec![1, 3, 6]), (Role::Athlete, vec![1, 6]), (Role::Starter, vec![1, 2, 3, 4, 5, 6])]
    {
        let token = server.token(role).await;
        let ids = |answer: Answer| -> Vec<i64> {
            let rows = answer.is(200).body["registrations"].as_array().unwrap().clone();
            rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
        };
        let list = server.get("/api/registrations").by(&token).await;
        assert_eq!(list.body["total"], own.len(), "{role:?}");
        assert_eq!(ids(list), own, "{role:?}");
        for id in 1..=6 {
            let status = server.get(&format!("/api/registrations/{id}")).by(&token).await.status;
            assert_eq!(status, if own.contains(&id) { 200 } else { 404 }, "{role:?} {id}");
        }
        let race: Vec<i64> = own.iter().copied().filter(|id| *id != 6).collect();
        assert_eq!(ids(server.get("/api/races/1/registrations").by(&token).await), race);
        let foreign = server.get("/api/registrations?athleteId=3").by(&token).await;
        assert_eq!(foreign.body["total"], if role == Role::Starter { 1 } else { 0 });
    }
}

#[tokio::test]
async fn links_made_and_taken_act_at_once() {
    let server = TestServer::demo().await;
    let (admin, coach) = (server.admin().await, server.token(Role::Coach).await);
    let link = |ids: Value| server.put("/api/admin/users/6", &json!({"athleteIds": ids})).by(&admin);
    link(json!([4])).await.is(200);
    assert_eq!(seen_in_full(&server.get("/api/athletes").by(&coach).await), [4]);
    link(json!([])).await.is(200);
    assert_eq!(seen_in_full(&server.get("/api/athletes").by(&coach).await), [0; 0]);
    link(json!([99])).await.refused(422, "invalid-fields");
    for bad in [json!("1"), json!([0]), json!([1.5]), json!({"id": 1})] {
        let answer = link(bad).await;
        answer.refused(422, "invalid-fields");
        assert_eq!(answer.faults()[0].0, "athleteIds");
    }
    server.get("/api/registrations").by(&coach).await.is(200);
    assert_eq!(server.get("/api/registrations").by(&coach).await.body["total"], 0);
}

#[tokio::test]
async fn the_starter_marks_presence_and_nothing_else() {
    let server = TestServer::demo().await;
    let starter = server.token(Role::Starter).await;
    for body in [
        json!({"confirmedPresent": true}),
        json!({"confirmed_present": true}),
        json!({"status": "dns"}),
        json!({"confirmedPresent": false, "status": "confirmed"}),
    ] {
        server.put("/api/registrations/1", &body).by(&starter).await.is(200);
    }
    let before = server.get("/api/registrations/1").by(&starter).await;
    for body in [
        json!({"bibNumber": "9"}),
        json!({"confirmedPresent": true, "paymentStatus": "paid"}),
        json!({"status": "dns", "seedMark": "9.58"}),
        json!({"athleteId": 2}),
        json!({"eventId": 2}),
        json!({"nonsense": 1}),
    ] {
        server.put("/api/registrations/1", &body).by(&starter).await.refused(403, "forbidden");
    }
    let after = server.get("/api/registrations/1").by(&starter).await;
    assert_eq!(after.row(), before.row());
    server.delete("/api/registrations/1").by(&starter).await.refused(403, "forbidden");
    server
        .post("/api/registrations", &json!({"athleteId": 5, "eventId": 1}))
        .by(&starter)
        .await
        .refused(403, "forbidden");
}

/// The cookie of a session reads with its rights, and writes nothing.
#[tokio::test]
async fn the_cookie_reads_only() {
    let server = TestServer::demo().await;
    let answer = server.sign_in("admin@athsys.com", "Admin@123").await;
    let set = answer.header("set-cookie").to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.split("; ").any(|other| other == part), "{set}");
    }
    let cookie = set.split(';').next().unwrap();
    server.get("/api/auth/me").header("cookie", cookie).await.is(200);
    let list = server.get("/api/athletes").header("cookie", cookie).await;
    assert_eq!(seen_in_full(&list).len(), 5);
    server.get("/api/admin/export/all-json").header("cookie", cookie).await.is(200);
    server.post("/api/races", &json!({})).header("cookie", cookie).await.refused(401, "authentication-required");
    server.delete("/api/athletes/1").header("cookie", cookie).await.refused(401, "authentication-required");
    server
        .put("/api/athletes/1", &json!({"name": "X"}))
        .header("cookie", cookie)
        .await
        .refused(401, "authentication-required");
    server.post("/api/auth/logout", &json!({})).header("cookie", cookie).await.refused(401, "authentication-required");
    server.get("/api/auth/me").header("cookie", "athsys_session=forged").await.is(401);
    server.get("/api/athletes").header("cookie", "athsys_session=forged; other=1").await.is(200);
}
