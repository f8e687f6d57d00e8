use super::*;

#[test]
fn a_browser_gets_the_language_it_likes_most() {
    let offered = [Language::ENGLISH];
    let choose = |accepted| Language::of_browser(accepted, &offered).map(|language| language.code);
    assert_eq!(choose("en-GB,en;q=0.9"), Some("en"));
    assert_eq!(choose("xx, en;q=0"), None);
    assert_eq!(choose("de-AT;q=0.9, en;q=0.3"), Some("en"));
    assert_eq!(choose(""), None);
}

#[test]
fn numbers_and_dates_are_written_as_people_read_them() {
    let texts = Texts { language: Language::ENGLISH };
    assert_eq!([texts.number(7), texts.number(1234), texts.number(123_456)], ["7", "1234", "123,456"]);
    let day = Date::constant(2026, 6, 14);
    assert_eq!((texts.date(day), texts.day(day)), ("14 June 2026".into(), "Sunday, 14 June".into()));
    assert_eq!((texts.count("events", 1), texts.count("events", 9)), ("1 event".into(), "9 events".into()));
}
