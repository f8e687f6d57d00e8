//! Jumps and throws.

use athsys::rules::mark::Centimetres;
use athsys::rules::qualification::advance_field;
use athsys::rules::ranking::horizontal::{self, Attempt, Series};
use athsys::rules::ranking::vertical::{self, Card};
use serde_json::{Map, Value, json};

use super::{list, number, text};

fn attempt(value: &Value) -> Attempt {
    match value.as_str().unwrap() {
        "x" => Attempt::Failure,
        "-" => Attempt::Pass,
        "r" => Attempt::Retired,
        mark => Attempt::Mark(Centimetres::parse(mark).unwrap()),
    }
}

/// The athletes with their series.
fn series(input: &Value) -> (Vec<&String>, Vec<Series>) {
    let all = input["series"].as_object().unwrap();
    let of = |attempts: &Value| Series(attempts.as_array().unwrap().iter().map(attempt).collect());
    (all.keys().collect(), all.values().map(of).collect())
}

/// An object with a value for each athlete.
fn by_name<T: Into<Value>>(names: &[&String], values: impl IntoIterator<Item = Option<T>>) -> Value {
    let pairs = names.iter().zip(values).map(|(name, value)| ((*name).clone(), value.map_or(Value::Null, Into::into)));
    Value::Object(pairs.collect::<Map<_, _>>())
}

pub fn horizontal(input: &Value) -> Value {
    let (names, series) = series(input);
    let best = |one: &Series| one.best().map(Centimetres::to_decimal);
    json!({
        "places": by_name(&names, horizontal::rank(&series)),
        "best": by_name(&names, series.iter().map(best)),
        "status": by_name(&names, series.iter().map(|one| one.best().is_none().then_some("NM"))),
    })
}

pub fn qualification(input: &Value) -> Value {
    let (names, series) = series(input);
    let standard = input["standard"].as_str().map(|text| Centimetres::parse(text).unwrap());
    let reached: Vec<bool> =
        series.iter().map(|one| standard.is_some_and(|standard| one.best() >= Some(standard))).collect();
    let places = horizontal::rank(&series);
    let advancing = advance_field(&places, &reached, number(input, "minimum"));
    // Each list is in order of rank.
    let named = |mut positions: Vec<usize>| {
        positions.sort_by_key(|at| places[*at]);
        positions.into_iter().map(|at| names[at].clone()).collect::<Vec<_>>()
    };
    json!({"Q": named(advancing.by_standard), "q": named(advancing.by_rank)})
}

fn card(heights: &Value) -> Card {
    let heights: Vec<&str> = heights.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    Card::parse(&heights).unwrap()
}

pub fn vertical(input: &Value) -> Value {
    let all = input["cards"].as_object().unwrap();
    let names: Vec<&String> = all.keys().collect();
    let cards: Vec<Card> = all.values().map(card).collect();
    let trials = |name: &&String| {
        let trials = input["jumpoff"]["cards"][name.as_str()].as_array().cloned().unwrap_or_default();
        // Who passes or retires does not jump.
        let trial = |one: &Value| match one.as_str().unwrap() {
            "o" => Some(true),
            "x" => Some(false),
            _ => None,
        };
        trials.iter().map(trial).collect()
    };
    let jump_off: Vec<Vec<Option<bool>>> =
        if input.get("jumpoff").is_some() { names.iter().map(trials).collect() } else { Vec::new() };
    let achieved: Vec<_> = cards.iter().map(Card::achievement).collect();
    let heights = list(input, "heights");
    let height = |at: usize| text(&json!({"h": heights[at]}), "h").to_owned();
    json!({
        "places": by_name(&names, vertical::rank(&cards, &jump_off)),
        "best": by_name(&names, achieved.iter().map(|one| one.map(|one| height(one.height)))),
        "failures_at_best": by_name(&names, achieved.iter().map(|one| one.map(|one| one.failures_at_best))),
        "failures_total": by_name(&names, achieved.iter().map(|one| one.map(|one| one.failures_total))),
    })
}
