//! The state of the chain, remembered: walking along all of it takes a while.

use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use serde::Serialize;

use super::chain::{ChainReport, Head, head, verify, verify_after};
use crate::db::{Db, DbError};
use crate::time::{self, Moment};

/// What the last walk along the chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ChainState {
    pub ok: bool,
    pub rows: i64,
    /// Hash of the newest row; empty before the first
    pub head: String,
    /// The first row that does not hold, in words
    pub fault: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub checked_at: Moment,
}

/// The last walk, and where the chain ended then.
#[derive(Debug, Default)]
pub struct Checked {
    last: Mutex<Option<(Head, ChainState)>>,
    /// One walk at a time: it takes one of the few connections for long work.
    turn: Mutex<()>,
}

impl Checked {
    /// The state of the chain: remembered while no row has been added, and then gone on from where the last walk ended,
    /// unless `fresh` asks for all of it. A walk takes a connection of its own, as a long chain may take longer than a
    /// request's statement may.
    ///
    /// # Errors
    /// Those of the database.
    pub fn state(&self, db: &Db, fresh: bool) -> Result<ChainState, DbError> {
        if let Some(state) = self.known(db, fresh)? {
            return Ok(state);
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = self.known(db, fresh)? {
            return Ok(state);
        }
        let reader = db.export_reader()?;
        let from =
            self.last.lock().unwrap_or_else(PoisonError::into_inner).clone().filter(|(_, state)| state.ok && !fresh);
        let (end, report) = (head(&reader)?, walk(&reader, from.map(|(at, _)| at))?);
        drop(reader);
        let state = ChainState {
            ok: report.fault.is_none(),
            rows: report.rows,
            head: end.hash.clone(),
            fault: report.fault,
            checked_at: time::now(),
        };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((end, state.clone()));
        Ok(state)
    }

    fn known(&self, db: &Db, fresh: bool) -> Result<Option<ChainState>, DbError> {
        if fresh {
            return Ok(None);
        }
        let now: Head = db.read_blocking(head)?;
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(last.filter(|(at, _)| *at == now).map(|(_, state)| state))
    }
}

/// Goes on behind what holds. Another chain, such as that of a restored backup, does not continue it and is walked whole.
fn walk(conn: &Connection, known: Option<Head>) -> Result<ChainReport, DbError> {
    let goes_on = known.is_some();
    let report = verify_after(conn, known)?;
    if goes_on && report.fault.is_some() { verify(conn) } else { Ok(report) }
}
