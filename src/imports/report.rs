//! What an import says about itself. The numbers are those of the database after the commit.

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use serde::Serialize;

use super::Dataset;
use super::findings::Findings;
use super::place::{Place, RowError};
use crate::db::Entity;
use crate::http::reply::{Reply, ReplyBuilder};
use crate::rules::text;

/// Errors named one by one; more are only counted.
const MAX_ERRORS: usize = 1_000;
const MAX_IDS: usize = 10_000;
const MAX_NOTES: usize = 100;
/// Characters of a note: headings and members may have thousands.
const MAX_NOTE: usize = 300;

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// No row was refused.
    Success,
    /// Some rows were refused.
    Partial,
    /// Every row was refused, or the whole import was.
    Failed,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Partial => "partial",
            Outcome::Failed => "failed",
        }
    }
}

/// Counts of the rows of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Tally {
    /// New rows
    #[serde(rename = "success")]
    pub imported: u64,
    pub failed: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub skipped: u64,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
        self.imported += other.imported;
        self.failed += other.failed;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
    }

    /// Rows read.
    pub fn rows(self) -> u64 {
        self.imported + self.failed + self.updated + self.unchanged + self.skipped
    }

    fn outcome(self) -> Outcome {
        let good = self.imported + self.updated + self.unchanged + self.skipped;
        match (self.failed, good) {
            (0, _) => Outcome::Success,
            (_, 0) => Outcome::Failed,
            _ => Outcome::Partial,
        }
    }
}

/// Rows refused, named up to a limit.
#[derive(Debug, Clone, Default)]
pub struct Refusals {
    errors: Vec<String>,
    details: Vec<RowError>,
    truncated: bool,
}

impl Refusals {
    pub fn add(&mut self, place: Place, error: RowError) {
        if self.details.len() < MAX_ERRORS {
            self.errors.push(format!("{}: {}", place.begins(), error.message));
            self.details.push(error);
        } else {
            self.truncated = true;
        }
    }

    /// The sentences, at most 1,000.
    pub fn sentences(&self) -> &[String] {
        &self.errors
    }

    pub fn details(&self) -> &[RowError] {
        &self.details
    }
}

/// What every kind of import keeps count of.
#[derive(Debug, Clone, Default)]
pub struct Account {
    pub tallies: BTreeMap<Entity, Tally>,
    pub refusals: Refusals,
    pub ids: BTreeMap<Entity, Vec<i64>>,
    pub ids_truncated: bool,
    /// Rows that were taken although something about them is odd.
    warnings: Refusals,
    /// Athletes that entries brought with them.
    pub created_athletes: u64,
    /// Fields as the file calls them.
    pub headings: HashMap<String, String>,
    /// Problems by kind and changes cell by cell, where a preview wants them.
    pub findings: Option<Box<Findings>>,
    /// The last refusal, until it is written down.
    refusal: Option<(Place, Vec<String>)>,
    notes: Vec<String>,
}

impl Account {
    pub fn tally(&mut self, entity: Entity) -> &mut Tally {
        self.tallies.entry(entity).or_default()
    }

    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        self.tallies.values().for_each(|tally| total.add(*tally));
        total
    }

    pub fn refuse(&mut self, entity: Entity, place: Place, errors: Vec<RowError>) {
        self.tally(entity).failed += 1;
        self.refusal = Some((place, errors.iter().map(|error| error.message.clone()).collect()));
        for mut error in errors {
            self.named_as_in_file(&mut error);
            if let Some(findings) = &mut self.findings {
                findings.problem(place, &error);
            }
            self.refusals.add(place, error);
        }
    }

    /// Something odd about a row that is taken.
    pub fn warn(&mut self, place: Place, mut warning: RowError) {
        self.named_as_in_file(&mut warning);
        self.warnings.add(place, warning);
    }

    /// Columns are called as the file calls them.
    fn named_as_in_file(&self, error: &mut RowError) {
        if let Some(heading) = error.column.as_ref().and_then(|column| self.headings.get(column)) {
            error.column = Some(heading.clone());
        }
    }

    /// Where and why the last row was refused, if it was.
    pub fn take_refusal(&mut self) -> Option<(Place, Vec<String>)> {
        self.refusal.take()
    }

    pub fn imported(&mut self, entity: Entity, id: i64) {
        self.tally(entity).imported += 1;
        let ids = self.ids.entry(entity).or_default();
        if ids.len() < MAX_IDS {
            ids.push(id);
        } else {
            self.ids_truncated = true;
        }
    }

    pub fn note(&mut self, note: String) {
        let note = text::excerpt(&note, MAX_NOTE);
        if self.notes.len() < MAX_NOTES && !self.notes.iter().any(|known| *known == note) {
            self.notes.push(note.into_owned());
        }
    }
}

/// What is known of an import besides its counts.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub import_id: Option<i64>,
    pub dry_run: bool,
    /// Atomic, and some rows were bad: nothing was kept.
    pub refused: bool,
    pub same_file_as: Option<i64>,
    pub duration_ms: u64,
    pub file_name: String,
    pub sha256: String,
}

/// The report of an import.
#[derive(Debug, Clone)]
pub struct Report {
    pub dataset: Dataset,
    pub account: Account,
    pub facts: Facts,
}

