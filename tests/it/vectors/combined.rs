//! Combined events and records.

use std::cmp::Ordering;

use athsys::rules::combined::{Outcome, Sex, rank, scored_time, standing};
use athsys::rules::discipline::{self, Measure};
use athsys::rules::mark::{Centimetres, TimeMs, WindTenths};
use athsys::rules::records::{Candidate, propose};
use athsys::rules::timing::{Timing, Venue, official, show};
use serde_json::{Map, Value, json};

use super::marks::timing;
use super::{list, text};

pub fn sex(input: &Value) -> Sex {
    match text(input, "gender") {
        "M" => Sex::Men,
        "F" => Sex::Women,
        other => panic!("there is no table for {other}"),
    }
}

fn is_timed(event: &str) -> bool {
    discipline::find(event).unwrap().measure == Measure::Time
}

fn outcome(event: &str, mark: &str, timing: Timing) -> Outcome {
    match mark {
        "DNF" | "DQ" | "NM" | "NH" => Outcome::NoMark,
        "DNS" => Outcome::DidNotStart,
        mark if is_timed(event) => Outcome::Time(TimeMs::parse(mark).unwrap(), timing),
        mark => Outcome::Distance(Centimetres::parse(mark).unwrap()),
    }
}

pub fn points(input: &Value) -> Value {
    let (event, mark, timing) = (text(input, "event"), text(input, "mark"), timing(input, "timing"));
    let standing = standing(sex(input), &[(event, outcome(event, mark, timing))]);
    let mut found = json!({"points": standing.points[0]});
    if is_timed(event) {
        let raw = TimeMs::parse(mark).unwrap();
        found["official"] = show(official(raw, timing, Venue::Track), timing, Venue::Track).into();
        found["score_as"] = show(scored_time(event, raw, timing), Timing::Photo, Venue::Track).into();
    }
    found
}

pub fn events(input: &Value) -> Value {
    if input.get("totals").is_some() {
        let rows = list(input, "totals");
        let totals: Vec<Option<u32>> =
            rows.iter().map(|row| row[1].as_u64().map(|n| u32::try_from(n).unwrap())).collect();
        let names = rows.iter().map(|row| row[0].as_str().unwrap().to_owned());
        let places: Map<String, Value> = names.zip(rank(&totals)).map(|(name, place)| (name, json!(place))).collect();
        return json!({"places": places});
    }
    let timing = timing(input, "timing");
    let held: Vec<(&str, Outcome)> = list(input, "marks")
        .iter()
        .map(|one| (text(one, "event"), outcome(text(one, "event"), text(one, "mark"), timing)))
        .collect();
    let standing = standing(sex(input), &held);
    let overall = if standing.total.is_some() { "finished" } else { "DNF" };
    json!({"points": standing.points, "total": standing.total, "overall": overall})
}

pub fn records(input: &Value) -> Value {
    let event = text(input, "event");
    let mark = |member: &str| match is_timed(event) {
        true => TimeMs::parse(text(input, member)).unwrap().0,
        false => Centimetres::parse(text(input, member)).unwrap().0,
    };
    let candidate = Candidate {
        event,
        mark: mark("mark"),
        record: mark("record"),
        timing: timing(input, "timing"),
        wind: input["wind"].as_str().map(|wind| WindTenths::parse(wind).unwrap()),
        is_valid: input["status"] == "finished",
        is_outdoor: true,
    };
    let proposal = propose(&candidate);
    let comparison = match proposal.comparison {
        Ordering::Less => "worse",
        Ordering::Equal => "equal",
        Ordering::Greater => "better",
    };
    let flag = if proposal.is_new() {
        "new"
    } else if proposal.is_equalled() {
        "="
    } else {
        ""
    };
    json!({
        "comparison": comparison,
        "eligible": proposal.is_eligible(),
        "reasons": proposal.reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>(),
        "flag": flag,
    })
}
