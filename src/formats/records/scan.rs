//! The state machine under [`Records`](super::Records): a window over the source and the cells of one record in it.

use std::io::{self, Read};

/// The longest cell, in characters; quotes and an apostrophe that defuses it are none of them.
pub const MAX_CELL_CHARS: usize = 10_000;
/// More physical lines in one record mean that a quote never closes.
pub const MAX_LINES: u64 = 50;
/// The most cells in a record that are told apart.
pub const MAX_FIELDS: usize = 1_000;

/// No character has more than four bytes, so a cell of more bytes is certainly too long; one more is the apostrophe.
const MAX_CELL_BYTES: usize = MAX_CELL_CHARS * 4 + 1;
/// 200 columns of the longest cells.
const MAX_RECORD_BYTES: usize = 200 * MAX_CELL_BYTES;
/// So much of a record that is refused already is kept, to be given back and mended.
const MAX_FAULTY_BYTES: usize = 512 * 1024;
const FIRST_BUFFER: usize = 64 * 1024;

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A quote opens and does not close within [`MAX_LINES`] lines or before the end.
    UnclosedQuote,
    /// A cell has more than [`MAX_CELL_CHARS`] characters.
    CellTooLong,
    /// More than [`MAX_FIELDS`] cells, or more text than 200 of the longest cells.
    TooManyColumns,
}

/// A cell as a range of the record's text, or of the unquoted text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub start: usize,
    pub end: usize,
    /// The range is one of the unquoted text. Before [`Scan::unquote`]: doubled quotes are to be taken out.
    pub is_unquoted: bool,
}

pub(super) enum Scanned {
    Record { lines: u64, has_quotes: bool },
    Fault { kind: FaultKind, column: Option<usize>, lines: u64 },
    End,
}

pub(super) struct Scan<R> {
    source: R,
    delimiter: u8,
    /// Bytes that end a cell without quotes: the delimiter, CR, LF.
    stops: [bool; 256],
    buffer: Vec<u8>,
    /// The record starts here …
    start: usize,
    /// … and is this long, without its line end.
    length: usize,
    /// The next record starts here.
    next: usize,
    /// Bytes of the buffer that are filled.
    filled: usize,
    is_source_done: bool,
    /// The last record ended in CR, so an LF now belongs to it.
    after_cr: bool,
    fields: Vec<Field>,
}

/// Progress within one record; positions count from the record's start.
#[derive(Default)]
struct Progress {
    at: usize,
    field_start: usize,
    /// Line ends inside quotes, and how many of them came before the present cell.
    inner_lines: u64,
    earlier_lines: u64,
    has_quotes: bool,
    fault: Option<(FaultKind, Option<usize>)>,
    /// Cells passed, also while nothing is kept.
    column: usize,
    /// The record is refused already, so its bytes are not kept.
    is_discarding: bool,
}

/// How the cell before ended.
enum Stop {
    Delimiter,
    LineEnd,
    End,
    /// The quote never closes; go on behind the first line end after it, if there is one.
    Unclosed(Option<usize>),
}

impl<R: Read> Scan<R> {
    pub fn new(source: R, delimiter: u8) -> Scan<R> {
        let mut stops = [false; 256];
        for byte in [delimiter, b'\r', b'\n'] {
            stops[usize::from(byte)] = true;
        }
        Scan {
            source,
            delimiter,
            stops,
            buffer: vec![0; FIRST_BUFFER],
            start: 0,
            length: 0,
            next: 0,
            filled: 0,
            is_source_done: false,
            after_cr: false,
            fields: Vec::with_capacity(64),
        }
    }

    pub fn source(&self) -> &R {
        &self.source
    }

