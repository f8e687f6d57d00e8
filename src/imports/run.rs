//! A whole import: its transactions, its place in the history, its audit row.
//!
//! Up to [`WHOLE`] rows go in as one transaction. A larger import is cut into slices ([`Slice`]), between which other
//! saves get their turn, under a record in the history whose state is `running`; when the server dies in the middle, its
//! next start takes the import back, and so does the end of an atomic one with bad rows. A larger dry run is tried out on
//! a copy of the database, so that nobody waits for it.

use std::time::Instant;

use super::apply::Ledger;
use super::ending::{self, Unfinished};
use super::feed::{Feeder, Rows};
use super::findings::Findings;
use super::history;
use super::kept::Files;
use super::progress::Phase;
use super::refused::Refused;
use super::report::{Account, Facts, Outcome, Report};
use super::slice::Slice;
use super::{ImportError, Mode, Task};
use crate::db::{self, Db, DbError, Scratch, Tx};
use crate::http::idempotency;
use crate::http::reply::Reply;
use crate::records::RecordError;

/// Rows that go in as one transaction.
pub const WHOLE: u64 = 20_000;
/// With less free disk than this no import begins, in bytes.
const DISK_NEEDED: u64 = 200 * 1024 * 1024;
/// A look at the clock costs as much as a small row: not for every one.
const BETWEEN_LOOKS: usize = 64;

/// An import under way. Moves into each write job and out again.
pub struct Run {
    pub task: Task,
    pub account: Account,
    pub ledger: Ledger,
    pub facts: Facts,
    pub files: Files,
    pub(super) refused: Option<Refused>,
    cache_kib: i64,
    pub(super) started: Instant,
    pub(super) replayed: Option<Reply>,
}

/// What became of a run.
pub enum Ended {
    Done(Box<Run>),
    /// The key of the request was answered before.
    Replayed(Reply),
}

impl Run {
    fn new(task: Task, same_file_as: Option<i64>) -> Run {
        let facts = Facts {
            dry_run: task.options.dry_run,
            file_name: task.file_name.clone(),
            sha256: task.sha256.clone(),
            same_file_as,
            ..Facts::default()
        };
        let mut account = Account::default();
        account.headings.clone_from(&task.headings);
        account.findings = task.is_preview.then(|| Box::new(Findings::default()));
        let refused = (!task.options.dry_run).then(|| Refused::new(task.form.clone()));
        Run {
            account,
            ledger: Ledger::default(),
            facts,
            files: Files::default(),
            refused,
            cache_kib: 0,
            started: Instant::now(),
            replayed: None,
            task,
        }
    }

    pub fn report(&self) -> Report {
        Report { dataset: self.task.dataset, account: self.account.clone(), facts: self.facts.clone() }
    }

    pub(super) fn outcome(&self) -> Outcome {
        self.report().outcome()
    }

    /// The id under which it is in the history; a dry run is not.
    pub(super) fn import_id(&self) -> Option<i64> {
        self.facts.import_id
    }
}

