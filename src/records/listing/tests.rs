use super::*;
use crate::athletes::Athlete;
use crate::records::Resource;

fn parse(query: &str) -> Result<ListQuery, ApiError> {
    Athlete::LIST.parse(query, false)
}

fn refusal(query: &str) -> &'static str {
    parse(query).expect_err("refused").code()
}

#[test]
fn a_list_has_a_usual_page() {
    let asked = parse("").unwrap();
    assert_eq!((asked.page, asked.per_page, asked.ordering().as_str()), (1, 50, " ORDER BY id ASC"));
}

#[test]
fn pages_sorts_and_filters_are_read() {
    let asked = parse("page=3&perPage=20&sort=-name&country=ken&q=O%27Brien").unwrap();
    assert_eq!((asked.page, asked.per_page), (3, 20));
    assert_eq!(asked.ordering(), " ORDER BY name_key DESC NULLS LAST, id DESC");
    assert!(asked.condition.starts_with(" WHERE country = ? AND ("), "{}", asked.condition);
    assert_eq!(asked.values[0], Sql::Text("KEN".into()));
    assert_eq!(asked.values[1], Sql::Text("%o'brien%".into()));
}

#[test]
fn what_is_not_offered_is_refused() {
    assert_eq!(refusal("colour=red"), "unknown-parameter");
    assert_eq!(refusal("sort=email"), "unknown-sort");
    assert_eq!(refusal("page=0"), "invalid-parameter");
    assert_eq!(refusal("perPage=501"), "invalid-parameter");
    assert_eq!(refusal("perPage=x"), "invalid-parameter");
}

#[test]
fn private_fields_are_no_filters_for_the_public() {
    assert_eq!(refusal("email=a@example.org"), "unknown-parameter");
    assert!(Athlete::LIST.parse("email=a@example.org", true).is_ok());
}

#[test]
fn wildcards_of_a_search_are_plain_characters() {
    let asked = parse("q=100%25_").unwrap();
    assert_eq!(asked.values[0], Sql::Text("%100\\%\\_%".into()));
}
