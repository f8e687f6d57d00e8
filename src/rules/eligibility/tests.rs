use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::rules::age::scheme;

fn against(gender: Gender, birth: Option<Birth>, asked: &str) -> Vec<String> {
    let entrant = Entrant { gender: Some(gender), birth };
    let event = Conditions { gender: Some(Gender::F), group: AgeGroup::parse(asked), day: date(2026, 6, 1) };
    objections(&entrant, &event, scheme("WA").unwrap()).iter().map(ToString::to_string).collect()
}

#[test]
fn who_may_start_meets_no_objection() {
    let none: [String; 0] = [];
    assert_eq!(against(Gender::F, Some(Birth::Year(2010)), "U18"), none);
    assert_eq!(against(Gender::F, Some(Birth::Year(2013)), "U18"), none);
    assert_eq!(against(Gender::F, Some(Birth::Day(date(1980, 5, 1))), "W40"), none);
    assert_eq!(against(Gender::F, None, "SEN"), none);
    assert_eq!(against(Gender::F, None, "Juniors"), none);
}

#[test]
fn every_objection_says_what_is_asked_for_and_what_is_there() {
    assert_eq!(against(Gender::M, Some(Birth::Year(2010)), "U18"), ["the event is for F, the athlete is M"]);
    assert_eq!(
        against(Gender::F, None, "U18"),
        ["the event is for U18, and without the date of birth the age group is not known"]
    );
    assert_eq!(
        against(Gender::F, Some(Birth::Day(date(1990, 5, 1))), "W40"),
        ["the event is for V40, the athlete is V35 on the day"]
    );
    // 45 in the middle of the year: the year alone does not tell.
    assert_eq!(against(Gender::F, Some(Birth::Year(1981)), "W45").len(), 1);
}

proptest! {
    #[test]
    fn any_birth_and_any_group_are_judged(
        year in any::<i16>(), age in any::<u8>(), day in (-9999_i16..=9999, 1_i8..=12, 1_i8..=28), masters in any::<bool>(),
    ) {
        let group = if masters { AgeGroup::Masters(age) } else { AgeGroup::Under(age) };
        let event = Conditions { gender: None, group: Some(group), day: date(day.0, day.1, day.2) };
        let entrant = Entrant { gender: None, birth: Some(Birth::Year(year)) };
        for objection in objections(&entrant, &event, scheme("UK").unwrap()) {
            prop_assert!(!objection.to_string().is_empty());
        }
    }
}
