//! `/api/stations`: made, listed and revoked by those who manage them; entered and used by anybody who has the link.

use axum::extract::{RawQuery, Request, State};
use axum::http::{StatusCode, header};

use super::store::{self, Arrival};
use super::{NewStation, Station, board, link};
use crate::auth::guard::{Auth, Input, Visitor};
use crate::auth::policy::{Action, ManageStations};
use crate::http::api::{Access, Api, Op, list_of, object, text};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::{RecordError, pairs};
use crate::rules;
use crate::state::App;
use crate::time;
use utoipa::PartialSchema;

const MOST_NAME: usize = 60;

pub fn routes() -> Api {
    let managers = Access::Needs(Action::ManageStations);
    let station = ("station", Station::schema());
    Api::new()
        .get(
            "/api/stations",
            list,
            Op::new("Station links, the newest first, with who came in", managers)
                .query("eventId", "only those of this event")
                .answer(200, "The stations", &[("stations", list_of(Station::schema()))]),
        )
        .post(
            "/api/stations",
            create,
            Op::new("Make a link that opens one event for one role, without an account", managers)
                .body::<NewStation>()
                .answer(201, "The link, shown this once", &[station.clone(), ("link", text()), ("qr", text())]),
        )
        .post(
            "/api/stations/{id}/revoke",
            revoke,
            Op::new("End a station link, and the sessions of all who came in by it, at once", managers).answer(
                200,
                "The station, which opens no more",
                &[station],
            ),
        )
        .post(
            "/api/stations/enter",
            enter,
            Op::new("Open a station link: a token for the secret and a name", Access::Everyone)
                .body_of(&["secret", "name"])
                .answer(
                    200,
                    "A token that is good until the link ends",
                    &[("token", text()), ("token_type", text()), ("expires_at", text()), ("station", object())],
                ),
        )
        .get(
            "/api/stations/here",
            here,
            Op::new("The event of the station that asks: entries and results", Access::Stations).answer(
                200,
                "The event, its entries and its results, each row with its etag",
                &[
                    ("station", object()),
                    ("event", object()),
                    ("entries", list_of(object())),
                    ("results", list_of(object())),
                ],
            ),
        )
}

async fn list(_who: Auth<ManageStations>, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let event = event_of(query.as_deref().unwrap_or_default())?;
    let handle = app.clone();
    let stations = app.db().read(move |conn| store::list(conn, handle.visits(), event)).await?;
    let count = stations.len();
    let message = if count == 1 { "1 station".to_owned() } else { format!("{count} stations") };
    Ok(Reply::ok(&message).member("stations", stations).member("count", count).done())
}

fn event_of(query: &str) -> ApiResult<Option<i64>> {
    let mut event = None;
    for (name, value) in pairs(query) {
        match (name.as_str(), value.parse::<i64>()) {
            ("eventId" | "event_id", Ok(id)) => event = Some(id),
            _ => {
                let detail = "Only eventId may stand behind the ?, with a whole number";
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["eventId"]));
            }
        }
    }
    Ok(event)
}

async fn create(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let origin = link::origin(&app, request.extensions().get().copied().unwrap_or_default(), request.headers());
    let input = Input::read(request, &app, Some(Action::ManageStations)).await?;
    let new = NewStation::read(&input.members)?;
    let expires_at = time::end_of_day(new.days);
    let (actor, handle) = (input.visitor.actor(), app.clone());
    // Without the key: a replay would keep the secret in the database.
    let (station, secret) = app
        .db()
        .write(move |tx| {
            let (id, secret) = store::open(tx, &actor, &new, expires_at)?;
            Ok::<_, RecordError>((store::get(tx.conn(), handle.visits(), id)?, secret))
        })
        .await?;
    let link = link::to(&origin, &secret);
    let message = format!("The station link for {} is made. It is shown this once", station.event_name);
    Ok(Reply::with(StatusCode::CREATED, &message)
        .location(&format!("/api/stations/{}", station.id))
        .member("station", station)
        .member("qr", link::code(&link))
        .member("link", link)
        .done())
}

async fn revoke(who: Auth<ManageStations>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let (actor, handle) = (who.actor(), app.clone());
    let station = app
        .db()
        .write(move |tx| {
            store::revoke(tx, &actor, id)?;
            store::get(tx.conn(), handle.visits(), id)
        })
        .await?;
    let message = format!("The station link {} opens no more", station.label);
    Ok(Reply::ok(&message).member("station", station).done())
}

async fn enter(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.map(|text| rules::text::excerpt(text, 200).into_owned());
    let input = Input::read(request, &app, None).await?;
    let [secret, name] = crate::auth::routes::required(&input.members, ["secret", "name"])?;
    let (secret, person) = (secret.to_owned(), read_name(name)?);
    let from = input.visitor.actor();
    let (token, at) = app
        .db()
        .write(move |tx| {
            let arrival = Arrival { secret: &secret, person: &person, user_agent: agent.as_deref(), from: &from };
            store::enter(tx, &arrival)
        })
        .await?;
    Ok(Reply::ok("You are at your station")
        .member("token", token)
        .member("token_type", "Bearer")
        .member("expires_at", at.expires_at)
        .member("station", shown(&at))
        .done())
}

/// The name that the audit log will show beside all they do.
fn read_name(name: &str) -> ApiResult<String> {
    let name = rules::text::clean(name).into_owned();
    if name.is_empty() || rules::text::has_control(&name) || name.chars().count() > MOST_NAME {
        let message = format!("Give your name, with {MOST_NAME} characters at most");
        return Err(ApiError::invalid(vec![FieldError::new("name", "invalid-name", message)]));
    }
    Ok(name)
}

async fn here(visitor: Visitor, State(app): State<App>) -> ApiResult<Reply> {
    let at = visitor.require_station()?.clone();
    let event = at.event;
    let board = app.db().read(move |conn| board::of(conn, event)).await?;
    Ok(Reply::ok("Your station").member("station", shown(&at)).members(board).done())
}

/// What a station says of itself to whoever is there.
fn shown(at: &crate::auth::visits::AtStation) -> serde_json::Value {
    serde_json::json!({
        "id": at.station, "eventId": at.event, "role": at.role, "label": at.label, "person": at.person,
        "expiresAt": at.expires_at,
    })
}
