//! The form behind the registration link of a race: it works as plain HTML, says at the field what is wrong, and keeps
//! what was typed.

mod apply;
mod form;
mod view;

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;

use super::frame::{self, Content, Part, View, Visit, trouble};
use super::parts;
use super::site::Site;
use super::store::{self, Event, Race};
use crate::audit::Actor;
use crate::db::DbError;
use crate::http::error::ApiError;
use crate::http::extract;
use crate::http::idempotency::RequestKey;
use crate::http::limits::Kind;
use crate::records::RecordError;
use crate::state::App;
use crate::time;
use apply::Refused;
use form::{Fault, Typed};

/// Why a race takes no entries, as the name of a text.
const CLOSED: &str = "registerClosed";

/// Who changed something, for the audit log.
const ACTOR: &str = "public form";

/// What the form is about.
pub struct Offer {
    race: Race,
    events: Vec<Event>,
    /// Why nobody can register now, as the name of a text.
    closed: Option<&'static str>,
}

fn read(conn: &Connection, registration: bool, link: &str) -> Result<Option<Offer>, DbError> {
    let Some(race) = store::race_by_link(conn, link)? else { return Ok(None) };
    if !parts::entry_address(link).starts_with('/') {
        return Ok(None); // a page elsewhere
    }
    let events = store::events_of_race(conn, race.id)?;
    let now = time::now();
    let can_start = |event: &Event| event.start.is_none_or(|start| now < start) && event.results == 0;
    let closed = match () {
        () if !registration => Some("registerOff"),
        () if !parts::takes_entries(&race) => Some(CLOSED),
        () if !events.iter().any(|event| can_start(event) && !event.is_full()) => Some("registerFull"),
        () => None,
    };
    let events = events.into_iter().filter(can_start).collect();
    Ok(Some(Offer { race, events, closed }))
}

pub async fn form(State(app): State<App>, Part(link): Part, visit: Visit) -> Response {
    let registration = app.settings().values.public_registration;
    let read = move |conn: &Connection| read(conn, registration, &link);
    let is_writable = app.db().load().is_writable();
    let draw = |view: &View, offer: Offer| {
        // Better than to let somebody fill in all of it first.
        let fault = (!is_writable).then(|| Fault::new("", view.t.get("cannotSave")));
        view::page(view, &offer, &Typed::blank(), fault.as_slice())
    };
    frame::show(&app, &visit, read, draw).await
}

/// Takes a filled form. Whatever is refused comes back with everything that was typed.
pub async fn submit(State(app): State<App>, Part(link): Part, visit: Visit, request: Request) -> Response {
    let body = match extract::small_body(request.into_body()).await {
        Ok(body) => body,
        Err(error) => return trouble(&app, &visit, error),
    };
    let key = RequestKey::of_form(format!("{ACTOR} {}", visit.ip), &visit.path, &body);
    let found = {
        let (key, link, settings) = (key.clone(), link.clone(), app.settings());
        app.db().read(move |conn| {
            let site = Site::read(conn, &settings)?;
            let offer = read(conn, site.registration, &link)?;
            Ok::<_, RecordError>((site, offer, apply::before(conn, &key)?))
        })
    };
    let (view, offer, before) = match found.await {
        Ok((site, offer, before)) => (View::of(&app, &visit, site), offer, before),
        Err(error) => return trouble(&app, &visit, error.into()),
    };
    let Some(offer) = offer else { return frame::answer(&visit, &view, frame::missing(view.t)) };
    let typed = Typed::read(&body);
    if let Some(numbers) = before {
        // The same once more: whatever has filled up since, this one has its place.
        return frame::answer(&visit, &view, view::done(&view, &offer, &typed, &numbers));
    }
    if offer.closed.is_some() {
        let page = view::page(&view, &offer, &typed, &[]).status(StatusCode::CONFLICT);
        return frame::answer(&visit, &view, page);
    }
    let kept = |faults: &[Fault], status| view::page(&view, &offer, &typed, faults).status(status);
    let checked = typed.check(view.t, &offer.events, view.today);
    let wish = match checked {
        Ok(wish) => wish,
        Err(faults) => return frame::answer(&visit, &view, kept(&faults, StatusCode::UNPROCESSABLE_ENTITY)),
    };
    if let Err(error) = app.limits().check(Kind::Registration, visit.ip, Instant::now()) {
        let fault = Fault::new("", view.t.get("tooMany"));
        return refused(&visit, &view, error, |status| kept(std::slice::from_ref(&fault), status));
    }
    let by = Actor { user_id: None, name: ACTOR.into(), ip: Some(visit.ip) };
    match app.db().write(move |tx| apply::once(tx, &by, &key, &link, &wish)).await {
        Ok(numbers) => {
            let page = view::done(&view, &offer, &typed, &numbers).status(StatusCode::CREATED);
            frame::answer(&visit, &view, page)
        }
        Err(Refused::Fields(faults)) => {
            let faults: Vec<Fault> = faults.iter().map(|fault| Fault::of(view.t, fault)).collect();
            frame::answer(&visit, &view, kept(&faults, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(Refused::Events(refused)) => {
            let name =
                |id| offer.events.iter().find(|event| event.id == id).map(|event| parts::event_name(view.t, event));
            let say =
                |(id, key): &(i64, &str)| Some(Fault::said("events", view.t.fill(key, &[("event", &name(*id)?)])));
            let faults: Vec<Fault> = refused.iter().filter_map(say).collect();
            frame::answer(&visit, &view, kept(&faults, StatusCode::CONFLICT))
        }
        Err(Refused::Closed) => {
            let offer = Offer { closed: Some(CLOSED), ..offer };
            let page = view::page(&view, &offer, &typed, &[]).status(StatusCode::CONFLICT);
            frame::answer(&visit, &view, page)
        }
        Err(Refused::Db(error)) => {
            let fault = Fault::new("", view.t.get("notSaved"));
            refused(&visit, &view, error.into(), |status| kept(std::slice::from_ref(&fault), status))
        }
    }
}

/// The form again, with the status of the refusal and when to come back.
fn refused(visit: &Visit, view: &View, error: ApiError, page: impl FnOnce(StatusCode) -> Content) -> Response {
    let refusal = error.into_response();
    let mut response = frame::answer(visit, view, page(refusal.status()));
    if let Some(wait) = refusal.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    response
}
