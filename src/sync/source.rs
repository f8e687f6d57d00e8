//! What is to be sent, read from SQLite at one moment: the changed rows, or all of them.

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::encode::Lines;
use super::error::SyncError;
use super::log::{self, Batch, Position, Reason};
use super::tables::{Column, TABLES};
use crate::db::{Db, DbError, newest_change};

/// A piece of this many rows or bytes goes to PostgreSQL as one.
const PIECE_ROWS: usize = 5_000;
const PIECE_BYTES: usize = 512 * 1024;
/// Pieces that wait for PostgreSQL.
const PIECES: usize = 4;
/// Entries in a batch, and in one while so many wait: then fewer rounds count for more than short ones.
const BATCH: usize = 500;
const LARGE_BATCH: usize = 20_000;
const LONG_LOG: i64 = 1_000;
/// A range of more rows, as more entries than fill a piece, is read while PostgreSQL takes them in, not before.
const LONG_RANGE: i64 = 5_000;

/// What PostgreSQL has, and what is wanted.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Where PostgreSQL is, or why that does not matter.
    pub there: Option<Position>,
    pub everything: Option<Reason>,
    /// Rows that were refused, to be sent again.
    pub again: Vec<(usize, i64)>,
    /// All rows of this moment, after the changes, to be compared.
    pub compare: bool,
    pub personal_data: bool,
}

/// Rows of one table.
#[derive(Debug, Default)]
pub struct Piece {
    pub table: usize,
    pub lines: Lines,
    /// Keys of rows that do not exist here.
    pub gone: Vec<i64>,
}

/// What the reader says, in this order; after the last piece, rows to compare where they are wanted.
#[derive(Debug)]
pub enum Message {
    Plan(Plan),
    Piece(Piece),
    Compare(Piece),
    Failed(DbError),
}

/// What is going to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub everything: Option<Reason>,
    /// Where PostgreSQL is afterwards.
    pub end: Position,
    pub entries: usize,
    /// Whether there is more after this.
    pub more: bool,
}

/// Starts reading on a thread of its own. The channel ends when all is said.
pub fn read(db: Db, db_id: String, ask: Ask) -> mpsc::Receiver<Message> {
    let (out, messages) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let reader = Reader { db_id: &db_id, ask: &ask };
        if let Err(error) = reader.read(&db, &out) {
            // Nobody listens to a reader whose round has failed.
            let _ = out.blocking_send(Message::Failed(error));
        }
    });
    messages
}

/// What would be sent, without sending it: why everything, if it is, and how many rows.
pub fn preview(conn: &Connection, ask: &Ask) -> Result<(Option<Reason>, i64), DbError> {
    let everything = reason(conn, ask)?;
    let rows = match everything {
        None => log::waiting(conn, ask.there.as_ref().map_or(0, |there| there.seq))?.0,
        Some(_) => rows_here(conn)?,
    };
    Ok((everything, rows))
}

/// Why everything is to be sent, if it is.
fn reason(conn: &Connection, ask: &Ask) -> Result<Option<Reason>, DbError> {
    match (&ask.everything, &ask.there) {
        (Some(reason), _) => Ok(Some(*reason)),
        (None, None) => Ok(Some(Reason::First)),
        (None, Some(there)) => Ok(log::judge(conn, there)?.err()),
    }
}

/// Rows of all the tables together.
pub fn rows_here(conn: &Connection) -> Result<i64, DbError> {
    TABLES.iter().try_fold(0, |sum, table| {
        let sql = format!("SELECT count(*) FROM {}", table.name);
        Ok(sum + conn.prepare_cached(&sql)?.query_row([], |row| row.get::<_, i64>(0))?)
    })
}

fn plan(conn: &Connection, ask: &Ask) -> Result<(Plan, Batch), DbError> {
    let newest = newest_change(conn)?;
    if let Some(reason) = reason(conn, ask)? {
        let end = log::position_of(conn, newest)?;
        return Ok((Plan { everything: Some(reason), end, entries: 0, more: false }, Batch::default()));
    }
    let after = ask.there.as_ref().map_or(0, |there| there.seq);
    let limit = match (ask.compare, newest - after > LONG_LOG) {
        (true, _) => usize::MAX,
        (false, true) => LARGE_BATCH,
        (false, false) => BATCH,
    };
    let mut batch = log::batch(conn, after, limit)?;
    for (table, key) in &ask.again {
        batch.rows[*table].insert(*key);
    }
    let end = log::position_of(conn, batch.last_seq)?;
    Ok((Plan { everything: None, end, entries: batch.entries, more: batch.last_seq < newest }, batch))
}

struct Reader<'a> {
    db_id: &'a str,
    ask: &'a Ask,
}

/// Takes messages on their way; false: nobody wants them any more.
type Sink<'s> = &'s mut dyn FnMut(Message) -> bool;

