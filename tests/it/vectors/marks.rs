//! Rounding and showing of times, distances and wind.

use athsys::rules::mark::{self, Centimetres, TimeMs, WindTenths};
use athsys::rules::timing::{Timing, Venue, of_watches, official, show};
use athsys::rules::wind;
use serde_json::{Value, json};

use super::{list, text};

pub fn timing(input: &Value, member: &str) -> Timing {
    match text(input, member) {
        "fat" => Timing::Photo,
        "hand" => Timing::Hand,
        "transponder" => Timing::Transponder,
        other => panic!("{other} is no way to take a time"),
    }
}

pub fn times(input: &Value) -> Value {
    let timing = timing(input, "method");
    let venue = match text(input, "venue") {
        "track" => Venue::Track,
        "track_long" => Venue::TrackLong,
        "outside" => Venue::Outside,
        other => panic!("{other} is no venue"),
    };
    let time = match input.get("watches") {
        None => official(TimeMs::parse(text(input, "raw")).unwrap(), timing, venue),
        Some(_) => {
            let watches = list(input, "watches").iter().map(|watch| TimeMs::parse(watch.as_str().unwrap()).unwrap());
            of_watches(&watches.collect::<Vec<_>>(), venue).unwrap()
        }
    };
    json!({"official": show(time, timing, venue)})
}

pub fn distances(input: &Value) -> Value {
    json!({"official": Centimetres::official(mark::scaled_integer(text(input, "raw_m"), 4).unwrap()).to_decimal()})
}

pub fn wind(input: &Value) -> Value {
    if let Some(readings) = input.get("combined_winds") {
        let readings: Vec<WindTenths> = readings
            .as_array()
            .unwrap()
            .iter()
            .map(|wind| WindTenths::parse(wind.as_str().unwrap()).unwrap())
            .collect();
        let wind = wind::CombinedWind::of(&readings).unwrap();
        return json!({
            "average_3dp": wind.average(),
            "average_within_2_0": wind.is_within_average(),
            "any_over_4_0": wind.has_reading_above_four(),
        });
    }
    let reading = mark::scaled_integer(text(input, "raw_ms"), 3).unwrap();
    let official = wind::official(i32::try_from(reading).unwrap());
    json!({"official": wind::show(official), "legal": wind::is_legal(official)})
}
