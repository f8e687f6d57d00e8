//! The program: see `athsys --help`, and `cli` for what each command does.

use std::process::ExitCode;

fn main() -> ExitCode {
    athsys::cli::run()
}
