//! A whole import: its transactions, its place in the history, its audit row.
//!
//! Up to [`WHOLE`] rows go in as one transaction, and so does every atomic import and every dry run. A larger one is
//! cut into slices of [`SLICE`], between which other saves get their turn, under a record in the history whose state
//! is `running`; when the server dies in the middle, its next start takes the import back.

use std::collections::BTreeSet;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::apply::Ledger;
use super::history;
use super::report::{Account, BulkReport, Facts, Outcome, Report};
use super::{ImportError, Mode, Options, Source, links};
use crate::audit::{Actor, Entry, Verb};
use crate::db::{self, Db, DbError, Entity, Tx};
use crate::http::idempotency::{self, RequestKey};
use crate::http::reply::Reply;
use crate::records::{self, RecordError};

/// Rows that go in as one transaction.
const WHOLE: u64 = 20_000;
/// How long one transaction of a larger import may hold the writer.
const SLICE: Duration = Duration::from_millis(150);

/// What is imported, by whom, how.
#[derive(Debug, Clone)]
pub struct Task {
    pub dataset: &'static str,
    pub format: &'static str,
    /// The kind of rows, when there is only one.
    pub entity: Option<Entity>,
    pub by: Actor,
    pub options: Options,
    pub key: Option<RequestKey>,
    /// The file says that it is a whole export.
    pub is_export: bool,
    /// The highest id of its users.
    pub highest_user: i64,
    pub file_name: String,
    pub sha256: String,
    pub bytes: u64,
    /// About how many rows the file has.
    pub rows: u64,
}

impl Task {
    pub fn new(dataset: &'static str, format: &'static str, by: &Actor, source: &Source, options: &Options) -> Task {
        Task {
            dataset,
            format,
            entity: None,
            by: by.clone(),
            options: options.clone(),
            key: None,
            is_export: false,
            highest_user: 0,
            file_name: source.file_name.clone(),
            sha256: source.sha256.clone(),
            bytes: source.bytes,
            rows: source.lines,
        }
    }

    /// A page cache that holds what the import touches, in KiB: the indexes are read and written all over.
    fn cache_kib(&self) -> i64 {
        i64::try_from(self.bytes / 1024 * 8 / 5).unwrap_or(i64::MAX).clamp(4_000, 65_536)
    }
}

/// An import under way. Moves into each write job and out again.
pub struct Run {
    pub task: Task,
    pub account: Account,
    pub ledger: Ledger,
    pub facts: Facts,
    started: Instant,
    replayed: Option<Reply>,
}

/// What became of a run.
pub enum Ended {
    Done(Box<Run>),
    /// The key of the request was answered before.
    Replayed(Reply),
}

impl Run {
    /// The report, for an import of one kind of rows.
    pub fn into_report(self: Box<Run>, entity: Entity) -> Report {
        Report { entity, account: self.account, facts: self.facts }
    }

    pub fn into_bulk_report(self: Box<Run>) -> BulkReport {
        BulkReport { account: self.account, facts: self.facts }
    }

    fn reply(&self) -> Reply {
        let (account, facts) = (self.account.clone(), self.facts.clone());
        match self.task.entity {
            Some(entity) => Report { entity, account, facts }.reply(),
            None => BulkReport { account, facts }.reply(),
        }
    }

    fn outcome(&self) -> Outcome {
        BulkReport { account: self.account.clone(), facts: self.facts.clone() }.outcome()
    }

    /// The one audit row of an import.
    fn entry(&self) -> Entry {
        let counts = BulkReport { account: self.account.clone(), facts: self.facts.clone() }.total();
        let details = serde_json::json!({
            "import_id": self.facts.import_id, "dataset": self.task.dataset, "format": self.task.format,
            "file_name": self.task.file_name, "sha256": self.task.sha256, "bytes": self.task.bytes,
            "status": self.outcome(), "rows": counts.rows(), "counts": counts, "duration_ms": self.facts.duration_ms,
        });
        let entry = Entry::new(Verb::Import, Entity::Imports).details(&details);
        match self.facts.import_id {
            Some(id) => entry.id(id),
            None => entry,
        }
    }
}

/// Why a transaction of an import was not kept.
enum Abort {
    /// On purpose: a dry run, or an atomic import with bad rows.
    Undone(Box<Run>),
    Failed(ImportError),
}

