//! Ages, implements, teams.

use athsys::rules::age::{AgeGroup, age_on, masters_band, scheme};
use athsys::rules::date::parse_iso;
use athsys::rules::implement::weight;
use athsys::rules::teams::{self, CrossCountry, Scheme};
use serde_json::{Map, Value, json};

use super::combined::sex;
use super::{list, number, text};

pub fn age_groups(input: &Value) -> Value {
    let birth = parse_iso(text(input, "date_of_birth")).unwrap();
    let day = parse_iso(text(input, "competition_date")).unwrap();
    json!({
        "wa_group": scheme("WA").unwrap().group_of(birth, day).to_string(),
        "age_on_day": age_on(birth, day),
        "masters_band": masters_band(birth, day),
        "uka_track_group": scheme("UK").unwrap().group_of(birth, day).to_string(),
    })
}

pub fn implements(input: &Value) -> Value {
    let group = AgeGroup::parse(text(input, "age_group")).unwrap();
    let weight = weight(sex(input), text(input, "event"), group).unwrap().to_string();
    let (weight, unit) = weight.split_once(' ').unwrap();
    json!({"weight": weight, "unit": unit})
}

pub fn team_scoring(input: &Value) -> Value {
    let scheme = Scheme {
        table: list(input, "table").iter().map(|points| points.as_i64().unwrap()).collect(),
        max_scorers: input["max_scorers"].as_u64().map(|most| usize::try_from(most).unwrap()),
        multiplier: input["multiplier"].as_i64().unwrap(),
    };
    let placing = |one: &Value| {
        let place = one[1].as_u64().map(|place| u32::try_from(place).unwrap());
        (one[0].as_str().unwrap().to_owned(), place)
    };
    let placings: Vec<_> = list(input, "placings").iter().map(placing).collect();
    let points: Map<String, Value> = teams::score(&scheme, &placings)
        .into_iter()
        .map(|score| (score.team, Value::from(score.points.to_string())))
        .collect();
    json!({"points": points})
}

pub fn cross_country(input: &Value) -> Value {
    let finish: Vec<&str> = list(input, "finish_order").iter().map(|team| team.as_str().unwrap()).collect();
    let rule = CrossCountry {
        scorers: number(input, "scorers"),
        displacers: input["displacers"].as_u64().map(|n| usize::try_from(n).unwrap()),
        remove_incomplete: input["remove_incomplete"].as_bool().unwrap(),
    };
    let team = |team: &teams::CrossTeam<&str>| json!({"team": team.team, "score": team.score, "last_scorer": team.positions.last(), "positions": team.positions});
    json!({"ranking": teams::cross_country(&finish, rule).iter().map(team).collect::<Vec<_>>()})
}
