//! Why a file is no table, in words for a person.

use std::io;

use crate::formats::encoding::{Container, EncodingError};
use crate::rules::text::excerpt;

/// Why a file is no table that can be imported; prints what was expected and what was found.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not text: a workbook, a PDF, a picture.
    #[error("{0}")]
    NotText(Container),
    /// Zero bytes, or blank lines only.
    #[error("The file is empty")]
    Empty,
    /// The encoding cannot be read.
    #[error("{0}")]
    Encoding(EncodingError),
    /// A header without rows below.
    #[error("The file has a header in row {header_row} but no rows below it")]
    NoRows {
        /// Row of the header.
        header_row: u64,
    },
    /// No header row, or one without the required columns.
    #[error("{message}")]
    Columns {
        /// `Expected the columns name and country; found: nme, country. Did you mean name?`
        message: String,
        /// Required fields that no column gives.
        missing: Vec<&'static str>,
        /// The headings that were found.
        found: Vec<String>,
    },
    /// More columns than are taken.
    #[error("The header has {found} columns; at most {max} are read")]
    TooManyColumns {
        /// Columns of the header.
        found: usize,
        /// The limit.
        max: usize,
    },
    /// A chosen mapping names a heading that the file does not have.
    #[error("The mapping names the column '{}', which the file does not have", excerpt(.0, 60))]
    MappedHeading(String),
    /// A chosen mapping names a field that does not exist.
    #[error("The mapping gives a column the field '{}', which is not known", excerpt(.0, 60))]
    MappedField(String),
    /// The file could not be read.
    #[error("The file could not be read")]
    Io(#[from] io::Error),
}

impl From<EncodingError> for TableError {
    fn from(error: EncodingError) -> TableError {
        match error {
            EncodingError::NotText(container) => TableError::NotText(container),
            EncodingError::Empty => TableError::Empty,
            EncodingError::Io(error) => TableError::Io(error),
            EncodingError::NotUtf8 { .. } | EncodingError::Mixed { .. } => TableError::Encoding(error),
        }
    }
}
