//! Exports: every dataset in every format, one consistent moment of the database, row by row, in constant memory.

mod all;
mod audited;
mod column;
mod error;
mod options;
mod parcel;
pub mod routes;
mod tables;
mod wanted;
mod workbook;

pub use all::{all_json, all_xlsx, public_json};
pub use audited::{Audited, Exported};
pub use column::Column;
pub use error::ExportError;
pub use tables::Table;
pub use wanted::{ChoiceError, RowSet, Wanted};
pub use workbook::{Built, Wait};
