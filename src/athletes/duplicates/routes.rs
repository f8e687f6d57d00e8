//! `GET /api/athletes/duplicates`: pairs who may be one person, with what is known of both.

use axum::extract::{RawQuery, State};
use rusqlite::Connection;
use serde::Serialize;

use super::{Pair, Reason};
use crate::athletes::Athlete;
use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::db::DbError;
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::ApiResult;
use crate::http::reply::Reply;
use crate::records::{find, paging};
use crate::state::App;

pub fn routes() -> Api {
    let op = Op::new("Athletes who may be one person, the surest pairs first", Access::Needs(Action::ManageAthletes))
        .query("page", "from 1")
        .query("perPage", "1 to 500, usually 50")
        .answer(
            200,
            "One page of pairs, each with its reasons and both athletes",
            &[
                ("duplicates", list_of(object())),
                ("count", integer()),
                ("total", integer()),
                ("page", integer()),
                ("perPage", integer()),
            ],
        );
    Api::new().get("/api/athletes/duplicates", list, op)
}

/// A pair as the API shows it.
#[derive(Serialize)]
struct Shown {
    id: String,
    reasons: Vec<Reason>,
    sureness: u8,
    athletes: [Counted; 2],
}

/// An athlete, and how much hangs on them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counted {
    #[serde(flatten)]
    athlete: Athlete,
    registration_count: i64,
    result_count: i64,
}

async fn list(visitor: Visitor, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    visitor.require(Action::ManageAthletes)?;
    let (page, per_page) = paging(query.as_deref())?;
    let pairs = app.duplicates().pairs(app.db()).await?;
    let total = pairs.len();
    let skipped = (page as usize - 1).saturating_mul(per_page as usize);
    let wanted: Vec<Pair> = pairs.iter().skip(skipped).take(per_page as usize).cloned().collect();
    let rows =
        app.db().read(move |conn| wanted.iter().filter_map(|pair| shown(conn, pair).transpose()).collect()).await?;
    let rows: Vec<Shown> = rows;
    Ok(Reply::ok(&format!("{} of {total} pairs", rows.len()))
        .member("count", rows.len())
        .member("duplicates", rows)
        .member("total", total)
        .member("page", page)
        .member("perPage", per_page)
        .done())
}

/// `None` when one of the two was deleted a moment ago.
fn shown(conn: &Connection, pair: &Pair) -> Result<Option<Shown>, DbError> {
    let (Some(one), Some(other)) = (counted(conn, pair.first)?, counted(conn, pair.second)?) else { return Ok(None) };
    let id = format!("{}-{}", pair.first, pair.second);
    Ok(Some(Shown { id, reasons: pair.reasons.clone(), sureness: pair.sureness, athletes: [one, other] }))
}

fn counted(conn: &Connection, id: i64) -> Result<Option<Counted>, DbError> {
    let Some(athlete) = find::<Athlete>(conn, id)? else { return Ok(None) };
    let count = |table: &str| -> Result<i64, DbError> {
        let sql = format!("SELECT count(*) FROM {table} WHERE athlete_id = ?1");
        Ok(conn.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?)
    };
    Ok(Some(Counted { athlete, registration_count: count("registrations")?, result_count: count("results")? }))
}
