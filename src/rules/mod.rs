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
//! | [`timing`], [`wind`] | official times and wind: rounding, display, limits |
//! | [`draw`] | lots that can be drawn again from their seed |
//! | [`heats`], [`lanes`], [`seeding`] | who runs when, against whom, and in which lane |
//! | [`progression`], [`qualification`] | how many advance, and who |
//! | [`ranking`] | places of races, of series and of cards |
//! | [`combined`] | points, totals and order of combined events |
//! | [`teams`], [`fraction`] | team scores, cross country, shared points |
//! | [`records`] | whether a mark is better and may count |
//! | [`age`], [`implement`] | age groups; weights and hurdles |
//! | [`eligibility`], [`relay`] | who may start; relay teams |
//! | [`plausible`] | marks that deserve a question |
//! | [`data`] | the tables behind them, built in or a federation's own |
//!
//! Tables are CSV files in `data/`, compiled in and parsed once; a federation's own take their place at the start.

pub mod age;
pub mod bib;
pub mod combined;
pub mod contact;
pub mod country;
pub mod data;
pub mod date;
pub mod discipline;
pub mod draw;
pub mod eligibility;
pub mod fraction;
pub mod gender;
pub mod heats;
pub mod implement;
pub mod lanes;
pub mod language;
pub mod mark;
pub mod plausible;
pub mod progression;
pub mod qualification;
pub mod ranking;
pub mod records;
pub mod relay;
pub mod seeding;
pub mod teams;
pub mod text;
pub mod timing;
pub mod wind;

#[cfg(test)]
mod tests;
