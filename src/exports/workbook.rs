//! Datasets as an Excel workbook. It is made in a file without a name before its first byte leaves, because a workbook is
//! an archive that ends with its table of contents; memory stays the same however many rows there are.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use rusqlite::Connection;

use super::{ExportError, Wanted};
use crate::db::DbError;
use crate::formats::workbook_out::WorkbookWriter;

/// A workbook, ready to be read from its start.
#[derive(Debug)]
pub struct Built {
    pub file: File,
    pub rows: u64,
}

/// Whether somebody still waits for a workbook; without, it is not worth finishing.
#[derive(Debug, Clone)]
pub struct Wait(Arc<AtomicBool>);

/// Ends the wait when it goes out of scope.
#[derive(Debug)]
pub struct Waiting(Arc<AtomicBool>);

impl Wait {
    /// Somebody who waits as long as it takes.
    pub fn for_ever() -> Wait {
        Wait(Arc::new(AtomicBool::new(true)))
    }

    /// Somebody who waits as long as they keep the second half.
    pub fn while_kept() -> (Wait, Waiting) {
        let wait = Wait::for_ever();
        let waiting = Waiting(wait.0.clone());
        (wait, waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}

/// Makes a workbook with a sheet for each of what is wanted.
///
/// # Errors
/// [`ExportError`], also when nobody waits any more.
pub fn build(conn: &Connection, sheets: &[Wanted], wait: &Wait) -> Result<Built, ExportError> {
    let mut workbook: Option<WorkbookWriter> = None;
    let mut rows = 0;
    for wanted in sheets {
        let name = wanted.set.entity.table();
        let columns = wanted.columns();
        let headings: Vec<&str> = columns.iter().map(|column| column.heading).collect();
        let writer = match workbook.take() {
            Some(mut writer) => {
                writer.sheet(name, &headings)?;
                writer
            }
            None => WorkbookWriter::new(name, &headings)?,
        };
        let writer = workbook.insert(writer);
        let mut scratch = String::new();
        wanted.each_of(conn, &columns, |row| {
            if !wait.0.load(Relaxed) {
                return Err(ExportError::Abandoned);
            }
            for (index, column) in columns.iter().enumerate() {
                column.write_cell(row.get_ref(index).map_err(DbError::from)?, writer, &mut scratch)?;
            }
            writer.end_row()?;
            rows += 1;
            Ok(())
        })?;
    }
    let workbook = workbook.expect("there is at least one sheet");
    Ok(Built { file: workbook.finish()?, rows })
}

#[cfg(test)]
mod tests;
