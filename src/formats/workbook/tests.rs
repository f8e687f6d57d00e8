use std::io::{Cursor, Write};

use jiff::civil::date;

use super::*;
use crate::formats::encoding::Encoding;
use crate::formats::records::{Records, Step};
use crate::formats::table::{Survey, TableOptions};

mod refused;
mod sheets;
mod values;

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Packs parts as they are.
fn zipped(parts: &[(&str, &str)]) -> Cursor<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts");
        zip.write_all(text.as_bytes()).expect("writes");
    }
    zip.finish().expect("finishes")
}

/// The parts of a workbook, to be changed before they are packed.
struct Parts(Vec<(String, String)>);

impl Parts {
    /// Sheets by name, state and the XML inside of `sheetData`.
    fn of(sheets: &[(&str, &str, &str)]) -> Parts {
        let mut parts = Parts(Vec::new());
        let main = format!(r#"<Relationship Id="m" Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/>"#);
        parts.set("[Content_Types].xml", "<Types/>");
        parts.set("_rels/.rels", &format!("<Relationships>{main}</Relationships>"));
        let (mut list, mut targets) = (String::new(), String::new());
        for (number, (name, state, data)) in (1..).zip(sheets) {
            list += &format!(r#"<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>"#);
            let target = format!("worksheets/sheet{number}.xml");
            targets +=
                &format!(r#"<Relationship Id="rId{number}" Type="{RELATIONSHIPS}/worksheet" Target="{target}"/>"#);
            let sheet = format!("<worksheet><sheetData>{data}</sheetData></worksheet>");
            parts.set(&format!("xl/{target}"), &sheet);
        }
        parts.set("xl/workbook.xml", &format!("<workbook><sheets>{list}</sheets></workbook>"));
        parts.set("xl/_rels/workbook.xml.rels", &format!("<Relationships>{targets}</Relationships>"));
        parts
    }

    fn set(&mut self, name: &str, text: &str) {
        self.0.retain(|(other, _)| other != name);
        self.0.push((name.to_owned(), text.to_owned()));
    }

    fn zipped(&self) -> Cursor<Vec<u8>> {
        let parts: Vec<_> = self.0.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        zipped(&parts)
    }
}

/// Rows of texts and numbers as XML.
fn rows(rows: &[(u32, &[&str])]) -> String {
    let mut xml = String::new();
    for (number, cells) in rows {
        xml += &format!(r#"<row r="{number}">"#);
        for (letter, cell) in ('A'..).zip(*cells) {
            xml += &format!(r#"<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>"#);
        }
        xml += "</row>";
    }
    xml
}

fn is_header(cells: &[String]) -> bool {
    cells.iter().any(|cell| cell.trim() == "name")
}

fn read_limited(mut workbook: Cursor<Vec<u8>>, limits: &Limits) -> Result<Sheet, WorkbookError> {
    read(&mut workbook, limits, is_header)
}

fn opened(parts: &Parts) -> Sheet {
    read_limited(parts.zipped(), &Limits::default()).expect("a workbook")
}

fn text_of(sheet: &mut Sheet) -> String {
    let mut text = String::new();
    sheet.file.read_to_string(&mut text).expect("UTF-8");
    sheet.file.rewind().expect("seeks");
    text
}

fn messages(sheet: &Sheet) -> Vec<&str> {
    sheet.notes.iter().map(|note| note.message.as_str()).collect()
}

#[test]
fn the_sample_workbook_is_the_text_that_its_sheet_shows() {
    let mut file = File::open("tests/data/athletes/entries-wide.xlsx").expect("the sample");
    let mut sheet =
        read(&mut file, &Limits::default(), |cells| cells.iter().any(|cell| cell == "Full Name")).expect("reads");
    assert_eq!((sheet.name.as_str(), sheet.rows), ("Entries", 16));
    let expected = "\
        Harbour Twilight - entries\n\
        \n\
        Full Name,Country,Gender,DOB,Team,Bib #,100m,LJ,Paid\n\
        Ochieng Kilonzo,KEN,M,2001-04-05,Lakeside AC,1081,11.52\n\
        Dawit Worku-Bekana,ETH,M,2008-03-27,Entoto Runners,1082,,5.48\n\
        Owen Thistlewood,GBR,M,1998-02-14,Pennine Harriers,1083,x,x\n\
        Saoirse McGilloway,IRL,F,2010-03-07,North Shore AC,1084,12.1\n\
        Björn Großmüller,GER,M,2009-03-07,TV Seehalde,1085,11.52\n\
        Anaïs Château-Vigne,FRA,F,2001-07-26,AS Côte Bleue,1086,,5.48\n\
        Íñigo Zubeldía Arana,ESP,M,2002-12-23,CA Sierra Alta,1087,x,x\n\
        João Ferreirinha,POR,M,2006-06-22,CD Montanha,1088,12.1\n\
        Saga Blåberg,SWE,F,2002-09-26,IF Norrsken,1089,11.52\n\
        Solveig Sæterlid,NOR,F,2005-08-08,Fjordens IL,1090,,5.48\n\
        Helmi Hyötylä,FIN,F,2004-08-05,Saimaan Jyske,1091,x,x\n\
        Bogumiła Grzędziński,POL,F,1998-04-13,KS Wisłoujście,1092,12.1\n\
        Total\n";
    assert_eq!(text_of(&mut sheet), expected);
    let notes: Vec<_> = sheet.notes.iter().map(|note| (note.code, note.row, note.message.as_str())).collect();
    assert_eq!(
        notes,
        [
            ("sheet", None, "The sheet 'Entries' was read; not read, because no header was found: 'Notes'"),
            ("hidden_row", Some(6), "1 hidden row was read too; the first is row 6"),
            (
                "formula_without_value",
                Some(16),
                "1 formula has no stored result and is taken as blank; the first is F16"
            ),
            (
                "blanked_cell",
                Some(4),
                "12 cells with TRUE, FALSE or an error such as #REF! are taken as blank; the first is I4"
            ),
        ]
    );

    let options = TableOptions {
        encoding: Some(Encoding::Utf8),
        delimiter: Some(b','),
        ..TableOptions::athletes(date(2026, 5, 30))
    };
    let survey = Survey::of(&mut sheet.file, &options).expect("a table");
    assert_eq!(survey.header_row, 3);
    let mut rows = survey.rows(sheet.file).expect("seeks");
    let mut count = 0;
    while let Some(row) = rows.read().expect("reads") {
        row.expect("a good row");
        count += 1;
    }
    assert_eq!(count, 12);
}

/// Rows and first cells as the reader of CSV sees them; its faults are refusals of the row.
fn records(sheet: Sheet) -> Vec<(u64, String)> {
    let mut records = Records::new(sheet.file, b',');
    let mut seen = Vec::new();
    loop {
        match records.advance().expect("reads") {
            Step::End => return seen,
            Step::Fault(fault) => seen.push((fault.row, format!("{:?}", fault.kind))),
            Step::Record => {
                let record = records.record().expect("UTF-8");
                seen.push((record.row, record.cell(0).expect("a cell").to_owned()));
            }
        }
    }
}

#[test]
fn every_row_is_one_record_under_its_own_number() {
    let tower = "line\n".repeat(80);
    let giant = format!("a\n{}", "é".repeat(30_000));
    let data = rows(&[
        (2, &["name"]),
        (3, &["two\nlines", "x"]),
        (5, &[&tower]),
        (6, &[&giant]),
        (9, &["\"last\", she said"]),
    ]);
    let sheet = opened(&Parts::of(&[("A", "visible", &data)]));
    assert_eq!(sheet.rows, 9);
    let seen = records(sheet);
    let numbers: Vec<u64> = seen.iter().map(|(row, _)| *row).collect();
    assert_eq!(numbers, (1..=9).collect::<Vec<u64>>());
    assert_eq!(seen[2].1, "two\nlines");
    assert_eq!(seen[3].1, "");
    assert_eq!(seen[4].1, "line ".repeat(80));
    assert_eq!(seen[5].1, "CellTooLong");
    assert_eq!(seen[8].1, "\"last\", she said");
}

#[test]
fn a_row_of_many_long_texts_stays_one_record() {
    let long = format!("a\n\"{}", "é".repeat(9_990));
    let cells: Vec<&str> = std::iter::repeat_n(long.as_str(), 26).collect();
    let data = rows(&[(1, &["name"]), (2, &cells), (3, &["last"])]);
    let seen = records(opened(&Parts::of(&[("A", "visible", &data)])));
    assert_eq!(seen.len(), 3);
    assert_eq!(seen[2], (3, "last".to_owned()));
}
