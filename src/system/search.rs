//! `/api/search`: one box over everything.

use axum::extract::{RawQuery, State};
use rusqlite::Connection;
use serde_json::value::RawValue;

use crate::athletes::Athlete;
use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::events::Event;
use crate::http::api::{Access, Api, Op, integer, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::races::Race;
use crate::records::{Resource, Sight, pairs, write_whole};
use crate::state::App;
use crate::users::User;

/// Most hits of each kind.
const MOST: u32 = 20;
const TYPES: [&str; 5] = ["all", "athletes", "races", "events", "users"];

pub fn routes() -> Api {
    let op = Op::new("Find athletes, races, events and users", Access::Everyone)
        .query("q", "what to look for")
        .query("type", "all, athletes, races, events or users")
        .answer(200, "Hits by kind, 20 of each at most", &[("results", object()), ("total", integer())]);
    Api::new().get("/api/search", search, op)
}

async fn search(visitor: Visitor, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let (mut wanted, mut kind) = (String::new(), "all".to_owned());
    for (name, value) in pairs(&query.unwrap_or_default()) {
        match name.as_str() {
            "q" => wanted = value,
            "type" if TYPES.contains(&value.as_str()) => kind = value,
            "type" => {
                let detail = format!("type knows {}", TYPES.join(", "));
                return Err(ApiError::bad_request("invalid-parameter", detail));
            }
            _ => {
                let detail = "Only q and type may stand behind the ?";
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["q", "type"]));
            }
        }
    }
    if kind == "users" {
        visitor.require(Action::ManageUsers)?;
    }
    app.db().read(move |conn| find_all(conn, &visitor, &wanted, &kind)).await
}

fn find_all(conn: &Connection, visitor: &Visitor, wanted: &str, kind: &str) -> ApiResult<Reply> {
    let sight = Sight::of(conn, visitor)?;
    let asked = |name: &str| kind == "all" || kind == name;
    let (mut found, mut total) = (serde_json::Map::new(), 0);
    let mut add = |name: &str, rows: Vec<Box<RawValue>>| {
        total += rows.len();
        let rows = rows.iter().filter_map(|row| serde_json::from_str(row.get()).ok()).collect();
        found.insert(name.to_owned(), serde_json::Value::Array(rows));
    };
    if asked("athletes") {
        add("athletes", hits::<Athlete>(conn, wanted, &sight)?);
    }
    if asked("races") {
        add("races", hits::<Race>(conn, wanted, &sight)?);
    }
    if asked("events") {
        add("events", hits::<Event>(conn, wanted, &sight)?);
    }
    if asked("users") && visitor.may(Action::ManageUsers) {
        add("users", hits::<User>(conn, wanted, &sight)?);
    }
    Ok(Reply::ok(&format!("{total} found"))
        .member("results", found)
        .member("total", total)
        .member("query", wanted)
        .done())
}

fn hits<R: Resource>(conn: &Connection, wanted: &str, sight: &Sight) -> ApiResult<Vec<Box<RawValue>>> {
    if wanted.trim().is_empty() {
        return Ok(Vec::new());
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", wanted).finish();
    let mut asked = R::LIST.parse(&query, false)?;
    asked.per_page = MOST;
    let mut rows = Vec::new();
    asked.page::<R>(conn, |row| {
        let mut text = Vec::new();
        write_whole(conn, &row, sight, false, &mut text)?;
        let text = String::from_utf8(text).expect("JSON is UTF-8");
        rows.push(RawValue::from_string(text).expect("our own records serialise"));
        Ok(())
    })?;
    Ok(rows)
}
