//! Parts of which the pages are made: rows, lists, pictures.

use maud::{Markup, html};

use super::store::{Event, Person, Placed, Race};
use super::texts::{Texts, local};
use crate::rules::date::parse_iso;
use crate::rules::gender::Gender;
use crate::time::Moment;

/// The mark of athsys: a track seen from above.
pub fn track() -> Markup {
    html! {
        svg.mark viewBox="0 0 34 24" aria-hidden="true" {
            rect x="2" y="2" width="30" height="20" rx="10" {}
            rect x="6.5" y="6.5" width="21" height="11" rx="5.5" {}
            path d="M12 12h10" {}
        }
    }
}

pub fn lens() -> Markup {
    html! { svg.icon viewBox="0 0 20 20" aria-hidden="true" { path d="M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.5 13.5 17 17" {} } }
}

/// Half light, half dark.
pub fn half() -> Markup {
    html! {
        svg.icon viewBox="0 0 20 20" aria-hidden="true" {
            circle cx="10" cy="10" r="6.5" {}
            path.fill d="M10 3.5a6.5 6.5 0 0 1 0 13z" {}
        }
    }
}

pub fn search(t: Texts, wanted: &str) -> Markup {
    html! {
        form.search role="search" action="/find" {
            input type="search" name="q" value=(wanted) aria-label=(t.get("findLabel")) placeholder=(t.get("findHint"))
                autocomplete="off" maxlength="100";
            button.btn.plain aria-label=(t.get("find")) { (lens()) }
        }
    }
}

/// A page that has nothing to show yet.
pub fn empty(title: &str, text: &str) -> Markup {
    html! { div.empty { (track()) h2 { (title) } p { (text) } } }
}

/// A way back up.
pub fn up(href: &str, name: &str) -> Markup {
    html! {
        p.up { a href=(href) { svg.icon viewBox="0 0 20 20" aria-hidden="true" { path d="M12 5 7 10l5 5" {} } (name) } }
    }
}

/// `100m women`, unless the name says so itself.
pub fn event_name(t: Texts, event: &Event) -> String {
    let Some(gender) = event.gender else { return event.name.clone() };
    let word = gender_of_event(t, gender);
    let says_so = |name: &str| name.to_lowercase().split_whitespace().any(|part| part == word.to_lowercase());
    if says_so(&event.name) { event.name.clone() } else { format!("{} {word}", event.name) }
}

fn gender_of_event(t: Texts, gender: Gender) -> &'static str {
    t.get(match gender {
        Gender::M => "men",
        Gender::F => "women",
        Gender::X => "mixed",
    })
}

/// The name of the word for one person.
pub fn gender_key(gender: Gender) -> &'static str {
    match gender {
        Gender::M => "male",
        Gender::F => "female",
        Gender::X => "other",
    }
}

/// How far an event is, by what there is of it.
fn event_state(t: Texts, event: &Event) -> Markup {
    let (class, key) = match event {
        Event { has_final: true, .. } => ("badge ok", "stateFinal"),
        Event { results: 1.., .. } => ("badge live", "stateRounds"),
        Event { entries: 1.., .. } => ("badge", "stateEntries"),
        Event { .. } => ("badge none", "stateNothing"),
    };
    html! { span class=(class) { (t.get(key)) } }
}

/// Events as rows that are links.
pub fn event_rows(t: Texts, events: &[Event], with_race: bool) -> Markup {
    html! {
        ul.rows {
            @for event in events {
                li { a href={ "/events/" (event.id) } {
                    span.when { @if let Some((_, time)) = event.start.and_then(local) { (time) } }
                    span.what {
                        b { (event_name(t, event)) }
                        small { (facts([
                            with_race.then(|| event.race_name.clone()),
                            event.age_group.clone(),
                            (event.entries > 0).then(|| t.count("entries", event.entries)),
                            (event.results > 0).then(|| t.count("results", event.results)),
                        ])) }
                    }
                    (event_state(t, event))
                } }
            }
        }
    }
}

