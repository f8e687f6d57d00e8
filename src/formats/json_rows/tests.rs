use std::fs::File;
use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn checked(text: &str) -> Result<Shape, String> {
    check(&mut Cursor::new(text)).map_err(|fault| fault.to_string())
}

fn rows(text: &str, section: Option<&str>) -> Vec<Value> {
    let mut rows = Vec::new();
    let count = each(&mut Cursor::new(text), section, |index, value| {
        assert_eq!(index, rows.len());
        rows.push(value);
        Ok::<(), String>(())
    });
    assert_eq!(count.expect("valid"), rows.len());
    rows
}

fn fixture(name: &str) -> File {
    File::open(format!("{}/tests/data/json/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name)
}

#[test]
fn the_shape_names_every_section() {
    let shape = checked(r#"{"races": [1, 2], "events": "oops", "extra": {"a": []}, "none": null}"#).expect("valid");
    let content = |name: &str| shape.section(name).map(|section| section.content);
    assert_eq!(content("races"), Some(Content::List(2)));
    assert_eq!(content("events"), Some(Content::NotAList("a text")));
    assert_eq!(content("none"), Some(Content::NotAList("null")));
    assert_eq!(shape.unknown(&["races", "events"]).collect::<Vec<_>>(), ["extra", "none"]);
    assert_eq!(checked("[{}, 1, null]"), Ok(Shape::List(3)));
    assert_eq!(checked("\"text\""), Ok(Shape::Other("a text")));
}

#[test]
fn an_export_has_its_sections_under_data() {
    let text =
        r#"{"exported_at": "now", "data": {"users": [1], "athletes": [2, 3], "exported_at": "now"}, "format": "json"}"#;
    let shape = checked(text).expect("valid");
    assert_eq!(shape.section("athletes").map(|s| (s.is_under_data, s.content)), Some((true, Content::List(2))));
    assert_eq!(shape.unknown(&["users", "athletes", "exported_at"]).collect::<Vec<_>>(), ["format"]);
    assert_eq!(rows(text, Some("athletes")), [2, 3]);
    assert_eq!(rows(text, Some("users")), [1]);
}

#[test]
fn the_elements_of_one_list_are_given_out() {
    assert_eq!(rows(r#"{"a": [1, [2]], "b": {"a": [9]}, "c": 1.5}"#, Some("a")).len(), 2);
    assert_eq!(rows(r#"[{"x": 1}, "y"]"#, None).len(), 2);
    assert!(rows(r#"{"a": 1}"#, Some("a")).is_empty());
    assert!(rows(r#"{"a": [1]}"#, Some("b")).is_empty());
    assert!(rows(r#"{"a": [1]}"#, None).is_empty());
}

#[test]
fn the_receiver_may_stop() {
    let stopped = each(&mut Cursor::new("[1, 2, 3]"), None, |index, _| if index == 1 { Err("enough") } else { Ok(()) });
    assert!(matches!(stopped, Err(EachError::Row("enough"))));
}

#[test]
fn faults_have_a_place_and_a_plain_sentence() {
    for (text, expected) in [
        ("", "The file is empty"),
        ("{\"a\": [1,\n 2", "Line 2, column 2: the file ends here in the middle of the data; it seems to be cut off"),
        ("[1,]", "Line 1, column 4: there is a comma too many"),
        ("[1]\n[2]", "Line 2, column 1: there is more text behind the end of the data"),
        ("{a: 1}", "Line 1, column 2: a member name must stand in double quotes"),
        ("{\"a\" 1}", "Line 1, column 6: a colon is missing between a member and its value"),
        ("[1 2]", "Line 1, column 4: a comma or the closing ] of a list is missing"),
        ("[1e999]", "Line 1, column 7: this number is too large"),
        ("[\"a\u{0}b\"]", "Line 1, column 4: a text holds a line break or another control character"),
        ("\u{0}[]", "Line 1, column 1: a value is missing here, or is not written as JSON"),
        ("{\"a\": 1,\n \"a\": 2}", "Line 2, column 5: the member \"a\" occurs twice in one object"),
    ] {
        assert_eq!(checked(text), Err(expected.to_owned()), "{text}");
    }
    let deep = checked(&"[".repeat(10_000)).expect_err("too deep");
    assert!(deep.ends_with("lists and objects are nested too deeply"), "{deep}");
    let bad = check(&mut Cursor::new(b"[\"caf\xe9\"]")).expect_err("not UTF-8").to_string();
    assert!(bad.ends_with("the text is not UTF-8 here"), "{bad}");
}

#[test]
fn marks_of_byte_order_are_skipped() {
    assert_eq!(checked("\u{feff}[1]"), Ok(Shape::List(1)));
    let wide: Vec<u8> = "\u{feff}[\"é\", 2]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(check(&mut Cursor::new(&wide)).expect("valid"), Shape::List(2));
}

#[test]
fn the_sample_documents_have_the_expected_sections() {
    let mut bulk = fixture("bulk.json");
    let shape = check(&mut bulk).expect("valid");
    for (name, count) in
        [("users", 3), ("athletes", 12), ("races", 2), ("events", 4), ("registrations", 12), ("results", 3)]
    {
        assert_eq!(shape.section(name).map(|section| section.content), Some(Content::List(count)), "{name}");
        let seen = each(&mut bulk, Some(name), |_, _| Ok::<(), String>(())).expect("valid");
        assert_eq!(seen, count, "{name}");
    }
    let dirty = check(&mut fixture("bulk-dirty.json")).expect("valid");
    assert_eq!(dirty.section("races").map(|section| section.content), Some(Content::NotAList("a text")));
    let known = ["users", "athletes", "races", "events", "registrations", "results"];
    assert_eq!(dirty.unknown(&known).collect::<Vec<_>>(), ["unknown_section"]);
    assert_eq!(
        check(&mut fixture("races.json")).expect("valid").section("races").map(|s| s.content),
        Some(Content::List(6))
    );
    let mut objects = 0;
    let seen = each(&mut fixture("races-dirty.json"), Some("races"), |_, value| {
        objects += usize::from(value.is_object());
        Ok::<(), String>(())
    });
    assert_eq!((seen.expect("valid"), objects), (11, 9));
    let cut = check(&mut fixture("races-truncated.json")).expect_err("cut off");
    assert!(cut.line > 1 && cut.message.contains("cut off"), "{cut}");
}

proptest! {
    #[test]
    fn any_bytes_are_judged_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = check(&mut Cursor::new(&bytes));
        let _ = each(&mut Cursor::new(&bytes), Some("a"), |_, _| Ok::<(), String>(()));
    }

    #[test]
    fn what_passes_the_check_is_streamed(text in "[\\[\\]{}\",:a1]{0,30}") {
        let mut count = 0;
        if let Ok(shape) = check(&mut Cursor::new(&text)) {
            let seen = each(&mut Cursor::new(&text), None, |_, _| { count += 1; Ok::<(), String>(()) }).expect("checked");
            prop_assert_eq!(seen, if let Shape::List(length) = shape { length } else { 0 });
        }
    }
}
