use std::io::{Read, Seek};

use proptest::prelude::*;

use super::*;
use crate::formats::records::{Records, Step};
use crate::formats::workbook::{self, Limits, Sheet};

fn written(headings: &[&str], rows: &[Vec<String>]) -> File {
    let mut writer = WorkbookWriter::new("Athletes", headings).expect("starts");
    for row in rows {
        for cell in row {
            writer.cell(Cell::Text(cell)).expect("writes");
        }
        writer.end_row().expect("writes");
    }
    writer.finish().expect("finishes")
}

fn read_back(mut file: File) -> Sheet {
    workbook::read(&mut file, &Limits::default(), |_| true).expect("reads")
}

fn cells(sheet: Sheet) -> Vec<Vec<String>> {
    let mut records = Records::new(sheet.file, b',');
    let mut rows = Vec::new();
    loop {
        match records.advance().expect("reads") {
            Step::End => return rows,
            Step::Fault(fault) => panic!("{fault:?}"),
            Step::Record => {
                let record = records.record().expect("UTF-8");
                rows.push(record.cells().map(str::to_owned).collect());
            }
        }
    }
}

fn part(file: &mut File, name: &str) -> String {
    file.rewind().expect("seeks");
    let mut archive = zip::ZipArchive::new(file).expect("a zip");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn text_comes_back_as_it_was() {
    let texts = [
        "plain",
        " blanks at both ends ",
        "\ttab",
        "two\nlines",
        "return\rand\r\nboth",
        "\r",
        "_x000D_ and _x005F_x000D_",
        "_x_x0041_",
        "\u{1}\u{8}\u{1f}\u{fffe}\u{ffff}",
        "'=1+1",
        "=1+1",
        "<b>&amp;\"quoted\"</b> ]]>",
        "🏃🏽‍♀️ Zoë Ñandú 走",
        "TRUE",
        "007",
        "1e5",
        "#REF!",
        "\u{a0}",
        " ",
    ];
    let row: Vec<String> = texts.map(str::to_owned).to_vec();
    let headings: Vec<String> = (0..row.len()).map(|n| format!("h{n}")).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let sheet = read_back(written(&headings, std::slice::from_ref(&row)));
    assert_eq!(sheet.name, "Athletes");
    assert_eq!(sheet.notes, []);
    assert_eq!(cells(sheet)[1], row);
}

#[test]
fn text_is_never_a_formula_and_the_header_is_bold_frozen_and_filtered() {
    let mut file = written(&["name", "mark"], &[vec!["=1+1".to_owned(), "-1.2".to_owned()]]);
    let sheet = part(&mut file, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "{sheet}");
    assert!(sheet.contains(r#"<c r="A1" s="1" t="inlineStr"><is><t>name</t>"#), "{sheet}");
    assert!(sheet.contains(r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#), "{sheet}");
    assert!(sheet.contains(r#"<autoFilter ref="A1:B2"/>"#), "{sheet}");
    assert!(sheet.contains(r#"<col min="1" max="2" width="9."#), "{sheet}");
}

#[test]
fn numbers_are_numbers_and_what_is_none_is_blank() {
    let mut writer = WorkbookWriter::new("Marks", &["a", "b", "c", "d", "e"]).expect("starts");
    for cell in [Cell::Number(101.0), Cell::Empty, Cell::Number(10.52), Cell::Number(f64::NAN), Cell::Number(-1.2)] {
        writer.cell(cell).expect("writes");
    }
    writer.end_row().expect("writes");
    let rows = cells(read_back(writer.finish().expect("finishes")));
    assert_eq!(rows[1], ["101", "", "10.52", "", "-1.2"]);
}

#[test]
fn a_full_sheet_goes_on_on_the_next_with_the_same_header() {
    let mut writer = WorkbookWriter::with_rows("Athletes", &["name"], 2).expect("starts");
    for name in ["Ada", "Berta", "Chloé", "Dora", "Eva"] {
        writer.cell(Cell::Text(name)).expect("writes");
        writer.end_row().expect("writes");
    }
    let mut file = writer.finish().expect("finishes");
    let workbook = part(&mut file, "xl/workbook.xml");
    for name in [r#"name="Athletes""#, r#"name="Athletes 2""#, r#"name="Athletes 3""#] {
        assert!(workbook.contains(name), "{workbook}");
    }
    let sheet = read_back(file);
    assert_eq!(
        sheet.notes[0].message,
        "The sheets 'Athletes', 'Athletes 2', 'Athletes 3' have the same header and were read one behind the other"
    );
    assert_eq!(cells(sheet), [["name"], ["Ada"], ["Berta"], ["Chloé"], ["Dora"], ["Eva"]]);
}

#[test]
fn exactly_full_sheets_leave_no_empty_one_behind() {
    let mut writer = WorkbookWriter::with_rows("A", &["name"], 1).expect("starts");
    writer.cell(Cell::Text("Ada")).expect("writes");
    writer.end_row().expect("writes");
    let mut file = writer.finish().expect("finishes");
    assert!(!part(&mut file, "xl/workbook.xml").contains("A 2"));
}

#[test]
fn several_sheets_have_names_of_their_own() {
    let mut writer = WorkbookWriter::new("results: [2026/05]", &["a"]).expect("starts");
    for name in ["RESULTS   2026 05", "'quoted'", "", "History", &"é".repeat(40), &"é".repeat(40), "Ergebnisse 😀"]
    {
        writer.sheet(name, &["b"]).expect("starts");
        writer.cell(Cell::Text("x")).expect("writes");
        writer.end_row().expect("writes");
    }
    let mut file = writer.finish().expect("finishes");
    let workbook = part(&mut file, "xl/workbook.xml");
    let names: Vec<_> = workbook.split("<sheet name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let long = "é".repeat(31);
    let second = format!("{} 2", "é".repeat(29));
    let expected = [
        "results   2026 05",
        "RESULTS   2026 05 2",
        "quoted",
        "Sheet",
        "History sheet",
        &long,
        &second,
        "Ergebnisse 😀",
    ];
    assert_eq!(names, expected);
    assert_eq!(read_back(file).name, "results   2026 05");
}

#[test]
fn a_sheet_without_headings_or_rows_is_a_workbook_too() {
    let file = WorkbookWriter::new("Empty", &[]).expect("starts").finish().expect("finishes");
    let error = workbook::read(&mut { file }, &Limits::default(), |_| true).expect_err("nothing to read");
    assert_eq!(error.to_string(), "The workbook has no visible sheet with values in it");
}

#[test]
fn a_text_too_long_for_excel_is_an_error_that_names_its_place() {
    let mut writer = WorkbookWriter::new("Notes", &["name", "remarks"]).expect("starts");
    writer.cell(Cell::Text("Ada")).expect("writes");
    writer.cell(Cell::Text(&"é".repeat(32_767))).expect("just fits");
    writer.end_row().expect("writes");
    writer.cell(Cell::Empty).expect("writes");
    let error = writer.cell(Cell::Text(&"😀".repeat(16_384))).expect_err("too long");
    assert_eq!(
        error.to_string(),
        "Row 3, column 'remarks': the text is longer than the 32767 characters of an Excel cell. Export as CSV"
    );
}

/// Text of every kind that XML or Excel's escapes can hold; only the NUL is left out, which is dropped.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\\x00]{0,12}",
        "[a-c_x0-9DAF]{0,16}",
        "(_x00[0-9A-F]{2}_|_x005F_|[ \\t\\r\\n_]){0,6}",
        "[ \\t\\r\\n'\"=,;ü]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_table_is_read_back(rows in proptest::collection::vec(proptest::collection::vec(text(), 1..5), 1..8)) {
        let rows_read = cells(read_back(written(&["name", "b", "c", "d"], &rows)));
        // Blank cells at the end of a row and blank rows at the end of a sheet are not there for a spreadsheet.
        let trimmed = |row: &Vec<String>| {
            let width = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
            if width == 0 { vec![String::new()] } else { row[..width].to_vec() }
        };
        let mut expected: Vec<_> = rows.iter().map(trimmed).collect();
        while expected.last().is_some_and(|row| *row == [""]) {
            expected.pop();
        }
        prop_assert_eq!(&rows_read[1..], expected.as_slice());
    }
}
