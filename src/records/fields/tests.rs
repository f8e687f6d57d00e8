use serde_json::json;

use super::*;

const ALIASES: Aliases = &[("bib", "bibNumber"), ("bib_number", "bibNumber")];

fn read(value: Value, purpose: Purpose) -> (Option<String>, String, Result<Vec<String>, Vec<FieldError>>) {
    let members = value.as_object().cloned().unwrap_or_default();
    let mut fields = Fields::new(&members, ALIASES, purpose);
    let (mut bib, mut name) = (Some("stored".to_owned()), "stored".to_owned());
    fields.text("bibNumber", "Bib", 5, &mut bib);
    fields.required_text("name", "Name", 10, &mut name);
    (bib, name, fields.finish())
}

fn codes(result: Result<Vec<String>, Vec<FieldError>>) -> Vec<String> {
    result.expect_err("faults").into_iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect()
}

#[test]
fn what_was_not_given_stays_and_null_takes_away() {
    let (bib, name, done) = read(json!({"name": "Ann"}), Purpose::Change);
    assert_eq!((bib.as_deref(), name.as_str(), done), (Some("stored"), "Ann", Ok(vec![])));
    let (bib, _, _) = read(json!({"bibNumber": null}), Purpose::Change);
    assert_eq!(bib, None);
}

#[test]
fn in_a_file_null_and_blank_mean_not_given() {
    let (bib, name, done) = read(json!({"bibNumber": null, "name": " "}), Purpose::ImportOnto);
    assert_eq!((bib.as_deref(), name.as_str(), done), (Some("stored"), "stored", Ok(vec![])));
}

#[test]
fn every_fault_is_named_at_once() {
    let (_, _, done) = read(json!({"bib": "123456", "nmae": "Ann"}), Purpose::Create);
    let faults = done.expect_err("three faults");
    let found: Vec<&str> = faults.iter().map(|fault| fault.code.as_ref()).collect();
    assert_eq!(found, ["too-long", "required", "unknown-field"]);
    assert!(faults[2].message.contains("did you mean name?"), "{}", faults[2].message);
}

#[test]
fn a_required_member_cannot_be_taken_away() {
    for value in [json!({"name": null}), json!({"name": "  "}), json!({"name": "\u{200b}"})] {
        assert_eq!(codes(read(value, Purpose::Change).2), ["name required"]);
    }
}

#[test]
fn text_is_text_without_control_characters() {
    assert_eq!(codes(read(json!({"name": ["Ann"]}), Purpose::Create).2), ["name wrong-type"]);
    assert_eq!(codes(read(json!({"name": "A\u{0}nn"}), Purpose::Create).2), ["name control-character"]);
    assert_eq!(read(json!({"name": "  Ann \u{a0} B "}), Purpose::Create).1, "Ann B");
}

#[test]
fn unknown_members_of_a_file_are_notes() {
    let notes = read(json!({"name": "Ann", "shoe": 42}), Purpose::ImportNew).2.expect("no faults");
    assert_eq!(notes, ["shoe is not known and was ignored"]);
}

#[test]
fn numbers_are_whole_and_within_their_range() {
    let members = json!({"a": 3, "b": "4", "c": 1.5, "d": 11, "e": 1e30}).as_object().cloned().unwrap_or_default();
    let mut fields = Fields::new(&members, &[], Purpose::Create);
    let (mut a, mut b, mut rest) = (None, None, None);
    fields.integer("a", "A", 1..=10, &mut a);
    fields.integer("b", "B", 1..=10, &mut b);
    for name in ["c", "d", "e"] {
        fields.integer(name, "It", 1..=10, &mut rest);
    }
    assert_eq!((a, b, rest), (Some(3), Some(4), None));
    assert_eq!(codes(fields.finish()), ["c wrong-type", "d out-of-range", "e wrong-type"]);
}
