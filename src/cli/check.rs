//! `athsys check`: is this file whole? Exit code 0 only when everything holds.

use std::process::ExitCode;

use super::{Failure, Outcome, args, print_data, say};
use crate::db::checks::Check;
use crate::db::{Access, Db, Files};
use crate::health;

pub fn check(files: &Files, options: &args::Check) -> Outcome {
    let files = options.file.as_deref().map_or_else(|| files.clone(), Files::of);
    let checks = match Db::open(files.clone(), Access::Beside) {
        Ok(db) => {
            let reader = db.export_reader()?;
            let checks = health::validate(&reader, None);
            reader.execute_batch("ROLLBACK")?;
            checks?
        }
        Err(error) if options.json => vec![Check { name: "file", ok: false, detail: error.to_string() }],
        Err(error) => return Err(Failure::open(&files, &error)),
    };
    let ok = checks.iter().all(|check| check.ok);
    if options.json {
        let file = files.database().display().to_string();
        print_data(&format!("{}\n", serde_json::json!({"file": file, "ok": ok, "checks": checks})))?;
    } else {
        for check in &checks {
            say(format_args!("{:4} {}: {}", if check.ok { "ok" } else { "FAIL" }, check.name, check.detail));
        }
    }
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
