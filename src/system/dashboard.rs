//! `/api/dashboard/stats`: the numbers of the overview. Only what is really there.

mod bibs;
mod decisions;
mod numbers;
mod timeline;

use axum::extract::{RawQuery, State};
use rusqlite::Connection;

use self::numbers::Scope;
use crate::athletes::{Pair, pairs_soon};
use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::db::{Entity, TableMoment};
use crate::health;
use crate::http::api::{Access, Api, Op, integer, list_of, object, or_null};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::privacy;
use crate::records;
use crate::state::App;

pub fn routes() -> Api {
    let members = [
        ("counts", object()),
        ("trend", list_of(object())),
        ("distribution", object()),
        ("pending", object()),
        ("decisions", list_of(object())),
        ("timeline", list_of(object())),
        ("battery", or_null(object())),
        ("free_disk_bytes", or_null(integer())),
    ];
    let op = Op::new("Counts, trend, what is on, and what waits for somebody", Access::Needs(Action::BeSignedIn))
        .query("raceId", "the numbers of one race; decisions and the timeline are always those of all")
        .answer(200, "The numbers", &members);
    Api::new().get("/api/dashboard/stats", stats, op)
}

async fn stats(visitor: Visitor, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    visitor.require(Action::BeSignedIn)?;
    let race = race_of(&query.unwrap_or_default())?;
    let pairs = if visitor.may(Action::ManageAthletes) { pairs_soon(&app).await } else { None };
    let with = app.clone();
    let read = move |conn: &_| {
        let pairs = pairs.as_ref().map(|pairs| pairs.as_slice());
        overview(conn, &visitor, &with, &Scope { race }, pairs)
    };
    app.db().read(read).await
}

/// The race that is asked for, if it is one.
fn race_of(query: &str) -> ApiResult<Option<i64>> {
    let mut race = None;
    for (name, value) in records::pairs(query) {
        if name != "raceId" {
            let detail = "Only raceId may stand behind the ?";
            return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["raceId"]));
        }
        let id = value.parse().map_err(|_| ApiError::bad_request("invalid-parameter", "raceId is the id of a race"))?;
        race = Some(id);
    }
    Ok(race)
}

fn overview(
    conn: &Connection,
    visitor: &Visitor,
    app: &App,
    scope: &Scope,
    pairs: Option<&[Pair]>,
) -> ApiResult<Reply> {
    let (db, memo) = (app.db(), app.overview());
    let at = TableMoment::of(db.changes());
    let today = crate::time::today();
    let day = i64::from(today.day_of_year()) + i64::from(today.year()) * 1000;
    let mut counts = health::counts(conn)?;
    if !visitor.may(Action::ReadPrivateFields) {
        counts.retain(|name, _| !matches!(*name, "users" | "audit_logs"));
    }
    scope.narrow(conn, &mut counts)?;
    let meet = [Entity::Races, Entity::Events, Entity::Registrations, Entity::Results];
    let numbers = scope.numbers(conn, memo, &at)?;
    let timeline = memo.get("timeline", &at, &meet, day, || timeline::timeline(conn, today))?;
    let (battery, free_disk) = (app.health().battery(), health::free_disk(db));
    let mut decisions = decisions::in_rows(conn, visitor, memo, &at, day, pairs)?;
    if visitor.may(Action::EnterResults) {
        decisions.splice(0..0, decisions::in_machine(free_disk, battery));
    }
    if visitor.may(Action::Administer) {
        decisions.splice(0..0, decisions::in_backups(app.backups().problems()));
        decisions.splice(0..0, app.sync().error().map(decisions::in_copy));
        let due = app.settings().values.keep_contacts_days.map(|days| privacy::due(conn, days, today)).transpose()?;
        decisions.extend(due.and_then(|due| decisions::in_contacts(due.count)));
    }
    Ok(Reply::ok("The numbers of the meet")
        .member("counts", counts)
        .member("trend", numbers.trend)
        .member("distribution", numbers.distribution)
        .member("pending", numbers.pending)
        .member("decisions", decisions)
        .member("timeline", timeline)
        .member("battery", battery)
        .member("free_disk_bytes", free_disk)
        .done())
}
