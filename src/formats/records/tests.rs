use std::io::Cursor;

use proptest::prelude::*;

use super::*;

/// A source that gives a few bytes at a time, so that every boundary is met.
struct Dribble<'a>(&'a [u8], usize);

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.len().min(self.1).min(buffer.len());
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

type Seen = (u64, u64, Result<Vec<String>, FaultKind>);

fn all(source: impl Read) -> Vec<Seen> {
    let mut records = Records::new(source, b',');
    let mut seen = Vec::new();
    loop {
        match records.advance().expect("reads") {
            Step::End => return seen,
            Step::Fault(fault) => seen.push((fault.row, fault.line, Err(fault.kind))),
            Step::Record => {
                let record = records.record().expect("UTF-8");
                seen.push((record.row, record.line, Ok(record.cells().map(str::to_owned).collect())));
            }
        }
    }
}

fn cells(text: &str) -> Vec<Vec<String>> {
    all(text.as_bytes()).into_iter().map(|(_, _, cells)| cells.expect("no fault")).collect()
}

fn places(text: &str) -> Vec<(u64, u64)> {
    all(text.as_bytes()).into_iter().map(|(row, line, _)| (row, line)).collect()
}

#[test]
fn every_line_end_ends_a_record_even_mixed() {
    assert_eq!(cells("a,b\r\nc\nd\re"), [vec!["a", "b"], vec!["c"], vec!["d"], vec!["e"]]);
    assert_eq!(places("a\r\n\r\nb\n\nc\r\rd"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7)]);
    assert_eq!(cells("a\n").len(), 1);
    assert_eq!(cells("").len(), 0);
    assert_eq!(cells("\n"), [vec![""]]);
}

#[test]
fn quotes_are_those_of_rfc_4180() {
    assert_eq!(cells("\"a,b\",\"c\"\"d\",\"\"\n"), [vec!["a,b", "c\"d", ""]]);
    assert_eq!(cells("5'10\" tall,x\"y\"\n"), [vec!["5'10\" tall", "x\"y\""]]);
    assert_eq!(cells("\"a\"b,\"c\"\"\"d\"e\n"), [vec!["ab", "c\"d\"e"]]);
    assert_eq!(cells(" \"a\",b\n"), [vec![" \"a\"", "b"]]);
}

#[test]
fn a_cell_with_line_breaks_is_one_row_over_several_lines() {
    let text = "a\r\n\"x\r\ny\nz\",b\r\nc\n";
    assert_eq!(places(text), [(1, 1), (2, 2), (3, 5)]);
    assert_eq!(cells(text)[1], ["x\r\ny\nz", "b"]);
}

#[test]
fn the_quotes_of_a_cell_and_its_apostrophe_do_not_make_it_too_long() {
    let longest = "\"".repeat(MAX_CELL_CHARS);
    for text in [longest.clone(), format!("'{}", "=".repeat(MAX_CELL_CHARS)), "😀".repeat(MAX_CELL_CHARS)] {
        let written = format!("a,\"{}\"\nb,c\n", text.replace('"', "\"\""));
        assert_eq!(cells(&written), [vec!["a".to_owned(), text], vec!["b".to_owned(), "c".to_owned()]]);
    }
    for text in [format!("x{longest}"), format!("''{}", "=".repeat(MAX_CELL_CHARS))] {
        let seen = all(format!("a,\"{}\"\nb,c\n", text.replace('"', "\"\"")).as_bytes());
        assert_eq!(seen[0].2, Err(FaultKind::CellTooLong));
        assert_eq!(seen[1].2, Ok(vec!["b".to_owned(), "c".to_owned()]));
    }
}

#[test]
fn a_quote_that_never_closes_spoils_one_line() {
    let seen = all("a,b\nc,\"d\ne,f\ng,h\n".as_bytes());
    let faults: Vec<_> = seen.iter().map(|(row, line, cells)| (*row, *line, cells.is_err())).collect();
    assert_eq!(faults, [(1, 1, false), (2, 2, true), (3, 3, false), (4, 4, false)]);
    assert_eq!(seen[1].2, Err(FaultKind::UnclosedQuote));
    let alone = all("a\n\"b".as_bytes());
    assert_eq!(alone[1].2, Err(FaultKind::UnclosedQuote));
}

#[test]
fn a_quote_over_more_than_fifty_lines_is_unclosed() {
    let open = format!("a\n\"b\n{}z\"\nlast\n", "x\n".repeat(60));
    let seen = all(open.as_bytes());
    assert_eq!(seen[1], (2, 2, Err(FaultKind::UnclosedQuote)));
    assert_eq!(seen[2], (3, 3, Ok(vec!["x".to_owned()])));
    assert_eq!(seen.last().expect("rows").1, 64);
    let closed = format!("\"{}\"\n", "x\n".repeat(49));
    assert!(all(closed.as_bytes())[0].2.is_ok());
}

