//! One incoming row against the stored ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, named_params};

use super::links::Links;
use super::matching::{Importable, Match};
use super::place::{Place, RowError};
use super::run::Run;
use super::{ImportError, OnDuplicate};
use crate::db::{self, DbError, Entity, Tx};
use crate::http::error::FieldError;
use crate::records::{self, Record, RecordError, Sight};
use crate::time::Moment;

/// A row on its way in.
pub trait Incoming<R> {
    fn place(&self) -> Place;
    /// The id the file gives it.
    fn file_id(&self) -> Option<i64>;
    /// The row by itself, with defaults for what was not given.
    fn fresh(&mut self) -> Result<R, Vec<RowError>>;
    /// A stored row with the given values put over it.
    fn onto(&self, fresh: R, stored: &R) -> Result<R, Vec<RowError>>;
}

/// What an import has done so far, for undo and for references within the file.
#[derive(Default)]
pub struct Ledger {
    /// Tables that were empty at the start: rows keep the ids and times of the file.
    pub restore: BTreeSet<Entity>,
    /// Ids of the file to stored ids.
    pub ids: BTreeMap<Entity, HashMap<i64, i64>>,
    /// The file is a whole export of ours: where a table was empty, its ids say which row is which.
    pub is_export: bool,
    /// The highest id that the file gives its users. One whose id is taken gets the next, and takes no other's place.
    pub highest_user: i64,
    /// Athletes of new or stored coaches, by the ids of the file, until the athletes are there too.
    pub links: Vec<Links>,
    /// Runs of new ids that are not saved yet.
    ranges: Vec<(Entity, i64, i64)>,
    /// Where new rows stand in the file: first id of a run to its place and length.
    places: BTreeMap<(Entity, i64), (Place, u64)>,
    sql: HashMap<Entity, String>,
}

impl Ledger {
    fn inserted(&mut self, entity: Entity, id: i64, place: Place) {
        match self.places.range_mut((entity, i64::MIN)..=(entity, id)).next_back() {
            Some(((_, first), (start, length)))
                if first.checked_add_unsigned(*length) == Some(id) && start.number() + *length == place.number() =>
            {
                *length += 1;
            }
            _ => {
                self.places.insert((entity, id), (place, 1));
            }
        }
        match self.ranges.iter_mut().rev().find(|(known, _, _)| *known == entity) {
            Some((_, _, last)) if *last + 1 == id => *last = id,
            _ => self.ranges.push((entity, id, id)),
        }
    }

    /// Where in the file a row of this import came from.
    fn place_of(&self, entity: Entity, id: i64) -> Option<String> {
        let ((_, first), (place, length)) = self.places.range((entity, i64::MIN)..=(entity, id)).next_back()?;
        let offset = u64::try_from(id - first).ok().filter(|offset| offset < length)?;
        Some(place.further(offset).begins().to_lowercase())
    }

    /// True when a row of the file is the one with this id and no other.
    fn is_identified<R: Record>(&self, conn: &Connection, file_id: Option<i64>) -> Result<bool, DbError> {
        match file_id {
            // Users are matched by email also then: whoever imports is there already.
            Some(id) if self.is_export && R::ENTITY != Entity::Users && self.restore.contains(&R::ENTITY) => {
                is_free::<R>(conn, id)
            }
            _ => Ok(false),
        }
    }

    /// An id that no row of the file asks for; 0, the next free one, where that does not matter.
    fn id_beyond(&mut self, entity: Entity) -> i64 {
        if entity != Entity::Users || self.highest_user == 0 {
            return 0;
        }
        self.highest_user = self.highest_user.saturating_add(1);
        self.highest_user
    }

    /// Remembers which stored row a row of the file became.
    pub fn map(&mut self, entity: Entity, file_id: Option<i64>, id: i64) {
        if let Some(file_id) = file_id {
            self.ids.entry(entity).or_default().insert(file_id, id);
        }
    }

    /// The stored id of an id used in the document; one that the document does not define is taken as stored.
    pub fn stored_id(&self, entity: Entity, file_id: i64) -> i64 {
        self.ids.get(&entity).and_then(|ids| ids.get(&file_id)).copied().unwrap_or(file_id)
    }

    /// Writes the runs of new ids down, in the transaction that inserted them; what is stored after that is written down
    /// by itself.
    pub fn save(&mut self, tx: &Tx<'_>, import: Option<i64>) -> Result<(), DbError> {
        let sql = "INSERT INTO import_ranges (import_id, entity, first_id, last_id) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = tx.conn().prepare_cached(sql)?;
        for (entity, first, last) in self.ranges.drain(..) {
            insert.execute((import, entity.table(), first, last))?;
        }
        db::log_ranges(tx.conn(), false)
    }
}

