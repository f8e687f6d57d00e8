//! Which public page there is at which address. None of them needs an account, and none asks for one.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::frame::{Part, Visit, show};
use super::pages::{event, find, home, person, race};
use super::register;
use crate::state::App;
use crate::time;

/// Nobody has more past races than fit before it.
const LAST_PAGE: i64 = 1_000_000;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(front))
        .route("/races/{id}", get(one_race))
        .route("/events/{id}", get(one_event))
        .route("/athletes/{id}", get(one_person))
        .route("/find", get(search))
        .route("/register/{link}", get(register::form).post(register::submit))
}

/// A whole number from 1; what is none is the id of nothing.
fn id_of(text: &str) -> i64 {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).unwrap_or(0)
}

async fn front(State(app): State<App>, visit: Visit) -> Response {
    let asked = visit.asked("page");
    let page = if asked.is_empty() { 1 } else { id_of(asked).min(LAST_PAGE) };
    let (today, now_ms) = (time::today(), time::now_ms());
    let read = move |conn: &_| if page < 1 { Ok(None) } else { home::read(conn, today, now_ms, page) };
    show(&app, &visit, read, |view, found| home::draw(view, &found)).await
}

async fn one_race(State(app): State<App>, Part(id): Part, visit: Visit) -> Response {
    let read = move |conn: &_| race::read(conn, id_of(&id));
    show(&app, &visit, read, |view, (race, events)| race::draw(view, &race, &events)).await
}

async fn one_event(State(app): State<App>, Part(id): Part, visit: Visit) -> Response {
    let read = move |conn: &_| event::read(conn, id_of(&id));
    show(&app, &visit, read, |view, sheet| event::draw(view, &sheet)).await
}

async fn one_person(State(app): State<App>, Part(id): Part, visit: Visit) -> Response {
    let read = move |conn: &_| person::read(conn, id_of(&id));
    show(&app, &visit, read, |view, career| person::draw(view, &career)).await
}

async fn search(State(app): State<App>, visit: Visit) -> Response {
    let wanted = visit.asked("q").to_owned();
    let read = {
        let wanted = wanted.clone();
        move |conn: &_| find::read(conn, &wanted)
    };
    show(&app, &visit, read, |view, found| find::draw(view, &wanted, &found)).await
}
