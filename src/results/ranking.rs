//! The places of an event's results by the rules: shown first, stored when that is asked for.

use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::Connection;
use serde::Serialize;
use serde_json::Value;

use super::MeetResult;
use crate::audit::Actor;
use crate::db::{DbError, Entity, Tx};
use crate::events::Event;
use crate::records::{self, EntryNames, RecordError, Sight, all_where, is_stale};
use crate::rules::discipline::Measure;
use crate::rules::mark::{Centimetres, Points, TimeMs};
use crate::rules::ranking::Status;
use crate::rules::ranking::round::{Contest, Open, Ranking, Row, lists, rank};

mod routes;

pub use routes::routes;

/// Which results are ranked, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only this round.
    pub round: Option<String>,
    /// All heats of a round as one result. Unless it is said, only those of a final are.
    pub together: Option<bool>,
}

/// What the rules make of the results of an event.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    pub event_id: i64,
    pub event_name: String,
    /// Each heat, or each round that has one result
    pub lists: Vec<RankedList>,
    /// Places that differ from the stored ones
    pub changed: usize,
    pub unchanged: usize,
    /// What the marks leave to a person
    pub open: Vec<OpenQuestion>,
    #[serde(skip)]
    #[schema(ignore)]
    pub tag: String,
}

/// Results that are ranked with one another.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RankedList {
    pub round: String,
    /// null: all heats of the round together
    pub heat_number: Option<i64>,
    /// By the new place, then those without one
    #[schema(inline)]
    pub results: Vec<RankedResult>,
}

/// One result with its place before and after, and why.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RankedResult {
    pub id: i64,
    pub athlete_id: i64,
    #[serde(flatten)]
    #[schema(ignore)]
    pub names: EntryNames,
    pub heat_number: Option<i64>,
    pub status: String,
    /// As a list shows it
    pub mark: Option<String>,
    pub before: Option<i64>,
    pub after: Option<i64>,
    /// mark, last-mark, judges, shared, entered-place, status or nothing-stored
    pub reason: &'static str,
    /// The reason in words
    pub explanation: String,
}

/// What a person has to decide, or to look at.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenQuestion {
    pub round: String,
    pub heat_number: Option<i64>,
    /// tie, jump-off, judged or nothing-stored
    pub code: &'static str,
    pub place: Option<u32>,
    pub result_ids: Vec<i64>,
    pub text: String,
}

/// Ranks the stored results of an event. Nothing is stored.
///
/// # Errors
/// There is no such event.
pub fn propose(conn: &Connection, event_id: i64, wanted: &Wanted) -> Result<Proposal, RecordError> {
    let event: Event = records::get(conn, event_id)?;
    let contest = Contest::of(event.discipline(), event.measure());
    let mut results = all_where::<MeetResult>(conn, "event_id = ?1", event_id)?;
    let tag = tag_of(&event, &results);
    results.retain(|result| wanted.round.as_ref().is_none_or(|round| *round == result.round));
    results.sort_by(|a, b| (&a.round, a.id).cmp(&(&b.round, b.id)));
    let mut proposal = Proposal {
        event_id,
        event_name: event.name.clone(),
        lists: Vec::new(),
        changed: 0,
        unchanged: 0,
        open: Vec::new(),
        tag,
    };
    for round in results.chunk_by(|a, b| a.round == b.round) {
        let rows: Vec<Row> = round.iter().map(|result| row_of(result, event.measure())).collect();
        let together = wanted.together.unwrap_or(round[0].round == "final");
        for members in lists(contest, &rows, together) {
            let own: Vec<&MeetResult> = members.iter().map(|at| &round[*at]).collect();
            let rows: Vec<Row> = members.iter().map(|at| rows[*at]).collect();
            proposal.add(conn, &own, &rank(contest, &rows), event.measure(), is_one_heat(&own))?;
        }
    }
    Ok(proposal)
}

/// The heat of a list that is one.
fn is_one_heat(results: &[&MeetResult]) -> Option<i64> {
    let first = results.first()?.heat_number;
    first.filter(|_| results.iter().all(|result| result.heat_number == first))
}

