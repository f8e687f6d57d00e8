//! Results: what an athlete did in one round of an event.

mod model;
mod ranking;
mod routes;
mod store;

pub use model::MeetResult;
pub use routes::routes;
