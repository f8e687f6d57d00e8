use std::io::Cursor;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn options() -> TableOptions {
    TableOptions::athletes(date(2026, 5, 30))
}

fn survey(text: &str) -> Result<Survey, TableError> {
    Survey::of(&mut Cursor::new(text), &options())
}

fn fields(text: &str) -> Vec<Option<&'static str>> {
    survey(text).expect("a table").columns.iter().map(|column| column.field).collect()
}

fn message(text: &str) -> String {
    survey(text).expect_err("no table").to_string()
}

fn codes(notes: &[Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.code).collect()
}

/// Row, line and first cell, or the code of a fault.
fn rows(text: &str) -> (Vec<(u64, u64, String)>, Vec<Note>) {
    let survey = survey(text).expect("a table");
    let mut rows = survey.rows(Cursor::new(text)).expect("seeks");
    let mut seen = Vec::new();
    while let Some(row) = rows.read().expect("reads") {
        seen.push(match row {
            Ok(row) => (row.row, row.line, row.cell(0).to_owned()),
            Err(fault) => (fault.row, fault.line, fault.code.to_owned()),
        });
    }
    let notes = rows.notes();
    (seen, notes)
}

#[test]
fn delimiters_are_found_by_header_and_width() {
    for (text, delimiter) in [
        ("name,country\na,KEN\n", b','),
        ("name;country;club\na;KEN;x, y\nb;GER;z, w\n", b';'),
        ("name\tcountry\na\tKEN\n", b'\t'),
        ("name|country\na|KEN\n", b'|'),
        ("sep=;\r\nname;country\na;KEN\n", b';'),
        ("SEP=|\nname|country\na|KEN\n", b'|'),
    ] {
        assert_eq!(survey(text).expect(text).delimiter, delimiter, "{text}");
    }
    let chosen = TableOptions { delimiter: Some(b';'), ..options() };
    assert!(Survey::of(&mut Cursor::new("name,country\na,KEN\n"), &chosen).is_err());
}

#[test]
fn title_lines_and_blank_lines_above_the_header_are_skipped() {
    let text = "My Club\n\nEntries,2026\n\"two\nlines\",x\nname,country\nAda,GBR\n";
    let found = survey(text).expect("a table");
    assert_eq!((found.header_row, found.header_line), (5, 6));
    assert_eq!(rows(text).0, [(6, 7, "Ada".to_owned())]);
}

#[test]
fn a_separator_line_counts_as_row_one() {
    assert_eq!(rows("sep=,\nname,country\nAda,GBR\n").0, [(3, 3, "Ada".to_owned())]);
}

#[test]
fn missing_columns_are_named_with_what_was_found() {
    assert_eq!(
        message("nme,country\nAda,GBR\n"),
        "Expected the columns name and country; found: nme, country. Did you mean name?"
    );
    assert_eq!(message("name,club\nAda,x\n"), "Expected the columns name and country; found: name, club.");
    assert_eq!(message("foo,bar,baz\n1,2,3\n"), "Expected the columns name and country; found: foo, bar, baz.");
}

#[test]
fn files_without_a_table_say_so() {
    assert_eq!(message(""), "The file is empty");
    assert_eq!(message("\n\n \n"), "The file is empty");
    assert_eq!(message("name,country\n"), "The file has a header in row 1 but no rows below it");
    assert_eq!(message("name,country\n\n,\n"), "The file has a header in row 1 but no rows below it");
    assert_eq!(message(&"x".repeat(50_000)), "Expected the columns name and country; found: none.");
    assert!(message("PK\u{3}\u{4}").starts_with("This is an Excel workbook"));
    let wide = format!("name,country{}\n", ",x".repeat(200));
    assert_eq!(message(&wide), "The header has 202 columns; at most 200 are read");
}

