//! athsys runs an athletics meet from one binary: entries, results, import and export, from a laptop at the venue.
//!
//! # The house
//!
//! | room | job | may use |
//! |---|---|---|
//! | [`rules`] | values of the sport, pure | nothing of ours |
//! | [`formats`] | bytes to rows and back (CSV, JSON, workbooks) | `rules` |
//! | [`db`] | one SQLite file: a writer thread, pooled readers, migrations | nothing of ours |
//! | [`audit`] | the chained log of changes | `db` |
//! | [`http`] | everything about HTTP that is not athletics | `db`, `auth` |
//! | [`auth`] | who somebody is and what they may do | `db`, `users` |
//! | [`records`] | what all entities share: rows, lists, the five operations | `db`, `audit`, `http`, `auth` |
//! | [`users`], [`athletes`], [`races`], [`events`], [`registrations`], [`results`] | one entity each | `records`, entities before it |
//! | [`imports`], [`exports`] | files in, files out | the entities, `formats` |
//! | [`privacy`] | what is known about a person, and how it is forgotten | the entities, `imports`, `settings` |
//! | [`sync`] | a copy in PostgreSQL, one way | `db`, `audit`, `http`, `auth` |
//! | [`live`] | what changes, told as it happens | `db`, `http`, `auth` |
//! | [`stations`] | links that open one event without an account | `auth`, `events`, `registrations`, `results` |
//! | [`settings`] | what an administrator decides while the server runs | `config`, `records` |
//! | [`venue`] | how phones in the hall find the server, and that it is the right one | `auth`, `http`, `records` |
//! | [`running`] | what a server leaves beside its file for a second start | `db` |
//! | [`demo`] | invented data, and a demo meet beside the real one | the entities, `running` |
//! | [`computer`], [`crash`] | battery and sleep of the computer; reports of panics | `db`, `logs` |
//! | [`system`], [`health`], [`web`] | the server about itself; the pages | all of the above |
//! | [`verify`], [`backups`] | whether a file is what it should be; copies that prove it, and the way back | `db`, `audit`, `auth`, `imports`, `health` |
//! | [`public`] | the pages for everybody, written by the server | all of the above |
//! | [`service`] | the library's face: validator, import, export | `imports`, `exports`, `health` |
//! | [`app`], [`cli`] | wiring | everything |
//!
//! # Using it as a library
//!
//! See [`service`] and `examples/embed.rs`.

pub mod app;
pub mod athletes;
pub mod audit;
pub mod auth;
pub mod backups;
pub mod cli;
pub mod computer;
pub mod config;
pub mod crash;
pub mod db;
pub mod demo;
pub mod events;
pub mod exports;
pub mod formats;
pub mod health;
pub mod http;
pub mod imports;
pub mod live;
pub mod logs;
pub mod memory;
pub mod privacy;
pub mod public;
pub mod races;
pub mod records;
pub mod registrations;
pub mod results;
pub mod rules;
pub mod running;
pub mod service;
pub mod settings;
pub mod state;
pub mod stations;
pub mod sync;
pub mod system;
pub mod time;
pub mod users;
pub mod venue;
pub mod verify;
pub mod web;

pub use service::{DataExportService, DataImportService, DatabaseValidator};

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
