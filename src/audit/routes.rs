//! `/api/admin/audit-logs`: who did what, and the state of the chain.

use axum::extract::{RawQuery, State};
use rusqlite::types::Value as Sql;

use super::store::{Asked, AuditRow, page};
use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::db::DbError;
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::records::{pairs, read_date};
use crate::rules::text;
use crate::state::App;
use crate::time::Moment;

const KNOWN: [&str; 9] = ["page", "perPage", "sort", "user", "action", "entity", "from", "to", "q"];
const DAY_MS: i64 = 24 * 3600 * 1000;

pub fn routes() -> Api {
    let op = Op::new("Who did what", Access::Needs(Action::Administer))
        .query("user", "id or name of the user")
        .query("action", "create, update, delete, login, login_failed, logout, import, export, undo, backup, restore, permission_denied or setting")
        .query("entity", "athlete, race, … or athlete/12")
        .query("from", "a moment or a day")
        .query("to", "a moment, or a day that is still included")
        .query("q", "free text")
        .query("sort", "seq or -seq (usual: newest first)")
        .query("page", "from 1")
        .query("perPage", "1 to 500, usually 50")
        .answer(200, "One page of the log", &[
            ("audit_logs", list_of(object())),
            ("count", integer()),
            ("total", integer()),
            ("page", integer()),
            ("perPage", integer()),
        ]);
    let chain = Op::new("Whether the chain of the log holds", Access::Needs(Action::Administer))
        .query("fresh", "true: walk along it again, also when no row has been added since the last walk")
        .answer(200, "What the last walk found", &[("chain", object())]);
    Api::new().get("/api/admin/audit-logs", list, op).get("/api/admin/audit-logs/chain", chain_state, chain)
}

async fn chain_state(_who: Auth<Administer>, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let fresh = match query.as_deref().unwrap_or_default() {
        "" | "fresh=false" => false,
        "fresh=true" => true,
        _ => {
            let detail = "Only fresh=true or fresh=false may stand behind the ?";
            return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["fresh"]));
        }
    };
    let walk = tokio::task::spawn_blocking(move || app.chain().state(app.db(), fresh));
    let state = walk.await.map_err(|_| DbError::Panicked)??;
    let message = match &state.fault {
        None => format!("✅ {} audit rows, chain intact", state.rows),
        Some(fault) => format!("❌ The chain does not hold: {fault}"),
    };
    Ok(Reply::ok(&message).member("chain", state).done())
}

async fn list(_who: Auth<Administer>, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let (asked, page_number) = read(&query.unwrap_or_default())?;
    let per_page = asked.limit;
    let (rows, total): (Vec<AuditRow>, i64) = app.db().read(move |conn| page(conn, &asked)).await?;
    Ok(Reply::ok(&format!("{} of {total} audit rows", rows.len()))
        .member("count", rows.len())
        .member("audit_logs", rows)
        .member("total", total)
        .member("page", page_number)
        .member("perPage", per_page)
        .done())
}

fn read(query: &str) -> ApiResult<(Asked, u32)> {
    let mut asked = Asked { limit: 50, ..Asked::default() };
    let mut page = 1;
    for (name, value) in pairs(query) {
        let wrong = || {
            let shown = text::excerpt(&value, 40);
            ApiError::bad_request("invalid-parameter", format!("'{shown}' is not a value for {name}"))
        };
        match name.as_str() {
            "page" => page = value.parse().ok().filter(|page| *page > 0).ok_or_else(wrong)?,
            "perPage" => asked.limit = value.parse().ok().filter(|n| (1..=500).contains(n)).ok_or_else(wrong)?,
            "sort" => {
                asked.ascending = match value.as_str() {
                    "seq" | "id" | "createdAt" => true,
                    "-seq" | "-id" | "-createdAt" => false,
                    _ => return Err(wrong()),
                }
            }
            "user" => match value.parse::<i64>() {
                Ok(id) => asked.add("l.user_id = ?", Sql::Integer(id)),
                Err(_) => asked.add("l.user_name LIKE ?", Sql::Text(value)),
            },
            "action" => asked.add("l.action = ?", Sql::Text(value)),
            "entity" => asked.entity(&value),
            "from" => asked.add("l.created_at >= ?", Sql::Integer(moment(&value, 0).ok_or_else(wrong)?)),
            "to" => asked.add("l.created_at < ?", Sql::Integer(moment(&value, DAY_MS).ok_or_else(wrong)?)),
            "q" if text::has_control(&value) => return Err(wrong()),
            "q" => asked.search(&value),
            _ => {
                let shown = text::excerpt(&name, 40);
                let detail = format!("{shown} is not a known parameter; known are {}", KNOWN.join(", "));
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", KNOWN));
            }
        }
    }
    asked.offset = u64::from(page - 1) * u64::from(asked.limit);
    Ok((asked, page))
}

impl Asked {
    fn add(&mut self, condition: &'static str, value: Sql) {
        self.conditions.push(condition);
        self.values.push(value);
    }

    /// `athlete`, `athletes` or `athlete/12`.
    fn entity(&mut self, value: &str) {
        let (kind, id) = value.split_once('/').map_or((value, None), |(kind, id)| (kind, id.parse::<i64>().ok()));
        let kind = crate::db::Entity::from_table(kind).map_or(kind, |entity| entity.singular());
        self.add("l.entity_type = ?", Sql::Text(kind.to_owned()));
        if let Some(id) = id {
            self.add("l.entity_id = ?", Sql::Integer(id));
        }
    }

    fn search(&mut self, value: &str) {
        let pattern = Sql::Text(format!("%{}%", value.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")));
        let condition = "(l.user_name LIKE ? ESCAPE '\\' OR p.before LIKE ? ESCAPE '\\' OR p.after LIKE ? ESCAPE '\\'
            OR p.details LIKE ? ESCAPE '\\')";
        self.conditions.push(condition);
        self.values.extend([pattern.clone(), pattern.clone(), pattern.clone(), pattern]);
    }
}

/// A moment, or a whole day with `add` milliseconds put on it.
fn moment(text: &str, add: i64) -> Option<i64> {
    match read_date(text, "") {
        Ok(day) => Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond() + add),
        Err(_) => Moment::read(text).map(|moment| moment.0),
    }
}
