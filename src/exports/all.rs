//! Everything of a meet as one JSON document, or as one workbook. The document imported into an empty database exports
//! again equal.
//!
//! Passwords do not travel. Where somebody is there already, as when the document is imported through a running server,
//! users are met by their email: who is there stays as they are, the others come with their own ids where these are free.

use std::io::Write;

use rusqlite::Connection;

use super::workbook::{self, Built, Wait};
use super::{ExportError, RowSet, Wanted};
use crate::audit::{self, Head};
use crate::db::Entity;
use crate::formats::format::Format;
use crate::records::{ListQuery, Sight};

/// Writes `{data: {users, athletes, …, exported_at}, exported_at, audit_head, format, message}`, every list by id, users
/// without secrets. Answers how many rows there were.
///
/// # Errors
/// [`ExportError`]; what was written by then is no whole document.
pub fn all_json(conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
    let sets = RowSet::all().iter().map(|set| Wanted::everything(set, Format::Json));
    document(conn, out, sets, Some(audit::head(conn)?))
}

/// As [`all_json`], to be given to anybody: without users, without what only some may see of athletes, and without the
/// audit log.
///
/// # Errors
/// As [`all_json`].
pub fn public_json(conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
    let sets = RowSet::all().iter().filter(|set| set.entity != Entity::Users);
    let seen = |set| Wanted::new(set, Format::Json, ListQuery::everything(), Sight::Public);
    document(conn, out, sets.map(seen), None)
}

fn document(
    conn: &Connection,
    out: &mut dyn Write,
    sets: impl Iterator<Item = Wanted>,
    head: Option<Head>,
) -> Result<u64, ExportError> {
    let now = crate::time::now();
    let mut rows = 0;
    write!(out, "{{\"data\":{{")?;
    for wanted in sets {
        write!(out, "\"{}\":", wanted.set.entity.table())?;
        rows += wanted.json_list(conn, out)?;
        write!(out, ",")?;
    }
    write!(out, "\"exported_at\":\"{now}\"}},\"exported_at\":\"{now}\",")?;
    if let Some(Head { seq, hash }) = head {
        write!(out, "\"audit_head\":\"{seq}:{hash}\",")?;
    }
    write!(out, "\"format\":\"json\",\"message\":\"✅ {rows} rows exported\"}}")?;
    Ok(rows)
}

/// Makes a workbook with a sheet for each dataset, all at one moment.
///
/// # Errors
/// [`ExportError`].
pub fn all_xlsx(conn: &Connection, wait: &Wait) -> Result<Built, ExportError> {
    let sheets: Vec<Wanted> = RowSet::all().iter().map(|set| Wanted::everything(set, Format::Xlsx)).collect();
    workbook::build(conn, &sheets, wait)
}
