//! What a station link does not open: every other route, every other event, everything private.

use athsys::auth::policy::Role;
use serde_json::json;

use super::{JUMP, SPRINT, make, official, starter};
use crate::access::{documented, no_private_data, send};
use crate::support::TestServer;

/// The writes of each role, which then look at the event themselves.
const OFFICIAL: [(&str, &str); 2] = [("POST", "/api/results"), ("PUT", "/api/results/{id}")];
const STARTER: [(&str, &str); 1] = [("PUT", "/api/registrations/{id}")];

#[tokio::test]
async fn a_station_does_what_its_role_does_at_one_event_and_nothing_else_on_any_route() {
    let server = TestServer::demo().await;
    for (token, own) in [(official(&server).await, &OFFICIAL[..]), (starter(&server).await, &STARTER[..])] {
        for operation in documented(&server).await {
            let answer = send(&server, &operation).by(&token).await;
            let is_own = own.contains(&(operation.method.as_str(), operation.path.as_str()));
            let is_public = operation.roles.is_empty() && operation.path != "/api/auth/register";
            if is_own || is_public || operation.roles == ["station"] {
                assert!(!matches!(answer.status, 401 | 403 | 405), "{operation:?}: {}", answer.text);
            } else if operation.path != "/api/auth/register" {
                answer.refused(403, "forbidden");
            }
            assert!(answer.status < 500, "{operation:?}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn another_event_is_closed_to_a_station() {
    let server = TestServer::demo().await;
    let (official, starter) = (official(&server).await, starter(&server).await);
    let foreign = |method: &str, path: &str| server.call(method.parse().unwrap(), path);
    let new = json!({"athleteId": 2, "eventId": SPRINT, "mark": "11.20"});
    let refused = [
        (server.post("/api/results", &new).by(&official), "another event"),
        (server.put("/api/results/1", &json!({"position": 3})).by(&official), "another event"),
        // Its own row, moved away, and the row of another, moved here.
        (server.put("/api/results/3", &json!({"eventId": SPRINT, "mark": "10.90"})).by(&official), "another event"),
        (server.put("/api/results/1", &json!({"eventId": JUMP})).by(&official), "another event"),
        (server.put("/api/registrations/1", &json!({"confirmedPresent": true})).by(&starter), "another event"),
        (server.put("/api/registrations/5", &json!({"eventId": SPRINT})).by(&starter), "these members"),
        (server.put("/api/registrations/5", &json!({"confirmedPresent": true})).by(&official), "change registrations"),
        (server.put("/api/results/3", &json!({"position": 3})).by(&starter), "enter results"),
        (foreign("DELETE", "/api/results/3").by(&official), "nothing else"),
        (foreign("GET", "/api/registrations?eventId=3").by(&starter), "nothing else"),
        (foreign("GET", "/api/registrations/5").by(&starter), "nothing else"),
        (foreign("GET", "/api/auth/me").by(&starter), "nothing else"),
    ];
    let before = server.get("/api/results").await.body["results"].clone();
    let count = refused.len();
    for (place, (call, why)) in refused.into_iter().enumerate() {
        let answer = call.await;
        answer.refused(403, "forbidden");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(
            detail.contains(why) || (why == "change registrations" && detail.contains("mark athletes")),
            "{place}: {detail}"
        );
    }
    assert_eq!(server.get("/api/results").await.body["results"], before);
    let denied = server.audit_of("action=permission_denied", count).await;
    assert_eq!(denied.len(), count);
    assert!(denied.iter().all(|row| row["userName"].as_str().unwrap().starts_with("Amina Odhiambo (station ")));
}

#[tokio::test]
async fn a_station_sees_nothing_private() {
    let server = TestServer::demo().await;
    // With a birth date, and a mark that could be told by age.
    let admin = server.admin().await;
    server.put("/api/athletes/4", &json!({"dateOfBirth": "2012-05-05"})).by(&admin).await.is(200);
    server.put("/api/events/3", &json!({"ageGroup": "U23"})).by(&admin).await.is(200);
    let (official, starter) = (official(&server).await, starter(&server).await);
    let answers = [
        server.get("/api/stations/here").by(&official).await,
        server.get("/api/stations/here").by(&starter).await,
        server.get("/api/athletes").by(&official).await,
        server.get("/api/athletes/4").by(&starter).await,
        server.get("/api/athletes/export").by(&starter).await,
        server.put("/api/results/3", &json!({"mark": "6.20"})).by(&official).await,
        server.put("/api/results/3", &json!({"mark": "6.21"})).by(&official).header("if-match", "\"old\"").await,
        server.put("/api/registrations/5", &json!({"confirmedPresent": true})).by(&starter).await,
    ];
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 409), "{}", answer.text);
        no_private_data(answer);
        for private in ["2012", "U14", "athleteAgeGroup", "paymentStatus\":\"paid"] {
            assert!(!answer.text.contains(private), "{private} in {}", answer.text);
        }
    }
    assert!(!answers[0].text.contains("paymentStatus"));
}

/// The cookie of a person at the same browser gives a station no more than it has.
#[tokio::test]
async fn a_station_token_counts_before_a_cookie() {
    let server = TestServer::demo().await;
    let signed_in = server.sign_in("admin@athsys.com", "Admin@123").await;
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let token = official(&server).await;
    server.get("/api/admin/users").by(&token).header("cookie", &cookie).await.refused(403, "forbidden");
}

/// Only those who manage races make links, and no link makes another.
#[tokio::test]
async fn a_link_is_made_by_chiefs_alone() {
    let server = TestServer::demo().await;
    let body = json!({"eventId": JUMP});
    for role in [Role::Registrar, Role::Official, Role::Viewer] {
        let token = server.token(role).await;
        server.post("/api/stations", &body).by(&token).await.refused(403, "forbidden");
    }
    server.post("/api/stations", &body).by(&official(&server).await).await.refused(403, "forbidden");
    make(&server, body).await;
}
