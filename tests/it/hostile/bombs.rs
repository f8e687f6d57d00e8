//! Workbooks that are made to take memory.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::small::Small;

const PATH: &str = "/api/admin/import/athletes-xlsx";

/// What makes a zip a workbook with one sheet.
const ALWAYS: [(&str, &str); 4] = [
    ("[Content_Types].xml", "<Types/>"),
    (
        "_rels/.rels",
        "<Relationships><Relationship Id=\"m\" Target=\"xl/workbook.xml\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\"/></Relationships>",
    ),
    ("xl/workbook.xml", "<workbook><sheets><sheet name=\"Entries\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\"/></Relationships>",
    ),
];

/// A sheet with a header, and an athlete of this name.
fn sheet(name: &str) -> (String, Vec<u8>) {
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let header = format!("<row r=\"1\">{}{}</row>", cell("A1", "name"), cell("B1", "country"));
    let rows = format!("{header}<row r=\"2\">{}{}</row>", cell("A2", name), cell("B2", "KEN"));
    let part = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    ("xl/worksheets/sheet1.xml".to_owned(), part.into_bytes())
}

/// A workbook with these parts beside those that every one has.
fn workbook(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let always = ALWAYS.iter().map(|(name, content)| (*name, content.as_bytes()));
    for (name, content) in always.chain(parts.iter().map(|(name, content)| (name.as_str(), content.as_slice()))) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same zip, saying of its last entry that it has so many bytes when it is inflated.
fn claiming(mut zip: Vec<u8>, size: u32) -> Vec<u8> {
    for (sign, offset) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let last = (0..zip.len() - 4).rfind(|at| &zip[*at..at + 4] == sign).unwrap() + offset;
        zip[last..last + 4].copy_from_slice(&size.to_le_bytes());
    }
    zip
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_that_is_a_bomb_is_refused_and_takes_no_memory() {
    let server = Small::start("").await;
    let good = server.import(PATH, "good.xlsx", workbook(&[sheet("Jane")])).await;
    assert_eq!((good.status, &good.body["imported"]), (201, &1.into()), "{good:?}");
    let huge = workbook(&[sheet(&"a".repeat(48 << 20))]);
    assert!(huge.len() < 256 * 1024, "{} bytes are a small file", huge.len());
    let small_it_says = claiming(huge.clone(), 7);
    let gigantic_it_says = claiming(workbook(&[sheet("Jane")]), u32::MAX - 1);
    let mut parts: Vec<(String, Vec<u8>)> = (0..600).map(|number| (format!("xl/{number}.xml"), Vec::new())).collect();
    parts.push(sheet("Jane"));
    for (what, content, said) in [
        ("a huge part", huge, "too large"),
        ("a huge part that says it is small", small_it_says, "damaged"),
        ("many parts", workbook(&parts), "parts"),
    ] {
        let told = server.import(PATH, "bomb.xlsx", content).await;
        assert_eq!((told.status, &told.body["code"]), (400, &"unusable-file".into()), "{what}: {told:?}");
        assert!(told.message().contains(said) && told.message().len() < 300, "{what}: {told:?}");
        server.stayed_within(32);
    }
    // What a part says of itself reserves nothing: it is read as it is.
    let told = server.import(PATH, "honest.xlsx", gigantic_it_says).await;
    assert_eq!((told.status, &told.body["unchanged"]), (200, &1.into()), "{told:?}");
    server.stayed_within(32);
    let csv = b"name,country\nOle,NOR\n".to_vec();
    assert_eq!(server.import("/api/admin/import/athletes-csv", "a.csv", csv).await.status, 201);
}
