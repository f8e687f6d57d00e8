//! One athlete: who they are in public, what they ran, what they will run.

use maud::{Markup, html};
use rusqlite::Connection;

use super::event::{is_final, round_name};
use crate::db::DbError;
use crate::public::frame::{Content, View};
use crate::public::parts;
use crate::public::store::{self, Entry, Event, Person, Placed};
use crate::public::texts::{Texts, local};

pub struct Career {
    person: Person,
    events: Vec<Event>,
    entries: Vec<Entry>,
    results: Vec<Placed>,
}

pub fn read(conn: &Connection, id: i64) -> Result<Option<Career>, DbError> {
    let Some(person) = store::person(conn, id)? else { return Ok(None) };
    let events = store::events_of_person(conn, id)?;
    let entries = store::entries_of_person(conn, id)?;
    let results = store::results_of_person(conn, id)?;
    Ok(Some(Career { person, events, entries, results }))
}

pub fn draw(view: &View, career: &Career) -> Content {
    let t = view.t;
    let person = &career.person;
    let main = html! {
        (parts::up("/", t.get("allRaces")))
        header.head {
            h1 { (person.name) }
            p.soft {
                (person.country.name())
                @if let Some(club) = &person.club { " · " (club) }
                @if let Some(bib) = &person.bib { " · " span.bib { (bib) } }
            }
        }
        @if career.events.is_empty() { (parts::empty(t.get("noStarts"), t.get("noStartsText"))) }
        @for events in career.events.chunk_by(|a, b| a.race == b.race) {
            section.block {
                @if let Some(first) = events.first() { h2 { a href={ "/races/" (first.race) } { (first.race_name) } } }
                ul.rows { @for event in events { (starts(t, career, event)) } }
            }
        }
    };
    Content::new(&person.name, main)
}

/// The results of an event, or the entry while there is none.
fn starts(t: Texts, career: &Career, event: &Event) -> Markup {
    let mut results: Vec<&Placed> = career.results.iter().filter(|result| result.event == event.id).collect();
    results.reverse();
    let entry = career.entries.iter().find(|entry| entry.event == event.id);
    let name = parts::event_name(t, event);
    let row = |what: String, place: Markup, figure: Markup| {
        html! { li { a href={ "/events/" (event.id) } {
            span.place { (place) } span.what { b { (name) } small { (what) } } span.figure { (figure) }
        } } }
    };
    html! {
        @for result in &results {
            (row(round_name(t, &result.round), parts::place(t, result, is_final(&result.round)),
                html! { b { (parts::mark(t, result)) } (parts::record(t, result))
                    @if let Some(wind) = result.wind { " " small { (wind.to_signed()) } } }))
        }
        @if results.is_empty() {
            (row(plans(t, event, entry), html! {}, html! { span.soft { (t.get("entered")) } }))
        }
    }
}

fn plans(t: Texts, event: &Event, entry: Option<&Entry>) -> String {
    let numbered = |key: &str, name: &str, number: Option<i64>| number.map(|n| t.fill(key, &[(name, &n.to_string())]));
    parts::facts([
        event.start.and_then(local).map(|(day, time)| format!("{}, {time}", t.day(day))),
        numbered("heat", "heat", entry.and_then(|entry| entry.heat)),
        numbered("laneNumber", "lane", entry.and_then(|entry| entry.lane)),
    ])
}
