//! What a write job sees: the connection, one reading of the clock, and a note of the tables it touched.

use rusqlite::Connection;

use super::{Deed, Entity, Touched};

pub struct Tx<'a> {
    conn: &'a Connection,
    now_ms: i64,
    touched: Touched,
    is_housekeeping: bool,
}

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a Connection) -> Tx<'a> {
        Tx { conn, now_ms: crate::time::now_ms(), touched: Touched::default(), is_housekeeping: false }
    }

    pub fn conn(&self) -> &'a Connection {
        self.conn
    }

    /// Unix milliseconds, the same for everything the job writes.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Marks a table as changed, so that caches of it end with this COMMIT.
    pub fn touch(&mut self, entity: Entity) {
        self.touched.add(entity);
    }

    /// Marks one row as changed, and its table with it. Where that is known, those who follow the news hear of the row
    /// and not of the whole table.
    pub fn touch_row(&mut self, entity: Entity, id: i64, deed: Deed) {
        self.touched.add_row(entity, id, deed);
    }

    /// What this job writes is nothing that a copy of the database would be missing.
    pub(super) fn housekeeping(&mut self) {
        self.is_housekeeping = true;
    }

    /// The tables it touched, and whether the published file lacks something now.
    pub(super) fn into_outcome(self) -> (Touched, bool) {
        (self.touched, !self.is_housekeeping)
    }
}
