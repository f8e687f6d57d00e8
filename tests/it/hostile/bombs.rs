//! Workbooks that are made to take memory.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::small::Small;

const PATH: &str = "/api/admin/import/athletes-xlsx";

/// A workbook with these parts beside those that every one has.
fn workbook(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let always = [("[Content_Types].xml".to_owned(), Vec::new()), ("_rels/.rels".to_owned(), Vec::new())];
    for (name, content) in always.iter().chain(parts) {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same zip, saying of every entry that it has so many bytes when it is inflated.
fn claiming(mut zip: Vec<u8>, size: u32) -> Vec<u8> {
    for (sign, offset) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let places: Vec<usize> = (0..zip.len() - 4).filter(|at| &zip[*at..at + 4] == sign).collect();
        assert!(places.len() >= 3, "every entry has one");
        places.iter().for_each(|at| zip[at + offset..at + offset + 4].copy_from_slice(&size.to_le_bytes()));
    }
    zip
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_that_is_a_bomb_is_refused_and_takes_no_memory() {
    let server = Small::start("").await;
    let sheet = |content: Vec<u8>| vec![("xl/worksheets/sheet1.xml".to_owned(), content)];
    let huge = workbook(&sheet(vec![b' '; 48 << 20]));
    assert!(huge.len() < 256 * 1024, "{} bytes are a small file", huge.len());
    let small_it_says = claiming(huge.clone(), 7);
    let gigantic_it_says = claiming(workbook(&sheet(b"<worksheet/>".to_vec())), u32::MAX - 1);
    let many: Vec<(String, Vec<u8>)> =
        (0..600).map(|number| (format!("xl/worksheets/sheet{number}.xml"), Vec::new())).collect();
    for (what, content) in [
        ("a huge part", huge),
        ("a huge part that says it is small", small_it_says),
        ("a small part that says it is huge", gigantic_it_says),
        ("many parts", workbook(&many)),
    ] {
        let told = server.import(PATH, "bomb.xlsx", content).await;
        assert_eq!((told.status, &told.body["code"]), (400, &"unusable-file".into()), "{what}: {told:?}");
        assert!(told.message().ends_with('.') && told.message().len() < 300, "{what}: {told:?}");
        server.stayed_within(48);
    }
    let good = server.import("/api/admin/import/athletes-csv", "a.csv", b"name,country\nJane,KEN\n".to_vec()).await;
    assert_eq!(good.status, 201, "{good:?}");
}