/// Stores one row, or says why not. Answers the id of a new one.
pub fn take<R: Importable, I: Incoming<R>>(
    run: &mut Run,
    tx: &mut Tx<'_>,
    mut incoming: I,
) -> Result<Option<i64>, ImportError> {
    let place = incoming.place();
    let outcome = incoming.fresh().map_err(Refusal::Row).and_then(|mut fresh| {
        fresh.settle(tx.conn())?;
        if run.ledger.is_identified::<R>(tx.conn(), incoming.file_id())? {
            fresh.check_restored(tx.conn())?;
            return insert_counted(run, tx, fresh, &incoming).map(Some);
        }
        match fresh.find_match(tx.conn(), incoming.file_id())? {
            Match::New => {
                fresh.check_new(tx.conn())?;
                insert_counted(run, tx, fresh, &incoming).map(Some)
            }
            Match::Stored(stored) => meet(run, tx, *stored, fresh, &incoming).map(|()| None),
            Match::Refused { code, column, value, mut message, holder } => {
                if let Some(row) = holder.and_then(|id| run.ledger.place_of(R::ENTITY, id)) {
                    message.push_str(&format!(" ({row})"));
                }
                Err(Refusal::Row(vec![place.error(Some(column), code, Some(&value), message)]))
            }
        }
    });
    match outcome {
        Ok(id) => Ok(id),
        Err(Refusal::Row(errors)) => {
            run.account.refuse(R::ENTITY, place, errors);
            Ok(None)
        }
        Err(Refusal::Record(RecordError::Db(error))) => refuse_constraint::<R>(run, place, error).map(|()| None),
        Err(Refusal::Record(error)) => {
            run.account.refuse(R::ENTITY, place, row_errors(place, error));
            Ok(None)
        }
    }
}

enum Refusal {
    Row(Vec<RowError>),
    Record(RecordError),
}

impl From<RecordError> for Refusal {
    fn from(error: RecordError) -> Refusal {
        Refusal::Record(error)
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Refusal {
        Refusal::Record(error.into())
    }
}

/// A constraint of the schema refuses a row; anything else is the disk, not the data, and ends the import.
fn refuse_constraint<R: Record>(run: &mut Run, place: Place, error: DbError) -> Result<(), ImportError> {
    if !error.is_constraint() {
        return Err(error.into());
    }
    tracing::warn!(table = R::ENTITY.table(), "a row of an import was refused by the schema: {error}");
    let message = format!("This {} contradicts what is stored", R::ENTITY.singular());
    run.account.refuse(R::ENTITY, place, vec![place.error(None, "contradiction", None, message)]);
    Ok(())
}

fn insert_counted<R: Importable>(
    run: &mut Run,
    tx: &mut Tx<'_>,
    row: R,
    incoming: &impl Incoming<R>,
) -> Result<i64, Refusal> {
    let id = insert(run, tx, row, incoming)?;
    run.account.imported(R::ENTITY, id);
    Ok(id)
}

/// Stores a row that another one needs; it is told apart from the rows of the file. Errors are those of the other row.
pub fn bring_along<R: Importable, I: Incoming<R>>(
    run: &mut Run,
    tx: &mut Tx<'_>,
    mut incoming: I,
) -> Result<Result<i64, Vec<RowError>>, ImportError> {
    let place = incoming.place();
    let outcome = incoming.fresh().map_err(Refusal::Row).and_then(|mut fresh| {
        fresh.settle(tx.conn())?;
        fresh.check(tx.conn(), None)?;
        insert(run, tx, fresh, &incoming)
    });
    match outcome {
        Ok(id) => Ok(Ok(id)),
        Err(Refusal::Row(errors)) => Ok(Err(errors)),
        Err(Refusal::Record(RecordError::Db(error))) => Err(error.into()),
        Err(Refusal::Record(error)) => Ok(Err(row_errors(place, error))),
    }
}

fn insert<R: Importable>(
    run: &mut Run,
    tx: &mut Tx<'_>,
    mut row: R,
    incoming: &impl Incoming<R>,
) -> Result<i64, Refusal> {
    let restoring = run.ledger.restore.contains(&R::ENTITY);
    let wanted = match incoming.file_id().filter(|_| restoring) {
        Some(id) if is_free::<R>(tx.conn(), id)? => id,
        Some(_) => {
            let beyond = run.ledger.id_beyond(R::ENTITY);
            if is_free::<R>(tx.conn(), beyond)? { beyond } else { 0 }
        }
        None => 0,
    };
    row.set_identity(wanted, 1);
    set_times(&mut row, restoring, tx.now_ms());
    row.arrive(&run.task.by, restoring);
    if !restoring {
        warn(run, tx, incoming.place(), &row)?;
    }
    let sql = run.ledger.sql.entry(R::ENTITY).or_insert_with(records::insert_sql::<R>);
    let mut statement = tx.conn().prepare_cached(sql).map_err(DbError::from)?;
    records::insert_with(tx.conn(), &mut statement, &mut row).map_err(DbError::from)?;
    row.stored(tx.conn())?;
    tx.touch(R::ENTITY);
    run.ledger.inserted(R::ENTITY, row.id(), incoming.place());
    run.ledger.map(R::ENTITY, incoming.file_id(), row.id());
    Ok(row.id())
}

/// Notes what is odd about a row that is taken.
fn warn<R: Importable>(run: &mut Run, tx: &Tx<'_>, place: Place, row: &R) -> Result<(), DbError> {
    for warning in row.warnings(tx.conn(), &Sight::Full)? {
        let code = warning.code.replace('-', "_");
        run.account.warn(place, place.error(Some(&warning.field), code, None, warning.message));
    }
    Ok(())
}

/// Ids beyond this are not taken over from a file: the numbering goes on behind the highest, and must not run out.
const HIGHEST_ID: i64 = 1 << 48;

fn is_free<R: Record>(conn: &Connection, id: i64) -> Result<bool, DbError> {
    Ok((1..=HIGHEST_ID).contains(&id) && records::find::<R>(conn, id)?.is_none())
}

/// A restore keeps the times of the file; otherwise a row is as old as its import.
fn set_times<R: Importable>(row: &mut R, restoring: bool, now_ms: i64) {
    let (created, updated) = row.times();
    for time in [created, updated] {
        if !restoring || *time == Moment(0) {
            *time = Moment(now_ms);
        }
    }
}

fn meet<R: Importable>(
    run: &mut Run,
    tx: &mut Tx<'_>,
    mut stored: R,
    fresh: R,
    incoming: &impl Incoming<R>,
) -> Result<(), Refusal> {
    let mut after = incoming.onto(fresh, &stored).map_err(Refusal::Row)?;
    after.settle(tx.conn())?;
    {
        // Times are no values of the row: they never make a difference.
        let (created, updated) = stored.times();
        let (new_created, new_updated) = after.times();
        (*new_created, *new_updated) = (*created, *updated);
    }
    after.keep(&stored);
    run.ledger.map(R::ENTITY, incoming.file_id(), stored.id());
    if after == stored {
        run.account.tally(R::ENTITY).unchanged += 1;
        return Ok(());
    }
    if let Some(findings) = &mut run.account.findings {
        findings.change(incoming.place(), &after.label(), &stored, &after);
    }
    match run.task.options.on_duplicate {
        OnDuplicate::Skip => {
            run.account.tally(R::ENTITY).skipped += 1;
            Ok(())
        }
        OnDuplicate::Error => {
            let message = format!(
                "{} is stored already (id {}), with other values; choose to skip or to update such rows",
                after.label(),
                stored.id()
            );
            Err(Refusal::Row(vec![incoming.place().error(None, "duplicate_row", None, message)]))
        }
        OnDuplicate::Update => {
            after.check(tx.conn(), Some(&stored))?;
            after.check_update(tx.conn(), &run.task.by, &stored)?;
            warn(run, tx, incoming.place(), &after)?;
            records::overwrite(tx.conn(), set_updated(&mut after, tx.now_ms()))?;
            remember(tx, run.facts.import_id, &stored, &after)?;
            after.updated(tx, &stored)?;
            tx.touch(R::ENTITY);
            run.account.tally(R::ENTITY).updated += 1;
            Ok(())
        }
    }
}

fn set_updated<R: Importable>(row: &mut R, now_ms: i64) -> &mut R {
    *row.times().1 = Moment(now_ms);
    row
}

/// Keeps the row as it was before the import; a second change by the same import keeps the first image.
fn remember<R: Record>(tx: &Tx<'_>, import: Option<i64>, before: &R, after: &R) -> Result<(), DbError> {
    let sql = "
        INSERT INTO import_before (import_id, entity, row_id, version_after, before)
        VALUES (:import, :entity, :row, :version, :before)
        ON CONFLICT (import_id, entity, row_id) DO UPDATE SET version_after = excluded.version_after";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":import": import, ":entity": R::ENTITY.table(), ":row": before.id(), ":version": after.version(),
        ":before": records::json(before).get(),
    })?;
    Ok(())
}