impl Reader<'_> {
    /// Few rows are read at once, on a reader's connection; for many the rows of a moment are held on one for exports
    /// until PostgreSQL has them.
    fn read(&self, db: &Db, out: &mpsc::Sender<Message>) -> Result<(), DbError> {
        let few = db.read_blocking(|conn| {
            self.same_database(conn)?;
            let (plan, batch) = plan(conn, self.ask)?;
            let is_long = batch.ranges.iter().any(|(_, first, last)| last - first > LONG_RANGE);
            if plan.everything.is_some() || self.ask.compare || is_long || plan.entries > PIECE_ROWS {
                return Ok::<_, DbError>(None);
            }
            let mut found = vec![Message::Plan(plan)];
            self.changes(conn, &batch, &mut |message| {
                found.push(message);
                true
            })?;
            Ok(Some(found))
        })?;
        let mut send = |message| out.blocking_send(message).is_ok();
        if let Some(found) = few {
            let _ = found.into_iter().all(send);
            return Ok(());
        }
        self.many(&*db.export_reader()?, &mut send)
    }

    /// Another file may have taken the place of this one since the round began.
    fn same_database(&self, conn: &Connection) -> Result<(), DbError> {
        if log::db_id(conn)? == self.db_id {
            return Ok(());
        }
        Err(DbError::Down("another database has just taken the place of this one".into()))
    }

    fn many(&self, conn: &Connection, send: Sink<'_>) -> Result<(), DbError> {
        self.same_database(conn)?;
        let (plan, mut batch) = plan(conn, self.ask)?;
        let everything = plan.everything.is_some();
        let mut after = plan.end.clone();
        // A range ends a batch; what is compared has to be the newest.
        let mut batches = vec![];
        if self.ask.compare && !everything {
            while after.seq < newest_change(conn)? {
                let next = log::batch(conn, after.seq, usize::MAX)?;
                after = log::position_of(conn, next.last_seq)?;
                batches.push(std::mem::replace(&mut batch, next));
            }
        }
        batches.push(batch);
        let plan = Plan { end: after, more: plan.more && !self.ask.compare, ..plan };
        if !send(Message::Plan(plan)) {
            return Ok(());
        }
        if everything {
            for table in 0..TABLES.len() {
                if !self.range(conn, table, (i64::MIN, i64::MAX), &mut |piece| send(Message::Piece(piece)))? {
                    return Ok(());
                }
            }
        }
        for batch in &batches {
            if !self.changes(conn, batch, send)? {
                return Ok(());
            }
        }
        if self.ask.compare {
            for table in 0..TABLES.len() {
                if !self.range(conn, table, (i64::MIN, i64::MAX), &mut |piece| send(Message::Compare(piece)))? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The present rows that a batch of entries is about.
    fn changes(&self, conn: &Connection, batch: &Batch, send: Sink<'_>) -> Result<bool, DbError> {
        for (table, keys) in batch.rows.iter().enumerate().filter(|(_, keys)| !keys.is_empty()) {
            let columns = self.columns(table);
            let mut statement = conn.prepare_cached(&TABLES[table].select(self.ask.personal_data))?;
            let mut piece = Piece { table, ..Piece::default() };
            for key in keys {
                let mut rows = statement.query((key, key))?;
                match rows.next()? {
                    Some(row) => piece.lines.add(self.db_id, &columns, row)?,
                    None => piece.gone.push(*key),
                }
                if is_full(&piece) && !send(Message::Piece(next(&mut piece))) {
                    return Ok(false);
                }
            }
            if !send(Message::Piece(piece)) {
                return Ok(false);
            }
        }
        for (table, first, last) in &batch.ranges {
            if !self.whole_range(conn, *table, (*first, *last), send)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A range that was new once: what is there no more is gone.
    fn whole_range(&self, conn: &Connection, table: usize, keys: (i64, i64), send: Sink<'_>) -> Result<bool, DbError> {
        let (mut expected, last) = keys;
        let goes_on = self.range(conn, table, keys, &mut |mut piece| {
            for key in piece.lines.keys() {
                piece.gone.extend(expected..*key);
                expected = key + 1;
            }
            send(Message::Piece(piece))
        })?;
        let mut goes_on = goes_on;
        while goes_on && expected <= last {
            let end = last.min(expected.saturating_add(PIECE_ROWS as i64 - 1));
            goes_on = send(Message::Piece(Piece { table, gone: (expected..=end).collect(), ..Piece::default() }));
            expected = end + 1;
        }
        Ok(goes_on)
    }

    /// All rows between two keys, piece by piece. False: nobody wants more.
    fn range(
        &self,
        conn: &Connection,
        table: usize,
        keys: (i64, i64),
        send: &mut dyn FnMut(Piece) -> bool,
    ) -> Result<bool, DbError> {
        let columns = self.columns(table);
        let mut statement = conn.prepare_cached(&TABLES[table].select(self.ask.personal_data))?;
        let mut rows = statement.query(keys)?;
        let mut piece = Piece { table, ..Piece::default() };
        while let Some(row) = rows.next()? {
            piece.lines.add(self.db_id, &columns, row)?;
            if is_full(&piece) && !send(next(&mut piece)) {
                return Ok(false);
            }
        }
        Ok(piece.lines.is_empty() || send(piece))
    }

    fn columns(&self, table: usize) -> Vec<&'static Column> {
        TABLES[table].columns(self.ask.personal_data).collect()
    }
}

fn is_full(piece: &Piece) -> bool {
    piece.lines.len() + piece.gone.len() >= PIECE_ROWS || piece.lines.bytes() >= PIECE_BYTES
}

/// Takes a piece away to be sent; another of the same table begins.
fn next(piece: &mut Piece) -> Piece {
    let table = piece.table;
    std::mem::replace(piece, Piece { table, ..Piece::default() })
}

/// The reader ended without a word.
pub fn broken() -> SyncError {
    SyncError::Db(DbError::Panicked)
}
