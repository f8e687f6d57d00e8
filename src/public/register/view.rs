//! The form, and the page that says what was registered.

use maud::{Markup, html};

use super::Offer;
use super::form::{Fault, Typed};
use crate::public::frame::{Content, View};
use crate::public::pages::race::until;
use crate::public::parts;
use crate::public::store::Event;
use crate::public::texts::{Texts, local};
use crate::rules::country::Country;

fn head(t: Texts, offer: &Offer) -> Markup {
    let race = &offer.race;
    html! {
        (parts::up(&format!("/races/{}", race.id), &race.name))
        header.head {
            h1 { (t.get("register")) }
            p.soft { b { (race.name) } " · " time datetime=(race.date) { (t.date(race.date)) } " · " (race.location) }
        }
    }
}

pub fn page(view: &View, offer: &Offer, typed: &Typed, faults: &[Fault]) -> Content {
    let t = view.t;
    let main = html! {
        (head(t, offer))
        @if let Some(reason) = offer.closed {
            div.notice.warn role="status" { b { (t.get(reason)) } p { (t.get("registerAsk")) } }
        } @else {
            (fields(view, offer, typed, faults))
        }
    };
    let title = format!("{} · {}", t.get("register"), offer.race.name);
    Content::new(title, main).still()
}

fn fields(view: &View, offer: &Offer, typed: &Typed, faults: &[Fault]) -> Markup {
    let t = view.t;
    let form = Form { t, faults };
    html! {
        form.entry method="post" novalidate {
            input type="hidden" name="once" value=(typed.once);
            @if !faults.is_empty() {
                div.notice.bad role="alert" tabindex="-1" autofocus {
                    b { (t.count("faults", i64::try_from(faults.len()).unwrap_or(1))) }
                    ul { @for fault in faults {
                        li { @if fault.field.is_empty() { (fault.message) } @else {
                            a href={ "#" (fault.field) } { (label(t, fault.field)) ": " (fault.message) }
                        } }
                    } }
                }
            }
            @if let Some(until) = offer.race.deadline.as_deref().and_then(|deadline| until(t, deadline)) { p.soft { (until) } }
            fieldset {
                legend { (t.get("whoStarts")) }
                (form.text("name", &typed.name, "name", "text", true))
                (form.choice("gender", html! {
                    option value="" { (t.get("choose")) }
                    @for (letter, key) in [("F", "female"), ("M", "male"), ("X", "other")] {
                        option value=(letter) selected[typed.gender == letter] { (t.get(key)) }
                    }
                }))
                (form.text("birth", &typed.birth, "bday", "text", true))
                (form.choice("country", countries(t, &typed.country)))
                (form.text("club", &typed.club, "organization", "text", false))
            }
            fieldset {
                legend { (t.get("contact")) }
                p.soft { (t.get("contactText")) }
                (form.text("email", &typed.email, "email", "email", false))
                (form.text("phone", &typed.phone, "tel", "tel", false))
            }
            fieldset #events aria-describedby=[form.fault_id("events")] {
                legend { (t.get("eventsTitle")) }
                (form.fault("events"))
                @for event in &offer.events { (choice_of(t, event, typed)) }
            }
            div.field #consent-field {
                label.tick { input #consent type="checkbox" name="consent" value="yes" checked[typed.consent]
                    aria-invalid=[form.fault_id("consent").map(|_| "true")] aria-describedby=[form.fault_id("consent")];
                    span { (t.get("consentText")) } }
                (form.fault("consent"))
            }
            p.acts { button.btn.primary.large { (t.get("submit")) } }
        }
    }
}

fn label(t: Texts, field: &str) -> &'static str {
    t.get(match field {
        "events" => "eventsTitle",
        other => other,
    })
}

/// They stand in old results; nobody starts for them any more.
const FORMER: [&str; 8] = ["AHO", "FRG", "GDR", "ROC", "SCG", "TCH", "URS", "YUG"];

fn countries(t: Texts, typed: &str) -> Markup {
    let mut known: Vec<(Country, &str)> =
        Country::all().filter(|(country, _)| !FORMER.contains(&country.as_str())).collect();
    known.sort_by_key(|(_, name)| crate::rules::text::fold(name));
    let chosen = Country::read(typed).ok().map(|reading| reading.country);
    html! {
        option value="" { (t.get("choose")) }
        @for (country, name) in &known {
            option value=(country.as_str()) selected[chosen == Some(*country)] { (name) }
        }
    }
}

