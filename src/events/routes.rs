//! `/api/events`. The results of events are with the results.

use super::Event;
use crate::exports::routes::export_route;
use crate::http::api::Api;
use crate::records::routes::{crud, many};

pub fn routes() -> Api {
    let base = "/api/events";
    crud::<Event>(base).merge(many::<Event>(base)).merge(export_route::<Event>(base))
}
