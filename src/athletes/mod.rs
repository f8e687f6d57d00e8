//! Athletes: the people who compete.

mod model;
mod routes;
mod store;

pub use model::Athlete;
pub use routes::routes;
pub use store::link_coach;
