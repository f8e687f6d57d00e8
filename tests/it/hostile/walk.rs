//! A walk over every operation of the description with values nobody has thought of, from seeds: no answer is a failure
//! of the server, every refusal is a problem, every success is one that the description names.

use athsys::auth::policy::Role;
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::support::{Answer, Chances, PASSWORD, TestServer};

/// Would end the walk, or begin another meet in the middle of it; they have tests of their own.
const LEFT_OUT: [&str; 8] = [
    "/api/auth/logout",
    "/api/auth/sessions/revoke-others",
    "/api/live",
    "/api/admin/imports/{id}/progress",
    "/api/admin/backup/restore/{id}",
    "/api/admin/backups/{id}/restore",
    "/api/admin/sync/run",
    "/api/admin/sync/take-over",
];
const ROUNDS: usize = 3;

/// Values that programs have stumbled over.
const ODD: [&str; 24] = [
    "",
    " ",
    "0",
    "-1",
    "1e309",
    "NaN",
    "9223372036854775808",
    "-9223372036854775809",
    "null",
    "true",
    "2026-02-30",
    "9999-12-31T23:59:60Z",
    "' OR 1=1 --",
    "\"; DROP TABLE athletes; --",
    "%00",
    "\u{0}",
    "\u{202e}desrever",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "\u{1f3c3}\u{200d}\u{2642}\u{fe0f}",
    "a%",
    "_",
];

struct Walker {
    chances: Chances,
    document: Value,
}

impl Walker {
    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.chances.below(list.len() as u64) as usize]
    }

    fn text(&mut self) -> String {
        match self.chances.below(8) {
            0 => "x".repeat(self.chances.below(70_000) as usize),
            1 => char::from_u32(self.chances.below(0x11_0000) as u32).unwrap_or('\u{fffd}').to_string(),
            2 => self.chances.below(100).to_string(),
            _ => (*self.pick(&ODD)).to_owned(),
        }
    }

    fn number(&mut self) -> Value {
        match self.chances.below(7) {
            0 => json!(-1),
            1 => json!(0),
            2 => json!(i64::MAX),
            3 => json!(1e300),
            4 => json!(0.1 + 0.2),
            _ => json!(self.chances.below(12)),
        }
    }

    /// Anything, at most a few levels deep.
    fn anything(&mut self, depth: u64) -> Value {
        match self.chances.below(if depth == 0 { 4 } else { 6 }) {
            0 => Value::Null,
            1 => json!(self.chances.below(2) == 0),
            2 => self.number(),
            3 => Value::String(self.text()),
            4 => (0..self.chances.below(4)).map(|_| self.anything(depth - 1)).collect(),
            _ => {
                let members = (0..self.chances.below(4)).map(|_| (self.text(), self.anything(depth - 1)));
                Value::Object(members.collect::<Vec<_>>().into_iter().collect())
            }
        }
    }

    /// A value of a schema, or in one of four cases anything else.
    fn value(&mut self, schema: &Value, depth: u64) -> Value {
        if depth == 0 || self.chances.below(4) == 0 {
            return self.anything(depth.min(2));
        }
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap_or_default().to_owned();
            let schema = self.document["components"]["schemas"][name].clone();
            return self.value(&schema, depth - 1);
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object").to_owned();
        match kind.as_str() {
            "integer" | "number" => self.number(),
            "boolean" => json!(self.chances.below(2) == 0),
            "array" => (0..self.chances.below(3)).map(|_| self.value(&schema["items"], depth - 1)).collect(),
            "object" => {
                let mut members = Map::new();
                for (name, schema) in schema["properties"].as_object().cloned().unwrap_or_default() {
                    if self.chances.below(5) > 0 {
                        members.insert(name, self.value(&schema, depth - 1));
                    }
                }
                Value::Object(members)
            }
            _ if schema["format"] == "date" => json!("2026-05-02"),
            _ => Value::String(if self.chances.below(2) == 0 { "Kenya".into() } else { self.text() }),
        }
    }

    /// The address of an operation, with ids that exist or do not and some of its parameters.
    fn address(&mut self, path: &str, operation: &Value) -> String {
        let id = match self.chances.below(4) {
            0 => {
                let text: String = self.text().chars().take(300).collect();
                form_urlencoded::byte_serialize(text.as_bytes()).collect()
            }
            _ => (1 + self.chances.below(9)).to_string(),
        };
        let mut address = path.replace("{id}", &id).replace("{name}", &id);
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let named: Vec<&str> =
            parameters.iter().filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str()).collect();
        let mut query = form_urlencoded::Serializer::new(String::new());
        for name in named {
            if self.chances.below(4) == 0 {
                let text: String = self.text().chars().take(900).collect();
                query.append_pair(name, &text);
            }
        }
        let query = query.finish();
        if !query.is_empty() {
            address.push('?');
            address.push_str(&query);
        }
        address
    }
}

