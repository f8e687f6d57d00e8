//! The integration tests: each starts its own server, on a free port and a database of its own.
//!
//! [`support::TestServer`] is that server and its client; one module for each part of the contract.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests as well")]

mod access;
mod architecture;
mod backups;
mod beside_a_server;
mod browser;
mod bulk;
mod command_line;
mod conventions;
mod copies;
mod crash;
mod damage;
mod demo_beside;
mod dirty_files;
mod documents;
mod doubts;
mod ending;
mod entities;
mod exports;
mod faults;
#[cfg(target_os = "linux")]
mod first_start;
mod fuzz;
mod health;
mod history;
mod hostile;
mod import_files;
mod import_life;
mod import_matching;
mod import_preview;
mod import_tables;
mod imports;
mod kills;
mod live;
mod long_run;
mod merging;
mod names;
mod overview;
mod own_rules;
mod privacy;
mod public;
mod put_back;
mod ranking;
mod roundtrip;
mod services;
mod sessions;
mod settings;
mod stations;
mod supply_chain;
mod support;
mod support_bundle;
#[cfg(unix)]
mod sync;
mod undo;
mod vectors;
mod venue;
mod watching;
