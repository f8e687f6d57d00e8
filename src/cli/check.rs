//! `athsys check`: is this file whole? Exit code 0 only when everything holds.

use std::process::ExitCode;

use serde_json::json;

use super::{Failure, Outcome, args, print_data, say};
use crate::db::{Access, Db, DbError, Files};
use crate::verify::{Contents, Report, verify, verify_live};

/// Checks the file and, where a server runs or ended in a crash, the live store beside it, which is newer.
pub fn check(files: &Files, options: &args::Check) -> Outcome {
    let files = options.file.as_deref().map_or_else(|| files.clone(), Files::of);
    let name = files.database().display().to_string();
    let report = verify(files.database());
    let live = if files.live().exists() { Some(live(&files)) } else { None };
    let ok = report.ok() && live.as_ref().is_none_or(Report::ok);
    if options.json {
        let mut found = told(&report);
        found["file"] = json!(name);
        found["ok"] = json!(ok);
        found["live"] = live.as_ref().map(told).unwrap_or_default();
        print_data(&format!("{found}\n"))?;
    } else if let ([only], None) = (report.checks.as_slice(), &live) {
        return Err(Failure::new(format!("Cannot check {name}: {}", only.detail)));
    } else {
        show(&name, &report);
        if let Some(live) = &live {
            show(&format!("{}, which is newer", files.live_folder().display()), live);
        }
    }
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn live(files: &Files) -> Report {
    let looked = Db::open(files.clone(), Access::Beside).map_err(|error| error.to_string()).and_then(|db| {
        let checks = verify_live(&db).map_err(|error: DbError| error.to_string())?;
        Ok(Report::of(checks, db.read_blocking(Contents::of).ok()))
    });
    looked.unwrap_or_else(Report::unreadable)
}

fn told(report: &Report) -> serde_json::Value {
    json!({"ok": report.ok(), "checks": report.checks, "contents": report.contents})
}

fn show(name: &str, report: &Report) {
    say(name);
    for check in &report.checks {
        say(format_args!("{:4} {}: {}", if check.ok { "ok" } else { "FAIL" }, check.name, check.detail));
    }
    if let Some(contents) = &report.contents {
        let counts: Vec<String> =
            contents.record_counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        say(format_args!("     inside: {}", counts.join(", ")));
        say(format_args!("     audit head: {} {}", contents.audit_head.seq, contents.audit_head.hash));
    }
}
