use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Cursor;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::formats::csv_out::CsvWriter;
use crate::formats::table::{Survey, TableError, TableOptions};
use crate::rules::date::DateOrder;

mod samples;

const TODAY: Date = Date::constant(2026, 5, 30);

/// What became of one row.
#[derive(Debug, Clone)]
struct Outcome {
    row: u64,
    line: u64,
    codes: Vec<&'static str>,
    faults: Vec<CellFault>,
    cells: Option<Athlete>,
}

/// The values of a row without their ties to the file.
#[derive(Debug, Clone, Default, PartialEq)]
struct Athlete {
    name: String,
    country: String,
    gender: String,
    birth: String,
    email: String,
    phone: String,
    club: String,
    coach: String,
    bib: String,
    notes: Vec<CellNote>,
}

impl From<AthleteCells<'_>> for Athlete {
    fn from(cells: AthleteCells<'_>) -> Athlete {
        let birth = match cells.birth {
            None => String::new(),
            Some(Birth::Day(day)) => day.to_string(),
            Some(Birth::Year(year)) => format!("year {year}"),
        };
        Athlete {
            name: cells.name.unwrap_or_default().into_owned(),
            country: cells.country.map(|country| country.to_string()).unwrap_or_default(),
            gender: cells.gender.map(|gender| gender.to_string()).unwrap_or_default(),
            birth,
            email: cells.email.unwrap_or_default(),
            phone: cells.phone.unwrap_or_default(),
            club: cells.club.unwrap_or_default().into_owned(),
            coach: cells.coach.unwrap_or_default().into_owned(),
            bib: cells.bib.map(String::from).unwrap_or_default(),
            notes: cells.notes,
        }
    }
}

/// Reads a file as an importer would, bibs used twice included.
fn import(bytes: &[u8]) -> Result<(Survey, Vec<Outcome>), TableError> {
    let mut source = Cursor::new(bytes);
    let survey = Survey::of(&mut source, &TableOptions::athletes(TODAY))?;
    let columns = AthleteColumns::of(&survey, &mut source, DateOrder::DayMonth)?;
    let mut rows = survey.rows(Cursor::new(bytes))?;
    let mut bibs = HashSet::new();
    let mut outcomes = Vec::new();
    while let Some(row) = rows.read()? {
        let row = match row {
            Ok(row) => row,
            Err(fault) => {
                let codes = vec![fault.code];
                outcomes.push(Outcome { row: fault.row, line: fault.line, codes, faults: Vec::new(), cells: None });
                continue;
            }
        };
        let cells = AthleteCells::read(&columns, &row);
        let faults = cells.faults.clone();
        let mut codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        if cells.bib.as_ref().is_some_and(|bib| !bibs.insert(bib.key().into_owned())) {
            codes.push("duplicate_bib");
        }
        outcomes.push(Outcome { row: row.row, line: row.line, codes, faults, cells: Some(cells.into()) });
    }
    Ok((survey, outcomes))
}

fn athletes(text: &str) -> Vec<Athlete> {
    let (_, outcomes) = import(text.as_bytes()).expect("a table");
    outcomes.into_iter().map(|outcome| outcome.cells.unwrap_or_default()).collect()
}

fn faults(text: &str) -> Vec<CellFault> {
    import(text.as_bytes()).expect("a table").1.into_iter().flat_map(|outcome| outcome.faults).collect()
}

#[test]
fn every_fault_of_a_row_is_told_in_plain_words() {
    let text = "name,country,Sex,email,bib_number,date_of_birth\n ,Kenia X,unknown,plain,abc!,31/02/2008\n";
    let told: Vec<_> = faults(text).into_iter().map(|f| (f.code, f.column, f.message)).collect();
    let expected = [
        ("missing_name", "name", "Name required"),
        ("invalid_country", "country", "Country 'Kenia X' is not known; did you mean Kenya (KEN)?"),
        ("invalid_gender", "Sex", "Gender 'unknown' is not known; write M, F or X"),
        ("invalid_date", "date_of_birth", "Date of birth '31/02/2008': the calendar has no such day"),
        ("invalid_email", "email", "An email address has exactly one @ ('plain')"),
        ("invalid_bib", "bib_number", "Bib 'abc!': A bib has letters, digits and - _ / . only; '!' is not allowed"),
    ];
    assert_eq!(told, expected.map(|(code, column, message)| (code, column.to_owned(), message.to_owned())));
}

#[test]
fn a_missing_country_is_required_and_namibia_is_a_country() {
    assert_eq!(
        faults("name,country\nAda,\nBob,-\n").iter().map(|f| f.message.as_str()).collect::<Vec<_>>(),
        ["Country required"; 2]
    );
    assert_eq!(athletes("name,country\nAda,NA\n")[0].country, "NAM");
}

#[test]
fn a_name_under_the_heading_name_stays_as_it_is() {
    for name in ["KILONZO Ochieng", "Kilonzo, Ochieng", "Na", "McDONALD"] {
        assert_eq!(athletes(&format!("name;country\n{name};KEN\n"))[0].name, name);
    }
}