/// Why a transaction of an import was not kept.
pub(super) enum Abort {
    /// On purpose: a dry run, or an atomic import with bad rows.
    Undone(Box<Run>),
    /// Somebody stopped it.
    Cancelled(Box<Run>),
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

/// Applies one row that the reader made.
pub type Apply<P> = fn(&mut Run, &mut Tx<'_>, P) -> Result<(), ImportError>;

/// The results of the day need what is left of the disk more than an import does.
fn is_too_full(free: Option<u64>) -> bool {
    free.is_some_and(|free| free < DISK_NEEDED)
}

/// Runs an import. `read` runs on a thread of its own and feeds rows; an error of its ends the import with nothing
/// stored. Blocks until all is done.
pub fn run<P, F>(db: &Db, task: Task, read: F, apply: Apply<P>) -> Result<Ended, ImportError>
where
    P: Send + 'static,
    F: FnOnce(&mut Feeder<P>) -> Result<Vec<String>, ImportError> + Send + 'static,
{
    if !task.options.dry_run && is_too_full(db.files().free_bytes()) {
        return Err(DbError::DiskFull.into());
    }
    let same_file_as = db.read_blocking(|conn| history::same_file(conn, &task.sha256))?;
    let run = Box::new(Run::new(task, same_file_as));
    run.task.progress.expect_rows(run.task.rows);
    run.task.progress.enter(Phase::Importing);
    let rows = Rows::start(read)?;
    let ended = match run.task.rows <= WHOLE {
        true => in_one_piece(db, run, rows, apply),
        false if run.task.options.dry_run => on_a_copy(db, run, rows, apply),
        false => in_slices(db, run, rows, apply),
    };
    let run = match ended {
        Ok(run) => run,
        Err(Abort::Undone(run)) => ending::leave_trace(db, run)?,
        Err(Abort::Cancelled(run)) => return Err(ending::cancelled(db, run)?),
        Err(Abort::Failed(error)) => return Err(error),
    };
    match run.replayed {
        Some(reply) => Ok(Ended::Replayed(reply)),
        None => ending::read_back(db, run).map(Ended::Done),
    }
}

fn in_one_piece<P: Send + 'static>(
    db: &Db,
    run: Box<Run>,
    mut rows: Rows<P>,
    apply: Apply<P>,
) -> Result<Box<Run>, Abort> {
    db.write_alone_blocking(move |tx| whole_import(tx, run, &mut rows, apply))
}

fn on_a_copy<P>(db: &Db, run: Box<Run>, mut rows: Rows<P>, apply: Apply<P>) -> Result<Box<Run>, Abort> {
    Scratch::of(db)?.try_out(|tx| whole_import(tx, run, &mut rows, apply))?
}

fn whole_import<P>(tx: &mut Tx<'_>, mut run: Box<Run>, rows: &mut Rows<P>, apply: Apply<P>) -> Result<Box<Run>, Abort> {
    if replayed(tx, &mut run)? {
        return Ok(run);
    }
    run.cache_kib = db::import_cache_kib(tx.conn(), run.task.bytes)?;
    db::writer_for_import(tx.conn(), run.cache_kib)?;
    let outcome = all_rows(tx, &mut run, rows, apply);
    db::writer_as_usual(tx.conn())?;
    if !outcome? {
        return Err(Abort::Cancelled(run));
    }
    if run.task.options.dry_run || is_refused(&run) {
        return Err(not_kept(run));
    }
    ending::finish(tx, &mut run)?;
    Ok(run)
}

/// Atomic, and not all rows are good.
fn is_refused(run: &Run) -> bool {
    run.task.options.mode == Mode::Atomic && run.account.total().failed > 0
}

fn not_kept(mut run: Box<Run>) -> Abort {
    run.facts.refused = is_refused(&run);
    if run.task.options.dry_run {
        run.facts.import_id = None;
    }
    ending::tell_duration(&mut run);
    Abort::Undone(run)
}

/// False when somebody has stopped it.
fn all_rows<P>(tx: &mut Tx<'_>, run: &mut Run, rows: &mut Rows<P>, apply: Apply<P>) -> Result<bool, ImportError> {
    ending::begin(tx, run)?;
    loop {
        match some_rows(tx, run, rows, apply)? {
            Step::More => {}
            Step::End => break,
            Step::Stop => return Ok(false),
        }
    }
    rows.verdict()?.into_iter().for_each(|note| run.account.note(note));
    Ok(true)
}

/// What is to be done after some rows.
#[derive(PartialEq, Eq)]
enum Step {
    More,
    End,
    Stop,
}

fn some_rows<P>(tx: &mut Tx<'_>, run: &mut Run, rows: &mut Rows<P>, apply: Apply<P>) -> Result<Step, ImportError> {
    if run.task.progress.is_cancelled() {
        return Ok(Step::Stop);
    }
    for _ in 0..BETWEEN_LOOKS {
        let Some(row) = rows.next() else {
            run.task.progress.report(run.account.total(), rows.bytes());
            return Ok(Step::End);
        };
        apply(run, tx, row)?;
        if let (Some((place, messages)), Some(refused)) = (run.account.take_refusal(), &mut run.refused) {
            refused.add(place, rows.raw(), &messages)?;
        }
    }
    run.task.progress.report(run.account.total(), rows.bytes());
    Ok(Step::More)
}

fn in_slices<P: Send + 'static>(
    db: &Db,
    mut run: Box<Run>,
    mut rows: Rows<P>,
    apply: Apply<P>,
) -> Result<Box<Run>, Abort> {
    let mut has_begun = false;
    loop {
        let slice_of = db.clone();
        match db.write_alone_blocking(move |tx| one_slice(tx, run, rows, apply, has_begun, &slice_of)) {
            Ok((finished, _, true)) => return Ok(finished),
            Ok((unfinished, rest, false)) => (run, rows) = (unfinished, rest),
            Err(abort) => {
                ending::take_back(
                    db,
                    match &abort {
                        Abort::Undone(_) => Unfinished::Refused,
                        Abort::Cancelled(_) => Unfinished::Cancelled,
                        Abort::Failed(_) => Unfinished::Failed,
                    },
                );
                return Err(abort);
            }
        }
        has_begun = true;
    }
}

type Sliced<P> = (Box<Run>, Rows<P>, bool);

fn one_slice<P>(
    tx: &mut Tx<'_>,
    mut run: Box<Run>,
    mut rows: Rows<P>,
    apply: Apply<P>,
    has_begun: bool,
    db: &Db,
) -> Result<Sliced<P>, Abort> {
    if !has_begun {
        if replayed(tx, &mut run)? {
            return Ok((run, rows, true));
        }
        ending::begin(tx, &mut run)?;
        run.cache_kib = db::import_cache_kib(tx.conn(), run.task.bytes)?;
    }
    db::log_ranges(tx.conn(), true)?;
    db::writer_for_import(tx.conn(), run.cache_kib)?;
    let slice = Slice::begin(db);
    let mut step = Step::More;
    while step == Step::More && slice.goes_on() {
        step = some_rows(tx, &mut run, &mut rows, apply)?;
    }
    if step == Step::Stop {
        return Err(Abort::Cancelled(run));
    }
    run.ledger.save(tx, run.facts.import_id)?;
    if step == Step::End {
        rows.verdict()?.into_iter().for_each(|note| run.account.note(note));
        if is_refused(&run) {
            return Err(not_kept(run));
        }
        ending::finish(tx, &mut run)?;
        db::writer_as_usual(tx.conn())?;
    }
    Ok((run, rows, step == Step::End))
}

fn replayed(tx: &Tx<'_>, run: &mut Run) -> Result<bool, ImportError> {
    let Some(key) = &run.task.key else { return Ok(false) };
    run.replayed = idempotency::replay(tx, key).map_err(|error| match error {
        RecordError::Db(error) => ImportError::Db(error),
        _ => ImportError::KeyReused,
    })?;
    Ok(run.replayed.is_some())
}
