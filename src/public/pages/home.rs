//! The front page: what is on, what comes, what was.

use jiff::civil::Date;
use maud::{Markup, html};
use rusqlite::Connection;

use super::race::by_day;
use crate::db::DbError;
use crate::public::frame::{Content, View};
use crate::public::parts;
use crate::public::store::{self, Event, Placed, Race};
use crate::public::texts::Texts;

/// Events shown of a race that is on.
const LATEST: i64 = 4;
const COMING: i64 = 5;

pub struct Home {
    on: Vec<Running>,
    next: Vec<Race>,
    past: Vec<Race>,
    past_total: i64,
    page: i64,
}

struct Running {
    race: Race,
    latest: Vec<(Event, Vec<Placed>)>,
    coming: Vec<Event>,
}

/// `page` of the past races, from 1.
pub fn read(conn: &Connection, today: Date, now_ms: i64, page: i64) -> Result<Option<Home>, DbError> {
    let (past, past_total) = store::races_past(conn, today, page)?;
    if page > 1 && past.is_empty() {
        return Ok(None);
    }
    let (mut on, mut next) = (Vec::new(), Vec::new());
    if page == 1 {
        for race in store::races_on(conn, today)? {
            on.push(running(conn, race, now_ms)?);
        }
        next = store::races_next(conn, today)?;
    }
    Ok(Some(Home { on, next, past, past_total, page }))
}

fn running(conn: &Connection, race: Race, now_ms: i64) -> Result<Running, DbError> {
    let mut latest = Vec::new();
    for event in store::latest_events(conn, race.id, LATEST)? {
        let podium = store::podium(conn, event.id)?;
        latest.push((event, podium));
    }
    let coming = store::coming_events(conn, race.id, now_ms, COMING)?;
    Ok(Running { race, latest, coming })
}

pub fn draw(view: &View, home: &Home) -> Content {
    let t = view.t;
    let name = view.site.name.as_deref().unwrap_or(t.get("brand"));
    let nothing = home.on.is_empty() && home.next.is_empty() && home.past.is_empty();
    let main = html! {
        div.hello {
            h1 { (t.get("title")) }
            (parts::search(t, ""))
        }
        @if nothing { (parts::empty(t.get("noRaces"), t.get("noRacesText"))) }
        @for running in &home.on { (draw_running(view, running)) }
        @if !home.next.is_empty() {
            section.block { h2 { (t.get("next")) } (parts::race_rows(t, &home.next)) }
        }
        @if !home.past.is_empty() {
            section.block {
                h2 { (t.get("past")) }
                (parts::race_rows(t, &home.past))
                (pager(t, home))
            }
        }
    };
    Content::new(name, main)
}

fn draw_running(view: &View, running: &Running) -> Markup {
    let t = view.t;
    let race = &running.race;
    html! {
        section.block.now {
            header {
                p { span.badge.live { (t.get("on")) } }
                h2 { a href={ "/races/" (race.id) } { (race.name) } }
                p.soft { time datetime=(race.date) { (t.date(race.date)) } " · " (race.location) }
            }
            @if !running.latest.is_empty() {
                h3 { (t.get("latest")) }
                div.cards { @for (event, podium) in &running.latest { (card(t, event, podium)) } }
            }
            @if !running.coming.is_empty() {
                h3 { (t.get("coming")) }
                @for (day, events) in by_day(&running.coming) {
                    @if let Some(day) = day.filter(|day| *day != view.today) { h4 { (t.day(day)) } }
                    (parts::event_rows(t, events, false))
                }
            }
            p.acts { a.btn.primary href={ "/races/" (race.id) } { (t.get("allEvents")) } }
        }
    }
}

/// The best three of an event.
fn card(t: Texts, event: &Event, podium: &[Placed]) -> Markup {
    let is_final = podium.first().is_some_and(|first| super::event::is_final(&first.round));
    html! {
        a.card href={ "/events/" (event.id) } {
            b { (parts::event_name(t, event)) }
            small { @if let Some(first) = podium.first() { (super::event::round_name(t, &first.round)) } }
            ol {
                @for result in podium {
                    li {
                        span.place { (parts::place(t, result, is_final)) }
                        span { (result.person.name) " " small { (result.person.country.as_str()) } }
                        span.figure { (parts::mark(t, result)) (parts::record(t, result)) }
                    }
                }
            }
        }
    }
}

fn pager(t: Texts, home: &Home) -> Markup {
    let more = home.page * store::PAST < home.past_total;
    let page = |page: i64| if page == 1 { "/".to_owned() } else { format!("/?page={page}") };
    html! {
        @if more || home.page > 1 {
            nav.acts aria-label=(t.get("past")) {
                @if home.page > 1 { a.btn rel="prev" href=(page(home.page - 1)) { (t.get("newer")) } }
                @if more { a.btn rel="next" href=(page(home.page + 1)) { (t.get("older")) } }
            }
        }
    }
}