/// What is known, with points between.
pub fn facts<const N: usize>(known: [Option<String>; N]) -> String {
    known.into_iter().flatten().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Races as rows that are links, each with its day as on a calendar.
pub fn race_rows(t: Texts, races: &[Race]) -> Markup {
    html! {
        ul.rows {
            @for race in races {
                li { a href={ "/races/" (race.id) } {
                    time.cal datetime=(race.date) { b { (race.date.day()) } (t.short_month(race.date)) " " small { (race.date.year()) } }
                    span.what {
                        b { (race.name) }
                        small { (facts([
                            Some(race.location.clone()),
                            (race.events > 0).then(|| t.count("events", race.events)),
                            (race.results > 0).then(|| t.count("results", race.results)),
                        ])) }
                    }
                    (race_state(t, race))
                } }
            }
        }
    }
}

/// A word where a race is not simply planned or over.
pub fn race_state(t: Texts, race: &Race) -> Markup {
    html! {
        @match race.status.as_str() {
            "ongoing" => { span.badge.live { (t.get("ongoing")) } }
            "cancelled" => { span.badge.bad { (t.get("cancelled")) } }
            "completed" => {}
            _ => { @if takes_entries(race) { span.badge.info { (t.get("entriesOpen")) } } }
        }
    }
}

/// Whether entries are taken at this moment, here or elsewhere.
pub fn takes_entries(race: &Race) -> bool {
    let planned = !matches!(race.status.as_str(), "completed" | "cancelled");
    let ahead = crate::time::today() <= race.date || race.status == "ongoing";
    planned && ahead && race.registration_open && race.deadline.as_deref().is_none_or(is_ahead) && race.link.is_some()
}

/// A day counts until its end, at the venue.
fn is_ahead(deadline: &str) -> bool {
    match parse_iso(deadline) {
        Some(day) => crate::time::today() <= day,
        None => Moment::read(deadline).is_none_or(|moment| crate::time::now() <= moment),
    }
}

/// Where to enter, as a link: this server's own form, or a page elsewhere.
pub fn entry_address(link: &str) -> String {
    let lower = link.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        link.to_owned()
    } else if link.contains(['.', '/', ':']) {
        format!("https://{link}")
    } else {
        // A link is any text: a `?` in it is a part of it.
        format!("/register/{}", form_urlencoded::byte_serialize(link.as_bytes()).collect::<String>())
    }
}

/// A mark as it is printed, always with a point, or the letters of the sport.
pub fn mark(t: Texts, result: &Placed) -> Markup {
    if result.status != "finished" {
        return html! { abbr title=(t.get(&result.status)) { (result.status.to_uppercase()) } };
    }
    if let Some(time) = result.time {
        return html! { (time.to_clock()) };
    }
    if let Some(distance) = result.distance {
        return html! { (distance.to_decimal()) span.unit { " m" } };
    }
    let Some(points) = result.points else { return html! { "–" } };
    let text = match points.0 % 100 {
        0 => (points.0 / 100).to_string(),
        rest => format!("{}.{rest:02}", points.0 / 100),
    };
    html! { (text) span.unit { " " (t.get("points")) } }
}

pub fn record(t: Texts, result: &Placed) -> Markup {
    html! {
        @if let Some(kind) = &result.record {
            " " span.tag { @if kind.is_empty() { (t.get("record")) } @else { (kind) } }
        }
    }
}

/// The place; of the first three of a final a medal, told by its number and its word as well.
pub fn place(t: Texts, result: &Placed, is_final: bool) -> Markup {
    let Some(position) = result.position else { return html! {} };
    let medal = match (is_final && result.status == "finished", position) {
        (true, 1) => "gold",
        (true, 2) => "silver",
        (true, 3) => "bronze",
        _ => return html! { (position) },
    };
    html! { span class={ "medal " (medal) } title=(t.get(medal)) { (position) span.sr { " " (t.get(medal)) } } }
}

/// Country and club.
pub fn home_of(person: &Person) -> Markup {
    html! {
        abbr title=(person.country.name()) { (person.country.as_str()) }
        @if let Some(club) = &person.club { " " (club) }
    }
}