impl Proposal {
    fn add(
        &mut self,
        conn: &Connection,
        results: &[&MeetResult],
        ranking: &Ranking,
        measure: Measure,
        heat_number: Option<i64>,
    ) -> Result<(), DbError> {
        let Some(round) = results.first().map(|result| result.round.clone()) else { return Ok(()) };
        let mut ranked = Vec::with_capacity(results.len());
        for (result, placed) in results.iter().zip(&ranking.placed) {
            let after = placed.place.map(i64::from);
            if result.position == after {
                self.unchanged += 1
            } else {
                self.changed += 1
            }
            ranked.push(RankedResult {
                id: result.id,
                athlete_id: result.athlete_id,
                names: EntryNames::of(conn, &Sight::Public, result.athlete_id, result.event_id)?,
                heat_number: result.heat_number,
                status: result.status.clone(),
                mark: mark_text(result, measure),
                before: result.position,
                after,
                reason: placed.reason.code(),
                explanation: placed.to_string(),
            });
        }
        let status = |row: &RankedResult| Status::read(&row.status).unwrap_or(Status::Finished);
        ranked.sort_by_key(|row| (row.after.is_none(), row.after, status(row), row.id));
        self.open.extend(ranking.open.iter().map(|open| question(open, results, &round, heat_number)));
        self.lists.push(RankedList { round, heat_number, results: ranked });
        Ok(())
    }
}

fn question(open: &Open, results: &[&MeetResult], round: &str, heat_number: Option<i64>) -> OpenQuestion {
    let (code, place, among) = match open {
        Open::Tie { place, among, jump_off: true } => ("jump-off", Some(*place), among),
        Open::Tie { place, among, jump_off: false } => ("tie", Some(*place), among),
        Open::Judged { place, among } => ("judged", Some(*place), among),
        Open::NothingStored { among } => ("nothing-stored", None, among),
    };
    let result_ids = among.iter().map(|at| results[*at].id).collect();
    OpenQuestion { round: round.to_owned(), heat_number, code, place, result_ids, text: open.to_string() }
}

fn row_of(result: &MeetResult, measure: Measure) -> Row {
    let mark = match measure {
        Measure::Time => result.time_seconds.map(|TimeMs(ms)| ms),
        Measure::Distance => result.distance_meters.map(|Centimetres(cm)| cm),
        Measure::Points => result.points.map(|Points(hundredths)| hundredths),
    };
    Row {
        // Statuses are checked when a result is stored.
        status: Status::read(&result.status).unwrap_or(Status::Finished),
        mark,
        place: result.position.and_then(|place| u32::try_from(place).ok()),
        heat: result.heat_number.and_then(|heat| u32::try_from(heat).ok()).unwrap_or(0),
    }
}

fn mark_text(result: &MeetResult, measure: Measure) -> Option<String> {
    match measure {
        Measure::Time => result.time_seconds.map(TimeMs::to_clock),
        Measure::Distance => result.distance_meters.map(Centimetres::to_decimal),
        Measure::Points => result.points.map(|points| points.to_string()),
    }
}

/// Tells this state of the event's results from every other one.
fn tag_of(event: &Event, results: &[MeetResult]) -> String {
    // Its keys are fixed, so that a tag means the same after a restart.
    let mut hasher = DefaultHasher::new();
    event.version.hash(&mut hasher);
    results.iter().for_each(|result| (result.id, result.version).hash(&mut hasher));
    format!("\"ranking-{}-{:016x}\"", event.id, hasher.finish())
}

/// Stores the places that differ, each with its audit row. With `if_match` only when nothing has changed since the proposal that
/// had this tag.
///
/// # Errors
/// There is no such event, or something has changed: the new proposal comes along.
pub fn apply(
    tx: &mut Tx<'_>,
    by: &Actor,
    event_id: i64,
    wanted: &Wanted,
    if_match: Option<&str>,
) -> Result<Proposal, RecordError> {
    let proposal = propose(tx.conn(), event_id, wanted)?;
    if is_stale(if_match, &proposal.tag) {
        let current = serde_json::to_value(&proposal).unwrap_or(Value::Null);
        return Err(RecordError::Stale { entity: Entity::Events, current });
    }
    for ranked in proposal.lists.iter().flat_map(|list| &list.results).filter(|ranked| ranked.before != ranked.after) {
        let before: MeetResult = records::get(tx.conn(), ranked.id)?;
        let mut after = MeetResult { position: ranked.after, ..before.clone() };
        records::change(tx, by, &before, &mut after)?;
    }
    Ok(Proposal { tag: propose(tx.conn(), event_id, wanted)?.tag, ..proposal })
}