/// The members of every report.
#[derive(Serialize)]
struct Shared<'a> {
    status: Outcome,
    errors: &'a [String],
    error_details: &'a [RowError],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    errors_truncated: bool,
    /// Rows that were taken, and should be looked at
    #[serde(skip_serializing_if = "<[RowError]>::is_empty")]
    warnings: &'a [RowError],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    warnings_truncated: bool,
    import_id: Option<i64>,
    dry_run: bool,
    duration_ms: u64,
    rows_per_second: u64,
    file_name: &'a str,
    sha256: &'a str,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    same_file_as: Option<i64>,
}

fn shared<'a>(account: &'a Account, facts: &'a Facts) -> Shared<'a> {
    let total = account.total();
    Shared {
        status: if facts.refused { Outcome::Failed } else { total.outcome() },
        errors: &account.refusals.errors,
        error_details: &account.refusals.details,
        errors_truncated: account.refusals.truncated,
        warnings: &account.warnings.details,
        warnings_truncated: account.warnings.truncated,
        import_id: facts.import_id,
        dry_run: facts.dry_run,
        duration_ms: facts.duration_ms,
        rows_per_second: total.rows() * 1000 / facts.duration_ms.max(1),
        file_name: &facts.file_name,
        sha256: &facts.sha256,
        notes: &account.notes,
        same_file_as: facts.same_file_as,
    }
}

/// 201 something new; 200 nothing new, or a dry run; 207 some or all rows refused; 422 an atomic refusal.
fn status_code(total: Tally, facts: &Facts) -> StatusCode {
    if facts.dry_run {
        StatusCode::OK
    } else if facts.refused {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if total.failed > 0 {
        StatusCode::MULTI_STATUS
    } else if total.imported > 0 {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

/// The counts as they are told. Of a refused import nothing was kept: its good rows were passed over.
fn told(tally: Tally, facts: &Facts) -> Tally {
    if !facts.refused {
        return tally;
    }
    Tally { imported: 0, updated: 0, skipped: tally.skipped + tally.imported + tally.updated, ..tally }
}

fn sentence(total: Tally, facts: &Facts, what: &str) -> String {
    let Tally { imported, failed, updated, unchanged, skipped } = total;
    if facts.refused {
        let nothing = if facts.dry_run { "Nothing would be imported" } else { "Nothing was imported" };
        let rows = if failed == 1 { "1 row is" } else { &format!("{failed} rows are") };
        return format!("❌ {nothing}, because {rows} not right");
    }
    let mut parts = vec![format!("{imported} {what} {}", if facts.dry_run { "would be imported" } else { "imported" })];
    for (count, word) in [(updated, "updated"), (unchanged, "unchanged"), (skipped, "skipped"), (failed, "refused")] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    let listed = parts.join(", ");
    match total.outcome() {
        Outcome::Success => format!("✅ {listed}"),
        Outcome::Partial => format!("⚠️ {listed}"),
        Outcome::Failed => format!("❌ {listed}"),
    }
}

impl Report {
    /// The counts of all rows; of a refused import its good rows count as passed over.
    pub fn tally(&self) -> Tally {
        told(self.account.total(), &self.facts)
    }

    pub fn outcome(&self) -> Outcome {
        shared(&self.account, &self.facts).status
    }

    /// The answer of the API.
    pub fn reply(&self) -> Reply {
        self.open_reply().done()
    }

    /// The answer of the API, for members of the caller's own.
    pub fn open_reply(&self) -> ReplyBuilder {
        // Ids of a dry run or of a refused import lead to nothing.
        let is_kept = !self.facts.dry_run && !self.facts.refused;
        match self.dataset {
            Dataset::Rows(entity) => {
                let message = sentence(self.tally(), &self.facts, entity.table());
                let ids = self.account.ids.get(&entity).filter(|_| is_kept).map_or(&[][..], Vec::as_slice);
                counted(&self.account, &self.facts, &message).member("imported_ids", ids)
            }
            Dataset::Bulk => self.bulk_reply(is_kept),
        }
    }

    fn bulk_reply(&self, is_kept: bool) -> ReplyBuilder {
        let total = self.tally();
        let results: BTreeMap<&str, Tally> =
            self.account.tallies.iter().map(|(entity, tally)| (entity.table(), told(*tally, &self.facts))).collect();
        let ids = self.account.ids.iter().filter(|_| is_kept);
        let ids: BTreeMap<&str, &[i64]> = ids.map(|(entity, ids)| (entity.table(), ids.as_slice())).collect();
        let message = sentence(total, &self.facts, "rows");
        counted(&self.account, &self.facts, &message)
            .member("results", results)
            .member("total_imported", total.imported)
            .member("total_updated", total.updated)
            .member("total_failed", total.failed)
            .member("imported_ids", ids)
    }
}

/// What every report begins with: status, facts and the counts of all rows.
fn counted(account: &Account, facts: &Facts, message: &str) -> ReplyBuilder {
    let total = told(account.total(), facts);
    let mut reply = Reply::with(status_code(total, facts), message)
        .members(shared(account, facts))
        .member("imported", total.imported)
        .member("updated", total.updated)
        .member("unchanged", total.unchanged)
        .member("skipped", total.skipped)
        .member("failed", total.failed);
    if account.created_athletes > 0 {
        reply = reply.member("athletes_created", account.created_athletes);
    }
    if account.ids_truncated { reply.member("imported_ids_truncated", true) } else { reply }
}
