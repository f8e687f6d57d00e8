//! Which public page there is at which address. None of them needs an account, and none asks for one.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::frame::{Part, Visit, show};
use super::pages::{event, find, home, join, person, privacy, race};
use super::register;
use crate::state::App;
use crate::time;
use crate::venue::certificates::Certificates;

/// Nobody has more past races than fit before it.
const LAST_PAGE: i64 = 1_000_000;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(front))
        .route("/races/{id}", get(one_race))
        .route("/events/{id}", get(one_event))
        .route("/athletes/{id}", get(one_person))
        .route("/find", get(search))
        .route("/join", get(joined))
        .route("/join/sheet", get(sheet))
        .route("/join/certificate", get(certificate))
        .route("/privacy", get(about_privacy))
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

async fn about_privacy(State(app): State<App>, visit: Visit) -> Response {
    show(&app, &visit, |_| Ok(Some(())), |view, ()| privacy::draw(view)).await
}

async fn search(State(app): State<App>, visit: Visit) -> Response {
    let wanted = visit.asked("q").to_owned();
    let read = {
        let wanted = wanted.clone();
        move |conn: &_| find::read(conn, &wanted)
    };
    show(&app, &visit, read, |view, found| find::draw(view, &wanted, &found)).await
}

/// Whoever opens this has reached the server: the self-test of the administrator turns green.
async fn joined(State(app): State<App>, visit: Visit) -> Response {
    app.venue().reached().note_joined(visit.ip, &visit.headers, time::now());
    let current = app.venue().certificates().map(Certificates::current);
    let found = join::Join {
        host: visit.host.clone(),
        ip: visit.ip.to_string(),
        now: time::now(),
        is_encrypted: visit.line.is_encrypted(),
        authority: current.and_then(|current| current.authority).map(|authority| authority.facts.fingerprint),
    };
    show(&app, &visit, |_| Ok(Some(found)), |view, found| join::draw(view, &found)).await
}

async fn sheet(State(app): State<App>, visit: Visit) -> Response {
    let wanted = visit.asked("host");
    let venue = app.venue();
    let address = match wanted {
        "" => venue.best(),
        host => venue.addresses().into_iter().find(|address| address.host == host),
    };
    let found = address.map(|address| (venue.join_url(&address), address));
    show(&app, &visit, |_| Ok(found), |view, (url, address)| join::sheet(view, &address, &url)).await
}

/// The authority of this server, in the form that phones and computers install.
async fn certificate(State(app): State<App>, visit: Visit) -> Response {
    let current = app.venue().certificates().map(Certificates::current);
    match current.and_then(|current| current.authority) {
        Some(authority) => {
            let headers = [
                (header::CONTENT_TYPE, "application/x-x509-ca-cert"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"athsys-meet.crt\""),
            ];
            (headers, authority.der).into_response()
        }
        None => show(&app, &visit, |_| Ok(Some(())), |view, ()| join::no_certificate(view)).await,
    }
}