impl From<DbError> for Abort {
    fn from(error: DbError) -> Abort {
        Abort::Failed(error.into())
    }
}

impl From<ImportError> for Abort {
    fn from(error: ImportError) -> Abort {
        Abort::Failed(error)
    }
}

/// Applies one row that the parser made.
pub type Apply<P> = fn(&mut Run, &mut Tx<'_>, P) -> Result<(), ImportError>;

/// Runs an import. `parse` runs on a thread of its own and sends rows in batches; an error of its ends the import
/// with nothing stored. Blocks until all is done.
pub fn run<P, F>(db: &Db, task: Task, parse: F, apply: Apply<P>) -> Result<Ended, ImportError>
where
    P: Send + 'static,
    F: FnOnce(std::sync::mpsc::SyncSender<Vec<P>>) -> Result<Vec<String>, ImportError> + Send + 'static,
{
    let (sender, batches) = std::sync::mpsc::sync_channel(4);
    let parser = std::thread::Builder::new().name("import".into()).spawn(move || parse(sender))?;
    let facts = Facts {
        dry_run: task.options.dry_run,
        file_name: task.file_name.clone(),
        sha256: task.sha256.clone(),
        same_file_as: db.read_blocking(|conn| history::same_file(conn, &task.sha256))?,
        ..Facts::default()
    };
    let started = Instant::now();
    let run =
        Box::new(Run { account: Account::default(), ledger: Ledger::default(), facts, started, replayed: None, task });
    // The first rows are waited for here: passwords are hashed while reading, and the writer is for others meanwhile.
    let first = batches.recv().unwrap_or_default();
    let mut rows = Rows { batch: first.into_iter(), batches, parser: Some(parser) };
    let one_piece = run.task.rows <= WHOLE || run.task.options.mode == Mode::Atomic || run.task.options.dry_run;
    let cache = run.task.cache_kib();
    let ended = if one_piece {
        db.write_alone_blocking(move |tx| whole_import(tx, run, &mut rows, apply, cache))
    } else {
        in_slices(db, run, rows, apply, cache)
    };
    let run = match ended {
        Ok(run) => run,
        Err(Abort::Undone(run)) => {
            leave_trace(db, &run)?;
            run
        }
        Err(Abort::Failed(error)) => return Err(error),
    };
    match run.replayed {
        Some(reply) => Ok(Ended::Replayed(reply)),
        None => read_back(db, run).map(Ended::Done),
    }
}

/// The rows of the parser, and at their end its verdict.
struct Rows<P> {
    batch: std::vec::IntoIter<P>,
    batches: Receiver<Vec<P>>,
    parser: Option<std::thread::JoinHandle<Result<Vec<String>, ImportError>>>,
}

impl<P> Rows<P> {
    fn next(&mut self) -> Option<P> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(row);
            }
            self.batch = self.batches.recv().ok()?.into_iter();
        }
    }

    /// Notes of the parser, or why it stopped early.
    fn verdict(&mut self) -> Result<Vec<String>, ImportError> {
        let Some(parser) = self.parser.take() else { return Ok(Vec::new()) };
        parser.join().unwrap_or_else(|_| Err(ImportError::Io(std::io::Error::other("the reader of the file panicked"))))
    }
}

fn whole_import<P>(
    tx: &mut Tx<'_>,
    mut run: Box<Run>,
    rows: &mut Rows<P>,
    apply: Apply<P>,
    cache_kib: i64,
) -> Result<Box<Run>, Abort> {
    if replayed(tx, &mut run)? {
        return Ok(run);
    }
    db::writer_for_import(tx.conn(), cache_kib)?;
    let outcome = begin(tx, &mut run)
        .and_then(|()| {
            while let Some(row) = rows.next() {
                apply(&mut run, tx, row)?;
            }
            rows.verdict()?.into_iter().for_each(|note| run.account.note(note));
            Ok(())
        })
        .map_err(Abort::from);
    db::writer_as_usual(tx.conn())?;
    outcome?;
    let failed = run.account.total().failed;
    if run.task.options.dry_run || (run.task.options.mode == Mode::Atomic && failed > 0) {
        run.facts.refused = run.task.options.mode == Mode::Atomic && failed > 0;
        run.facts.import_id = None;
        run.facts.duration_ms = elapsed_ms(run.started);
        return Err(Abort::Undone(run));
    }
    finish(tx, &mut run)?;
    Ok(run)
}

