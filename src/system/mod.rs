//! The server about itself: health, probes, versions, numbers, search, description.

mod dashboard;
mod database;
mod docs;
mod history;
mod log;
mod probes;
mod search;
mod support;

use crate::http::api::Api;

pub fn routes() -> Api {
    database::routes()
        .merge(probes::routes())
        .merge(dashboard::routes())
        .merge(search::routes())
        .merge(docs::routes())
        .merge(log::routes())
        .merge(history::routes())
        .merge(support::routes())
}
