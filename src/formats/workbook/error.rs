//! Why a file is no workbook that can be read, in words for a person.

use std::io;

use calamine::XlsxError;
use zip::result::ZipError;

use crate::formats::encoding::Container;

/// Why no sheet could be read; prints a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// Zero bytes.
    #[error("The file is empty")]
    Empty,
    /// Plain text, most likely CSV.
    #[error("This is a text file, not an Excel workbook. Import it as CSV")]
    Text,
    /// A PDF, a web page, a picture.
    #[error("{0}")]
    Foreign(Container),
    /// A workbook before 2007, or another OLE file.
    #[error("This is an old Excel workbook (.xls). Open it, save it as .xlsx and import that file")]
    OldExcel,
    /// A workbook or a part of it that asks for a password.
    #[error("The workbook is protected with a password. Open it, take the password off, save it and import it again")]
    Protected,
    /// `.xlsb`.
    #[error("This is a binary Excel workbook (.xlsb). Open it, save it as .xlsx and import that file")]
    BinaryExcel,
    /// `.ods` and its like.
    #[error("This is an OpenDocument file (.ods). Open it, save it as .xlsx or as CSV UTF-8 and import that file")]
    OpenDocument,
    /// A word processor's document or a presentation.
    #[error(
        "This is a text document or a presentation, not a workbook. Copy the list into a sheet and save it as .xlsx"
    )]
    Document,
    /// A zip with something else in it.
    #[error("This is a zip file without a workbook in it. Unpack it and import its files one by one")]
    PlainZip,
    /// More entries in the zip than a workbook needs.
    #[error("The workbook consists of more than {max} parts. Copy the list into a new workbook and import that")]
    TooManyParts {
        /// The limit.
        max: usize,
    },
    /// A zip bomb, or a workbook that is far too large.
    #[error("The workbook is too large when it is unpacked. Copy the list into a new workbook and import that")]
    TooLarge,
    /// More rows than are read.
    #[error("The sheet '{sheet}' has more than {max} rows. Divide it into several workbooks")]
    TooManyRows {
        /// Name of the sheet.
        sheet: String,
        /// The limit.
        max: u64,
    },
    /// A value to the right of the last column that is read.
    #[error("The sheet '{sheet}' has a value in {cell}, but at most {max} columns are read. Delete the columns behind")]
    TooManyColumns {
        /// Name of the sheet.
        sheet: String,
        /// Address of the cell.
        cell: String,
        /// The limit.
        max: usize,
    },
    /// Reading was given up.
    #[error("The workbook could not be read within {seconds} seconds. Save the list as CSV UTF-8 and import that")]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// No value on any visible sheet.
    #[error("The workbook has no visible sheet with values in it")]
    NoValues,
    /// Not as a workbook has to be.
    #[error("The workbook is damaged. Open it in a spreadsheet program, save it as .xlsx again and import that file")]
    Damaged,
    /// The file could not be read, or the temporary copy not be written.
    #[error("The file could not be read")]
    Io(#[source] io::Error),
}

impl From<io::Error> for WorkbookError {
    /// What the file holds is its own fault, everything else that of the disk.
    fn from(error: io::Error) -> WorkbookError {
        match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
                WorkbookError::Damaged
            }
            // The libraries wrap their own complaints as `Other`; a failing disk has a number.
            io::ErrorKind::Other if error.raw_os_error().is_none() => WorkbookError::Damaged,
            _ => WorkbookError::Io(error),
        }
    }
}

impl From<ZipError> for WorkbookError {
    fn from(error: ZipError) -> WorkbookError {
        match error {
            ZipError::Io(error) => error.into(),
            _ => WorkbookError::Damaged,
        }
    }
}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> WorkbookError {
        match error {
            XlsxError::Io(error) => error.into(),
            XlsxError::Zip(error) => error.into(),
            XlsxError::Password => WorkbookError::Protected,
            _ => WorkbookError::Damaged,
        }
    }
}
