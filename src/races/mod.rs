//! Races: the meets or competitions that hold events.

mod model;
mod routes;
mod store;

pub use model::{Race, RaceStatus};
pub use routes::routes;
