//! Rows as NDJSON: one object a line. A line that cannot be read is refused by itself.

use std::io::{BufRead, BufReader};

use serde_json::Value;

use super::place::Place;
use super::row::{APPLY, Row};
use super::run::{Ended, run};
use super::{ImportError, Task};
use crate::db::{Db, Entity};
use crate::formats::encoding::{self, Decoder, EncodingError};

/// A longer line is refused unread.
const LONGEST_LINE: u64 = 1 << 20;

/// Imports the rows of a file of lines.
///
/// # Errors
/// [`ImportError`] when the file is no text, or has no rows. Refused lines are in the report.
pub fn import(db: &Db, mut task: Task, entity: Entity, mut file: std::fs::File) -> Result<Ended, ImportError> {
    let no_rows = "Expected one JSON object a line, such as {\"name\": \"…\"}; there is nothing in the file.";
    let detected = encoding::detect(&mut file, None).map_err(|error| match error {
        EncodingError::Io(error) => ImportError::Io(error),
        EncodingError::Empty => ImportError::unusable("no-data", "No data provided", no_rows),
        other => ImportError::unusable("unusable-file", "The file cannot be imported", format!("{other}.")),
    })?;
    if is_blank(&mut Decoder::new(&mut file, &detected)?)? {
        return Err(ImportError::unusable("no-data", "No data provided", no_rows));
    }
    task.rows = task.rows.max(1);
    let patches = task.options.patches.of_members();
    run(
        db,
        task,
        move |feeder| {
            let mut lines = Lines::new(Decoder::new(file, &detected)?);
            while let Some(line) = lines.next()? {
                let place = Place::Line { number: line.number };
                let row = match line.text {
                    None => {
                        let message = format!("The line is longer than {} characters", LONGEST_LINE);
                        Row::refused(entity, place, place.error(None, "cell_too_long", None, message))
                    }
                    Some(text) => match serde_json::from_str::<Value>(text) {
                        Ok(value) => Row::of_value(entity, place, value, &patches),
                        Err(error) => {
                            let message = format!("This line is not JSON: {error}");
                            Row::unreadable(entity, place, "invalid_json", text, message)
                        }
                    },
                };
                feeder.row(line.text.unwrap_or_default(), line.bytes, row)?;
            }
            Ok(Vec::new())
        },
        APPLY,
    )
}

fn is_blank(text: &mut impl std::io::Read) -> std::io::Result<bool> {
    let mut piece = [0; 4096];
    loop {
        match text.read(&mut piece)? {
            0 => return Ok(true),
            read if piece[..read].iter().any(|byte| !byte.is_ascii_whitespace()) => return Ok(false),
            _ => {}
        }
    }
}

/// The lines of a text that are not blank; none grows memory beyond a limit.
struct Lines<R> {
    text: BufReader<Decoder<R>>,
    line: Vec<u8>,
    number: u64,
}

struct Line<'a> {
    number: u64,
    /// Nothing when the line is too long.
    text: Option<&'a str>,
    bytes: u64,
}

impl<R: std::io::Read> Lines<R> {
    fn new(text: Decoder<R>) -> Lines<R> {
        Lines { text: BufReader::new(text), line: Vec::new(), number: 0 }
    }

    fn next(&mut self) -> std::io::Result<Option<Line<'_>>> {
        loop {
            self.line.clear();
            self.number += 1;
            let read = std::io::Read::take(&mut self.text, LONGEST_LINE).read_until(b'\n', &mut self.line)?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 == LONGEST_LINE && !self.line.ends_with(b"\n") {
                self.skip_line()?;
                let bytes = self.text.get_ref().bytes_read();
                return Ok(Some(Line { number: self.number, text: None, bytes }));
            }
            if !self.line.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        let bytes = self.text.get_ref().bytes_read();
        let text = std::str::from_utf8(&self.line).map_err(|_| std::io::Error::other("the text is not UTF-8"))?;
        Ok(Some(Line { number: self.number, text: Some(text.trim_end_matches(['\r', '\n'])), bytes }))
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            self.line.clear();
            let read = std::io::Read::take(&mut self.text, LONGEST_LINE).read_until(b'\n', &mut self.line)?;
            if read == 0 || self.line.ends_with(b"\n") {
                return Ok(());
            }
        }
    }
}
