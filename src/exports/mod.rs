//! Exports: one consistent moment of the database, row by row, in constant memory.

mod all;
mod audited;
mod dataset;
pub mod routes;

pub use all::all_json;
pub use audited::{Audited, Exported};
pub use dataset::{Table, csv, json_document, json_list};
