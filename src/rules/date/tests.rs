use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const TODAY: Date = Date::constant(2026, 5, 30);

fn read(text: &str) -> Result<Birth, DateFault> {
    read_birth(text, DateOrder::DayMonth, TODAY)
}

fn order_of(values: &[&str], usual: DateOrder) -> OrderDecision {
    let mut survey = OrderSurvey::default();
    values.iter().for_each(|value| survey.feed(value));
    survey.decide(usual)
}

#[test]
fn only_iso_is_iso() {
    assert_eq!(parse_iso("2008-03-14"), Some(date(2008, 3, 14)));
    for wrong in
        ["2008-3-14", "2026-02-30", "0000-01-01", "2008-03-14T00:00", " 2008-03-14", "+008-03-14", "２008-03-14", ""]
    {
        assert_eq!(parse_iso(wrong), None, "{wrong}");
    }
}

#[test]
fn one_day_in_every_way_of_writing() {
    let ways = [
        "2008-03-14",
        "14/03/2008",
        "14.03.2008",
        "14-03-2008",
        "14.3.08",
        "2008/3/14",
        "2008.03.14",
        "20080314",
        "39521",
        "39521.0",
        "14 Mar 2008",
        "Mar 14, 2008",
        "14-mars-08",
        "14-mars-2008",
        "14. März 2008",
        "14 de marzo de 2008",
        "March 14th, 2008",
        "2008 Mar 14",
        "2008-03-14 00:00:00",
        "2008-03-14T00:00:00.000Z",
        " 14/03/2008 ",
        "14. 3. 2008",
    ];
    for way in ways {
        assert_eq!(read(way), Ok(Birth::Day(date(2008, 3, 14))), "{way}");
    }
}

#[test]
fn a_year_stays_a_year() {
    assert_eq!(read("2008"), Ok(Birth::Year(2008)));
    assert_eq!(read("2008.0"), Ok(Birth::Year(2008)));
    assert_eq!(read("2027"), Err(DateFault::Future));
    assert_eq!(read("1900"), Err(DateFault::TooLongAgo));
}

#[test]
fn bad_dates_say_why() {
    let cases = [
        ("31/02/2008", DateFault::NoSuchDay),
        ("2001-02-30", DateFault::NoSuchDay),
        ("04/13/2008", DateFault::NoSuchDay),
        ("2035-01-01", DateFault::Future),
        ("31/05/2026", DateFault::Future),
        ("1890-05-05", DateFault::TooLongAgo),
        ("01/01/0000", DateFault::NotADate),
        ("0000-00-00", DateFault::NotADate),
        ("0000", DateFault::NoSuchDay),
        ("yesterday", DateFault::NotADate),
        ("10-Dec", DateFault::NotADate),
        ("123", DateFault::NotADate),
        ("14/03", DateFault::NotADate),
        ("", DateFault::NotADate),
    ];
    for (text, fault) in cases {
        assert_eq!(read(text), Err(fault), "{text}");
    }
}

#[test]
fn two_digit_years_are_in_the_past() {
    assert_eq!(read("01.02.26"), Ok(Birth::Day(date(2026, 2, 1))));
    assert_eq!(read("01.02.27"), Ok(Birth::Day(date(1927, 2, 1))));
}

#[test]
fn the_oldest_athlete_is_110() {
    assert!(read("1916-05-30").is_ok());
    assert!(read("1915-05-31").is_ok());
    assert_eq!(read("1915-05-30"), Err(DateFault::TooLongAgo));
}

#[test]
fn the_column_decides_the_order_of_day_and_month() {
    use DateOrder::{Contradictory, DayMonth, MonthDay};
    let cases: [(&[&str], OrderDecision); 7] = [
        (&["14/03/2008", "03/04/2008"], OrderDecision { order: DayMonth, is_sure: true }),
        (&["03/14/2008", "03/04/2008"], OrderDecision { order: MonthDay, is_sure: true }),
        (&["14/03/2008", "03/14/2008"], OrderDecision { order: Contradictory, is_sure: true }),
        (&["03/04/2008"], OrderDecision { order: MonthDay, is_sure: false }),
        (&["03.04.2008"], OrderDecision { order: DayMonth, is_sure: true }),
        (&["2008-03-04", "2008/03/04", "2008"], OrderDecision { order: MonthDay, is_sure: true }),
        (&["13/45/2008", "04/04/2008"], OrderDecision { order: MonthDay, is_sure: true }),
    ];
    for (values, expected) in cases {
        assert_eq!(order_of(values, MonthDay), expected, "{values:?}");
    }
}

#[test]
fn a_contradictory_column_gives_only_dates_of_one_meaning() {
    let read = |text| read_birth(text, DateOrder::Contradictory, TODAY);
    assert_eq!(read("14/03/2008"), Ok(Birth::Day(date(2008, 3, 14))));
    assert_eq!(read("03/14/2008"), Ok(Birth::Day(date(2008, 3, 14))));
    assert_eq!(read("04/04/2008"), Ok(Birth::Day(date(2008, 4, 4))));
    assert_eq!(read("03/04/2008"), Err(DateFault::Ambiguous));
}

#[test]
fn odd_births_are_noticed() {
    assert!(Birth::Day(date(2023, 1, 1)).is_unusually_young(TODAY));
    assert!(!Birth::Year(2010).is_unusually_young(TODAY));
    assert!(Birth::Day(date(2010, 1, 1)).is_new_year());
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(text in "\\PC{0,40}|[0-9/. :T-]{0,20}") {
        let mut survey = OrderSurvey::default();
        survey.feed(&text);
        for order in [DateOrder::DayMonth, DateOrder::MonthDay, DateOrder::Contradictory] {
            let _ = read_birth(&text, order, TODAY);
        }
    }

    #[test]
    fn what_is_printed_is_read(days in 0i32..40_000) {
        let day = date(1917, 1, 1).saturating_add(jiff::Span::new().days(days)).min(TODAY);
        let (y, m, d) = (day.year(), day.month(), day.day());
        prop_assert_eq!(parse_iso(&day.to_string()), Some(day));
        prop_assert_eq!(read(&format!("{d}.{m}.{y}")), Ok(Birth::Day(day)));
        let us = read_birth(&format!("{m}/{d}/{y}"), DateOrder::MonthDay, TODAY);
        prop_assert_eq!(us, Ok(Birth::Day(day)));
    }
}