#[test]
fn names_are_put_together_and_turned_round_by_other_headings() {
    assert_eq!(athletes("Vorname;Name;Land\nAda;Lovelace;GBR\n")[0].name, "Ada Lovelace");
    assert_eq!(athletes("last,first,middle,country\nLovelace,Ada,K.,GBR\n")[0].name, "Ada K. Lovelace");
    assert_eq!(athletes("Apellido;Segundo apellido;Nombre;País\nRuiz;Ochoa;Ana;ESP\n")[0].name, "Ana Ruiz Ochoa");
    for (written, expected) in [
        ("KILONZO Ochieng", "Ochieng KILONZO"),
        ("VAN DER BERG Jan", "Jan VAN DER BERG"),
        ("DE LA CRUZ María José", "María José DE LA CRUZ"),
        ("Kilonzo, Ochieng", "Ochieng Kilonzo"),
        ("Kilonzo Ochieng", "Ochieng Kilonzo"),
        ("KILONZO OCHIENG", "OCHIENG KILONZO"),
        ("Ruiz Ochoa Ana", "Ruiz Ochoa Ana"),
        ("Pelé", "Pelé"),
    ] {
        assert_eq!(athletes(&format!("Nom Prénom;Pays\n\"{written}\";FRA\n"))[0].name, expected, "{written}");
    }
    assert_eq!(faults("Vorname;Name;Land\n;-;GBR\n")[0].column, "Vorname");
}

#[test]
fn long_names_and_control_characters_are_faults() {
    let codes = |name: &str| faults(&format!("name,country\n{name},KEN\n")).first().map(|fault| fault.code);
    assert_eq!(codes(&"é".repeat(100)), None);
    assert_eq!(codes(&"é".repeat(101)), Some("invalid_name"));
    assert_eq!(codes("a\u{1}b"), Some("invalid_name"));
    let value = &faults(&format!("name,country\n{},KEN\n", "x".repeat(500)))[0].value;
    assert_eq!(value.chars().count(), 200);
}

#[test]
fn the_first_filled_of_two_columns_counts() {
    let read = athletes("name,country,club,team\nAda,GBR,,b\nBob,KEN,a,b\n");
    assert_eq!([read[0].club.as_str(), read[1].club.as_str()], ["b", "a"]);
}

#[test]
fn letters_of_gender_are_decided_by_the_whole_file() {
    let mut text = "Nombre;Sexo;País\n".to_owned();
    text.push_str(&"Ana;M;ESP\n".repeat(300));
    text.push_str("Juan;H;ESP\n");
    let read = athletes(&text);
    assert_eq!((read[0].gender.as_str(), read[300].gender.as_str()), ("F", "M"));
    let mut text = "name,sex,country\n".to_owned();
    text.push_str(&"Ana,F,ESP\nBob,M,GBR\n".repeat(150));
    text.push_str("Eva,D,GER\n");
    assert_eq!(faults(&text)[0].message, "Gender 'D' can mean two things in this column; write M, F or X");
}

#[test]
fn the_order_of_dates_is_decided_by_the_whole_file() {
    let mut text = "name,country,dob\n".to_owned();
    text.push_str(&"Ana,ESP,03/04/2008\n".repeat(300));
    text.push_str("Bob,USA,03/14/2008\n");
    let read = athletes(&text);
    assert_eq!((read[0].birth.as_str(), read[300].birth.as_str()), ("2008-03-04", "2008-03-14"));
    let mut text = "name,country,dob\n".to_owned();
    text.push_str(&"Ana,ESP,2008-03-04\n".repeat(300));
    text.push_str("Bob,USA,03/04/2008\nEve,USA,14/04/2008\n");
    let found = faults(&text);
    assert_eq!((found.len(), found[0].code), (1, "invalid_date"));
}

#[test]
fn a_date_that_nothing_proves_is_noted() {
    let read = athletes("name,country,dob\nAna,ESP,03/04/2008\n");
    assert_eq!((read[0].birth.as_str(), read[0].notes[0].code), ("2008-04-03", "ambiguous_date"));
}

#[test]
fn a_year_of_birth_is_read_where_no_date_is() {
    let read = athletes("name,country,dob,Jahrgang\nAna,ESP,,08\nBob,KEN,2007-01-02,1999\n");
    assert_eq!([read[0].birth.as_str(), read[1].birth.as_str()], ["year 2008", "2007-01-02"]);
}

#[test]
fn what_an_export_has_defused_is_read_as_it_was() {
    let row = ["'=odd", "KEN", "-Minus Club", "@Coach", "+254 555 0100"];
    let mut writer = CsvWriter::new(Vec::new(), false).expect("writes");
    writer.row(["name", "country", "club", "coach", "phone"]).expect("writes");
    writer.row(row).expect("writes");
    let text = String::from_utf8(writer.finish().expect("flushes")).expect("UTF-8");
    let read = &athletes(&text)[0];
    assert_eq!([&read.name, &read.country, &read.club, &read.coach, &read.phone], row);
    assert_eq!(read.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["suspicious_formula"]);
}

#[test]
fn an_id_is_read_from_an_export_of_ours() {
    let text = "id,name,country,bib_number\n12,Ada,GBR,7\n";
    let survey = Survey::of(&mut Cursor::new(text), &TableOptions::athletes(TODAY)).expect("a table");
    let columns = AthleteColumns::of(&survey, &mut Cursor::new(text), DateOrder::DayMonth).expect("reads");
    let mut rows = survey.rows(Cursor::new(text)).expect("seeks");
    let row = rows.read().expect("reads").expect("a row").expect("no fault");
    assert_eq!(AthleteCells::read(&columns, &row).id, Some(12));
}

proptest! {
    #[test]
    fn any_cells_are_judged_without_panic(cells in proptest::collection::vec("\\PC{0,12}|[0-9/.'=@+-]{0,10}", 9)) {
        let mut writer = CsvWriter::new(Vec::new(), false).expect("writes");
        let header = ["name", "country", "gender", "email", "phone", "club", "coach", "bib_number", "date_of_birth"];
        writer.row(header).expect("writes");
        writer.row(&cells).expect("writes");
        let _ = import(&writer.finish().expect("flushes")).map(|(_, outcomes)| outcomes.len());
    }
}