#[test]
fn name_parts_are_told_from_whole_names_by_their_neighbours() {
    let expected = [Some("last_name"), Some("first_name"), Some("country")];
    for header in ["Name;Vorname;Nation", "Nom;Prénom;Pays", "Apellidos;Nombre;País", "Cognome;Nome;Paese"] {
        assert_eq!(fields(&format!("{header}\na;b;GER\n")), expected, "{header}");
    }
    for header in ["Name;Nation", "Nom;Pays", "Nombre;País", "Nome;Paese"] {
        assert_eq!(fields(&format!("{header}\na;GER\n"))[0], Some("name"), "{header}");
    }
}

#[test]
fn a_column_that_counts_rows_is_no_bib() {
    assert_eq!(fields("No,name,country\n1,a,KEN\n2,b,KEN\n3,c,KEN\n")[0], None);
    assert_eq!(fields("No,name,country\n1,a,KEN\n3,b,KEN\n")[0], Some("bib_number"));
}

#[test]
fn an_id_is_an_id_a_bib_or_a_licence_by_its_values() {
    assert_eq!(fields("id,name,country,bib_number\n1,a,KEN,7\n")[0], Some("id"));
    assert_eq!(fields("ID,name,country\n101,a,KEN\n204,b,KEN\n")[0], Some("bib_number"));
    assert_eq!(fields("ID,name,country\nA-1234567,a,KEN\n")[0], Some("license"));
    assert_eq!(fields("ID,name,country\n9234567,a,KEN\n")[0], Some("license"));
}

#[test]
fn an_id_stays_one_where_there_are_no_bibs() {
    let races = TableOptions { known: vec!["id", "name", "date"], ..TableOptions::new(date(2026, 5, 30), &["name"]) };
    let survey = Survey::of(&mut Cursor::new("id,name,date\n7,Open,2026-05-01\n"), &races).expect("a table");
    assert_eq!(survey.columns[0].field, Some("id"));
}

#[test]
fn other_ambiguous_headings_are_settled_by_their_values() {
    assert_eq!(fields("name,country,year\na,KEN,2008\n")[2], Some("year_of_birth"));
    assert_eq!(fields("name,country,grade\na,KEN,11\n")[2], None);
    assert_eq!(fields("name,country,category\na,KEN,100m\nb,KEN,LJ\n")[2], Some("event"));
    assert_eq!(fields("name,country,category\na,KEN,U18\n")[2], Some("age_group"));
    assert_eq!(fields("name,country,time\na,KEN,14:30:00\n")[2], None);
    assert_eq!(fields("name,country,time\na,KEN,11.95\n")[2], Some("seed_mark"));
    let states = message("Name;Vorname;Land;Verein\na;b;BY;x\nc;d;NW;y\n");
    assert!(states.starts_with("Expected the columns name and country"), "{states}");
}

#[test]
fn a_heading_of_two_meanings_takes_the_free_one() {
    let found = fields("name,country,event,course\na,KEN,100m,2\n");
    assert_eq!(found[2..], [Some("event"), Some("heat")]);
    let known: &[&str] = &["name", "country", "race"];
    let races = TableOptions { known: known.to_vec(), ..options() };
    let found = Survey::of(&mut Cursor::new("name,country,race\na,KEN,x\n"), &races).expect("a table");
    assert_eq!(found.columns[2].field, Some("race"));
}

#[test]
fn a_chosen_mapping_wins() {
    let mapping = |pairs: &[(&str, Option<&str>)]| TableOptions {
        mapping: pairs.iter().map(|(h, f)| ((*h).to_owned(), f.map(str::to_owned))).collect(),
        ..options()
    };
    let text = "Who,Where,Club\nAda,GBR,x\n";
    let chosen = mapping(&[("Who", Some("name")), ("Where", Some("country")), ("Club", None)]);
    let found = Survey::of(&mut Cursor::new(text), &chosen).expect("a table");
    let given: Vec<_> = found.columns.iter().map(|column| (column.field, column.confidence)).collect();
    assert_eq!(given, [(Some("name"), 100), (Some("country"), 100), (None, 100)]);
    let of = |pairs| {
        Survey::of(&mut Cursor::new("name,country\nAda,GBR\n"), &mapping(pairs)).expect_err("refused").to_string()
    };
    assert_eq!(of(&[("Who", Some("club"))]), "The mapping names the column 'Who', which the file does not have");
    assert_eq!(of(&[("country", Some("shoe"))]), "The mapping gives a column the field 'shoe', which is not known");
}

