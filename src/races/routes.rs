//! `/api/races`, and what belongs to one of them.

use axum::extract::{RawQuery, State};

use super::Race;
use crate::auth::guard::Visitor;
use crate::auth::policy::Action;
use crate::events::Event;
use crate::exports::routes::export_route;
use crate::http::api::{Access, Api};
use crate::http::error::ApiResult;
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::routes::{all_ids, bulk_delete, crud, list_op, nested};
use crate::registrations::Registration;
use crate::state::App;

pub fn routes() -> Api {
    let base = "/api/races";
    crud::<Race>(base)
        .merge(bulk_delete::<Race>(base))
        .merge(all_ids::<Race>(base))
        .merge(export_route::<Race>(base))
        .get("/api/races/{id}/events", events, list_op::<Event>(Access::Everyone))
        .get(
            "/api/races/{id}/registrations",
            registrations,
            list_op::<Registration>(Access::Needs(Action::ReadRegistrations)),
        )
}

async fn events(visitor: Visitor, app: State<App>, id: Id, query: RawQuery) -> ApiResult<Reply> {
    nested::<Race, Event>(visitor, app, id, query, "race_id = ?").await
}

async fn registrations(visitor: Visitor, app: State<App>, id: Id, query: RawQuery) -> ApiResult<Reply> {
    let of_the_race = "event_id IN (SELECT id FROM events WHERE race_id = ?)";
    nested::<Race, Registration>(visitor, app, id, query, of_the_race).await
}
