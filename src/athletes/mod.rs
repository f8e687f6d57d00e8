//! Athletes: the people who compete.

mod duplicates;
mod merge;
mod model;
mod routes;
mod store;

pub use duplicates::{Duplicates, Pair, Reason, pairs_soon};
pub use merge::{Merge, merge, undo as undo_merge};
pub use model::Athlete;
pub use routes::routes;
pub use store::link_coach;
