//! Pieces on their way into the tables of PostgreSQL.

use bytes::Bytes;

use super::encode::Lines;
use super::error::SyncError;
use super::link::{Copy, Link, patiently};
use super::log::SetAside;
use super::source::Piece;
use super::tables::TABLES;

/// More refused rows than this are no accident: somebody has changed the tables there.
pub const MOST_REFUSED: usize = 1_000;

/// How rows are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// All are good, as they nearly always are.
    Trusting,
    /// Some may be refused: those are found and set aside.
    RowByRow,
}

/// What was done so far in a transaction.
pub struct Applied<'l> {
    link: &'l mut Link,
    db_id: &'l str,
    care: Care,
    used: [bool; TABLES.len()],
    pub sent: u64,
    pub refused: Vec<SetAside>,
    /// Rows that went in or were deleted, where somebody wants to know.
    pub done: Vec<(usize, i64)>,
}

impl<'l> Applied<'l> {
    pub fn new(link: &'l mut Link, db_id: &'l str, care: Care) -> Applied<'l> {
        Applied { link, db_id, care, used: [false; TABLES.len()], sent: 0, refused: Vec::new(), done: Vec::new() }
    }

    /// Puts changed rows in place and takes away those that are gone. With `note`, remembers which.
    pub async fn piece(&mut self, piece: &Piece, note: bool) -> Result<(), SyncError> {
        if !piece.lines.is_empty() {
            self.link.stage(piece.table).await?;
            match self.care {
                Care::Trusting => self.put(piece.table, &piece.lines, 0..piece.lines.len()).await?,
                Care::RowByRow => self.put_carefully(piece).await?,
            }
        }
        if !piece.gone.is_empty() {
            let statement = self.link.statement(&TABLES[piece.table].delete()).await?;
            patiently(self.link.client().execute(&statement, &[&self.db_id, &piece.gone])).await?;
        }
        self.sent += (piece.lines.len() + piece.gone.len()) as u64;
        if note {
            let keys = piece.lines.keys().iter().chain(&piece.gone);
            self.done.extend(keys.map(|key| (piece.table, *key)));
        }
        Ok(())
    }

    /// Some lines through the temporary table into their place.
    async fn put(&mut self, table: usize, lines: &Lines, some: std::ops::Range<usize>) -> Result<(), SyncError> {
        let (to, personal) = (&TABLES[table], self.link.personal_data);
        if std::mem::replace(&mut self.used[table], true) {
            self.link.run(&to.empty_staging()).await?;
        }
        let mut copy = self.link.copy_in(&to.copy_in(personal, true)).await?;
        copy.send(Bytes::copy_from_slice(lines.text(some))).await?;
        copy.finish().await?;
        let upsert = self.link.statement(&to.upsert(personal)).await?;
        patiently(self.link.client().execute(&upsert, &[])).await?;
        Ok(())
    }

    /// Halves what is refused until the row is found.
    async fn put_carefully(&mut self, piece: &Piece) -> Result<(), SyncError> {
        let mut left = Vec::from([(0, piece.lines.len())]);
        while let Some((start, end)) = left.pop() {
            self.link.run("SAVEPOINT part").await?;
            match self.put(piece.table, &piece.lines, start..end).await {
                Ok(()) => self.link.run("RELEASE SAVEPOINT part").await?,
                Err(SyncError::Data(message)) => {
                    self.link.run("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part").await?;
                    if end - start == 1 {
                        self.set_aside(piece.table, piece.lines.keys()[start], message)?;
                    } else {
                        let middle = (start + end) / 2;
                        left.push((middle, end));
                        left.push((start, middle));
                    }
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    fn set_aside(&mut self, table: usize, key: i64, message: String) -> Result<(), SyncError> {
        if self.refused.len() >= MOST_REFUSED {
            return Err(SyncError::TooManyRefused(MOST_REFUSED, message));
        }
        self.refused.push(SetAside { table, key, message });
        Ok(())
    }

    /// Takes away all rows of the database, before they come anew.
    pub async fn clear(&mut self) -> Result<(), SyncError> {
        self.link.run("SET LOCAL statement_timeout = 0").await?;
        for table in &TABLES {
            self.link.client().execute(&table.delete_all(), &[&self.db_id]).await?;
        }
        Ok(())
    }

    /// Opens the way for all rows of a table at once.
    pub async fn open(&mut self, table: usize) -> Result<Copy, SyncError> {
        self.link.copy_in(&TABLES[table].copy_in(self.link.personal_data, false)).await
    }
}
