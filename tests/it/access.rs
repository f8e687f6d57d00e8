//! Who may do what (api.md 3): every operation without a token, with every role, and with somebody else's rows.

mod rows;
mod table;

use std::collections::BTreeSet;

use athsys::auth::policy::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Call, DEMO, PASSWORD, TestServer};
use table::OPERATIONS;

/// An operation of the OpenAPI document; no roles: everyone.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    pub path: String,
    pub method: String,
    pub roles: Vec<String>,
}

pub async fn documented(server: &TestServer) -> Vec<Operation> {
    let document = server.get("/api/openapi.json").await.is(200).body.clone();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let roles = operation["x-roles"].as_array().into_iter().flatten();
            let roles = roles.map(|role| role.as_str().unwrap().to_owned()).collect();
            found.push(Operation { path: path.clone(), method: method.to_uppercase(), roles });
        }
    }
    assert!(found.len() > 70, "only {} operations are documented", found.len());
    found
}

/// The address with ids that are nobody's.
fn address(path: &str) -> String {
    path.replace("{id}", "987654321").replace("{name}", "nothing")
}

/// How an operation is tried: a stream has no end to wait for, and its head says as much.
fn method_for(method: &str, path: &str) -> Method {
    if (method, path) == ("GET", "/api/live") { Method::HEAD } else { method.parse().unwrap() }
}

pub fn send(server: &TestServer, operation: &Operation) -> Call {
    let call = server.call(method_for(&operation.method, &operation.path), &address(&operation.path));
    if operation.method == "GET" { call } else { call.json(&json!({})) }
}

#[tokio::test]
async fn the_document_says_what_the_table_says() {
    let documented: BTreeSet<Operation> = documented(&TestServer::shared()).await.into_iter().collect();
    let owned = |(method, path, roles): &(&str, &str, &[&str])| Operation {
        path: (*path).to_owned(),
        method: (*method).to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    let table: BTreeSet<Operation> = OPERATIONS.iter().map(owned).collect();
    let missing: Vec<_> = documented.difference(&table).collect();
    let gone: Vec<_> = table.difference(&documented).collect();
    assert!(
        missing.is_empty() && gone.is_empty(),
        "tests/it/access/table.rs lacks {missing:#?}\nand has, but the document has not, {gone:#?}"
    );
}

#[tokio::test]
async fn without_a_token_only_public_operations_answer() {
    let server = TestServer::demo().await;
    for operation in documented(&server).await {
        let answer = send(&server, &operation).await;
        match (operation.roles.is_empty(), operation.path.as_str()) {
            (true, "/api/auth/register") => answer.refused(403, "registration-off"),
            (true, _) => assert!(!matches!(answer.status, 401 | 403 | 405), "{operation:?}: {}", answer.text),
            (false, _) => answer.refused(401, "authentication-required"),
        }
        assert!(answer.status < 500, "{operation:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn every_role_does_what_it_may_and_nothing_else() {
    let server = TestServer::demo().await;
    let operations = documented(&server).await;
    for role in Role::ALL {
        let token = server.token(role).await;
        for operation in &operations {
            // A session of its own, as this one is about to end.
            let own = operation.path == "/api/auth/logout";
            let token = if own { fresh(&server, role).await } else { token.clone() };
            let answer = send(&server, operation).by(&token).await;
            if operation.roles.is_empty() || operation.roles.iter().any(|known| known == role.as_str()) {
                let refused = matches!(answer.status, 401 | 405) || answer.code() == "forbidden";
                assert!(!refused && answer.status < 500, "{role:?} {operation:?}: {}", answer.text);
            } else {
                answer.refused(403, "forbidden");
                assert!(answer.body["detail"].as_str().unwrap().contains(role.as_str()));
            }
        }
    }
}

async fn fresh(server: &TestServer, role: Role) -> String {
    match DEMO.iter().find(|(known, _, _)| *known == role) {
        Some((_, email, password)) => server.login(email, password).await,
        None => server.login(&format!("{}@test.example", role.as_str()), PASSWORD).await,
    }
}

/// The other half of "nothing is undocumented": a documented address knows no further method.
#[tokio::test]
async fn addresses_know_the_documented_methods_only() {
    let server = TestServer::demo().await;
    let operations = documented(&server).await;
    let paths: BTreeSet<&str> = operations.iter().map(|operation| operation.path.as_str()).collect();
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let known = operations.iter().any(|operation| operation.path == path && operation.method == method);
            let answer = server.call(method_for(method, path), &address(path)).await;
            // `…/bulk` and `…/export` are also ids that are none.
            assert_eq!(answer.status == 405, !known, "{method} {path}: {}", answer.text);
        }
    }
}

/// And its first half: there is one place that makes routes of the API, and it documents them.
#[test]
fn routes_are_made_together_with_their_description() {
    let mut strays = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("http/api.rs") || path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let own = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for line in own.lines().filter(|line| {
                line.contains(".route(\"")
                    || line.ends_with(".route(")
                    || line.contains("nest(")
                    || line.contains("route_service(")
            }) {
                // The browser of the description is a page.
                let is_page = path.ends_with("src/web/mod.rs")
                    && (!line.contains("\"/api")
                        || line.contains("\"/api/docs\"")
                        || line.contains("\"/api-service.js\""));
                let is_public = path.ends_with("src/public/routes.rs") && !line.contains("\"/api");
                let is_test = path.ends_with("tests.rs");
                if !is_public && !is_page && !is_test {
                    strays.push(format!("{}: {}", path.display(), line.trim()));
                }
            }
        }
    }
    assert_eq!(strays, [""; 0]);
}

