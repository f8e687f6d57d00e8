//! Where a row stands in its file, and what is wrong with it there.

use serde::Serialize;

use crate::rules::text;

/// Characters of a refused value that are shown.
const MAX_VALUE: usize = 200;

/// Why one row was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RowError {
    /// As a spreadsheet counts (title lines and the header too); in JSON the index in its list
    pub row: u64,
    /// Physical line where the record starts
    pub line: Option<u64>,
    /// Heading or member
    pub column: Option<String>,
    /// Stable, snake_case
    pub code: String,
    /// What was there, cut to 200 characters
    pub value: Option<String>,
    pub message: String,
}

/// Where a row stands: what its error sentences begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Row and line of a spreadsheet.
    Sheet { row: u64, line: u64 },
    /// Index in a list of a JSON document.
    Json { list: &'static str, index: u64 },
    /// A line of its own.
    Line { number: u64 },
}

impl Place {
    /// The number that errors show.
    pub fn number(self) -> u64 {
        match self {
            Place::Sheet { row, .. } => row,
            Place::Json { index, .. } => index,
            Place::Line { number } => number,
        }
    }

    /// So many rows further down; the line is then unknown, and stays.
    pub fn further(self, rows: u64) -> Place {
        match self {
            Place::Sheet { row, line } => Place::Sheet { row: row + rows, line },
            Place::Json { list, index } => Place::Json { list, index: index + rows },
            Place::Line { number } => Place::Line { number: number + rows },
        }
    }

    /// `Row 5`, `races[3]`.
    pub fn begins(self) -> String {
        match self {
            Place::Sheet { row, .. } => format!("Row {row}"),
            Place::Json { list, index } => format!("{list}[{index}]"),
            Place::Line { number } => format!("Line {number}"),
        }
    }

    /// An error at this place.
    pub fn error(
        self,
        column: Option<&str>,
        code: impl Into<String>,
        value: Option<&str>,
        message: impl Into<String>,
    ) -> RowError {
        let (row, line) = match self {
            Place::Sheet { row, line } => (row, Some(line)),
            Place::Json { index, .. } => (index, None),
            Place::Line { number } => (number, Some(number)),
        };
        RowError {
            row,
            line,
            column: column.map(str::to_owned),
            code: code.into(),
            value: value.map(|value| text::excerpt(value, MAX_VALUE).into_owned()),
            message: message.into(),
        }
    }
}
