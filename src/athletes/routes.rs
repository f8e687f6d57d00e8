//! `/api/athletes`: what every entity has, and what is done about athletes who are one person.

use super::Athlete;
use crate::exports::routes::export_route;
use crate::http::api::Api;
use crate::records::routes::{crud, many};

pub fn routes() -> Api {
    let base = "/api/athletes";
    crud::<Athlete>(base)
        .merge(many::<Athlete>(base))
        .merge(export_route::<Athlete>(base))
        .merge(super::duplicates::routes())
        .merge(super::merge::routes())
}
