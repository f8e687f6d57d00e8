//! One event: its results by round and heat, and its start list.

use maud::{Markup, html};
use rusqlite::Connection;

use crate::db::DbError;
use crate::public::frame::{Content, View};
use crate::public::parts;
use crate::public::store::{self, Entry, Event, Placed, Race};
use crate::public::texts::{Texts, local};
use crate::rules::discipline::{Category, Measure};
use crate::rules::mark::WindTenths;

pub struct Sheet {
    event: Event,
    race: Race,
    entries: Vec<Entry>,
    results: Vec<Placed>,
}

pub fn read(conn: &Connection, id: i64) -> Result<Option<Sheet>, DbError> {
    let Some(event) = store::event(conn, id)? else { return Ok(None) };
    let Some(race) = store::race(conn, event.race)? else { return Ok(None) };
    let entries = store::entries_of_event(conn, id)?;
    let results = store::results_of_event(conn, id)?;
    Ok(Some(Sheet { event, race, entries, results }))
}

pub fn draw(view: &View, sheet: &Sheet) -> Content {
    let t = view.t;
    let Sheet { event, race, entries, results } = sheet;
    let name = parts::event_name(t, event);
    let both = !results.is_empty() && !entries.is_empty();
    let main = html! {
        (parts::up(&format!("/races/{}", race.id), &race.name))
        header.head {
            h1 { (name) }
            p.soft { (when(t, event, race)) @if let Some(group) = &event.age_group { " · " (group) } }
            @if race.status == "cancelled" { p { span.badge.bad { (t.get("cancelled")) } } }
            @if both {
                nav.jump aria-label=(t.get("onThisPage")) {
                    a href="#results" { (t.get("resultsTitle")) }
                    a href="#start-list" { (t.get("startList")) }
                }
            }
        }
        @if results.is_empty() && entries.is_empty() { (parts::empty(t.get("noEntries"), t.get("noEntriesText"))) }
        @if !results.is_empty() { div #results { @for round in rounds(results) { (draw_round(t, event, &round)) } } }
        @if !entries.is_empty() { (start_list(t, entries)) }
    };
    Content::new(format!("{name} · {}", race.name), main)
}

fn when(t: Texts, event: &Event, race: &Race) -> Markup {
    match event.start.and_then(local) {
        Some((day, time)) => html! { (t.day(day)) ", " b { (time) } },
        None => html! { time datetime=(race.date) { (t.date(race.date)) } },
    }
}

/// The results of one round, by heat.
struct Round<'a> {
    name: &'a str,
    heats: Vec<(Option<i64>, Vec<&'a Placed>)>,
}

/// The round that decides comes first.
fn rounds(results: &[Placed]) -> Vec<Round<'_>> {
    let mut rounds: Vec<Round> = Vec::new();
    for result in results {
        let index = rounds.iter().position(|round| round.name == result.round).unwrap_or_else(|| {
            rounds.push(Round { name: &result.round, heats: Vec::new() });
            rounds.len() - 1
        });
        let heats = &mut rounds[index].heats;
        match heats.iter_mut().find(|(heat, _)| *heat == result.heat) {
            Some((_, placed)) => placed.push(result),
            None => heats.push((result.heat, vec![result])),
        }
    }
    rounds.iter_mut().for_each(|round| round.heats.sort_by_key(|(heat, _)| *heat));
    rounds.sort_by(|a, b| rank(a.name).cmp(&rank(b.name)).then_with(|| a.name.cmp(b.name)));
    rounds
}

/// The word of a round without its ways of writing: `semi-finals` is `semifinal`.
fn plain(round: &str) -> String {
    let letters: String = round.chars().filter(|c| c.is_alphanumeric()).collect();
    let word = letters.to_lowercase();
    match word.strip_suffix('s') {
        Some(one) if one.len() > 3 => one.to_owned(),
        _ => word,
    }
}

fn rank(round: &str) -> u8 {
    match plain(round).as_str() {
        "final" => 0,
        other if other.starts_with("final") => 1,
        "semifinal" | "semi" => 2,
        "quarterfinal" | "quarter" => 3,
        "heat" => 5,
        "qualification" | "qualifying" => 6,
        _ => 4,
    }
}

/// Whether medals are won in it.
pub fn is_final(round: &str) -> bool {
    rank(round) == 0
}

pub fn round_name(t: Texts, round: &str) -> String {
    let key = match rank(round) {
        0 => "roundFinal",
        2 => "roundSemifinal",
        3 => "roundQuarterfinal",
        5 => "roundHeats",
        6 => "roundQualification",
        _ => {
            let mut letters = round.chars();
            return letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
        }
    };
    t.get(key).to_owned()
}

