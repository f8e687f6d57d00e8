//! The one route.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::listener::Listener;
use crate::auth::guard::{Pass, Visitor};
use crate::http::api::{Access, Api, Op};
use crate::http::error::{ApiError, ApiResult};
use crate::records::pairs;
use crate::state::App;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Asks a proxy in front of us to pass every message on as it comes.
const NO_BUFFERING: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

const SUMMARY: &str = "What changes, as it changes: events {entity, id, op}";
const ANSWER: &str = "\
Server-Sent Events until the server stops. The data of each is {\"entity\", \"id\", \"op\"}: entity is athlete, race, event, \
registration or result, for those who may read them also user, audit_log, import, session or setting; op is create, update or \
delete, or reload with the id null when many rows of the table changed or which one is not for you. A change of many rows, such \
as an import, says reload once for each table while it is stored, at most four times a second. Each has a number as its id: a \
client that comes back with the header Last-Event-ID hears what it missed, or the event reset (op reset), after which it reads \
again whatever it shows. After a restart of the server or a restore it is always reset. A comment comes every 15 seconds. A \
client that does not take 256 messages is disconnected";

pub fn routes() -> Api {
    Api::new().get(
        "/api/live",
        live,
        Op::new(SUMMARY, Access::Everyone)
            .query("lastEventId", "As the header Last-Event-ID, for clients that cannot send it")
            .answer_raw(200, ANSWER, Some("text/event-stream")),
    )
}

async fn live(State(app): State<App>, request: Request) -> ApiResult<Response> {
    let (mut parts, _) = request.into_parts();
    let is_signed_in = Visitor::from_request_parts(&mut parts, &app).await?.user.is_some();
    // A station hears what everybody does; a cookie that is good for nobody any more is as good as none.
    let pass = if is_signed_in { Pass::of(&parts)? } else { Pass::Nothing };
    let seat = app.seats().take(is_signed_in).ok_or_else(full)?;
    let listener = Listener::new(app, pass, last_heard(&parts).as_deref(), seat);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        NO_BUFFERING,
    ];
    Ok((headers, listener.into_body()).into_response())
}

/// The message that the client says it heard last. A browser sends the header when it comes back by itself; a script that
/// opens a stream anew cannot.
fn last_heard(parts: &Parts) -> Option<String> {
    let header = parts.headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let query = || pairs(parts.uri.query()?).into_iter().find(|(name, _)| name == "lastEventId").map(|(_, id)| id);
    header.or_else(query)
}

fn full() -> ApiError {
    let detail =
        "As many devices as this server has room for follow the news already. Reload the page to see what is new";
    ApiError::unavailable("too-many-streams", detail, 30)
}
