//! Heats, lanes, advancing, seeding, and the order of a list.

use athsys::rules::draw::Draw;
use athsys::rules::heats::{separate, zigzag};
use athsys::rules::lanes::{LaneClass, LaneTable, draw_lanes, groups};
use athsys::rules::mark::TimeMs;
use athsys::rules::qualification::{Decision, HeatResult, Runner, advance};
use athsys::rules::ranking::Status;
use athsys::rules::ranking::race::{Timed, listing_order, timed_final};
use athsys::rules::seeding::{Advanced, Came, by_place_then_time};
use athsys::rules::timing::{Timing, Venue, official, show};
use serde_json::{Map, Value, json};

use super::{list, number, text};

/// Ranks as people count them.
fn from_one(ranks: &[usize]) -> Vec<usize> {
    ranks.iter().map(|rank| rank + 1).collect()
}

pub fn heats(input: &Value) -> Value {
    let heats: Vec<Vec<usize>> =
        zigzag(number(input, "entries"), number(input, "heats")).iter().map(|heat| from_one(heat)).collect();
    json!({"heats": heats})
}

pub fn separation(input: &Value) -> Value {
    let teams: Vec<Option<&str>> = list(input, "teams").iter().map(Value::as_str).collect();
    let separated = separate(zigzag(teams.len(), number(input, "heats")), &teams);
    // A heat is listed by rank.
    let in_order = |heat: &Vec<usize>| {
        let mut heat = from_one(heat);
        heat.sort_unstable();
        heat
    };
    json!({
        "heats": separated.heats.iter().map(in_order).collect::<Vec<_>>(),
        "swaps": separated.swaps.iter().map(|(moved, other)| [moved + 1, other + 1]).collect::<Vec<_>>(),
        "conflicts": from_one(&separated.conflicts),
    })
}

fn lane_class(input: &Value) -> LaneClass {
    match text(input, "event_class") {
        "straight" => LaneClass::Straight,
        "bend_200_300" => LaneClass::Bend,
        "lap_400_800" => LaneClass::Lap,
        other => panic!("{other} is no class of events"),
    }
}

pub fn lanes(input: &Value) -> Value {
    let lanes = || u8::try_from(number(input, "lanes")).unwrap();
    let seed = input["seed"].as_u64();
    if let (Some(seed), Some(count)) = (seed, input["count"].as_u64()) {
        let mut draw = Draw::seeded(seed);
        let values: Vec<String> = (0..count).map(|_| draw.next().to_string()).collect();
        return json!({"values": values});
    }
    if let (Some(seed), Some(items)) = (seed, input["items"].as_array()) {
        let mut items = items.clone();
        Draw::seeded(seed).shuffle(&mut items);
        return json!({"shuffled": items});
    }
    if let (Some(seed), Some(ranked)) = (seed, input["ranked"].as_array()) {
        let drawn = draw_lanes(&LaneTable::ByClass, lane_class(input), lanes(), ranked.len(), seed).unwrap();
        let lane: Map<String, Value> =
            ranked.iter().zip(drawn).map(|(who, lane)| (who.as_str().unwrap().to_owned(), json!(lane))).collect();
        return json!({"lane": lane});
    }
    let groups = groups(&LaneTable::ByClass, lane_class(input), lanes()).unwrap();
    let shown = |group: &athsys::rules::lanes::LaneGroup| json!({"ranks": [group.ranks.0, group.ranks.1], "lanes": group.lanes});
    json!({"groups": groups.iter().map(shown).collect::<Vec<_>>()})
}

fn time(value: &Value) -> Option<TimeMs> {
    value.as_str().map(|text| TimeMs::parse(text).unwrap())
}

fn place(value: &Value) -> Option<u32> {
    value.as_u64().map(|place| u32::try_from(place).unwrap())
}

pub fn qualification(input: &Value) -> Value {
    let heats: Vec<Vec<HeatResult>> = list(input, "heats")
        .iter()
        .map(|heat| {
            let result = |one: &Value| HeatResult { place: place(&one["place"]), time: time(&one["time"]) };
            heat.as_array().unwrap().iter().map(result).collect()
        })
        .collect();
    let free = usize::from(input["lanes_available"].as_bool().unwrap_or(false));
    let advancing = advance(&heats, number(input, "by_place"), number(input, "by_time"), free, true);
    let name = |(heat, at): &Runner| input["heats"][heat][at]["id"].as_str().unwrap().to_owned();
    let names = |runners: &[Runner]| runners.iter().map(name).collect::<Vec<_>>();
    let drawn = advancing.open.iter().flat_map(|decision| match decision {
        Decision::DrawByTime { among, .. } | Decision::TieForPlace { among, .. } => among.clone(),
    });
    let mut displayed = Map::new();
    for one in list(input, "heats").iter().flat_map(|heat| heat.as_array().unwrap()) {
        if let Some(read) = time(&one["time"]) {
            let shown = show(official(read, Timing::Photo, Venue::Track), Timing::Photo, Venue::Track);
            displayed.insert(text(one, "id").to_owned(), Value::from(shown));
        }
    }
    let mut found = json!({
        "Q": names(&advancing.by_place),
        "q": names(&advancing.by_time),
        "draw_between": names(&drawn.collect::<Vec<_>>()),
    });
    found["displayed"] = Value::Object(displayed);
    found
}

pub fn seeding(input: &Value) -> Value {
    // Who is equal stands in the order of the heats.
    let mut qualifiers = list(input, "qualifiers").to_vec();
    qualifiers.sort_by_key(|one| text(one, "heat").rsplit(' ').next().unwrap().parse::<u32>().unwrap());
    let advanced: Vec<Advanced> = qualifiers
        .iter()
        .map(|one| Advanced {
            came: if one["how"] == "Q" { Came::ByPlace(place(&one["place"]).unwrap()) } else { Came::ByTime },
            time: time(&one["time"]).unwrap(),
        })
        .collect();
    let seeding = by_place_then_time(&advanced);
    let names = |positions: &[usize]| positions.iter().map(|at| qualifiers[*at]["id"].clone()).collect::<Vec<_>>();
    json!({
        "order": names(&seeding.order),
        "ties": seeding.ties.iter().map(|tied| names(tied)).collect::<Vec<_>>(),
    })
}

pub fn result_order(input: &Value) -> Value {
    if input.get("timed_final").is_some() {
        let rows = list(input, "timed_final");
        let timed: Vec<Timed> = rows
            .iter()
            .map(|row| Timed { race: place(&row["race"]).unwrap(), place: None, time: time(&row["time"]) })
            .collect();
        let places: Map<String, Value> = rows
            .iter()
            .zip(timed_final(&timed))
            .map(|(row, place)| (text(row, "id").to_owned(), json!(place)))
            .collect();
        return json!({"places": places});
    }
    let rows = list(input, "rows");
    let status = |row: &Value| match text(row, "status") {
        "finished" => Status::Finished,
        "DNF" => Status::DidNotFinish,
        "DQ" => Status::Disqualified,
        "DNS" => Status::DidNotStart,
        other => panic!("{other} is no status"),
    };
    let listed: Vec<_> = rows.iter().map(|row| (place(&row["place"]), status(row))).collect();
    json!({
        "order": listing_order(&listed).iter().map(|at| rows[*at]["id"].clone()).collect::<Vec<_>>(),
        "placed": listed.iter().filter(|(place, _)| place.is_some()).count(),
    })
}
