//! `/api/events`. The results of events are with the results.

use super::Event;
use crate::exports::routes::export_route;
use crate::http::api::Api;
use crate::records::routes::crud;

pub fn routes() -> Api {
    crud::<Event>("/api/events").merge(export_route::<Event>("/api/events"))
}
