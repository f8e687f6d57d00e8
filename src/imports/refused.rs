//! The refused rows as a file: as they came, with a last column `error`, in the encoding and delimiter they came in.
//! Mended and imported again they go in.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use serde_json::{Map, Value};

use super::kept::{Packed, Packer};
use super::place::Place;
use crate::formats::csv_out::CsvWriter;
use crate::formats::encoding::Encoding;

/// The heading of the last column.
pub const ERROR_COLUMN: &str = "error";

/// How refused rows are written down.
#[derive(Debug, Clone)]
pub enum Form {
    Sheet(SheetForm),
    /// One JSON object a line: `{list, row}`. What is handed out is made of them later.
    Json,
}

/// What a table of refused rows looks like.
#[derive(Debug, Clone)]
pub struct SheetForm {
    /// The header as it came.
    pub header: String,
    pub columns: usize,
    pub delimiter: u8,
    pub encoding: Encoding,
    /// With a byte order mark.
    pub has_mark: bool,
    /// The last column holds the errors of an earlier round, which the new ones replace.
    pub had_errors: bool,
}

/// Takes the refused rows of one import.
pub struct Refused {
    form: Form,
    packer: Option<Packer>,
    /// The last row: it may be refused for several reasons, also several times over (a row of many entries).
    pending: Option<(Place, String, Vec<String>)>,
    rows: u64,
}

impl Refused {
    pub fn new(form: Form) -> Refused {
        Refused { form, packer: None, pending: None, rows: 0 }
    }

    /// Notes one refusal.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn add(&mut self, place: Place, raw: &str, messages: &[String]) -> io::Result<()> {
        if let Some((last, _, reasons)) = &mut self.pending
            && *last == place
        {
            reasons.extend(messages.iter().filter(|message| !reasons.contains(message)).cloned().collect::<Vec<_>>());
            return Ok(());
        }
        self.write_pending()?;
        self.pending = Some((place, raw.to_owned(), messages.to_vec()));
        Ok(())
    }

    /// The file, when there were any.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn done(mut self) -> io::Result<Option<Packed>> {
        self.write_pending()?;
        self.packer.map(Packer::done).transpose()
    }

    fn write_pending(&mut self) -> io::Result<()> {
        let Some((place, raw, reasons)) = self.pending.take() else { return Ok(()) };
        let error = reasons.join("; ");
        if self.packer.is_none() {
            let mut packer = Packer::new()?;
            if let Form::Sheet(form) = &self.form {
                form.write_header(&mut packer)?;
            }
            self.packer = Some(packer);
        }
        let Some(packer) = &mut self.packer else { return Ok(()) };
        self.rows += 1;
        match &self.form {
            Form::Sheet(form) => form.write_row(packer, &raw, &error),
            Form::Json => write_element(packer, place, &raw, error),
        }
    }
}

impl SheetForm {
    fn write_header(&self, out: &mut impl Write) -> io::Result<()> {
        let mut bytes = Vec::new();
        if self.has_mark {
            self.encoding.encode("\u{feff}", &mut bytes);
        }
        out.write_all(&bytes)?;
        self.write_line(out, &self.header, self.columns, ERROR_COLUMN)
    }

    fn write_row(&self, out: &mut impl Write, raw: &str, error: &str) -> io::Result<()> {
        match scan(raw, self.delimiter) {
            // An open quote would swallow the error: such a line becomes the text of one cell.
            None => {
                let cell = format!("\"{}\"", raw.replace('"', "\"\""));
                self.write_line(out, &cell, 1, error)
            }
            Some(cells) => self.write_line(out, raw, cells, error),
        }
    }

    /// A row too short is filled up, so that the error stands in its own column.
    fn write_line(&self, out: &mut impl Write, raw: &str, cells: usize, error: &str) -> io::Result<()> {
        let delimiter = char::from(self.delimiter);
        let (raw, cells) = match self.had_errors && cells >= self.columns {
            true => (without_last(raw, self.delimiter), cells - 1),
            false => (raw, cells),
        };
        let own = self.columns - usize::from(self.had_errors);
        let mut line = raw.to_owned();
        (cells..own).for_each(|_| line.push(delimiter));
        line.push(delimiter);
        line.push_str(&quoted(error, delimiter));
        line.push_str("\r\n");
        let mut bytes = Vec::with_capacity(line.len());
        self.encoding.encode(&line, &mut bytes);
        out.write_all(&bytes)
    }
}