/// The failure of a check as errors of a row.
pub fn row_errors(place: Place, error: RecordError) -> Vec<RowError> {
    match error {
        RecordError::Invalid(fields) => fields.into_iter().map(|field| row_error(place, &field, None)).collect(),
        RecordError::Conflict { code, detail, field } => {
            let code = if code == "bib-taken" { "duplicate_bib".into() } else { code.replace('-', "_") };
            vec![place.error(field, code, None, detail)]
        }
        other => vec![place.error(None, "refused", None, other.to_string())],
    }
}

/// An invalid member as the error of a row: `required` of `name` is `missing_name`.
pub fn row_error(place: Place, field: &FieldError, value: Option<&str>) -> RowError {
    let name = match field.field.as_ref() {
        "dateOfBirth" | "date" | "yearOfBirth" => "date",
        "clubTeam" => "club",
        "bibNumber" => "bib",
        "timeSeconds" | "distanceMeters" | "mark" | "points" => "mark",
        "raceId" => "race",
        "eventId" => "event",
        "athleteId" => "athlete",
        other => other,
    };
    let name = snake(name);
    let code = match field.code.as_ref() {
        // The list of codes knows a missing date as one that is not right.
        "required" if name == "date" => "invalid_date".to_owned(),
        "required" => format!("missing_{name}"),
        code if code.starts_with("unknown-") => code.replace('-', "_"),
        _ => format!("invalid_{name}"),
    };
    place.error(Some(&field.field), code, value, field.message.clone())
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
