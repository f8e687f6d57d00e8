//! What a person does with the pages, in a real browser: Chromium, without a window.
//!
//! It is looked for in `PATH`, or named by the variable `CHROME`. Where there is none these tests are skipped, saying so;
//! with the variable `CI` they fail instead.

mod accounts;
mod budgets;
mod checking;
mod editing;
mod entering;
mod everywhere;
mod exporting;
#[cfg(target_os = "linux")]
mod first_minute;
mod importing;
mod journeys;
mod libraries;
mod live;
mod long_run;
mod poison;
mod ranking;
mod running;
mod safety;
mod screens;
mod stations;
mod window;
