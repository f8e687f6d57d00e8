//! How an import begins and ends in the database: history, audit, kept files; and how it is told.

use std::collections::BTreeSet;
use std::time::Instant;

use rusqlite::Connection;

use super::kept::{self, Kind};
use super::progress::Phase;
use super::run::Run;
use super::{ImportError, history, links, remembered};
use crate::audit::{Entry, Verb};
use crate::db::{self, Db, DbError, Entity, Tx};
use crate::http::idempotency;
use crate::http::reply::Reply;
use crate::records;

/// Why an import is taken back before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// The server ended in the middle.
    Crashed,
    /// Somebody stopped it.
    Cancelled,
    /// Atomic, and some of its rows were bad.
    Refused,
    /// The disk, or the file.
    Failed,
}

impl Unfinished {
    /// The beginning of the sentence that tells of it.
    pub fn sentence(self) -> &'static str {
        match self {
            Unfinished::Crashed => "The server ended in the middle of this import. It was taken back",
            Unfinished::Cancelled => "This import was stopped. It was taken back",
            Unfinished::Refused => "Some rows of this import were not right. It was taken back",
            Unfinished::Failed => "This import could not be completed. It was taken back",
        }
    }
}

pub(super) fn begin(tx: &mut Tx<'_>, run: &mut Run) -> Result<(), ImportError> {
    db::log_ranges(tx.conn(), true)?;
    run.ledger.restore = empty_tables(tx.conn())?;
    (run.ledger.is_export, run.ledger.highest_user) = (run.task.is_export, run.task.highest_user);
    run.facts.import_id = Some(history::begin(tx, &run.task)?);
    Ok(())
}

/// Tables without rows: into these a file may restore ids and times. Users count as restored when all else is empty.
fn empty_tables(conn: &Connection) -> Result<BTreeSet<Entity>, DbError> {
    let mut empty = BTreeSet::new();
    for entity in Entity::DATA {
        if records::count(conn, entity)? == 0 {
            empty.insert(entity);
        }
    }
    if Entity::DATA.into_iter().filter(|entity| *entity != Entity::Users).all(|entity| empty.contains(&entity)) {
        empty.insert(Entity::Users);
    }
    Ok(empty)
}

/// Everything that has to be there together with the last rows.
pub(super) fn finish(tx: &mut Tx<'_>, run: &mut Run) -> Result<(), ImportError> {
    run.task.progress.enter(Phase::Finishing);
    links::tie(&mut run.ledger, tx)?.into_iter().for_each(|note| run.account.note(note));
    run.ledger.save(tx, run.facts.import_id)?;
    tell_duration(run);
    note_secrets(run);
    let reply = run.report().reply();
    history::finish(tx, run.import_id(), run.outcome().as_str(), reply.open_body())?;
    keep_files(tx, run)?;
    if let (Some(headings), Some(mapping)) = (&run.task.source_headings, &run.task.options.mapping) {
        remembered::keep(tx, run.task.dataset.name(), headings, mapping)?;
    }
    entry(run).write(tx, &run.task.by)?;
    if let Some(key) = &run.task.key {
        idempotency::keep(tx, key, &reply)?;
    }
    Ok(())
}

/// Passwords are never stored as they came.
fn note_secrets(run: &mut Run) {
    if run.task.has_secrets {
        run.account.note("The file holds passwords, so neither it nor its refused rows are kept".into());
    }
}

fn keep_files(tx: &Tx<'_>, run: &mut Run) -> Result<(), ImportError> {
    let Some(id) = run.import_id() else { return Ok(()) };
    kept::prune(tx, run.task.keep)?;
    if run.task.has_secrets {
        return Ok(());
    }
    if let Some(original) = run.task.original.take() {
        run.files.add(Kind::Original, &run.task.file_name, original);
    }
    if let Some(refused) = run.refused.take().and_then(|refused| refused.done().transpose()) {
        run.files.add(Kind::Refused, &run.task.refused_name(), refused?);
    }
    Ok(run.files.store_now(tx, id)?)
}

/// The one audit row of an import.
fn entry(run: &Run) -> Entry {
    let counts = run.report().tally();
    let details = serde_json::json!({
        "import_id": run.facts.import_id, "dataset": run.task.dataset.name(), "format": run.task.format.name(),
        "file_name": run.task.file_name, "sha256": run.task.sha256, "bytes": run.task.bytes,
        "status": run.outcome(), "rows": counts.rows(), "counts": counts, "duration_ms": run.facts.duration_ms,
    });
    let entry = Entry::new(Verb::Import, Entity::Imports).details(&details);
    match run.facts.import_id {
        Some(id) => entry.id(id),
        None => entry,
    }
}