fn draw_round(t: Texts, event: &Event, round: &Round<'_>) -> Markup {
    let is_final = is_final(round.name) && round.heats.len() == 1;
    html! {
        section.block {
            h2 { (round_name(t, round.name)) }
            @for (heat, results) in &round.heats {
                @let wind = common_wind(event, results);
                @if heat.is_some() || wind.is_some() {
                    h3.heat {
                        @if let Some(heat) = heat { (t.fill("heat", &[("heat", &heat.to_string())])) }
                        @if let Some(wind) = wind { " " span.soft { (t.fill("wind", &[("wind", &wind.to_signed())])) } }
                    }
                }
                (result_table(t, event, results, is_final, wind.is_some()))
            }
        }
    }
}

/// One gauge for all who run together: the wind belongs to the heat. In the field every attempt has its own.
fn common_wind(event: &Event, results: &[&Placed]) -> Option<WindTenths> {
    if event.category != Category::Track {
        return None;
    }
    let mut winds = results.iter().filter_map(|result| result.wind);
    let first = winds.next()?;
    winds.all(|wind| wind == first).then_some(first)
}

fn result_table(t: Texts, event: &Event, results: &[&Placed], is_final: bool, wind_above: bool) -> Markup {
    let shows_wind = !wind_above && results.iter().any(|result| result.wind.is_some());
    let best = results.iter().find(|result| result.position == Some(1)).and_then(|first| first.time);
    let best = best.filter(|_| event.measure() == Measure::Time);
    html! {
        table.list {
            thead { tr {
                th.place { (t.get("place")) } th.bib { (t.get("bib")) } th.name { (t.get("athlete")) } th.home { (t.get("club")) }
                th.figure { (t.get("mark")) }
                @if shows_wind { th.wind { (t.get("windHead")) } }
            } }
            tbody {
                @for result in results {
                    tr.out[result.position.is_none()] {
                        td.place { (parts::place(t, result, is_final)) }
                        td.bib { @if let Some(bib) = &result.person.bib { (bib) } }
                        th.name scope="row" { a href={ "/athletes/" (result.person.id) } { (result.person.name) } }
                        td.home { (parts::home_of(&result.person)) }
                        td.figure {
                            b { (parts::mark(t, result)) } (parts::record(t, result))
                            @if let (Some(best), Some(time)) = (best, result.time) && time > best && result.position.is_some() {
                                " " small.gap { "+" (crate::rules::mark::TimeMs(time.0 - best.0).to_clock()) }
                            }
                        }
                        @if shows_wind { td.wind { @if let Some(wind) = result.wind { (wind.to_signed()) } } }
                    }
                }
            }
        }
    }
}

/// By heat and lane where they are drawn, else by name.
fn start_list(t: Texts, entries: &[Entry]) -> Markup {
    html! {
        section.block #start-list {
            h2 { (t.get("startList")) " " span.soft { (t.count("entries", i64::try_from(entries.len()).unwrap_or(i64::MAX))) } }
            @for heat in entries.chunk_by(|a, b| a.heat == b.heat) {
                @if let Some(number) = heat.first().and_then(|entry| entry.heat) {
                    h3.heat { (t.fill("heat", &[("heat", &number.to_string())])) }
                } @else if entries.iter().any(|entry| entry.heat.is_some()) {
                    h3.heat { (t.get("noHeat")) }
                }
                (start_table(t, heat))
            }
        }
    }
}

fn start_table(t: Texts, entries: &[Entry]) -> Markup {
    let drawn = entries.iter().any(|entry| entry.lane.is_some());
    let seeded = entries.iter().any(|entry| entry.seed.is_some());
    html! {
        table.list.start {
            thead { tr {
                @if drawn { th.place { (t.get("lane")) } }
                th.bib { (t.get("bib")) } th.name { (t.get("athlete")) } th.home { (t.get("club")) }
                @if seeded { th.figure { (t.get("seed")) } }
            } }
            tbody {
                @for entry in entries {
                    tr.out[entry.status == "dns"] {
                        @if drawn { td.place { @if let Some(lane) = entry.lane { (lane) } } }
                        td.bib { @if let Some(bib) = &entry.person.bib { (bib) } }
                        th.name scope="row" { a href={ "/athletes/" (entry.person.id) } { (entry.person.name) } }
                        td.home { (parts::home_of(&entry.person)) }
                        @if entry.status == "dns" {
                            td.figure { abbr title=(t.get("dns")) { "DNS" } }
                        } @else if seeded {
                            td.figure { @if let Some(seed) = &entry.seed { (seed) } }
                        }
                    }
                }
            }
        }
    }
}
