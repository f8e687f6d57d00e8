//! `/api/admin/metrics/history`: how the server was over the last hour.

use axum::extract::State;

use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::metrics::history::EVERY;
use crate::http::reply::Reply;
use crate::state::App;

pub fn routes() -> Api {
    let op = Op::new("Requests, latency, writes and memory of the last hour", Access::Needs(Action::Administer))
        .answer(
            200,
            "A point every ten seconds, the newest last",
            &[("every_ms", integer()), ("points", list_of(object()))],
        );
    Api::new().get("/api/admin/metrics/history", history, op)
}

async fn history(_who: Auth<Administer>, State(app): State<App>) -> Reply {
    let points = app.history().points();
    let every_ms = u64::try_from(EVERY.as_millis()).unwrap_or_default();
    Reply::ok(&format!("{} points", points.len())).member("every_ms", every_ms).member("points", points).done()
}