/// Refusals for lack of rights are in the audit log, whoever was refused by whatever rule; lack of a token is not.
#[tokio::test]
async fn a_refusal_leaves_an_audit_row() {
    let server = TestServer::demo().await;
    let [viewer, starter, chief] =
        [server.token(Role::Viewer).await, server.token(Role::Starter).await, server.token(Role::ChiefRegistrar).await];
    server.get("/api/admin/users").await.is(401);
    let refused: [(Call, &str, &str); 7] = [
        (server.post("/api/races", &json!({})).by(&viewer), "Guest Viewer", "POST /api/races"),
        (server.get("/api/registrations").by(&viewer), "Guest Viewer", "GET /api/registrations"),
        (server.get("/api/admin/users").by(&viewer), "Guest Viewer", "GET /api/admin/users"),
        (server.get("/api/search?type=users&q=a").by(&viewer), "Guest Viewer", "GET /api/search"),
        (server.get("/api/admin/export/all-json").by(&chief), "Peter Lindqvist", "GET /api/admin/export/all-json"),
        (
            server.put("/api/registrations/1", &json!({"bibNumber": "1"})).by(&starter),
            "Samuel Boateng",
            "PUT /api/registrations/1",
        ),
        (
            server.put("/api/admin/users/1", &json!({"name": "X"})).by(&chief),
            "Peter Lindqvist",
            "PUT /api/admin/users/1",
        ),
    ];
    let wanted = refused.len();
    let mut seen = Vec::new();
    for (call, who, what) in refused {
        call.await.refused(403, "forbidden");
        seen.push((who, what));
    }
    let rows = server.audit_of("action=permission_denied&sort=seq", wanted).await;
    for (row, (who, what)) in rows.iter().zip(&seen) {
        assert_eq!((&row["userName"], &row["details"]["request"]), (&json!(who), &json!(what)));
        assert_eq!((&row["entityType"], &row["ipAddress"]), (&json!("request"), &json!("127.0.0.1")));
    }
    assert_eq!(rows.len(), wanted, "one for each, none for the missing token");
}

/// Text of an answer as it would be read by somebody looking for personal data.
pub fn names(rows: &Value) -> BTreeSet<String> {
    rows.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// No address, telephone number or birth date of anybody.
#[track_caller]
pub fn no_private_data(answer: &Answer) {
    let text = &answer.text;
    for private in
        ["john@athsys.com", "700 000 001", "1998-04-12", "2001-09-30", "dateOfBirth", "yearOfBirth", "date_of_birth"]
    {
        assert!(!text.contains(private), "{private} in {text}");
    }
    for member in ["\"email\"", "\"phone\"", "\"coach\"", "\"userId\"", ",email", ",phone", ",coach"] {
        assert!(!text.contains(member), "{member} in {text}");
    }
}
