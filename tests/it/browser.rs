//! What a person does with the pages, in a real browser: Chromium, without a window.
//!
//! It is looked for in `PATH`, or named by the variable `CHROME`. Where there is none these tests are skipped, saying so;
//! with the variable `CI` they fail instead.

mod accounts;
mod checking;
mod editing;
mod exporting;
mod importing;
mod libraries;
mod running;
mod screens;
mod window;
