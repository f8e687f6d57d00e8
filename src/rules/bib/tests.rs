use proptest::prelude::*;

use super::*;

fn key(value: &str) -> String {
    Bib::new(value).expect(value).key().into_owned()
}

#[test]
fn a_bib_is_kept_as_written_and_compared_by_its_key() {
    let bib = Bib::new(" 007 ").expect("a bib");
    assert_eq!((bib.as_str(), &*bib.key()), ("007", "7"));
    for (one, other) in [("007", "7"), ("A12", "a12"), ("00604", "604"), ("0", "000"), ("Ä1", "ä1")] {
        assert_eq!(key(one), key(other), "{one} {other}");
    }
    assert_eq!(key("0"), "0");
    assert_ne!(key("10"), key("1"));
    assert_ne!(key("A012"), key("A12"));
}

#[test]
fn what_is_no_bib_says_why() {
    let cases = [
        ("abc!", BibError::Character('!')),
        ("", BibError::Empty),
        ("-", BibError::Empty),
        ("123456789012345678901", BibError::TooLong),
        ("1,01E+02", BibError::Exponent),
        ("1.01E+02", BibError::Exponent),
        ("=1", BibError::Character('=')),
        ("1\u{0}", BibError::Character('\u{0}')),
    ];
    for (value, error) in cases {
        assert_eq!(Bib::new(value), Err(error), "{value}");
    }
    for good in ["W-103", "A/B_1.2 x", "12345678901234567890", "é1"] {
        assert!(Bib::new(good).is_ok(), "{good}");
    }
}

#[test]
fn only_a_cell_may_lose_its_decimals() {
    assert_eq!(Bib::read_cell("101.0").expect("a bib").as_str(), "101");
    assert_eq!(Bib::read_cell(" 101,00 ").expect("a bib").as_str(), "101");
    assert_eq!(Bib::read_cell("101.5").expect("a bib").as_str(), "101.5");
    assert_eq!(Bib::new("101.0").expect("a bib").as_str(), "101.0");
}

#[test]
fn json_is_text() {
    assert_eq!(serde_json::to_string(&Bib::new("007").expect("a bib")).expect("serialises"), "\"007\"");
    assert!(serde_json::from_str::<Bib>("\"abc!\"").is_err());
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(value in "\\PC{0,25}") {
        if let Ok(bib) = Bib::read_cell(&value) {
            prop_assert!(!bib.key().is_empty());
            prop_assert_eq!(Bib::new(bib.as_str()), Ok(bib.clone()));
        }
    }

    #[test]
    fn leading_zeros_never_matter_to_a_number(zeros in 0usize..5, number in 0u32..100_000) {
        let padded = format!("{}{number}", "0".repeat(zeros));
        prop_assert_eq!(key(&padded), number.to_string());
    }
}
