//! Every sample file gives what `expected.json` says.

use super::*;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

fn expected() -> Value {
    let text = std::fs::read_to_string(format!("{DATA}/expected.json")).expect("expected.json");
    serde_json::from_str(&text).expect("valid")
}

/// The file of 2 MB is made here, to keep it out of the repository.
fn sample(path: &str) -> Vec<u8> {
    if path != "athletes/dirty-2mb-cell.csv" {
        return std::fs::read(format!("{DATA}/{path}")).expect(path);
    }
    let long = "x".repeat(2_097_152);
    let row = |name: &str, bib: &str, club: &str| format!("{name},KEN,F,,,{club},,{bib}\r\n");
    let rows = [
        row("A", "801", "c"),
        row("B", "802", "c"),
        row("C", "803", &long),
        row("D", "804", "c"),
        row("E", "805", "c"),
    ];
    format!("name,country,gender,email,phone,club,coach,bib_number\r\n{}", rows.concat()).into_bytes()
}

fn lines(list: &Value) -> BTreeSet<u64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
}

#[test]
fn every_sample_list_has_the_expected_good_and_bad_rows() {
    let mut seen = 0;
    for (path, expected) in expected().as_object().expect("an object") {
        if !path.starts_with("athletes/") || path.ends_with(".xlsx") {
            continue;
        }
        seen += 1;
        let result = import(&sample(path));
        if expected["rejected"] == true || expected["rows"] == 0 {
            assert!(result.is_err(), "{path}");
            continue;
        }
        let (survey, outcomes) = result.expect(path);
        check_counts(path, expected, &outcomes);
        check_bad_rows(path, expected, &outcomes);
        check_canonical(path, expected, &outcomes);
        check_survey(path, expected, &survey);
    }
    assert!(seen >= 25, "only {seen} samples were found");
}

fn check_counts(path: &str, expected: &Value, outcomes: &[Outcome]) {
    let good = outcomes.iter().filter(|outcome| outcome.codes.is_empty()).count() as u64;
    assert_eq!(outcomes.len() as u64, expected["rows"], "rows of {path}");
    if let Some(exact) = expected["good"].as_u64().or(expected["good_or_warned"].as_u64()) {
        assert_eq!(good, exact, "good rows of {path}");
    }
    assert!(good >= expected["good_min"].as_u64().unwrap_or(0), "good rows of {path}");
}

fn check_bad_rows(path: &str, expected: &Value, outcomes: &[Outcome]) {
    let either = lines(&expected["either"]);
    let mut wanted = BTreeMap::new();
    for bad in expected["bad"].as_array().into_iter().flatten() {
        wanted.insert(bad["line"].as_u64().expect("a line"), vec![bad["error"].as_str().expect("a code").to_owned()]);
    }
    let bad = outcomes.iter().filter(|outcome| !outcome.codes.is_empty() && !either.contains(&outcome.line));
    let found =
        bad.map(|outcome| (outcome.line, outcome.codes.iter().map(|&code| code.to_owned()).collect())).collect();
    assert_eq!(wanted, found, "bad rows of {path}");
}

fn check_canonical(path: &str, expected: &Value, outcomes: &[Outcome]) {
    for (line, value) in expected["canonical"].as_object().into_iter().flatten() {
        let line: u64 = line.parse().expect("a line");
        let outcome = outcomes.iter().find(|outcome| outcome.line == line).expect("such a line");
        let athlete = outcome.cells.clone().expect("cells");
        let found = match path {
            "athletes/dirty-dates.csv" => athlete.birth,
            "athletes/dirty-genders.csv" => athlete.gender,
            _ => athlete.country,
        };
        assert_eq!(*value, found, "line {line} of {path}");
    }
    if let Some(genders) = expected["genders_in_order"].as_array() {
        let found: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.cells.clone()).map(|a| a.gender).collect();
        assert_eq!(*genders, found, "{path}");
    }
}

fn check_survey(path: &str, expected: &Value, survey: &Survey) {
    if let Some(encoding) = expected["encoding"].as_str() {
        assert_eq!(survey.detected.encoding.label(), encoding, "{path}");
    }
    if let Some(delimiter) = expected["delimiter"].as_str() {
        assert_eq!(delimiter.as_bytes(), [survey.delimiter], "{path}");
    }
    if let Some(line) = expected["header_line"].as_u64() {
        assert_eq!(survey.header_line, line, "{path}");
    }
}

#[test]
fn the_sample_lists_give_whole_names_and_genders() {
    let read = |path: &str| -> Vec<Athlete> {
        import(&sample(path)).expect(path).1.into_iter().filter_map(|outcome| outcome.cells).collect()
    };
    let french = read("athletes/headings-fr-utf8bom.csv");
    assert_eq!((french[0].name.as_str(), french[0].gender.as_str()), ("Ochieng KILONZO", "M"));
    assert_eq!(french[6].name, "Andrés IBÁÑEZ DEL RÍO");
    assert_eq!((french[0].bib.as_str(), french[0].birth.as_str()), ("1041", "2009-10-18"));
    let german = read("athletes/headings-de-cp1252.csv");
    assert_eq!((german[4].name.as_str(), german[4].club.as_str()), ("Jürgen Großmüller", "TV Seehalde"));
    let spanish = read("athletes/headings-es.csv");
    assert_eq!((spanish[6].name.as_str(), spanish[6].country.as_str()), ("Nuria Cabañas Oliver", "ESP"));
    let quoted = read("athletes/dirty-quoted-newlines.csv");
    assert_eq!(
        (quoted[2].club.as_str(), quoted[9].name.as_str()),
        ("Stade du Lac Annexe \"Nord\" 74000", "\"Speedy\" Håkon Bjørnstøl")
    );
}

#[test]
fn rows_and_lines_differ_after_a_cell_with_line_breaks() {
    let (_, outcomes) = import(&sample("athletes/dirty-quoted-newlines.csv")).expect("a table");
    let places: Vec<_> = outcomes.iter().map(|outcome| (outcome.row, outcome.line)).collect();
    assert_eq!(places[..4], [(2, 2), (3, 3), (4, 4), (5, 7)]);
}

#[test]
fn refused_files_say_why() {
    let message = |path: &str| import(&sample(path)).expect_err(path).to_string();
    assert!(message("athletes/not-a-csv.csv").starts_with("This is an Excel workbook"));
    assert_eq!(message("athletes/empty.csv"), "The file is empty");
    assert_eq!(message("athletes/header-only.csv"), "The file has a header in row 1 but no rows below it");
    assert_eq!(message("athletes/wrong-header.csv"), "Expected the columns name and country; found: foo, bar, baz.");
}

#[test]
fn notes_of_the_files_are_told() {
    let notes = |path: &str| -> Vec<&'static str> {
        let bytes = sample(path);
        let survey = Survey::of(&mut Cursor::new(&bytes), &TableOptions::athletes(date(2026, 5, 30))).expect(path);
        let mut rows = survey.rows(Cursor::new(&bytes)).expect("seeks");
        while rows.read().expect("reads").is_some() {}
        rows.notes().iter().map(|note| note.code).collect()
    };
    assert_eq!(notes("athletes/dirty-nul-bytes.csv"), ["nul_bytes_removed"]);
    assert_eq!(notes("athletes/dirty-ragged.csv"), ["too_few_columns"]);
    assert_eq!(notes("athletes/headings-de-cp1252.csv"), ["footer_row"]);
    assert!(notes("athletes/athletes-200.csv").is_empty());
}
