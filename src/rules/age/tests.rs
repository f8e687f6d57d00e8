use jiff::civil::date;
use proptest::prelude::*;

use super::*;

#[test]
fn who_is_known_by_the_year_alone_has_a_group_only_where_the_day_does_not_matter() {
    let day = date(2026, 6, 1);
    let world = scheme("WA").unwrap();
    assert_eq!(world.group_of_birth(Birth::Year(2008), day), Some(AgeGroup::Under(20)));
    assert_eq!(world.group_of_birth(Birth::Year(1960), day), Some(AgeGroup::Senior));
    let british = scheme("uk").unwrap();
    assert_eq!(british.group_of_birth(Birth::Year(2009), day), None);
    assert_eq!(british.group_of_birth(Birth::Year(1961), day), None);
    assert_eq!(scheme("SUI").unwrap().group_of_birth(Birth::Year(1996), day), Some(AgeGroup::Masters(30)));
}

#[test]
fn a_scheme_may_forbid_to_start_up() {
    let text = "scheme,name,group,oldest,reference,starting_up\nX,Strict,U16,15,day,no\nX,Strict,V40,,day,no\n";
    let strict = parse(text).unwrap().remove(0);
    assert!(!strict.may_start(AgeGroup::Under(16), AgeGroup::Senior));
    assert!(strict.may_start(AgeGroup::Under(16), AgeGroup::Under(16)));
    assert!(strict.may_start(AgeGroup::Masters(45), AgeGroup::Masters(40)));
    assert_eq!(strict.group_of(date(2011, 6, 2), date(2026, 6, 1)), AgeGroup::Under(16));
    assert_eq!(strict.group_of(date(1980, 1, 1), date(2026, 6, 1)), AgeGroup::Masters(45));
}

#[test]
fn what_is_wrong_in_a_table_is_said_with_its_line() {
    let text = |line: &str| format!("scheme,name,group,oldest,reference,starting_up\n{line}\n");
    for (line, fault) in [
        ("X,X,kids,9,day,yes", "line 2: kids is no age group"),
        ("X,X,U9,,day,yes", "line 2: U9: groups of the young have an oldest age, the others have none"),
        ("X,X,U9,8,day,maybe", "line 2: starting_up is yes or no, not maybe"),
        ("X,X,U9,8,monday,yes", "line 2: unknown variant `monday`, expected one of `year_end`, `end_of_august`, `day`"),
        ("X,X,U9,8", "line 2: it has 4 values where the headings are 6"),
    ] {
        assert_eq!(parse(&text(line)).unwrap_err(), fault);
    }
}

proptest! {
    #[test]
    fn everybody_has_a_group_whatever_the_dates(
        birth in (-9999_i16..=9999, 1_i8..=12, 1_i8..=28), day in (-9999_i16..=9999, 1_i8..=12, 1_i8..=28),
    ) {
        let (birth, day) = (date(birth.0, birth.1, birth.2), date(day.0, day.1, day.2));
        for code in ["WA", "UK", "SUI"] {
            let scheme = scheme(code).unwrap();
            let group = scheme.group_of(birth, day);
            prop_assert!(scheme.may_start(group, group));
            prop_assert_eq!(AgeGroup::parse(&group.to_string()), Some(group));
            prop_assert_eq!(scheme.group_of_birth(Birth::Day(birth), day), Some(group));
        }
        let _ = masters_band(birth, day);
    }
}
