//! Which character stands between the cells.

use std::io::{self, Read, Seek};

use super::{TableOptions, header};
use crate::formats::encoding::{Decoder, Detected};
use crate::formats::records::{Records, Step};

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that are compared.
const RECORDS: usize = 20;

/// Finds the delimiter: the one a `sep=` line names, else the one that makes a header row and the most records of equal
/// width, else the comma.
pub(super) fn find<S: Read + Seek>(source: &mut S, detected: &Detected, options: &TableOptions) -> io::Result<u8> {
    if let Some(named) = named(source, detected)? {
        return Ok(named);
    }
    let mut best = (Score::default(), CANDIDATES[0]);
    for delimiter in CANDIDATES {
        let score = score(source, detected, delimiter, options)?;
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    Ok(best.1)
}

/// The delimiter of a first line `sep=;`, the hint of a spreadsheet program to itself.
fn named<S: Read + Seek>(source: &mut S, detected: &Detected) -> io::Result<Option<u8>> {
    // No cell ends inside the hint when records are split at a character that is not in it.
    let mut records = Records::new(Decoder::new(source, detected)?, 0x1f);
    if records.advance()? != Step::Record {
        return Ok(None);
    }
    Ok(header::separator_hint(records.record()?.raw()))
}

/// Compared from the first field to the last.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    has_header: bool,
    records_of_equal_width: usize,
    known_headings: usize,
}

fn score<S: Read + Seek>(
    source: &mut S,
    detected: &Detected,
    delimiter: u8,
    options: &TableOptions,
) -> io::Result<Score> {
    let mut records = Records::new(Decoder::new(source, detected)?, delimiter);
    let mut widths = Vec::with_capacity(RECORDS);
    let mut known_headings = 0;
    let mut has_header = false;
    for _ in 0..RECORDS {
        match records.advance()? {
            Step::End => break,
            Step::Fault(_) => continue,
            Step::Record => {}
        }
        let record = records.record()?;
        if record.width() > 1 {
            widths.push(record.width());
            let fit = header::fit(record.cells(), options);
            known_headings = known_headings.max(fit.known);
            has_header |= fit.is_header;
        }
    }
    let equal = |width: &usize| widths.iter().filter(|other| *other == width).count();
    let records_of_equal_width = widths.iter().map(equal).max().unwrap_or(0);
    Ok(Score { has_header, records_of_equal_width, known_headings })
}
