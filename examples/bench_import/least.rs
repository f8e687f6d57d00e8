//! The least that could do the same: a loop of `csv` or `serde_json` and `rusqlite`, and the SQLite shell.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use athsys::athletes::Athlete;
use athsys::db::{Access, Db, DbError, Files};
use athsys::records::{Record, insert_sql};
use athsys::rules::text::fold;
use rusqlite::{Connection, params};

/// The same schema and settings as the server's writer, and nothing else.
pub fn import(path: &Path, file: &[u8]) -> anyhow::Result<f64> {
    drop(Db::open(Files::of(path), Access::Own)?);
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -((file.len() as i64 / 1024 * 8 / 5).clamp(4_000, 65_536)))?;
    let started = Instant::now();
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let sql = insert_sql::<Athlete>();
    let mut insert = conn.prepare(&sql)?;
    let mut reader = csv::Reader::from_reader(file);
    let now = athsys::time::now_ms();
    let mut record = csv::StringRecord::new();
    let given = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    while reader.read_record(&mut record)? {
        let bib = given(&record[7]).map(|bib| format!("{}{bib}", char::from(b'a' + bib.len() as u8)));
        insert.execute(params![
            None::<i64>,
            &record[0],
            &record[1],
            given(&record[8]),
            None::<i64>,
            given(&record[2]),
            given(&record[3]),
            given(&record[4]),
            given(&record[5]),
            given(&record[6]),
            given(&record[7]),
            None::<String>,
            None::<i64>,
            now,
            now,
            fold(&record[0]),
            bib,
        ])?;
    }
    conn.execute_batch("COMMIT")?;
    Ok(started.elapsed().as_secs_f64())
}

pub fn export_csv(path: &Path, target: &Path) -> anyhow::Result<f64> {
    let conn = Connection::open(path)?;
    let started = Instant::now();
    let mut out = csv::Writer::from_writer(BufWriter::new(std::fs::File::create(target)?));
    let mut statement = conn.prepare(
        "SELECT id, name, country, gender, email, phone, club_team, coach, bib_number, date_of_birth FROM athletes ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next().map_err(DbError::from)? {
        out.write_field(row.get::<_, i64>(0)?.to_string())?;
        for column in 1..10 {
            out.write_field(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default())?;
        }
        out.write_record(None::<&[u8]>)?;
    }
    out.flush()?;
    Ok(started.elapsed().as_secs_f64())
}

/// The same members as an export of ours, one row after the other.
pub fn export_json(path: &Path, target: &Path) -> anyhow::Result<f64> {
    let conn = Connection::open(path)?;
    let started = Instant::now();
    let mut out = BufWriter::with_capacity(64 * 1024, std::fs::File::create(target)?);
    let sql = format!("SELECT id, version, {} FROM athletes ORDER BY id", Athlete::COLUMNS.join(", "));
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    out.write_all(b"[")?;
    let mut is_first = true;
    while let Some(row) = rows.next().map_err(DbError::from)? {
        if !is_first {
            out.write_all(b",")?;
        }
        is_first = false;
        serde_json::to_writer(&mut out, &Athlete::from_row(row)?)?;
    }
    out.write_all(b"]")?;
    out.flush()?;
    Ok(started.elapsed().as_secs_f64())
}

/// What another program takes for the same file, into a table without checks; nothing where it is not installed.
pub fn other(program: &str, arguments: &[&str]) -> Option<f64> {
    let started = Instant::now();
    let mut command = Command::new(program);
    let ended =
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    ended.success().then(|| started.elapsed().as_secs_f64())
}