/// An import that was refused as a whole stored nothing, but somebody tried: the history says so, and has the rows
/// that were the reason. A dry run is no import.
pub(super) fn leave_trace(db: &Db, mut run: Box<Run>) -> Result<Box<Run>, ImportError> {
    if run.task.options.dry_run {
        return Ok(run);
    }
    db.write_alone_blocking(move |tx| {
        // One that was cut into slices is there already.
        if history::find(tx.conn(), run.task.progress.import_id)?.is_none() {
            history::begin(tx, &run.task)?;
        }
        note_secrets(&mut run);
        let reply = run.report().reply();
        history::finish(tx, run.import_id(), run.outcome().as_str(), reply.open_body())?;
        keep_files(tx, &mut run)?;
        entry(&run).write(tx, &run.task.by)?;
        Ok::<_, ImportError>(run)
    })
}

/// An import that somebody has stopped left nothing behind but the note that it was stopped.
pub(super) fn cancelled(db: &Db, mut run: Box<Run>) -> Result<ImportError, ImportError> {
    if run.task.options.dry_run {
        return Ok(ImportError::Cancelled);
    }
    tell_duration(&mut run);
    db.write_alone_blocking(move |tx| {
        let id = run.task.progress.import_id;
        // One that was cut into slices is in the history already, and was taken back with a note of its own.
        if history::find(tx.conn(), id)?.is_some() {
            return Ok(());
        }
        history::begin(tx, &run.task)?;
        let message = format!("❌ {}; nothing of it is stored", Unfinished::Cancelled.sentence());
        let report = serde_json::json!({
            "status": "failed", "cancelled": true, "imported": 0, "updated": 0, "import_id": id, "message": message,
        });
        write_report(tx, id, &report)?;
        Entry::new(Verb::Import, Entity::Imports).id(id).details(&report).write(tx, &run.task.by)?;
        Ok::<_, ImportError>(())
    })?;
    Ok(ImportError::Cancelled)
}

/// The report of an import that did not get to its end.
pub(super) fn write_report(tx: &mut Tx<'_>, id: i64, report: &serde_json::Value) -> Result<(), DbError> {
    let text = report.to_string();
    let open = text.strip_suffix('}').unwrap_or(&text);
    history::finish(tx, Some(id), "interrupted", open.as_bytes())
}

/// An import that failed as a whole, or was stopped before its turn, for somebody who asks for its report later.
pub fn note_failure(db: &Db, failed: history::Label, phase: Phase, reply: &Reply) {
    let open = reply.open_body().clone();
    let noted = db.write_blocking(move |tx| {
        if history::find(tx.conn(), failed.id)?.is_some() {
            return Ok(());
        }
        history::begin_labelled(tx, &failed)?;
        let state = if phase == Phase::Cancelled { "interrupted" } else { "failed" };
        history::finish(tx, Some(failed.id), state, &open)?;
        let details = serde_json::json!({
            "import_id": failed.id, "dataset": failed.dataset.name(), "format": failed.format.name(),
            "file_name": failed.file_name, "sha256": failed.sha256, "status": "failed", "phase": phase,
        });
        Entry::new(Verb::Import, Entity::Imports).id(failed.id).details(&details).write(tx, &failed.by)
    });
    if let Err(error) = noted {
        tracing::warn!("the history does not know of a failed import: {error}");
    }
}

/// What earlier slices stored goes out again.
pub(super) fn take_back(db: &Db, why: Unfinished) {
    let as_usual = db.write_alone_blocking(|tx| db::writer_as_usual(tx.conn()));
    if let Err(error) = as_usual.and_then(|()| super::undo::take_back_unfinished(db, why)) {
        tracing::error!("an unfinished import could not be taken back yet; the next start will: {error}");
    }
}

/// Compares the counts with the database after the commit: an answer never claims a row that is not stored. Then the
/// large files are stored.
pub(super) fn read_back(db: &Db, mut run: Box<Run>) -> Result<Box<Run>, ImportError> {
    let Some(id) = run.facts.import_id else { return Ok(run) };
    if !run.facts.refused {
        compare(db, id, &mut run)?;
    }
    let files = std::mem::take(&mut run.files);
    if let Err(error) = files.store_later(db, id, run.task.keep) {
        tracing::warn!(import = id, "the files of an import could not be kept: {error}");
    }
    Ok(run)
}

fn compare(db: &Db, id: i64, run: &mut Run) -> Result<(), DbError> {
    let stored = db.read_blocking(|conn| history::stored_rows(conn, id))?;
    for (entity, tally) in &mut run.account.tallies {
        let brought = if *entity == Entity::Athletes { run.account.created_athletes } else { 0 };
        let there = stored.get(entity.table()).copied().unwrap_or(0).saturating_sub(brought);
        if there != tally.imported {
            tracing::error!(import = id, "{} {} imported, but {there} are stored", tally.imported, entity.table());
            tally.failed += tally.imported.saturating_sub(there);
            tally.imported = there;
        }
    }
    Ok(())
}

pub(super) fn tell_duration(run: &mut Run) {
    run.facts.duration_ms = elapsed_ms(run.started);
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
