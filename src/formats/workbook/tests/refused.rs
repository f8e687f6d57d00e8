use proptest::prelude::*;

use super::*;

fn refusal(bytes: impl Into<Vec<u8>>) -> String {
    read_limited(Cursor::new(bytes.into()), &Limits::default()).expect_err("refused").to_string()
}

fn refusal_of(parts: &Parts) -> String {
    refusal(parts.zipped().into_inner())
}

fn simple() -> Parts {
    Parts::of(&[("A", "visible", &rows(&[(1, &["name"]), (2, &["Ada"])]))])
}

const DAMAGED: &str =
    "The workbook is damaged. Open it in a spreadsheet program, save it as .xlsx again and import that file";
const TOO_LARGE: &str =
    "The workbook is too large when it is unpacked. Copy the list into a new workbook and import that";

#[test]
fn what_is_no_workbook_is_told_what_to_do() {
    let zip_of = |names: &[&str]| {
        let parts: Vec<_> = names.iter().map(|&name| (name, "x")).collect();
        refusal(zipped(&parts).into_inner())
    };
    let ole = |rest: &str| {
        let wide = rest.encode_utf16().flat_map(u16::to_le_bytes);
        refusal([0xd0, 0xcf, 0x11, 0xe0].into_iter().chain([0; 70_000]).chain(wide).chain([0; 60]).collect::<Vec<u8>>())
    };
    assert_eq!(refusal(""), "The file is empty");
    assert_eq!(refusal("name,country\nAda,GBR\n"), "This is a text file, not an Excel workbook. Import it as CSV");
    assert_eq!(ole("Workbook"), "This is an old Excel workbook (.xls). Open it, save it as .xlsx and import that file");
    assert_eq!(
        ole("EncryptedPackage"),
        "The workbook is protected with a password. Open it, take the password off, save it and import it again"
    );
    assert_eq!(
        zip_of(&["mimetype", "content.xml"]),
        "This is an OpenDocument file (.ods). Open it, save it as .xlsx or as CSV UTF-8 and import that file"
    );
    assert_eq!(
        zip_of(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.bin"]),
        "This is a binary Excel workbook (.xlsb). Open it, save it as .xlsx and import that file"
    );
    assert_eq!(
        zip_of(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]),
        "This is a text document or a presentation, not a workbook. Copy the list into a sheet and save it as .xlsx"
    );
    let plain = "This is a zip file without a workbook in it. Unpack it and import its files one by one";
    assert_eq!(zip_of(&["athletes.csv"]), plain);
    assert_eq!(zip_of(&[]), plain);
    assert_eq!(refusal("%PDF-1.7"), "This is a PDF document. Ask for the list as a spreadsheet or CSV");
    assert_eq!(refusal("PK\x03\x04 and nothing more"), DAMAGED);
    assert_eq!(refusal_of(&Parts::of(&[("A", "visible", "")])), "The workbook has no visible sheet with values in it");
    assert_eq!(
        refusal_of(&Parts::of(&[("A", "hidden", &rows(&[(1, &["name"])]))])),
        "The workbook has no visible sheet with values in it"
    );
}

#[test]
fn an_entry_with_a_password_is_told_apart() {
    let mut bytes = simple().zipped().into_inner();
    // The flag of encryption in the list of entries.
    let listed = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").expect("a list");
    bytes[listed + 8] |= 1;
    assert!(refusal(bytes).starts_with("The workbook is protected with a password"));
}

#[test]
fn bombs_are_refused_before_they_are_unpacked_whole() {
    let mut parts = simple();
    parts.set("xl/media/zeros.bin", &"\0".repeat((1 << 20) + 1));
    assert_eq!(refusal_of(&parts), TOO_LARGE);
    // Below 1 MiB the ratio does not matter; the sum of all does.
    let mut parts = simple();
    parts.set("xl/media/zeros.bin", &"\0".repeat(1 << 20));
    assert_eq!(opened(&parts).rows, 2);
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    assert_eq!(read_limited(parts.zipped(), &limits).expect_err("too large").to_string(), TOO_LARGE);
    let limits = Limits { entries: 5, ..Limits::default() };
    assert_eq!(
        read_limited(parts.zipped(), &limits).expect_err("too many").to_string(),
        "The workbook consists of more than 5 parts. Copy the list into a new workbook and import that"
    );
}