fn in_slices<P: Send + 'static>(
    db: &Db,
    mut run: Box<Run>,
    mut rows: Rows<P>,
    apply: Apply<P>,
    cache_kib: i64,
) -> Result<Box<Run>, Abort> {
    let mut begun = false;
    loop {
        let job = move |tx: &mut Tx<'_>| {
            if !begun {
                if replayed(tx, &mut run)? {
                    return Ok((run, rows, true));
                }
                begin(tx, &mut run)?;
            }
            db::writer_for_import(tx.conn(), cache_kib)?;
            let until = Instant::now() + SLICE;
            let mut more = true;
            while more && Instant::now() < until {
                // A look at the clock costs as much as a small row: not for every one.
                for _ in 0..64 {
                    match rows.next() {
                        Some(row) => apply(&mut run, tx, row)?,
                        None => {
                            more = false;
                            break;
                        }
                    }
                }
            }
            run.ledger.save(tx, run.facts.import_id)?;
            if !more {
                rows.verdict()?.into_iter().for_each(|note| run.account.note(note));
                finish(tx, &mut run)?;
                db::writer_as_usual(tx.conn())?;
            }
            Ok::<_, Abort>((run, rows, !more))
        };
        match db.write_alone_blocking(job) {
            Ok((finished, _, true)) => return Ok(finished),
            Ok((unfinished, rest, false)) => {
                run = unfinished;
                rows = rest;
                begun = true;
            }
            Err(abort) => {
                take_back(db);
                return Err(abort);
            }
        }
    }
}

/// What earlier slices stored goes out again.
fn take_back(db: &Db) {
    let outcome = db.write_alone_blocking(|tx| {
        db::writer_as_usual(tx.conn())?;
        super::undo::recover_in(tx)
    });
    if let Err(error) = outcome {
        tracing::error!("an unfinished import could not be taken back yet; the next start will: {error}");
    }
}

fn replayed(tx: &Tx<'_>, run: &mut Run) -> Result<bool, ImportError> {
    let Some(key) = &run.task.key else { return Ok(false) };
    run.replayed = idempotency::replay(tx, key).map_err(|error| match error {
        RecordError::Db(error) => ImportError::Db(error),
        _ => ImportError::KeyReused,
    })?;
    Ok(run.replayed.is_some())
}

fn begin(tx: &mut Tx<'_>, run: &mut Run) -> Result<(), ImportError> {
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

fn finish(tx: &mut Tx<'_>, run: &mut Run) -> Result<(), ImportError> {
    links::tie(&mut run.ledger, tx)?.into_iter().for_each(|note| run.account.note(note));
    run.ledger.save(tx, run.facts.import_id)?;
    run.facts.duration_ms = elapsed_ms(run.started);
    let reply = run.reply();
    history::finish(tx, run.facts.import_id, run.outcome().as_str(), reply.open_body())?;
    run.entry().write(tx, &run.task.by)?;
    if let Some(key) = &run.task.key {
        idempotency::keep(tx, key, &reply)?;
    }
    Ok(())
}

/// An import that was refused as a whole stored nothing, but somebody tried. A dry run is no import.
fn leave_trace(db: &Db, run: &Run) -> Result<(), DbError> {
    if run.task.options.dry_run {
        return Ok(());
    }
    let (entry, by) = (run.entry(), run.task.by.clone());
    db.write_blocking(move |tx| entry.write(tx, &by))
}

/// Compares the counts with the database after the commit: an answer never claims a row that is not stored.
fn read_back(db: &Db, mut run: Box<Run>) -> Result<Box<Run>, ImportError> {
    let Some(id) = run.facts.import_id else { return Ok(run) };
    let stored = db.read_blocking(|conn| history::stored_rows(conn, id))?;
    for (entity, tally) in &mut run.account.tallies {
        let there = stored.get(entity.table()).copied().unwrap_or(0);
        if there != tally.imported {
            tracing::error!(import = id, "{} {} imported, but {there} are stored", tally.imported, entity.table());
            tally.failed += tally.imported.saturating_sub(there);
            tally.imported = there;
        }
    }
    Ok(run)
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
