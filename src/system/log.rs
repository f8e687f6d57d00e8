//! `/api/admin/logs`: the newest lines of the log, for administrators.

use axum::extract::RawQuery;

use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::logs::{self, Wanted};
use crate::records::pairs;
use crate::rules::text;

const KNOWN: [&str; 4] = ["level", "q", "after", "limit"];
const MOST: usize = 1_000;

pub fn routes() -> Api {
    let op = Op::new("The newest lines of the log, 2,000 at most since the start", Access::Needs(Action::Administer))
        .query("level", "error, warn, info (usual), debug or trace: lines this severe at least")
        .query("q", "free text in message, target and fields")
        .query("after", "only lines behind the one with this seq, the next ones first")
        .query("limit", "1 to 1,000, usually 200")
        .answer(
            200,
            "Lines, the newest last; the seq of the oldest there is and of the newest",
            &[("logs", list_of(object())), ("newest", integer()), ("oldest", integer())],
        );
    Api::new().get("/api/admin/logs", lines, op)
}

async fn lines(_who: Auth<Administer>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let part = logs::newest().part(&wanted(&query.unwrap_or_default())?);
    Ok(Reply::ok(&format!("{} lines of the log", part.lines.len()))
        .member("logs", part.lines)
        .member("newest", part.newest)
        .member("oldest", part.oldest)
        .done())
}

fn wanted(query: &str) -> ApiResult<Wanted> {
    let mut wanted = Wanted { level: tracing::Level::INFO, text: String::new(), after: None, limit: 200 };
    for (name, value) in pairs(query) {
        let wrong = || {
            let shown = text::excerpt(&value, 40);
            ApiError::bad_request("invalid-parameter", format!("'{shown}' is not a value for {name}"))
        };
        match name.as_str() {
            "level" => wanted.level = logs::level(&value).ok_or_else(wrong)?,
            "q" => wanted.text = value.trim().to_lowercase(),
            "after" if value.is_empty() => {}
            "after" => wanted.after = Some(value.parse().map_err(|_| wrong())?),
            "limit" => {
                wanted.limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit)).ok_or_else(wrong)?;
            }
            _ => {
                let shown = text::excerpt(&name, 40);
                let detail = format!("{shown} is not a known parameter; known are {}", KNOWN.join(", "));
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", KNOWN));
            }
        }
    }
    Ok(wanted)
}
