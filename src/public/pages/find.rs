//! Search: athletes by name, bib and club, races by name and place, events by name.

use maud::{Markup, html};
use rusqlite::Connection;

use crate::db::DbError;
use crate::public::frame::{Content, View};
use crate::public::parts;
use crate::public::store::{self, Found, Person};
use crate::public::texts::Texts;

/// Longer words find nothing that shorter ones do not.
const LONGEST: usize = 100;

pub fn read(conn: &Connection, wanted: &str) -> Result<Option<Found>, DbError> {
    let wanted: String = wanted.trim().chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if wanted.is_empty() {
        return Ok(Some(Found::default()));
    }
    store::find(conn, &wanted).map(Some)
}

pub fn draw(view: &View, wanted: &str, found: &Found) -> Content {
    let t = view.t;
    let total = found.people.len() + found.races.len() + found.events.len();
    let main = html! {
        div.hello { h1 { (t.get("find")) } (parts::search(t, wanted)) }
        @if wanted.trim().is_empty() {
            p.soft.pad { (t.get("findText")) }
        } @else if total == 0 {
            (parts::empty(&t.fill("nothingFound", &[("text", wanted)]), t.get("nothingFoundText")))
        }
        @if !found.people.is_empty() {
            section.block { h2 { (t.get("athletes")) } (people(t, &found.people)) }
        }
        @if !found.races.is_empty() {
            section.block { h2 { (t.get("races")) } (parts::race_rows(t, &found.races)) }
        }
        @if !found.events.is_empty() {
            section.block { h2 { (t.get("eventsTitle")) } (parts::event_rows(t, &found.events, true)) }
        }
    };
    Content::new(t.get("find"), main)
}

fn people(t: Texts, people: &[Person]) -> Markup {
    html! {
        ul.rows {
            @for person in people {
                li { a href={ "/athletes/" (person.id) } {
                    span.what { b { (person.name) } small { (parts::facts([
                        Some(person.country.as_str().to_owned()),
                        person.club.clone(),
                        person.gender.map(|gender| t.get(parts::gender_key(gender)).to_owned()),
                    ])) } }
                    @if let Some(bib) = &person.bib { span.bib { (bib) } }
                } }
            }
        }
    }
}
