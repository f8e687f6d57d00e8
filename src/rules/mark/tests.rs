use proptest::prelude::*;

use super::*;

fn ms(text: &str) -> Result<i64, MarkError> {
    TimeMs::parse(text).map(|time| time.0)
}

fn cm(text: &str) -> Result<i64, MarkError> {
    Centimetres::parse(text).map(|distance| distance.0)
}

#[test]
fn times_are_read_in_every_way_they_are_written() {
    for (text, expected) in [
        ("11.95", 11_950),
        ("11,95", 11_950),
        ("11.950000", 11_950),
        ("9.5", 9_500),
        ("10", 10_000),
        (".5", 500),
        ("1:52.07", 112_070),
        ("4:05,3", 245_300),
        ("0:12", 12_000),
        ("5:30", 330_000),
        ("75:30", 4_530_000),
        ("1:02:03.4", 3_723_400),
        ("1:23.44.55", 5_024_550),
        ("4.05.30", 245_300),
        ("1.58.42", 118_420),
        ("1'58\"4", 118_400),
        ("1'58''42", 118_420),
        ("4’25’’30", 265_300),
        ("10\"52", 10_520),
        ("10s52", 10_520),
        ("12''31", 12_310),
        ("12\"", 12_000),
        ("1h02'03\"4", 3_723_400),
        ("1h02:03", 3_723_000),
        (" 11.95 ", 11_950),
        ("1.02.03.40", 3_723_400),
    ] {
        assert_eq!(ms(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_time_says_why() {
    for (text, error) in [
        ("fast", MarkError::NotAMark),
        ("", MarkError::NotAMark),
        (".", MarkError::NotAMark),
        ("1:75", MarkError::NotAMark),
        ("1:5", MarkError::NotAMark),
        ("5:", MarkError::NotAMark),
        ("1h", MarkError::NotAMark),
        ("1h02", MarkError::NotAMark),
        ("1,234.56", MarkError::NotAMark),
        ("NaN", MarkError::NotAMark),
        ("inf", MarkError::NotAMark),
        ("1e3", MarkError::NotAMark),
        ("1::2", MarkError::NotAMark),
        (":30", MarkError::NotAMark),
        ("+9.5", MarkError::NotAMark),
        ("9.58123", MarkError::TooPrecise(3)),
        ("0.00283912", MarkError::TooPrecise(3)),
        ("0", MarkError::NotPositive),
        ("0.00", MarkError::NotPositive),
        ("-9.5", MarkError::NotPositive),
        ("864000.001", MarkError::OutOfRange),
        ("99999999999999999999", MarkError::OutOfRange),
        ("99999999999999999:00:00", MarkError::OutOfRange),
    ] {
        assert_eq!(ms(text), Err(error), "{text}");
    }
    assert_eq!(ms("864000"), Ok(MAX_TIME.0));
}

#[test]
fn json_numbers_are_taken_by_their_digits() {
    let time = |json: &str| serde_json::from_str(json).map(|number| TimeMs::from_json(&number));
    for (json, expected) in [("11.95", 11_950), ("11.950000000000000000", 11_950), ("12", 12_000), ("1.1e1", 11_000)] {
        assert_eq!(time(json).expect(json), Ok(TimeMs(expected)), "{json}");
    }
    assert_eq!(time("1e30").expect("a number"), Err(MarkError::OutOfRange));
    assert_eq!(time("1e-7").expect("a number"), Err(MarkError::TooPrecise(3)));
    assert_eq!(time("0.1234").expect("a number"), Err(MarkError::TooPrecise(3)));
    assert_eq!(time("-1").expect("a number"), Err(MarkError::NotPositive));
}

#[test]
fn distances_are_read_in_every_way_they_are_written() {
    for (text, expected) in [
        ("6.45", 645),
        ("6,45", 645),
        ("1m85", 185),
        ("6m45", 645),
        ("1.85m", 185),
        ("6.40 M", 640),
        ("6m", 600),
        ("645 cm", 645),
        ("7", 700),
        ("7.200", 720),
        ("11m02", 1102),
        ("10000", 1_000_000),
    ] {
        assert_eq!(cm(text), Ok(expected), "{text}");
    }
    for (text, error) in [
        ("1m5", MarkError::NotAMark),
        ("m45", MarkError::NotAMark),
        ("far", MarkError::NotAMark),
        ("", MarkError::NotAMark),
        ("6.455", MarkError::TooPrecise(2)),
        ("0", MarkError::NotPositive),
        ("-3", MarkError::NotPositive),
        ("10000.01", MarkError::OutOfRange),
        ("99999999999m00", MarkError::OutOfRange),
        ("6,4,5", MarkError::NotAMark),
    ] {
        assert_eq!(cm(text), Err(error), "{text}");
    }
    assert!(Centimetres(9_848).is_plausible() && !Centimetres(20_001).is_plausible());
}

#[test]
fn wind_is_read_with_its_sign() {
    for (text, expected) in
        [("+1.3", 13), ("-0.4", -4), ("1,3", 13), ("0.0", 0), ("\u{2212}2", -20), ("2.10 m/s", 21), ("-30", -300)]
    {
        assert_eq!(WindTenths::parse(text), Ok(WindTenths(expected)), "{text}");
    }
    for (text, error) in [
        ("30.1", MarkError::OutOfRange),
        ("1.25", MarkError::TooPrecise(1)),
        ("NWI", MarkError::NotAMark),
        ("", MarkError::NotAMark),
        ("+-1", MarkError::NotAMark),
        ("--1", MarkError::NotAMark),
    ] {
        assert_eq!(WindTenths::parse(text), Err(error), "{text}");
    }
    assert_eq!(WindTenths(13).to_signed(), "+1.3");
    assert_eq!(WindTenths(-4).to_signed(), "-0.4");
}

#[test]
fn remarks_beside_a_mark_are_understood() {
    let hand = TimeMs::read("11.0h", None).expect("a time");
    assert!(hand.is_hand && hand.mark == TimeMs(11_000));
    let windy = TimeMs::read("10.5 (+1.2)", Some(100)).expect("a time");
    assert_eq!((windy.mark, windy.wind), (TimeMs(10_500), Some(WindTenths(12))));
    for text in ["10.52w", "10.52*", "10.52 A", "10.52s"] {
        assert_eq!(TimeMs::read(text, None).expect(text).mark, TimeMs(10_520), "{text}");
    }
    assert!(Centimetres::read("7.20w (+2.3)").expect("a distance").is_assisted);
    assert_eq!(TimeMs::read("1.58.42", Some(800)).expect("a time").mark, TimeMs(118_420));
    assert_eq!(TimeMs::read("1.58.42", Some(200)), Err(MarkError::MinutesInSprint));
    assert_eq!(TimeMs::read("h", None), Err(MarkError::NotAMark));
}

#[test]
fn feet_and_inches_are_rounded_down_to_the_centimetre() {
    for (text, expected) in [("12-10.25\"", 391), ("12'10.25", 391), ("12'", 365), ("5-10", 177), ("34-09", 1059)] {
        assert_eq!(Centimetres::read_feet(text), Ok(Centimetres(expected)), "{text}");
    }
}

#[test]
fn marks_print_as_people_write_them() {
    assert_eq!(TimeMs(11_950).to_decimal(), "11.95");
    assert_eq!(TimeMs(11_791).to_decimal(), "11.791");
    assert_eq!(TimeMs(112_070).to_clock(), "1:52.07");
    assert_eq!(TimeMs(3_723_400).to_clock(), "1:02:03.40");
    assert_eq!(TimeMs(9_580).to_clock(), "9.58");
    assert_eq!(Centimetres(645).to_string(), "6.45");
    assert_eq!(WindTenths(-4).to_decimal(), "-0.4");
}

#[test]
fn json_carries_numbers_without_binary_noise() {
    assert_eq!(serde_json::to_string(&TimeMs(11_950)).expect("serialises"), "11.95");
    assert_eq!(serde_json::to_string(&Centimetres(645)).expect("serialises"), "6.45");
    assert_eq!(serde_json::to_string(&WindTenths(-4)).expect("serialises"), "-0.4");
    assert_eq!(serde_json::from_str::<TimeMs>("\"1:52.07\"").expect("reads"), TimeMs(112_070));
    let error = serde_json::from_str::<TimeMs>("true").expect_err("no mark").to_string();
    assert!(error.starts_with("a number or text"), "{error}");
}

#[test]
fn the_words_for_no_mark_are_known() {
    for text in ["NT", "nm", "NH", "", " 0.00 ", "X", "DNS", "-"] {
        assert!(is_no_mark(text), "{text}");
    }
    assert!(!is_no_mark("11.95"));
}

proptest! {
    #[test]
    fn every_time_survives_json_and_text(ms in 1..=MAX_TIME.0) {
        let time = TimeMs(ms);
        let json = serde_json::to_string(&time).expect("serialises");
        prop_assert_eq!(serde_json::from_str::<TimeMs>(&json).expect("reads"), time);
        let number: serde_json::Number = serde_json::from_str(&json).expect("reads");
        prop_assert_eq!(TimeMs::from_json(&number), Ok(time));
        prop_assert!(json.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 3), "{}", json);
        prop_assert_eq!(TimeMs::parse(&time.to_decimal()), Ok(time));
        prop_assert_eq!(TimeMs::parse(&time.to_clock()), Ok(time));
    }

    #[test]
    fn every_distance_survives_json_and_text(cm in 1..=MAX_DISTANCE.0) {
        let distance = Centimetres(cm);
        let json = serde_json::to_string(&distance).expect("serialises");
        prop_assert_eq!(serde_json::from_str::<Centimetres>(&json).expect("reads"), distance);
        prop_assert!(json.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 2), "{}", json);
        prop_assert_eq!(Centimetres::parse(&distance.to_decimal()), Ok(distance));
    }

    #[test]
    fn every_wind_survives_json_and_text(tenths in -300..=300) {
        let wind = WindTenths(tenths);
        let json = serde_json::to_string(&wind).expect("serialises");
        prop_assert_eq!(serde_json::from_str::<WindTenths>(&json).expect("reads"), wind);
        prop_assert_eq!(WindTenths::parse(&wind.to_signed()), Ok(wind));
    }

    #[test]
    fn any_text_is_judged_without_panic(text in "\\PC{0,20}|[0-9:.,'\"hms+()-]{0,14}|[0-9.e-]{0,30}") {
        if let Ok(time) = TimeMs::parse(&text) {
            prop_assert!(time.0 > 0 && time <= MAX_TIME);
        }
        let _ = (TimeMs::read(&text, Some(100)), Centimetres::read(&text), Centimetres::read_feet(&text));
        let _ = WindTenths::parse(&text);
    }
}
