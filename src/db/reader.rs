//! A connection that somebody reads from for long.

use std::ops::Deref;

use r2d2::PooledConnection;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::Connection;

use super::DbError;

/// A read-only connection on loan from a pool, inside a transaction whose SELECTs see one moment. The transaction ends
/// with the loan, however that ends: left open it would keep the log from being folded back into the store, and stand in
/// the way of whoever gets the connection next.
pub struct Reader(PooledConnection<SqliteConnectionManager>);

impl Reader {
    pub(super) fn begin(conn: PooledConnection<SqliteConnectionManager>) -> Result<Reader, DbError> {
        conn.execute_batch("BEGIN")?;
        Ok(Reader(conn))
    }
}

impl Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // A connection that fails here is tested before its next use.
        let _ = self.0.execute_batch("ROLLBACK");
    }
}
