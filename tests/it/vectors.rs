//! The rules against golden cases: every `*.json` of `tests/vectors`, or of the folder that `ATHSYS_VECTORS` names.
//!
//! Each kind of case computes what the file expects, as JSON; a member that is expected must come out equal.
//!
//! Where the cases and the rules they come from disagree: a height cleared in a jump-off is credited by section 7.3 of the rules,
//! while `best` in `vertical_jumps` is that of the competition proper, which its notes say. Section 1.7 shows 8.38 m as 27-6, which
//! is 27-5.75 when rounded down to the quarter inch as the same sentence asks; no case has it.

mod combined;
mod field;
mod marks;
mod people;
mod rounds;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// Gives all that can be said about one case.
type Solve = fn(&Value) -> Value;

const KINDS: [(&str, Solve); 19] = [
    ("age_groups", people::age_groups),
    ("combined_events", combined::events),
    ("combined_points", combined::points),
    ("cross_country", people::cross_country),
    ("field_qualification", field::qualification),
    ("heat_distribution", rounds::heats),
    ("horizontal_ranking", field::horizontal),
    ("implements", people::implements),
    ("lane_draw", rounds::lanes),
    ("later_round_seeding", rounds::seeding),
    ("records", combined::records),
    ("result_order", rounds::result_order),
    ("rounding_distances", marks::distances),
    ("rounding_times", marks::times),
    ("team_scoring", people::team_scoring),
    ("team_separation", rounds::separation),
    ("track_qualification", rounds::qualification),
    ("vertical_jumps", field::vertical),
    ("wind", marks::wind),
];

/// The heats as they were published: which label a heat has and who was exchanged was decided by lot and by people.
const DRAWN: &str = "published_semifinals";

fn folder() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    std::env::var_os("ATHSYS_VECTORS").map_or_else(own, PathBuf::from)
}

/// The case files of a folder; a folder without any is a mistake.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    files.sort();
    assert!(!files.is_empty(), "there are no cases in {}", folder.display());
    files
}

/// What is wrong with the cases of one file, and how many there are.
fn check(text: &str) -> (Vec<String>, usize) {
    let file: Value = serde_json::from_str(text).expect("a case file is JSON");
    let kind = file["kind"].as_str().expect("a case file names its kind");
    let solve = KINDS.iter().find(|(known, _)| *known == kind).map(|(_, solve)| solve);
    let solve = solve.unwrap_or_else(|| panic!("no test knows cases of the kind {kind}"));
    let cases = file["cases"].as_array().expect("a case file has cases");
    assert!(!cases.is_empty(), "{kind} has no cases");
    let mut wrong = Vec::new();
    for case in cases {
        let found = solve(&case["input"]);
        for (member, expected) in case["expected"].as_object().expect("a case expects something") {
            if member == DRAWN {
                continue;
            }
            if !found.get(member).is_some_and(|found| is_as_expected(kind, found, expected)) {
                wrong.push(format!("{kind} {}: {member} is {}, not {expected}", case["id"], found[member]));
            }
        }
    }
    (wrong, cases.len())
}

/// Whether a member is what a case expects. An object may say more than the case asks about, and who advances is listed in no
/// order.
fn is_as_expected(kind: &str, found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| found.get(name) == Some(value))
        }
        (Value::Array(found), Value::Array(expected)) if kind == "track_qualification" => {
            found.len() == expected.len() && expected.iter().all(|one| found.contains(one))
        }
        _ => found == expected,
    }
}

#[test]
fn every_golden_case_comes_out_as_expected() {
    let (mut wrong, mut cases) = (Vec::new(), 0);
    for file in files(&folder()) {
        let (faults, count) = check(&std::fs::read_to_string(&file).unwrap());
        wrong.extend(faults);
        cases += count;
    }
    assert!(cases > 0 && wrong.is_empty(), "of {cases} cases:\n{}", wrong.join("\n"));
}

#[test]
#[should_panic(expected = "no test knows cases of the kind curling")]
fn a_kind_that_nobody_knows_is_a_mistake() {
    check(r#"{"kind": "curling", "cases": [{}]}"#);
}

#[test]
#[should_panic(expected = "there are no cases in")]
fn an_empty_folder_is_a_mistake() {
    let folder = crate::support::folder();
    files(folder.path());
}

#[test]
fn a_wrong_expectation_is_seen() {
    let text = r#"{"kind": "rounding_distances", "cases": [{"id": "x", "input": {"raw_m": "7.458"}, "expected": {"official": "7.46"}}]}"#;
    assert_eq!(check(text).0, [r#"rounding_distances "x": official is "7.45", not "7.46""#]);
}

/// The text of a member.
fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} is not text in {value}"))
}

/// A member that is a list.
fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().unwrap_or_else(|| panic!("{member} is not a list in {value}"))
}

/// A whole number from 0.
fn number(value: &Value, member: &str) -> usize {
    value[member].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_else(|| panic!("{member} in {value}"))
}
