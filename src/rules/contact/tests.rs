use proptest::prelude::*;

use super::*;

#[test]
fn an_address_is_kept_and_its_wrapping_taken_off() {
    for (value, expected) in [
        ("a@b.org", "a@b.org"),
        (" A.b+tag@Sub.example.org ", "A.b+tag@Sub.example.org"),
        ("mailto:fine@example.org", "fine@example.org"),
        ("MAILTO: fine@example.org;", "fine@example.org"),
        ("fine@example.org,", "fine@example.org"),
        ("jörg@bücher.example", "jörg@bücher.example"),
    ] {
        assert_eq!(read_email(value), Ok((expected.to_owned(), None)), "{value}");
    }
}

#[test]
fn of_two_addresses_the_first_is_taken_with_a_note() {
    for value in ["a@b.org; c@d.org", "a@b.org,c@d.org", "a@b.org c@d.org", "a@b.org / c@d.org"] {
        assert_eq!(read_email(value), Ok(("a@b.org".to_owned(), Some(NOTE_TWO_ADDRESSES))), "{value}");
    }
}

#[test]
fn broken_addresses_say_why() {
    let long = format!("{}@example.org", "x".repeat(250));
    for (value, error) in [
        ("plainaddress", EmailError::At),
        ("two@@example.org", EmailError::At),
        ("no domain@example", EmailError::Character),
        ("a b@example.org", EmailError::Character),
        ("@example.org", EmailError::NoLocalPart),
        ("a@example", EmailError::Domain),
        ("a@.org", EmailError::Domain),
        ("a@example.", EmailError::Domain),
        ("", EmailError::Empty),
        (";", EmailError::Empty),
        (long.as_str(), EmailError::TooLong),
        ("a\u{0}@b.org", EmailError::Character),
    ] {
        assert_eq!(read_email(value), Err(error), "{value}");
    }
}

#[test]
fn a_telephone_number_is_kept_with_a_note_when_odd() {
    assert_eq!(read_phone(" +254 555  0100 "), Ok(("+254 555 0100".into(), None)));
    assert_eq!(read_phone("(030) 12/34-5.6"), Ok(("(030) 12/34-5.6".into(), None)));
    assert_eq!(read_phone("4.92E+11"), Ok(("4.92E+11".into(), Some(NOTE_PHONE_EXPONENT))));
    assert_eq!(read_phone("555 0100 ext 2"), Ok(("555 0100 ext 2".into(), Some(NOTE_PHONE_TEXT))));
    assert_eq!(read_phone(""), Err(PhoneError::Empty));
    assert_eq!(read_phone(&"1".repeat(51)), Err(PhoneError::TooLong));
}

proptest! {
    #[test]
    fn an_address_that_was_read_is_read_again_as_it_is(value in "\\PC{0,40}|[a-c@.;, :]{0,12}") {
        if let Ok((email, _)) = read_email(&value) {
            prop_assert_eq!(read_email(&email), Ok((email.clone(), None)));
        }
        let _ = read_phone(&value);
    }
}
