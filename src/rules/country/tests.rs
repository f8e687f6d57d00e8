use proptest::prelude::*;

use super::*;

fn code(value: &str) -> String {
    Country::read(value).map_or_else(|error| error.to_string(), |reading| reading.country.to_string())
}

fn note(value: &str) -> Option<String> {
    Country::read(value).expect(value).note
}

#[test]
fn a_code_of_the_sport_is_read_in_any_case_without_a_note() {
    for value in ["KEN", "ken", " Ken "] {
        assert_eq!((code(value), note(value)), ("KEN".into(), None));
    }
    assert_eq!(Country::from_code("ger").map(Country::name), Some("Germany"));
    assert_eq!(Country::from_code("DEU"), None);
}

#[test]
fn iso_codes_and_names_are_read_with_a_note() {
    let cases = [
        ("DEU", "GER"),
        ("CHE", "SUI"),
        ("ZAF", "RSA"),
        ("FR", "FRA"),
        ("UK", "GBR"),
        ("GB", "GBR"),
        ("NA", "NAM"),
        ("Germany", "GER"),
        ("Allemagne", "GER"),
        ("Alemania", "GER"),
        ("Kenia", "KEN"),
        ("Côte d’Ivoire", "CIV"),
        ("Ivory Coast", "CIV"),
        ("Holland", "NED"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("South Korea", "KOR"),
        ("Korea", "KOR"),
        ("Suiza", "SUI"),
        ("Svizzera", "SUI"),
        ("ESPAÑA", "ESP"),
        ("Espagne", "ESP"),
        ("Vereinigtes Königreich", "GBR"),
        ("Royaume-Uni", "GBR"),
        ("États-Unis", "USA"),
        ("US", "USA"),
        ("United States", "USA"),
        ("Czechia", "CZE"),
        ("England", "GBR"),
        ("LIB", "LBN"),
        ("SIN", "SGP"),
        ("Guinea Bissau", "GBS"),
        ("Trinidad & Tobago", "TTO"),
        ("日本", "JPN"),
        ("Россия", "RUS"),
        ("DR Congo", "COD"),
    ];
    for (value, expected) in cases {
        assert_eq!(code(value), expected, "{value}");
        assert!(note(value).is_some(), "{value}");
    }
    assert_eq!(note("Kenya").as_deref(), Some("Kenya read as KEN"));
}

#[test]
fn where_a_code_means_two_countries_that_of_the_sport_wins() {
    for (value, name) in
        [("BRN", "Bahrain"), ("NIG", "Niger"), ("BAH", "Bahamas"), ("IRI", "Iran"), ("ANT", "Antigua and Barbuda")]
    {
        assert_eq!(Country::read(value).expect(value).country.name(), name);
    }
}

#[test]
fn an_unknown_country_says_what_may_be_meant() {
    assert_eq!(code("Kenia X"), "Country 'Kenia X' is not known; did you mean Kenya (KEN)?");
    assert_eq!(code("Germny"), "Country 'Germny' is not known; did you mean Germany (GER)?");
    assert_eq!(code("Atlantis"), "Country 'Atlantis' is not known");
    assert_eq!(code("XYZ"), "Country 'XYZ' is not known");
    assert_eq!(code("12"), "Country '12' is not known");
    assert_eq!(code(" \u{a0}"), "Country required");
}

#[test]
fn no_name_or_code_means_two_countries_of_today() {
    let mut entries = Vec::new();
    let mut seen: HashMap<String, Country> = HashMap::new();
    for (rank, key, country) in all_keys(&mut entries) {
        if rank == 1 && !key.is_empty() {
            let first = *seen.entry(key.clone()).or_insert(country);
            assert_eq!(first, country, "{key} is {first} and {country}");
        }
    }
}

#[test]
fn every_country_is_found_by_its_code_its_iso_code_and_its_name() {
    for line in codes(Table::Countries.text()).unwrap() {
        let country = Country::from_code(&line.code).expect(&line.code);
        assert_eq!(country.name(), line.name);
        if line.name != "England" {
            assert_eq!(Country::read(&line.name).expect(&line.name).country, country);
        }
        let iso = Country::from_code(&line.iso_alpha3);
        if iso.is_none() && !line.iso_alpha3.is_empty() && line.kind == "member" {
            assert_eq!(Country::read(&line.iso_alpha3).expect(&line.iso_alpha3).country, country);
        }
    }
}

#[test]
fn home_nations_are_one_team_internationally() {
    let international = |code: &str| Country::from_code(code).expect(code).international().to_string();
    assert_eq!(international("SCO"), "GBR");
    assert_eq!(international("IRL"), "IRL");
}

#[test]
fn json_is_the_code() {
    let country: Country = serde_json::from_str("\"Kenya\"").expect("a name is read");
    assert_eq!(serde_json::to_string(&country).expect("serialises"), "\"KEN\"");
    assert!(serde_json::from_str::<Country>("\"Atlantis\"").is_err());
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(value in "\\PC{0,30}") {
        let _ = Country::read(&value);
    }
}
