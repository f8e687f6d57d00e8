//! Registrations: which athlete starts in which event.

mod doubts;
mod model;
mod store;

pub use model::Registration;

use crate::exports::routes::export_route;
use crate::http::api::Api;
use crate::records::routes::{crud, many};

/// `/api/registrations`: nothing beyond what every entity has.
pub fn routes() -> Api {
    let base = "/api/registrations";
    crud::<Registration>(base).merge(many::<Registration>(base)).merge(export_route::<Registration>(base))
}
