use super::*;

fn list(name: &str, header: &[&str], above: u32, athletes: &[&str]) -> String {
    let mut all: Vec<(u32, Vec<&str>)> = vec![(above + 1, header.to_vec())];
    all.extend((above + 2..).zip(athletes.iter().map(|&athlete| vec![athlete, name])));
    let all: Vec<(u32, &[&str])> = all.iter().map(|(row, cells)| (*row, cells.as_slice())).collect();
    rows(&all)
}

#[test]
fn sheets_with_the_same_header_are_read_one_behind_the_other() {
    let header = ["name", "club"];
    let first = list("Lakeside", &header, 0, &["Ada", "Berta"]) + r#"<row r="7" hidden="1"><c><v>3</v></c></row>"#;
    let second = list("North &amp; South", &["name ", " club"], 2, &["Chloé"])
        + r#"<row r="6" hidden="true"><c><v>4</v></c></row>"#;
    let parts = Parts::of(&[
        ("Lakeside", "visible", &first),
        ("Notes", "visible", &rows(&[(1, &["Bring spikes"])])),
        ("North &amp; South", "visible", &second),
        ("Old", "hidden", &list("x", &header, 0, &["Zoë"])),
        ("Times", "visible", &list("x", &["name", "mark"], 0, &["Ada"])),
        ("Blank", "visible", ""),
    ]);
    let mut sheet = opened(&parts);
    let expected = "name,club\nAda,Lakeside\nBerta,Lakeside\n\n\n\n3\nChloé,North & South\n\n4\n";
    assert_eq!(text_of(&mut sheet), expected);
    assert_eq!((sheet.name.as_str(), sheet.rows), ("Lakeside", 10));
    assert_eq!(
        messages(&sheet),
        [
            "The sheets 'Lakeside', 'North & South' have the same header and were read one behind the other; not read, \
             because of another header: 'Times' (save it as a workbook of its own); not read, because no header was \
             found: 'Notes'; not read, because hidden: 'Old'",
            "1 hidden row was read too; the first is row 7 of 'Lakeside'",
            "Row numbers go on through the sheets: row 4 of 'North & South' is row 8 here",
            "1 hidden row was read too; the first is row 6 of 'North & South'",
        ]
    );
    let told: Vec<Option<u64>> = sheet.notes.iter().map(|note| note.row).collect();
    assert_eq!(told, [None, Some(7), Some(8), Some(10)]);
}

#[test]
fn without_a_header_the_first_sheet_with_a_value_is_read() {
    let parts = Parts::of(&[
        ("Blank", "visible", r#"<row r="1"><c r="A1" s="4"/></row>"#),
        ("Secret", "veryHidden", &rows(&[(1, &["name"])])),
        ("Deep", "visible", &rows(&[(40, &["x"])])),
        ("More", "visible", &rows(&[(1, &["y"])])),
    ]);
    let mut sheet = opened(&parts);
    assert_eq!(sheet.name, "Deep");
    assert_eq!(text_of(&mut sheet), format!("{}x\n", "\n".repeat(39)));
}

#[test]
fn a_header_is_looked_for_in_fifteen_rows() {
    for (row, name) in [(15, "B"), (16, "A")] {
        let parts = Parts::of(&[
            ("A", "visible", &rows(&[(1, &["x"])])),
            ("B", "visible", &rows(&[(1, &["y"]), (row, &["name"])])),
        ]);
        assert_eq!(opened(&parts).name, name);
    }
}

#[test]
fn one_sheet_alone_is_not_worth_a_note() {
    assert_eq!(messages(&opened(&Parts::of(&[("A", "visible", &rows(&[(1, &["name"]), (2, &["Ada"])]))]))), [""; 0]);
}

#[test]
fn the_limits_on_rows_and_columns_are_exact() {
    let limits = Limits { rows: 2, columns: 3, ..Limits::default() };
    let sheet = |data: &str| read_limited(Parts::of(&[("A", "visible", data)]).zipped(), &limits);
    let title_and_header: [(u32, &[&str]); 2] = [(1, &["My club"]), (3, &["name", "b", "c"])];
    let fits = rows(&[title_and_header[0], title_and_header[1], (4, &["x"]), (5, &["y"])]);
    assert_eq!(sheet(&fits).expect("fits").rows, 5);
    // Formats without values are no rows and no columns.
    let formatted = fits.clone() + r#"<row r="1048576"><c r="XFD1048576" s="1"/></row>"#;
    assert_eq!(sheet(&formatted).expect("fits").rows, 5);
    let error = sheet(&(fits + &rows(&[(6, &["z"])]))).expect_err("too many rows");
    assert_eq!(error.to_string(), "The sheet 'A' has more than 2 rows. Divide it into several workbooks");
    let wide = rows(&[title_and_header[1], (4, &["1", "2", "3", "4"])]);
    let error = sheet(&wide).expect_err("too many columns");
    assert_eq!(
        error.to_string(),
        "The sheet 'A' has a value in D4, but at most 3 columns are read. Delete the columns behind"
    );
}
