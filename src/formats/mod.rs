//! Bytes to rows and back; knows no database and no HTTP. Values are judged by [`crate::rules`].
//!
//! A CSV file goes through these modules from top to bottom, one pass to judge it and one to read it, in constant
//! memory:
//!
//! | module | what it does |
//! |---|---|
//! | [`encoding`] | refuses what is no text, finds the encoding, decodes to UTF-8 |
//! | [`records`] | splits text into records and cells, with physical lines and spreadsheet rows |
//! | [`headings`] | what a heading means, in the languages of entry lists |
//! | [`table`] | delimiter, title lines, header row, columns; rows without blanks and footers |
//! | [`people`] | a row of an athletes file as values, with every fault of the row |
//!
//! | module | what it does |
//! |---|---|
//! | [`format`] | the file formats by name, extension and media type |
//! | [`json_rows`] | checks a JSON document, streams the elements of its lists |
//! | [`csv_out`] | writes CSV that spreadsheets do not run as formulas |
//! | [`workbook`] | makes CSV text of a sheet of an Excel workbook, which then goes the way of any CSV |
//! | [`workbook_out`] | writes Excel workbooks |

pub mod csv_out;
pub mod encoding;
pub mod format;
pub mod headings;
pub mod json_rows;
pub mod people;
pub mod records;
pub mod table;
pub mod workbook;
pub mod workbook_out;