#[test]
fn an_unclosed_quote_behind_a_closed_one_resumes_behind_its_own_line() {
    let seen = all("\"a\nb\",\"c\nd\n".as_bytes());
    assert_eq!(seen[0], (1, 1, Err(FaultKind::UnclosedQuote)));
    assert_eq!(seen[1], (2, 3, Ok(vec!["d".to_owned()])));
}

#[test]
fn a_long_cell_is_a_fault_and_the_next_row_is_read() {
    for length in [10_001, 50_000, 3_000_000] {
        for quote in ["", "\""] {
            let text = format!("a,{quote}{}{quote},c\nnext,row\n", "x".repeat(length));
            let seen = all(text.as_bytes());
            assert_eq!(seen[0], (1, 1, Err(FaultKind::CellTooLong)), "{length} {quote}");
            assert_eq!(seen[1], (2, 2, Ok(vec!["next".into(), "row".into()])), "{length} {quote}");
        }
    }
    assert!(all(format!("{}\n", "é".repeat(10_000)).as_bytes())[0].2.is_ok());
    assert!(all(format!("\"{}\"\n", "é".repeat(10_000)).as_bytes())[0].2.is_ok());
}

#[test]
fn a_long_line_does_not_grow_memory() {
    let endless = io::repeat(b'x').take(300_000_000).chain(&b"\nnext"[..]);
    let mut records = Records::new(endless, b',');
    assert!(matches!(records.advance(), Ok(Step::Fault(RecordFault { kind: FaultKind::CellTooLong, .. }))));
    assert!(records.scan.buffer_size() <= 256 * 1024);
    assert_eq!(records.advance().expect("reads"), Step::Record);
    let commas = io::repeat(b',').take(50_000_000).chain(&b"\nnext"[..]);
    let mut records = Records::new(commas, b',');
    assert!(matches!(records.advance(), Ok(Step::Fault(RecordFault { kind: FaultKind::TooManyColumns, .. }))));
    assert!(records.scan.buffer_size() <= 1024 * 1024);
    assert_eq!(records.advance().expect("reads"), Step::Record);
}

#[test]
fn text_that_is_not_utf8_is_an_error() {
    let mut records = Records::new(&b"a\xff,b\n"[..], b',');
    assert_eq!(records.advance().expect("reads"), Step::Record);
    assert_eq!(records.record().err().map(|error| error.kind()), Some(io::ErrorKind::InvalidData));
}

#[test]
fn blank_records_are_recognised() {
    let mut records = Records::new("a,b\n , \u{a0}\n\n\"\",\n,x\n".as_bytes(), b',');
    let mut blanks = Vec::new();
    while records.advance().expect("reads") != Step::End {
        blanks.push(records.is_blank());
    }
    assert_eq!(blanks, [false, true, true, true, false]);
}

proptest! {
    #[test]
    fn any_bytes_are_split_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut records = Records::new(&bytes[..], b';');
        while let Ok(step) = records.advance() && step != Step::End {
            let _ = records.record().map(|record| record.cells().map(str::len).sum::<usize>());
        }
    }

    #[test]
    fn the_size_of_reads_does_not_matter(text in "[a,\"\\r\\nü]{0,120}", size in 1usize..9) {
        prop_assert_eq!(all(Dribble(text.as_bytes(), size)), all(text.as_bytes()));
    }

    #[test]
    fn well_formed_text_is_split_as_the_csv_crate_does(
        table in proptest::collection::vec(proptest::collection::vec("[a-zü ,\"\\r\\n]{0,8}", 1..5), 1..8)
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &table {
            writer.write_record(row).expect("writes");
        }
        let bytes = writer.into_inner().expect("flushes");
        let ours: Vec<_> = all(Cursor::new(&bytes)).into_iter().filter_map(|(_, _, cells)| cells.ok()).collect();
        prop_assert_eq!(ours, table);
    }

    #[test]
    fn lines_are_counted_as_an_editor_does(text in "[a,\"\\r\\n]{0,80}") {
        let seen = all(text.as_bytes());
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let count = lines.trim_end_matches('x').split_terminator('\n').count() as u64;
        prop_assert!(seen.iter().zip(seen.iter().skip(1)).all(|(one, next)| one.1 < next.1 && one.0 + 1 == next.0));
        prop_assert!(seen.last().is_none_or(|last| last.1 <= count.max(1)));
    }
}