fn quoted(text: &str, delimiter: char) -> String {
    if text.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// How many cells a line has; `None` when a quote never closes.
fn scan(raw: &str, delimiter: u8) -> Option<usize> {
    cell_starts(raw, delimiter).map(|starts| starts.len())
}

/// Where the cells of a line start: a quote opens a cell only at its beginning.
fn cell_starts(raw: &str, delimiter: u8) -> Option<Vec<usize>> {
    let (mut starts, mut is_quoted, mut at_start) = (vec![0], false, true);
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' if is_quoted && bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' if is_quoted => is_quoted = false,
            b'"' if at_start => is_quoted = true,
            byte if byte == delimiter && !is_quoted => {
                starts.push(at + 1);
                at_start = true;
                at += 1;
                continue;
            }
            _ => {}
        }
        at_start = false;
        at += 1;
    }
    (!is_quoted).then_some(starts)
}

fn without_last(raw: &str, delimiter: u8) -> &str {
    match cell_starts(raw, delimiter).and_then(|starts| starts.last().copied()) {
        Some(start) if start > 0 => &raw[..start - 1],
        _ => raw,
    }
}

fn write_element(out: &mut impl Write, place: Place, raw: &str, error: String) -> io::Result<()> {
    let value = serde_json::from_str(raw).unwrap_or_else(|_| Value::String(raw.to_owned()));
    let mut line = Map::new();
    if let Place::Json { list, .. } = place {
        line.insert("list".into(), list.into());
    }
    line.insert("row".into(), value);
    line.insert(ERROR_COLUMN.into(), error.into());
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

/// Refused elements of a JSON file as a table: every member that occurs is a column, the list first where there are
/// several, the error last.
///
/// # Errors
/// Those of the disk and of `out`.
pub fn as_csv(lines: &mut (impl Read + Seek), out: &mut dyn Write) -> io::Result<()> {
    let (mut names, mut lists) = (Vec::<String>::new(), Vec::<String>::new());
    for line in elements(lines)? {
        let Element { list, members, .. } = line?;
        if !lists.contains(&list) {
            lists.push(list);
        }
        members.keys().filter(|name| *name != ERROR_COLUMN).for_each(|name| {
            if !names.contains(name) {
                names.push(name.clone());
            }
        });
    }
    let mut csv = CsvWriter::new(out, false)?;
    let has_lists = lists.len() > 1;
    let list = has_lists.then_some("list");
    csv.row(list.into_iter().chain(names.iter().map(String::as_str)).chain([ERROR_COLUMN]))?;
    lines.seek(SeekFrom::Start(0))?;
    for line in elements(lines)? {
        let Element { list, members, error } = line?;
        if has_lists {
            csv.cell(&list)?;
        }
        for name in &names {
            let text = match members.get(name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            };
            csv.cell(&text)?;
        }
        csv.cell(&error)?;
        csv.end_row()?;
    }
    csv.finish().map(drop)
}

struct Element {
    list: String,
    members: Map<String, Value>,
    error: String,
}

fn elements(lines: &mut impl Read) -> io::Result<impl Iterator<Item = io::Result<Element>>> {
    let parsed = serde_json::Deserializer::from_reader(BufReader::new(lines)).into_iter::<Map<String, Value>>();
    Ok(parsed.map(|line| {
        let mut line = line?;
        let text = |value: Option<Value>| value.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        let members = match line.remove("row") {
            Some(Value::Object(members)) => members,
            Some(other) => Map::from_iter([("row".to_owned(), other)]),
            None => Map::new(),
        };
        Ok(Element { list: text(line.remove("list")), members, error: text(line.remove(ERROR_COLUMN)) })
    }))
}

#[cfg(test)]
mod tests;
