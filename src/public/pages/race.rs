//! One race: when and where it is, and its events by day and time.

use jiff::civil::Date;
use maud::{Markup, html};
use rusqlite::Connection;

use crate::db::DbError;
use crate::public::frame::{Content, View};
use crate::public::parts;
use crate::public::store::{self, Event, Race};
use crate::public::texts::{Texts, local};
use crate::rules::date::parse_iso;
use crate::time::Moment;

pub fn read(conn: &Connection, id: i64) -> Result<Option<(Race, Vec<Event>)>, DbError> {
    let Some(race) = store::race(conn, id)? else { return Ok(None) };
    let events = store::events_of_race(conn, id)?;
    Ok(Some((race, events)))
}

pub fn draw(view: &View, race: &Race, events: &[Event]) -> Content {
    let t = view.t;
    let main = html! {
        (parts::up("/", t.get("allRaces")))
        header.head {
            h1 { (race.name) }
            p.soft { time datetime=(race.date) { (t.date(race.date)) } " · " (race.location) " " (parts::race_state(t, race)) }
            @if let Some(description) = &race.description { p.about { (description) } }
            p.facts { (parts::facts([
                Some(t.count("events", race.events)),
                Some(t.count("entries", race.entries)),
                Some(t.count("results", race.results)),
            ])) }
        }
        (enter(view, race))
        @if events.is_empty() { (parts::empty(t.get("noEvents"), t.get("noEventsText"))) }
        @for (day, events) in by_day(events) {
            section.block {
                @if let Some(day) = day { h2 { (t.day(day)) } } @else { h2 { (t.get("noTime")) } }
                (parts::event_rows(t, events, false))
            }
        }
    };
    Content::new(&race.name, main)
}

/// The way to the form, while entries are taken.
fn enter(view: &View, race: &Race) -> Markup {
    let t = view.t;
    let Some(link) = race.link.as_deref().filter(|_| parts::takes_entries(race)) else { return html! {} };
    let address = parts::entry_address(link);
    let is_ours = address.starts_with('/');
    html! {
        @if !is_ours || view.site.registration {
            div.notice.enter {
                div {
                    b { (t.get("entriesOpen")) }
                    @if let Some(until) = race.deadline.as_deref().and_then(|deadline| until(t, deadline)) { p { (until) } }
                }
                a.btn.primary href=(address) rel=[(!is_ours).then_some("noopener external")] { (t.get("enter")) }
            }
        }
    }
}

/// `Until 27 June 2026`, or with a time on that day.
pub fn until(t: Texts, deadline: &str) -> Option<String> {
    if let Some(day) = parse_iso(deadline) {
        return Some(t.fill("until", &[("date", &t.date(day))]));
    }
    let (day, time) = Moment::read(deadline).and_then(local)?;
    Some(t.fill("untilTime", &[("date", &t.date(day)), ("time", &time)]))
}

/// Events of one day together. They come sorted by time, those without one at the end.
pub fn by_day(events: &[Event]) -> Vec<(Option<Date>, &[Event])> {
    let day = |event: &Event| event.start.and_then(local).map(|(day, _)| day);
    let days = events.chunk_by(|a, b| day(a) == day(b));
    days.map(|events| (events.first().and_then(day), events)).collect()
}
