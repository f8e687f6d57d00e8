//! Headings that only the values below them can settle.

use super::{Settled, Survey};
use crate::formats::headings::normalise;
use crate::rules::country::Country;
use crate::rules::discipline;
use crate::rules::language::Language;
use crate::rules::text;

/// The field of an ambiguous heading by the values in the sample; `None` when the heading is not ambiguous.
pub(super) fn settle(heading: &str, index: usize, fields: &[Option<&str>], survey: &Survey) -> Settled {
    let has_bib = fields.iter().enumerate().any(|(other, &field)| other != index && field == Some("bib_number"));
    let values: Vec<&str> = survey.sample.iter().filter_map(|row| row.get(index)).map(String::as_str).collect();
    let values: Vec<&str> = values.into_iter().filter(|value| !text::blank(value)).collect();
    match (normalise(heading).as_str(), fields[index]) {
        ("no" | "nr" | "#", Some("bib_number")) => row_counter(&values),
        ("id" | "athlete id", Some("id")) => Some(id(&values, has_bib)),
        ("time", Some("seed_mark")) => clock_times(&values),
        ("grade" | "year", Some(_)) => school_year(&values),
        ("category" | "cat" | "categorie" | "kategorie" | "categoria" | "class", Some("age_group")) => events(&values),
        ("land", Some("country")) if survey.language == Language::German => federal_states(&values),
        _ => None,
    }
}

fn row_counter(values: &[&str]) -> Settled {
    let counts = values.iter().enumerate().all(|(at, value)| value.parse() == Ok(at + 1));
    (counts && values.len() >= 2).then_some((None, "it only counts the rows"))
}

/// An export of ours has `id` beside a bib. Elsewhere small numbers are bibs, and the rest licences.
fn id(values: &[&str], has_bib: bool) -> (Option<&'static str>, &'static str) {
    let are_numbers = values.iter().all(|value| value.parse::<u64>().is_ok());
    let are_small = values.iter().all(|value| value.parse::<u64>().is_ok_and(|number| number < 100_000));
    match (has_bib, are_numbers, are_small && !values.is_empty()) {
        (true, true, _) => (Some("id"), "it holds whole numbers beside a bib"),
        (false, true, true) => (Some("bib_number"), "it holds small numbers and there is no other bib"),
        (_, _, _) => (Some("license"), "it holds no bibs"),
    }
}

/// `14:30:00`, `2:30 PM`: the hour of the entry or the race, no mark.
fn clock_times(values: &[&str]) -> Settled {
    let is_clock = |value: &&str| {
        let upper = value.to_ascii_uppercase();
        let is_half_day = upper.ends_with("AM") || upper.ends_with("PM");
        let parts: Vec<&str> = value.split(':').collect();
        let has_hour =
            parts.len() == 3 && parts[0].len() == 2 && ("06".."24").contains(&parts[0]) && !value.contains('.');
        (is_half_day && value.contains(':')) || has_hour
    };
    (!values.is_empty() && values.iter().all(is_clock)).then_some((None, "it holds times of day"))
}

fn school_year(values: &[&str]) -> Settled {
    let is_school_year = |value: &&str| {
        ["9", "09", "10", "11", "12"].contains(value)
            || ["FR", "SO", "JR", "SR"].contains(&value.to_ascii_uppercase().as_str())
    };
    let is_year = |value: &&str| value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit());
    if values.is_empty() {
        None
    } else if values.iter().all(is_school_year) {
        Some((None, "it holds school years"))
    } else if values.iter().all(is_year) {
        Some((Some("year_of_birth"), "it holds years"))
    } else {
        None
    }
}

fn events(values: &[&str]) -> Settled {
    let are_events = values.iter().filter(|value| discipline::find(value).is_some()).count() * 2 > values.len();
    are_events.then_some((Some("event"), "it holds events"))
}

/// In Germany and Austria `Land` may be the federal state.
fn federal_states(values: &[&str]) -> Settled {
    const STATES: [&str; 43] = [
        "bw",
        "by",
        "be",
        "bb",
        "hb",
        "hh",
        "he",
        "mv",
        "ni",
        "nw",
        "rp",
        "sl",
        "sn",
        "st",
        "sh",
        "th",
        "bayern",
        "hessen",
        "berlin",
        "sachsen",
        "hamburg",
        "bremen",
        "saarland",
        "thuringen",
        "brandenburg",
        "niedersachsen",
        "nordrhein-westfalen",
        "rheinland-pfalz",
        "baden-wurttemberg",
        "schleswig-holstein",
        "mecklenburg-vorpommern",
        "sachsen-anhalt",
        "tirol",
        "wien",
        "salzburg",
        "karnten",
        "steiermark",
        "vorarlberg",
        "burgenland",
        "oberosterreich",
        "niederosterreich",
        "nrw",
        "wurttemberg",
    ];
    let is_state = |value: &&str| STATES.contains(&text::fold(value).as_str());
    let is_country = |value: &&str| Country::read(value).is_ok();
    let are_states = !values.is_empty() && values.iter().all(is_state) && !values.iter().all(is_country);
    are_states.then_some((None, "it holds federal states, not countries"))
}