/// Where the description names the answer, and refusals are problems.
#[track_caller]
fn holds(what: &str, operation: &Value, answer: &Answer) {
    let shown: String = answer.text.chars().take(2_000).collect();
    assert!(answer.status < 500, "{what}: {} {shown}", answer.status);
    if answer.status >= 400 {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {shown}");
        for member in ["type", "title", "status", "detail", "code", "request_id"] {
            assert!(!answer.body[member].is_null(), "{what} lacks {member}: {shown}");
        }
        answer.tells_nothing();
    } else {
        let described = &operation["responses"][answer.status.to_string()];
        assert!(!described.is_null(), "{what}: {} is not described: {shown}", answer.status);
        let required = described["content"]["application/json"]["schema"]["required"].as_array();
        let members = &described["content"]["application/json"]["schema"]["properties"];
        for member in required.into_iter().flatten().filter_map(Value::as_str) {
            let value = answer.body.get(member).unwrap_or_else(|| panic!("{what} lacks {member}: {shown}"));
            assert!(is_of(value, &members[member]["type"]), "{what}: {member} is not as described: {shown}");
        }
    }
}

/// Whether a value is of one of the described kinds; what is described elsewhere has none here.
fn is_of(value: &Value, kinds: &Value) -> bool {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let named = kinds.as_str().into_iter().chain(kinds.as_array().into_iter().flatten().filter_map(Value::as_str));
    let mut named = named.peekable();
    named.peek().is_none() || named.any(|one| one == kind || (one == "number" && kind == "integer"))
}

/// The token that works now: some of what is sent ends sessions.
async fn fresh(server: &TestServer, role: Role, token: &mut String, tries: &mut usize) {
    if server.get("/api/auth/me").by(token).await.status != 200 {
        *tries += 1;
        let email = format!("walker{tries}@test.example");
        server.add_user(role, &email).await;
        *token = server.login(&email, PASSWORD).await;
    }
}

async fn walk(seed: u64, role: Option<Role>) {
    let server = TestServer::demo().await;
    let document = server.get("/api/openapi.json").await.is(200).body.clone();
    let mut walker = Walker { chances: Chances(seed), document: document.clone() };
    let (mut token, mut tries) = (String::new(), 0);
    for round in 0..ROUNDS {
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if LEFT_OUT.contains(&path.as_str()) {
                    continue;
                }
                let address = walker.address(path, operation);
                let content = operation["requestBody"]["content"].as_object();
                let kind = content.and_then(|content| content.keys().next().cloned());
                let method: Method = method.to_uppercase().parse().unwrap();
                let what = format!(
                    "seed {seed} round {round}: {role:?} {method} {}",
                    address.chars().take(300).collect::<String>()
                );
                let mut call = server.call(method, &address);
                match (kind.as_deref(), content) {
                    (Some("application/json"), Some(content)) => {
                        let body = walker.value(&content["application/json"]["schema"], 5);
                        call = call.json(&body);
                    }
                    (Some(kind), _) => call = call.header("content-type", kind).body(walker.text().into_bytes()),
                    (None, _) => {}
                }
                if let Some(role) = role {
                    fresh(&server, role, &mut token, &mut tries).await;
                    call = call.by(&token);
                }
                holds(&what, operation, &call.await);
            }
        }
    }
    let check = server.post("/api/admin/database/validate", &json!({}));
    fresh(&server, Role::Admin, &mut token, &mut tries).await;
    if role == Some(Role::Admin) {
        assert_eq!(check.by(&token).await.is(200).body["status"], "success");
    }
}

#[tokio::test]
async fn an_administrator_who_sends_nonsense_breaks_nothing() {
    walk(7, Some(Role::Admin)).await;
}

#[tokio::test]
async fn a_stranger_who_sends_nonsense_breaks_nothing() {
    walk(11, None).await;
}

#[tokio::test]
async fn an_official_who_sends_nonsense_breaks_nothing() {
    walk(13, Some(Role::Official)).await;
}