#[test]
fn columns_that_mean_the_same_or_nothing_are_told() {
    let found = survey("name,country,nation,shoe,timestamp\na,KEN,GER,42,1\n").expect("a table");
    assert_eq!(found.columns_of("country"), [1, 2]);
    assert_eq!(codes(&found.notes), ["same_field", "unknown_column"]);
}

#[test]
fn the_language_of_the_headings_is_known() {
    let language = |text: &str| survey(text).expect("a table").language;
    assert_eq!(language("name,country,gender\na,KEN,M\n"), Language::English);
    assert_eq!(language("Nom,Prénom,Sexe,Pays\na,b,H,FRA\n"), Language::French);
    assert_eq!(language("Name;Vorname;Geschlecht;Land\na;b;m;GER\n"), Language::German);
    assert_eq!(language("Apellidos,Nombre,Sexo,País\na,b,H,ESP\n"), Language::Spanish);
}

#[test]
fn blank_rows_and_footers_are_skipped_and_told() {
    let (seen, notes) = rows("name,country,club\nAda,GBR,x\n\n,,\nBob,KEN\nTotal: 2,,\nSignature\n");
    assert_eq!(seen, [(2, 2, "Ada".to_owned()), (5, 5, "Bob".to_owned())]);
    assert_eq!(codes(&notes), ["blank_row", "too_few_columns", "footer_row", "footer_row"]);
    assert_eq!(notes[0].row, Some(3));
}

#[test]
fn a_lone_name_is_a_row_and_no_footer() {
    let (seen, _) = rows("name,country,club\nAda,GBR,x\nBob\n");
    assert_eq!(seen[1], (3, 3, "Bob".to_owned()));
    assert_eq!(rows("name,country\n,KEN\nTotal,\n").0.len(), 2);
}

#[test]
fn surplus_cells_refuse_a_row_unless_blank() {
    let (seen, _) = rows("name,country\nAda,GBR,,\nBob,KEN,x\n\"Eve\nLee\",KEN,y\nZoe,GER\n");
    let expected = [(2, 2, "Ada"), (3, 3, "too_many_columns"), (4, 4, "too_many_columns"), (5, 6, "Zoe")];
    assert_eq!(seen, expected.map(|(row, line, what)| (row, line, what.to_owned())));
    let text = "name,country\nAda,GBR,\"x, y\"\n";
    let found = survey(text).expect("a table");
    let mut rows = found.rows(Cursor::new(text)).expect("seeks");
    let fault = rows.read().expect("reads").expect("a row").err().expect("a fault");
    assert_eq!((fault.raw.as_str(), fault.value.as_str()), ("Ada,GBR,\"x, y\"", "x, y"));
}

#[test]
fn a_row_shows_itself_as_it_came() {
    let text = "name,country\r\n\" Ada \"\"L\"\"\",GBR\r\n";
    let found = survey(text).expect("a table");
    let mut rows = found.rows(Cursor::new(text)).expect("seeks");
    let row = rows.read().expect("reads").expect("a row").expect("no fault");
    assert_eq!(row.raw(), "\" Ada \"\"L\"\"\",GBR");
    assert_eq!(row.cells().collect::<Vec<_>>(), [" Ada \"L\"", "GBR"]);
}

proptest! {
    #[test]
    fn any_bytes_are_judged_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = [b"name,country\n".to_vec(), bytes].concat();
        for source in [&text[13..], &text[..]] {
            if let Ok(found) = Survey::of(&mut Cursor::new(source), &options()) {
                let mut rows = found.rows(Cursor::new(source)).expect("seeks");
                while rows.read().expect("reads").is_some() {}
            }
        }
    }
}
