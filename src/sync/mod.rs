//! Sync-out: a copy of the meet in PostgreSQL, a moment behind, in one direction, and never in the way of a save.
//!
//! Triggers write down which rows changed (`migrations/V5__sync.sql`). A round ([`round`]) reads the next entries and the
//! rows as they are now ([`source`]), puts them into PostgreSQL ([`apply`]) and writes its position there in the same
//! transaction ([`state`]): whatever is killed on the way, the next round begins where the last one was kept. A position
//! that is not from this file's past, as after a restore, means that everything is sent again ([`log`]).

mod apply;
mod compare;
mod encode;
mod error;
mod holder;
mod link;
mod log;
mod pusher;
mod round;
mod routes;
mod schema;
mod service;
mod source;
mod state;
mod status;
mod tables;
mod target;

pub use compare::{Comparison, TableComparison};
pub use error::SyncError;
pub use log::{db_id, new_db_id};
pub use pusher::{Outlook, Pusher, Want};
pub use round::Done;
pub use routes::routes;
pub use service::Sync;
pub use status::{Seen, Status, Totals};
pub use target::{Options, Target};
