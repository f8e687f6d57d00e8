use proptest::prelude::*;

use super::*;
use crate::formats::records::{Records, Step};

fn written(rows: &[Vec<String>]) -> String {
    let mut writer = CsvWriter::new(Vec::new(), false).expect("writes");
    for row in rows {
        writer.row(row).expect("writes");
    }
    String::from_utf8(writer.finish().expect("flushes")).expect("UTF-8")
}

fn read_back(text: &str) -> Vec<Vec<String>> {
    let mut records = Records::new(text.as_bytes(), b',');
    let mut rows = Vec::new();
    while records.advance().expect("reads") == Step::Record {
        let record = records.record().expect("UTF-8");
        rows.push(record.cells().map(|cell| undefuse(cell).to_owned()).collect());
    }
    rows
}

#[test]
fn cells_are_quoted_only_where_needed() {
    let row = ["plain", "a,b", "say \"hi\"", "two\nlines", " blank ", "", "Zoë"].map(str::to_owned).to_vec();
    assert_eq!(written(&[row]), "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\", blank ,,Zoë\r\n");
    assert_eq!(written(&[vec![String::new()]]), "\"\"\r\n");
}

#[test]
fn formulas_are_defused_and_numbers_are_not() {
    for (text, expected) in [
        ("=1+1", "'=1+1"),
        ("+Plus Sign", "'+Plus Sign"),
        ("-Minus Club", "'-Minus Club"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\tTab", "'\tTab"),
        ("\rReturn", "'\rReturn"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-1.2", "-1.2"),
        ("+1,3", "+1,3"),
        ("+254 555 0100", "+254 555 0100"),
        ("+1 (876) 555-0118", "+1 (876) 555-0118"),
        ("-1+2", "'-1+2"),
        ("+1+2+3", "'+1+2+3"),
        ("-", "'-"),
        ("'quoted'", "'quoted'"),
        ("O'Brien", "O'Brien"),
    ] {
        assert_eq!(defuse(text), expected, "{text}");
        assert_eq!(undefuse(&defuse(text)), text);
    }
}

#[test]
fn words_that_stand_for_nothing_are_kept_apart_from_nothing() {
    for (text, expected) in [
        ("NA", "'NA"),
        ("n/a", "'n/a"),
        ("none", "'none"),
        ("?", "'?"),
        ("'NA", "''NA"),
        ("'", "''"),
        ("Nan", "Nan"),
        ("", ""),
    ] {
        assert_eq!(defuse(text), expected, "{text}");
        assert_eq!(undefuse(&defuse(text)), text);
    }
}

#[test]
fn a_byte_order_mark_is_written_when_asked_for() {
    let writer = CsvWriter::new(Vec::new(), true).expect("writes");
    assert_eq!(writer.finish().expect("flushes"), b"\xef\xbb\xbf");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        rows in proptest::collection::vec(
            proptest::collection::vec("[a-zü =+@'\"\\t\\r\\n,0-9.＝-]{0,10}|\\PC{0,6}", 1..5), 1..8)
    ) {
        prop_assert_eq!(read_back(&written(&rows)), rows);
    }

    #[test]
    fn defusing_is_undone_and_leaves_no_formula(text in "['=+@\\t\\r＝0-9a. -]{0,8}|'{0,3}(na|N/A|null|-|)") {
        let safe = defuse(&text);
        prop_assert_eq!(undefuse(&safe), text.as_str());
        let runs = starts_formula_char(&safe);
        prop_assert!(!runs || is_number_or_phone(&safe));
    }
}
