//! What is known about a person, and how it is forgotten: erasing an athlete, letting go of contact data some time after
//! the last meet, and telling people what is stored about them.
//!
//! Results are kept, under a name that says nothing. What is forgotten goes out of every table that repeats it
//! ([`traces`]), and does not come back with an older copy ([`list`]).

mod due;
mod erase;
pub mod list;
mod person;
mod routes;
mod traces;

pub use due::{Due, due};
pub use erase::{Erased, erase};
pub use routes::routes;
