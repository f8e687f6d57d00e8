//! What all entities share: rows, lists, reading of members, and the five operations of the API.
//!
//! An entity describes itself once, as a [`Record`] (its table) and a [`Resource`] (its rules); everything that
//! every entity does the same way is done here.

mod beside;
mod bulk;
mod change;
mod error;
mod fields;
mod history;
mod listing;
mod record;
mod resource;
pub mod routes;
mod sight;
pub mod values;

pub use beside::{ATHLETE_BIB, EntryNames, NoBeside, birth_of, group_text, tally, write_whole};
pub use change::{change_one, create_one, create_with, is_stale, remove_many, remove_one};
pub use error::RecordError;
pub use fields::{Aliases, Fault, Fields, Purpose, nearest, one_of, read_date, read_integer, read_moment};
pub use listing::{Filter, Kind, ListQuery, ListSpec, Offers, Sort, paging, pairs};
pub(crate) use record::identity;
pub use record::{
    Binder, Record, all_where, change, columns, count, count_dependents, create, delete_row, find, find_where, get,
    insert_sql, insert_with, json, overwrite, put_back, remove,
};
pub use resource::{Resource, etag};
pub use sight::Sight;
