//! Events: the competitions of a race, such as 100 m women.

mod model;
mod routes;
mod store;

pub use model::Event;
pub use routes::routes;
