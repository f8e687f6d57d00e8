//! Stations: a link, shown as a code for cameras, that opens exactly one event for one role, without an account.
//!
//! The link carries 256 random bits behind its `#`, which browsers send to nobody; only their SHA-256 is stored.
//! Whoever opens it gives a name and gets a token of its own kind (see [`crate::auth::visits`]), good until the link
//! ends or is revoked. What the token may do is decided where everything is: in [`crate::auth::policy`].

mod board;
mod link;
mod model;
mod routes;
mod store;

pub use model::{NewStation, Station, Visit};
pub use routes::routes;
pub use store::{prune, revoke};
