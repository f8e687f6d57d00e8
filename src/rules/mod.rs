//! Pure values of the sport: values in, values out, no files, no clock, no network ("today" is always a parameter).
//!
//! | module | what it knows |
//! |---|---|
//! | [`text`] | cleaning a cell, the comparison key of names, the spellings of "nothing" |
//! | [`country`] | the three-letter codes of the sport and every other way to write a country |
//! | [`gender`] | M, F, X, and which letters a column uses for them |
//! | [`date`] | ISO dates, dates of birth as spreadsheets write them, day-month order of a column |
//! | [`bib`] | start numbers: kept as written, compared without leading zeros and case |
//! | [`contact`] | email addresses and telephone numbers |
//! | [`mark`] | times, distances and wind as exact integers |
//! | [`discipline`] | the list of events, their category, and what is measured in them |
//! | [`language`] | the languages that headings come in |
//!
//! Tables (countries, events) are CSV files in `data/`, compiled in and parsed once.

pub mod bib;
pub mod contact;
pub mod country;
pub mod date;
pub mod discipline;
pub mod gender;
pub mod language;
pub mod mark;
pub mod text;
