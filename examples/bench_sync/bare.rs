//! The least that could do the same: a loop over SQLite that writes lines for COPY.

use std::fmt::Write;
use std::pin::pin;

use athsys::db::Db;
use athsys::time::Moment;
use bytes::Bytes;
use futures_util::SinkExt;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use super::postgres::connect;

const DB_ID: &str = "00000000-0000-0000-0000-000000000001";
/// Columns behind `db_id`, and their types.
const COLUMNS: [(&str, &str); 12] = [
    ("id", "bigint"),
    ("name", "text"),
    ("country", "text"),
    ("gender", "text"),
    ("year_of_birth", "integer"),
    ("club_team", "text"),
    ("coach", "text"),
    ("bib_number", "text"),
    ("photo_url", "text"),
    ("user_id", "bigint"),
    ("created_at", "timestamptz"),
    ("updated_at", "timestamptz"),
];
const SELECT: &str = "SELECT id, name, country, gender, \
    coalesce(year_of_birth, CAST(substr(date_of_birth, 1, 4) AS INTEGER)), club_team, coach, bib_number, photo_url, \
    user_id, created_at, updated_at FROM athletes WHERE id <= ?1 ORDER BY id";
/// Bytes that go at once.
const PIECE: usize = 64 * 1024;

pub struct Bare {
    client: Client,
    meet: Connection,
}

impl Bare {
    /// Tables beside those of the copy, with the same columns and indexes.
    pub async fn new(url: &str, db: &Db) -> anyhow::Result<Bare> {
        let client = connect(url).await;
        client
            .batch_execute(
                "CREATE TABLE bare (LIKE athsys.athletes INCLUDING ALL);
                 CREATE TABLE row_by_row (LIKE athsys.athletes INCLUDING ALL);",
            )
            .await?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Bare { client, meet: Connection::open_with_flags(db.files().live(), flags)? })
    }

    /// All rows by one COPY.
    pub async fn load(&self) -> anyhow::Result<()> {
        self.copy("bare", i64::MAX).await
    }

    /// The first rows, which are there already, through a temporary table.
    pub async fn change(&self, up_to: i64) -> anyhow::Result<()> {
        self.client.batch_execute("BEGIN; CREATE TEMPORARY TABLE incoming (LIKE bare) ON COMMIT DROP").await?;
        self.copy("incoming", up_to).await?;
        let set: Vec<String> = COLUMNS[1..].iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect();
        let (names, set) = (names(), set.join(", "));
        let upsert = format!(
            "INSERT INTO bare ({names}) SELECT {names} FROM incoming ON CONFLICT (db_id, id) DO UPDATE SET {set}; COMMIT"
        );
        Ok(self.client.batch_execute(&upsert).await?)
    }

    /// The first rows, a statement and a transaction each.
    pub async fn row_by_row(&self, up_to: i64) -> anyhow::Result<()> {
        let values: Vec<String> =
            (1..).zip(COLUMNS).map(|(number, (_, kind))| format!("${number}::text::{kind}")).collect();
        let sql = format!("INSERT INTO row_by_row ({}) VALUES ('{DB_ID}', {})", names(), values.join(", "));
        let insert = self.client.prepare(&sql).await?;
        let mut select = self.meet.prepare(SELECT)?;
        let mut rows = select.query([up_to])?;
        while let Some(row) = rows.next()? {
            let mut cells: Vec<Option<String>> = Vec::with_capacity(COLUMNS.len());
            for column in 0..COLUMNS.len() {
                let mut text = String::new();
                write_cell(row, column, &mut text)?;
                cells.push((text != "\\N").then_some(text));
            }
            let parameters: Vec<&(dyn ToSql + Sync)> = cells.iter().map(|cell| cell as _).collect();
            self.client.execute(&insert, &parameters).await?;
        }
        Ok(())
    }

    async fn copy(&self, table: &str, up_to: i64) -> anyhow::Result<()> {
        let sink = self.client.copy_in(&format!("COPY {table} ({}) FROM STDIN", names())).await?;
        let mut sink = pin!(sink);
        let mut select = self.meet.prepare(SELECT)?;
        let mut rows = select.query([up_to])?;
        let mut piece = String::with_capacity(PIECE + 1024);
        while let Some(row) = rows.next()? {
            piece.push_str(DB_ID);
            for column in 0..COLUMNS.len() {
                piece.push('\t');
                write_cell(row, column, &mut piece)?;
            }
            piece.push('\n');
            if piece.len() >= PIECE {
                sink.send(Bytes::from(std::mem::replace(&mut piece, String::with_capacity(PIECE + 1024)))).await?;
            }
        }
        sink.send(Bytes::from(piece)).await?;
        sink.finish().await?;
        Ok(())
    }
}

fn names() -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    format!("db_id, {}", names.join(", "))
}

/// One value as COPY reads it.
fn write_cell(row: &Row<'_>, column: usize, to: &mut String) -> anyhow::Result<()> {
    match row.get_ref(column)? {
        ValueRef::Integer(ms) if COLUMNS[column].1 == "timestamptz" => write!(to, "{}", Moment(ms))?,
        ValueRef::Integer(number) => write!(to, "{number}")?,
        ValueRef::Text(text) => {
            for letter in std::str::from_utf8(text)?.chars() {
                match letter {
                    '\\' => to.push_str("\\\\"),
                    '\t' => to.push_str("\\t"),
                    '\n' => to.push_str("\\n"),
                    '\r' => to.push_str("\\r"),
                    other => to.push(other),
                }
            }
        }
        _ => to.push_str("\\N"),
    }
    Ok(())
}
