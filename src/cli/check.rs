//! `athsys check`: is this file whole? Exit code 0 only when everything holds.

use std::process::ExitCode;

use super::{Failure, Outcome, args, print_data, say};
use crate::db::Files;
use crate::verify::verify;

pub fn check(files: &Files, options: &args::Check) -> Outcome {
    let file = options.file.as_deref().unwrap_or(files.database());
    let report = verify(file);
    let name = file.display().to_string();
    if options.json {
        let found = serde_json::json!({
            "file": name, "ok": report.ok(), "checks": report.checks, "contents": report.contents,
        });
        print_data(&format!("{found}\n"))?;
    } else if let [only] = report.checks.as_slice() {
        return Err(Failure::new(format!("Cannot check {name}: {}", only.detail)));
    } else {
        say(&name);
        for check in &report.checks {
            say(format_args!("{:4} {}: {}", if check.ok { "ok" } else { "FAIL" }, check.name, check.detail));
        }
        if let Some(contents) = &report.contents {
            say(format_args!("head audit row {} {}", contents.audit_head.seq, contents.audit_head.hash));
        }
    }
    Ok(if report.ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