/// An event as a box to tick, with what one wants to know before.
fn choice_of(t: Texts, event: &Event, typed: &Typed) -> Markup {
    let full = event.is_full();
    let free = event.most.map(|most| (most - event.entries).max(0)).filter(|free| *free > 0);
    let chosen = typed.events.contains(&event.id);
    html! {
        label.tick.option.off[full] {
            // One that filled up meanwhile can still be taken away.
            input type="checkbox" name="event" value=(event.id) checked[chosen] disabled[full && !chosen];
            span {
                b { (parts::event_name(t, event)) }
                small { (parts::facts([
                    event.start.and_then(local).map(|(day, time)| format!("{}, {time}", t.day(day))),
                    event.age_group.clone(),
                    if full { Some(t.get("full").to_owned()) } else { free.map(|free| t.count("free", free)) },
                ])) }
            }
        }
    }
}

/// Fields that know what is wrong with them.
struct Form<'a> {
    t: Texts,
    faults: &'a [Fault],
}

impl Form<'_> {
    fn of<'f>(&'f self, field: &'f str) -> impl Iterator<Item = &'f Fault> {
        self.faults.iter().filter(move |fault| fault.field == field)
    }

    fn fault_id(&self, field: &str) -> Option<String> {
        self.of(field).next().map(|_| format!("{field}-fault"))
    }

    fn fault(&self, field: &str) -> Markup {
        let mut faults = self.of(field).peekable();
        if faults.peek().is_none() {
            return html! {};
        }
        html! { div.err id={ (field) "-fault" } { @for fault in faults { p { (fault.message) } } } }
    }

    /// A label, a hint where there is a text for one, the field, and what is wrong with it.
    fn around(&self, field: &str, input: &Markup) -> Markup {
        html! {
            div.field {
                label for=(field) { (self.t.get(field)) }
                (input)
                @if self.of(field).next().is_some() { (self.fault(field)) }
                @else if let Some(hint) = self.t.find(&format!("{field}Hint")) { p.hint id={ (field) "-hint" } { (hint) } }
            }
        }
    }

    fn described(&self, field: &str) -> Option<String> {
        self.fault_id(field).or_else(|| self.t.find(&format!("{field}Hint")).map(|_| format!("{field}-hint")))
    }

    fn text(&self, field: &str, value: &str, completes: &str, kind: &str, required: bool) -> Markup {
        let most = if field == "name" { "100" } else { "200" };
        self.around(
            field,
            &html! {
                input.input id=(field) name=(field) type=(kind) value=(value) autocomplete=(completes) maxlength=(most)
                    aria-required=[required.then_some("true")] aria-invalid=[self.fault_id(field).map(|_| "true")]
                    aria-describedby=[self.described(field)];
            },
        )
    }

    fn choice(&self, field: &str, options: Markup) -> Markup {
        self.around(field, &html! {
            select.input id=(field) name=(field) aria-required="true" aria-invalid=[self.fault_id(field).map(|_| "true")]
                aria-describedby=[self.described(field)] { (options) }
        })
    }
}

/// What was registered, in the words that were typed: nothing that was stored before is told.
pub fn done(view: &View, offer: &Offer, typed: &Typed, numbers: &[i64]) -> Content {
    let t = view.t;
    let chosen = offer.events.iter().filter(|event| typed.events.contains(&event.id));
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let main = html! {
        (head(t, offer))
        div.notice.ok role="status" { b { (t.get("registered")) } p { (t.get("registeredText")) } }
        dl.sheet {
            div { dt { (t.get("name")) } dd { (typed.name) } }
            @if !typed.club.is_empty() { div { dt { (t.get("club")) } dd { (typed.club) } } }
            div { dt { (t.get("eventsTitle")) } dd { ul { @for event in chosen {
                li { b { (parts::event_name(t, event)) }
                    @if let Some((day, time)) = event.start.and_then(local) { br; small { (t.day(day)) ", " (time) } } }
            } } } }
            div { dt { (t.get("numbers")) } dd { (numbers.join(", ")) } }
        }
        p.acts {
            button.btn.primary type="button" data-print hidden { (t.get("print")) }
            a.btn href=(parts::entry_address(offer.race.link.as_deref().unwrap_or_default())) { (t.get("another")) }
            a.btn href={ "/races/" (offer.race.id) } { (offer.race.name) }
        }
    };
    Content::new(t.get("registered"), main).still()
}
