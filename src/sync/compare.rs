//! Both sides row by row, byte by byte.

use std::cmp::Ordering;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Receiver;

use super::error::SyncError;
use super::link::{Link, patiently};
use super::source::{self, Message, Piece};
use super::tables::TABLES;

/// Keys that are named, of those that differ.
const NAMED: usize = 100;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Comparison {
    pub equal: bool,
    pub tables: Vec<TableComparison>,
}

/// One table on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TableComparison {
    pub name: &'static str,
    /// Rows
    pub here: u64,
    pub there: u64,
    /// SHA-256 of all rows is the same
    pub checksum_equal: bool,
    /// Rows that are missing on a side or have other values
    pub differing: u64,
    /// The first hundred of their ids
    pub keys: Vec<i64>,
}

/// Compares all rows that the reader says with those that PostgreSQL has, inside the transaction that brought the
/// newest. `first` is what the reader has said already.
pub async fn compare(
    link: &mut Link,
    db_id: &str,
    first: Option<Message>,
    messages: &mut Receiver<Message>,
) -> Result<Comparison, SyncError> {
    link.run("SET LOCAL statement_timeout = 0").await?;
    let mut here = Here { next: first, messages };
    let mut tables = Vec::new();
    for (number, table) in TABLES.iter().enumerate() {
        let sql = table.copy_out(link.personal_data, db_id);
        let rows = patiently(link.client().copy_out(&sql)).await?;
        let mut there = There { rows: Box::pin(rows).fuse(), held: None };
        tables.push(one_table(number, &mut here, &mut there).await?);
    }
    let equal = tables.iter().all(|table| table.differing == 0 && table.checksum_equal);
    Ok(Comparison { equal, tables })
}

async fn one_table<S>(table: usize, here: &mut Here<'_>, there: &mut There<S>) -> Result<TableComparison, SyncError>
where
    S: Stream<Item = Result<Bytes, tokio_postgres::Error>> + Unpin,
{
    let mut sides = Sides::default();
    while let Some(piece) = here.piece(table).await? {
        for (key, line) in piece.lines.iter() {
            sides.is_here(line);
            loop {
                let Some((other, text)) = there.peek().await? else {
                    sides.differs(key);
                    break;
                };
                match other.cmp(&key) {
                    Ordering::Less => {
                        sides.is_there(&text);
                        sides.differs(other);
                        there.held = None;
                    }
                    Ordering::Equal => {
                        sides.is_there(&text);
                        if text != line {
                            sides.differs(key);
                        }
                        there.held = None;
                        break;
                    }
                    Ordering::Greater => {
                        sides.differs(key);
                        break;
                    }
                }
            }
        }
    }
    while let Some((other, text)) = there.peek().await? {
        sides.is_there(&text);
        sides.differs(other);
        there.held = None;
    }
    Ok(sides.result(TABLES[table].name))
}

/// The rows of this side.
struct Here<'m> {
    next: Option<Message>,
    messages: &'m mut Receiver<Message>,
}

impl Here<'_> {
    /// The next rows of a table, as long as there are any.
    async fn piece(&mut self, table: usize) -> Result<Option<Piece>, SyncError> {
        if self.next.is_none() {
            self.next = self.messages.recv().await;
        }
        match self.next.take() {
            Some(Message::Compare(piece)) if piece.table == table => Ok(Some(piece)),
            Some(Message::Failed(error)) => Err(error.into()),
            Some(Message::Plan(_) | Message::Piece(_)) => Err(source::broken()),
            later => {
                self.next = later;
                Ok(None)
            }
        }
    }
}

/// The rows of the other side: PostgreSQL sends one at a time.
struct There<S> {
    rows: S,
    held: Option<(i64, Bytes)>,
}

impl<S: Stream<Item = Result<Bytes, tokio_postgres::Error>> + Unpin> There<S> {
    async fn peek(&mut self) -> Result<Option<(i64, Bytes)>, SyncError> {
        if self.held.is_none() {
            let next = patiently(async { self.rows.next().await.transpose() }).await?;
            self.held = next.map(|line| (key_of(&line), line));
        }
        Ok(self.held.clone())
    }
}

/// The second column; the first is the id of the database.
fn key_of(line: &[u8]) -> i64 {
    let column = line.split(|byte| *byte == b'\t' || *byte == b'\n').nth(1).unwrap_or_default();
    std::str::from_utf8(column).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[derive(Default)]
struct Sides {
    here: u64,
    there: u64,
    hash_here: Sha256,
    hash_there: Sha256,
    differing: u64,
    keys: Vec<i64>,
}

impl Sides {
    fn is_here(&mut self, line: &[u8]) {
        self.here += 1;
        self.hash_here.update(line);
    }

    fn is_there(&mut self, line: &[u8]) {
        self.there += 1;
        self.hash_there.update(line);
    }

    fn differs(&mut self, key: i64) {
        self.differing += 1;
        if self.keys.len() < NAMED {
            self.keys.push(key);
        }
    }

    fn result(self, name: &'static str) -> TableComparison {
        let Sides { here, there, hash_here, hash_there, differing, keys } = self;
        let checksum_equal = hash_here.finalize() == hash_there.finalize();
        TableComparison { name, here, there, checksum_equal, differing, keys }
    }
}