    /// The text of the record or the faulty line; empty when it was not kept.
    pub fn raw(&self) -> &[u8] {
        &self.buffer[self.start..self.start + self.length]
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    #[cfg(test)]
    pub fn buffer_size(&self) -> usize {
        self.buffer.len()
    }

    /// Finds the next record.
    pub fn next(&mut self) -> io::Result<Scanned> {
        self.start = self.next;
        self.length = 0;
        self.fields.clear();
        let mut progress = Progress::default();
        if self.after_cr && self.peek(&mut progress)? == Some(b'\n') {
            self.start += 1;
        }
        self.after_cr = false;
        if self.peek(&mut progress)?.is_none() {
            self.next = self.start;
            return Ok(Scanned::End);
        }
        loop {
            progress.field_start = progress.at;
            let stop = match self.peek(&mut progress)? {
                Some(b'"') => self.quoted(&mut progress)?,
                Some(_) | None => self.plain(&mut progress, false)?,
            };
            progress.column += 1;
            match stop {
                Stop::Delimiter => progress.at += 1,
                Stop::LineEnd | Stop::End => return Ok(self.finish(&progress)),
                Stop::Unclosed(first_line_end) => return Ok(self.give_up(&progress, first_line_end)),
            }
        }
    }

    /// A cell without quotes, or what stands behind a closing quote, up to a delimiter or line end.
    fn plain(&mut self, progress: &mut Progress, is_unquoted: bool) -> io::Result<Stop> {
        loop {
            let from = self.start + progress.at;
            let window = &self.buffer[from..self.filled];
            match window.iter().position(|&byte| self.stops[usize::from(byte)]) {
                Some(length) => {
                    progress.at += length;
                    self.push(progress, progress.field_start, progress.at, is_unquoted);
                    let is_delimiter = self.buffer[from + length] == self.delimiter;
                    return Ok(if is_delimiter { Stop::Delimiter } else { Stop::LineEnd });
                }
                None => progress.at += window.len(),
            }
            if !self.more(progress)? {
                self.push(progress, progress.field_start, progress.at, is_unquoted);
                return Ok(Stop::End);
            }
        }
    }

    /// A cell that starts with a quote.
    fn quoted(&mut self, progress: &mut Progress) -> io::Result<Stop> {
        progress.has_quotes = true;
        progress.earlier_lines = progress.inner_lines;
        progress.at += 1;
        let mut doubled = false;
        let mut first_line_end = None;
        let mut after_cr = false;
        loop {
            let Some(byte) = self.peek(progress)? else { return Ok(Stop::Unclosed(first_line_end)) };
            if progress.is_discarding {
                first_line_end = None;
            }
            if byte == b'"' {
                progress.at += 1;
                match self.peek(progress)? {
                    Some(b'"') => doubled = true,
                    behind => return self.close(progress, doubled, behind),
                }
            } else if byte == b'\r' || (byte == b'\n' && !after_cr) {
                first_line_end.get_or_insert(progress.at);
                progress.inner_lines += 1;
                // What was thrown away cannot be read again, so this line end has to do.
                if progress.inner_lines >= MAX_LINES || progress.is_discarding {
                    return Ok(Stop::Unclosed(first_line_end));
                }
            }
            progress.at += 1;
            let skipped = self.skip_plain_text(progress);
            after_cr = byte == b'\r' && skipped == 0;
            let is_long = progress.at - progress.field_start > MAX_CELL_BYTES + 2;
            if is_long && first_line_end.is_some() {
                return Ok(Stop::Unclosed(first_line_end));
            }
        }
    }

    /// Inside quotes: goes on to the next quote or line end in the window; returns how far.
    fn skip_plain_text(&self, progress: &mut Progress) -> usize {
        let window = &self.buffer[self.start + progress.at..self.filled];
        let length = window.iter().position(|&byte| matches!(byte, b'"' | b'\r' | b'\n')).unwrap_or(window.len());
        progress.at += length;
        length
    }

    /// Behind a closing quote. Text there belongs to the cell, as spreadsheets read it.
    fn close(&mut self, progress: &mut Progress, doubled: bool, behind: Option<u8>) -> io::Result<Stop> {
        let stop = match behind {
            None => Stop::End,
            Some(byte) if byte == self.delimiter => Stop::Delimiter,
            Some(b'\r' | b'\n') => Stop::LineEnd,
            Some(_) => return self.plain(progress, true),
        };
        if doubled {
            self.push(progress, progress.field_start, progress.at, true);
        } else {
            self.push(progress, progress.field_start + 1, progress.at - 1, false);
        }
        Ok(stop)
    }

    fn push(&mut self, progress: &mut Progress, start: usize, end: usize, is_unquoted: bool) {
        if progress.is_discarding {
            return;
        }
        let length = end - start;
        let is_long = length > MAX_CELL_CHARS;
        if is_long && is_too_long(&self.buffer[self.start + start..self.start + end], is_unquoted) {
            progress.fault.get_or_insert((FaultKind::CellTooLong, Some(progress.column)));
        } else if self.fields.len() >= MAX_FIELDS {
            progress.fault.get_or_insert((FaultKind::TooManyColumns, None));
        } else {
            self.fields.push(Field { start, end, is_unquoted });
        }
    }

    fn finish(&mut self, progress: &Progress) -> Scanned {
        self.length = progress.at;
        self.next = self.start + progress.at;
        if self.next < self.filled {
            self.after_cr = self.buffer[self.next] == b'\r';
            self.next += 1;
        }
        let lines = 1 + progress.inner_lines;
        match progress.fault {
            None => Scanned::Record { lines, has_quotes: progress.has_quotes },
            Some((kind, column)) => {
                self.length = if progress.is_discarding { 0 } else { self.length };
                Scanned::Fault { kind, column, lines }
            }
        }
    }

    /// Ends the record at the first line end behind the quote that never closes (else at the end of the text).
    fn give_up(&mut self, progress: &Progress, first_line_end: Option<usize>) -> Scanned {
        let fault = progress.fault.unwrap_or((FaultKind::UnclosedQuote, Some(progress.column - 1)));
        self.finish(&Progress {
            at: first_line_end.unwrap_or(progress.at),
            inner_lines: progress.earlier_lines,
            is_discarding: progress.is_discarding,
            fault: Some(fault),
            ..Progress::default()
        })
    }

    fn peek(&mut self, progress: &mut Progress) -> io::Result<Option<u8>> {
        if self.start + progress.at >= self.filled && !self.more(progress)? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.start + progress.at]))
    }

    /// Reads on, keeping the record so far unless it is refused already. False at the end of the source.
    fn more(&mut self, progress: &mut Progress) -> io::Result<bool> {
        if self.is_source_done {
            return Ok(false);
        }
        let most = if progress.fault.is_some() { MAX_FAULTY_BYTES } else { MAX_RECORD_BYTES };
        if progress.at - progress.field_start > MAX_CELL_BYTES + 2 {
            self.discard(progress, (FaultKind::CellTooLong, Some(progress.column)));
        } else if progress.at > most {
            self.discard(progress, (FaultKind::TooManyColumns, None));
        }
        if progress.is_discarding {
            self.filled = 0;
            self.start = 0;
            progress.at = 0;
            progress.field_start = 0;
        } else if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let read = crate::formats::encoding::read_some(&mut self.source, &mut self.buffer[self.filled..])?;
        self.filled += read;
        self.is_source_done = read == 0;
        Ok(read > 0)
    }

    fn discard(&mut self, progress: &mut Progress, fault: (FaultKind, Option<usize>)) {
        progress.is_discarding = true;
        progress.fault.get_or_insert(fault);
        self.fields.clear();
    }

    /// Writes the cells with doubled quotes into `unquoted` and points their fields there.
    pub fn unquote(&mut self, unquoted: &mut String) -> io::Result<()> {
        unquoted.clear();
        let text = super::utf8(&self.buffer[self.start..self.start + self.length])?;
        for field in self.fields.iter_mut().filter(|field| field.is_unquoted) {
            let start = unquoted.len();
            unquote_cell(&text[field.start + 1..field.end], unquoted);
            *field = Field { start, end: unquoted.len(), is_unquoted: true };
        }
        Ok(())
    }
}

/// The text behind an opening quote: doubled quotes become one, the closing quote goes, what follows it stays.
fn unquote_cell(cell: &str, unquoted: &mut String) {
    let mut rest = cell;
    while let Some(at) = rest.find('"') {
        unquoted.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(behind) => {
                unquoted.push('"');
                rest = behind;
            }
            None => break,
        }
    }
    unquoted.push_str(rest);
}

/// Judges a cell as it will be read: without its quotes, and without the apostrophe in front of a defused text.
fn is_too_long(cell: &[u8], has_quotes: bool) -> bool {
    let Ok(text) = std::str::from_utf8(cell) else { return true };
    let mut unquoted = String::new();
    let text = if has_quotes {
        unquote_cell(&text[1..], &mut unquoted);
        unquoted.as_str()
    } else {
        text
    };
    text.strip_prefix('\'').unwrap_or(text).chars().count() > MAX_CELL_CHARS
}