#[test]
fn the_limits_are_those_of_the_contract() {
    let limits = Limits::default();
    assert_eq!((limits.entries, limits.unpacked_bytes, limits.ratio), (500, 256 << 20, 200));
    assert_eq!((limits.rows, limits.columns, limits.cell_chars), (200_000, 200, 10_000));
    assert_eq!(limits.time, Duration::from_secs(60));
}

#[test]
fn a_reading_without_end_is_given_up() {
    let limits = Limits { time: Duration::ZERO, ..Limits::default() };
    let error = read_limited(simple().zipped(), &limits).expect_err("too slow");
    assert_eq!(
        error.to_string(),
        "The workbook could not be read within 0 seconds. Save the list as CSV UTF-8 and import that"
    );
}

#[test]
fn memory_is_not_reserved_because_a_workbook_says_so() {
    for count in ["99999999999999", "18446744073709551615", "1000000000", "0000000000000000000009000000"] {
        for text in [
            format!(r#"<sst uniqueCount="{count}"></sst>"#),
            format!(r#"<x:sst count='1' uniqueCount = '{count}'></x:sst>"#),
            format!(r#"<!-- <sst> --><sst uniqueCount="1" uniqueCount="{count}"></sst>"#),
            format!(r#"<!--><sst uniqueCount="1">--><sst x=">" uniqueCount="{count}"></sst>"#),
        ] {
            let mut parts = simple();
            parts.set("xl/sharedStrings.xml", &text);
            assert_eq!(refusal_of(&parts), DAMAGED, "{text}");
        }
    }
}

#[test]
fn nothing_grows_without_end() {
    // Comments that pack badly keep the ratio down.
    let noise = format!(
        "<!--{}-->",
        (0..40_000_u64).map(|n| char::from(b'a' + (n * n * 7_919 / 13 % 26) as u8)).collect::<String>()
    );
    let filled = |unit: &str, count: usize| (unit.repeat(count / 10) + &noise).repeat(10);
    for (data, is_fine) in [
        (filled("<x/>", 100_000), true),
        (filled("<x>", 1_000), false),
        (filled("<x></x>", 1_000), true),
        (format!("<row><c><is><t>{}</t></is></c></row>", filled(&"text ".repeat(100), 40_000)), false),
        (format!("<row><c><is>{}</is></c></row>", filled("<r><t>text</t></r>", 1_200_000)), false),
        (format!("<row><c><is>{}</is></c></row>", filled("<r><t>text</t></r>", 1_000)), true),
    ] {
        let mut parts = simple();
        parts.set("xl/worksheets/sheet2.xml", &format!("<worksheet><sheetData>{data}</sheetData></worksheet>"));
        let read = read_limited(parts.zipped(), &Limits::default()).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(read, if is_fine { Ok(()) } else { Err(DAMAGED.to_owned()) }, "{}", &data[..30]);
    }
}

#[test]
fn formats_that_would_be_copied_too_often_are_refused() {
    let xf = r#"<xf numFmtId="0" fontId="0"/>"#;
    let font = |length: usize| format!("<fonts><font><name val=\"{}\"/></font></fonts>", "f".repeat(length));
    for (font, count, is_fine) in [(font(100), 90_000, true), (font(100), 100_001, false), (font(5_000), 60_000, false)]
    {
        let mut parts = simple();
        // A comment that packs badly keeps the ratio down.
        let noise: String = (0..200_000_u64).map(|n| char::from(b'a' + (n * n * 7_919 / 13 % 26) as u8)).collect();
        let styles = format!("<styleSheet><!--{noise}-->{font}<cellXfs>{}</cellXfs></styleSheet>", xf.repeat(count));
        parts.set("xl/styles.xml", &styles);
        let read = read_limited(parts.zipped(), &Limits::default());
        assert_eq!(read.is_ok(), is_fine, "{count}: {:?}", read.err());
    }
}

#[test]
fn nothing_is_read_that_was_not_checked() {
    let main = |target: &str| {
        let mut parts = simple();
        let relationship = format!(r#"<Relationship Id="m" Type="{RELATIONSHIPS}/officeDocument" {target}/>"#);
        parts.set("_rels/.rels", &format!("<Relationships>{relationship}</Relationships>"));
        read_limited(parts.zipped(), &Limits::default()).map(|sheet| sheet.rows).map_err(|error| error.to_string())
    };
    assert_eq!(main(r#"Target="/xl/workbook.xml""#), Ok(2));
    assert_eq!(main(r#"Target="XL\Workbook.xml" TargetMode="Internal""#), Err(DAMAGED.to_owned()));
    for target in [
        r#"Target="xl/workbook.bin""#,
        r#"Target="xl/work&#98;ook.xml""#,
        r#"Target="xl/workbook.xml" Target="xl/media/a.bin""#,
        r#"Target="customXml/workbook.xml""#,
        "",
    ] {
        assert_eq!(main(target), Err(DAMAGED.to_owned()), "{target}");
    }
    let mut parts = simple();
    parts.set("xl/sharedStrings.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><sst/>");
    assert_eq!(refusal_of(&parts), DAMAGED);
    let mut parts = simple();
    parts.set("XL/Workbook.xml", "<workbook/>");
    assert_eq!(refusal_of(&parts), DAMAGED);
}

#[test]
fn broken_sheets_are_damaged_workbooks() {
    for data in [
        r#"<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>"#,
        r#"<row r="1"><c r="A1" t="s"><v>7</v></c></row>"#,
        r#"<row r="1"><c r="11"><v>7</v></c></row>"#,
        r#"<row r="99999999999999"><c r="A1"><v>7</v></c></row>"#,
        r#"<row r="1"><c r="ZZZZZZZZZZ1"><v>7</v></c></row>"#,
        r#"<row r="1"><c r="A1"><x/></c></row>"#,
        r#"<row r="1"><c r="A1"><v>7</c>"#,
    ] {
        let mut parts = simple();
        parts.set("xl/worksheets/sheet1.xml", &format!("<worksheet><sheetData>{data}</sheetData></worksheet>"));
        let read = read_limited(parts.zipped(), &Limits::default());
        assert!(
            matches!(
                read,
                Err(WorkbookError::Damaged | WorkbookError::TooManyColumns { .. } | WorkbookError::NoValues)
            ),
            "{data}: {read:?}"
        );
    }
}

/// A workbook with every kind of cell, written by a program.
fn sample() -> Vec<u8> {
    std::fs::read("tests/data/athletes/entries-wide.xlsx").expect("the sample")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_panic(head in "(PK\x03\x04|%PDF)?", rest: Vec<u8>) {
        let bytes = [head.as_bytes(), &rest].concat();
        prop_assert!(read_limited(Cursor::new(bytes), &Limits::default()).is_err());
    }

    #[test]
    fn no_change_of_a_workbook_makes_it_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        end in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = sample();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len()));
        }
        _ = read_limited(Cursor::new(bytes), &Limits::default());
    }

    #[test]
    fn no_change_of_its_parts_makes_it_panic(
        part in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), "[<>/\"'=&;!\\[\\]?a-zA-Z0-9 -]{0,6}", 0_usize..8), 1..6),
    ) {
        let data = rows(&[(1, &["name", "b"]), (2, &["Ada", "x\ny"])])
            + r#"<row r="3" hidden="1"><c r="A3" s="1"><f>1+1</f><v>39521.5</v></c><c r="B3" t="b"><v>1</v></c></row>
                 <row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="e"><v>#N/A</v></c></row>"#;
        let mut parts = Parts::of(&[("A", "visible", &data), ("B", "hidden", "")]);
        parts.set("xl/styles.xml", r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="h:mm"/></numFmts><fonts><font/></fonts><cellXfs><xf numFmtId="0"/><xf numFmtId="164" fontId="0"/></cellXfs></styleSheet>"#);
        parts.set("xl/sharedStrings.xml", r#"<sst count="1" uniqueCount="1"><si><t>shared</t></si></sst>"#);
        let part = part.index(parts.0.len());
        let text = &mut parts.0[part].1;
        for (at, new, length) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + length).min(text.len());
            text.replace_range(at..end, &new);
        }
        let limits = Limits { rows: 100_000, ..Limits::default() };
        _ = read_limited(parts.zipped(), &limits);
    }
}
