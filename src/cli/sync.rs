//! `athsys sync`: sends what changed to PostgreSQL, without a server; `athsys new-identity`.

use std::process::ExitCode;

use serde_json::json;

use super::serve::stop_signal;
use super::{Failure, Outcome, args, open_existing, print_data, say};
use crate::audit::{Actor, Entry, Verb};
use crate::config::ConfigFile;
use crate::db::{Db, DbError, Files};
use crate::sync::{Comparison, Done, Pusher, Seen, Sync, Target, Want};

/// Why one excludes the other.
const NOT_BOTH: &str =
    "--verify sends what is missing and then compares, and --dry-run sends nothing: use one, then the other.";
/// What to do about the copy while a server has the file.
const INSTEAD: &str = "Start that one with --sync-to and it sends every change by itself, and at once from its page /admin/backups; or stop it first.";

pub fn sync(files: &Files, file: &ConfigFile, options: &args::Sync) -> Outcome {
    if options.verify && options.dry_run {
        return Err(Failure::usage(NOT_BOTH));
    }
    let target = target(file, options)?;
    let db = open_existing(files, INSTEAD)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let outcome = runtime.block_on(async {
        match options {
            args::Sync { watch: true, .. } => watch(&db, target).await,
            args::Sync { dry_run: true, .. } => dry_run(&db, target, options).await,
            _ => once(&db, target, options).await,
        }
    });
    db.close();
    outcome
}

fn target(file: &ConfigFile, options: &args::Sync) -> Result<Target, Failure> {
    let options = file.sync_options(options.options());
    if options.url.is_empty() {
        return Err(Failure::usage("Say where to: --to postgres://user@host/database."));
    }
    Target::read(&options).map_err(|reason| Failure::usage(format!("--to: {reason}.")))
}

async fn once(db: &Db, target: Target, options: &args::Sync) -> Outcome {
    let mut pusher = Pusher::new(db.clone(), target)?;
    let seen = Seen::default();
    let want = Want { everything: options.full, compare: options.verify, take_over: options.take_over, again: true };
    let outcome = pusher.until_done(want, &seen).await;
    pusher.release().await;
    let done = outcome?;
    seen.write_down(db).await?;
    let shown = pusher.target().shown();
    let aside = db.read(move |conn| seen.status(conn, String::new())).await?;
    let equal = done.comparison.as_ref().is_none_or(|found| found.equal);
    if options.json {
        print_data(&format!(
            "{}\n",
            json!({
                "target": shown, "sent": done.sent, "everything": done.everything.map(|reason| reason.sentence()),
                "set_aside": aside.set_aside, "comparison": done.comparison,
            })
        ))?;
    } else {
        tell(&done, shown);
        for row in &aside.set_aside {
            say(format_args!("refused: {} {}: {}", row.table, row.id, row.message));
        }
    }
    Ok(if equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(done: &Done, shown: &str) {
    let why = done.everything.map(|reason| format!(", everything, as {}", reason.sentence())).unwrap_or_default();
    say(format_args!("{} rows sent to {shown}{why}.", done.sent));
    if let Some(found) = &done.comparison {
        tell_comparison(found);
    }
}

fn tell_comparison(found: &Comparison) {
    for table in &found.tables {
        let word = if table.differing == 0 && table.checksum_equal { "equal" } else { "DIFFERENT" };
        say(format_args!("{word:9} {}: {} here, {} there", table.name, table.here, table.there));
        if table.differing > 0 {
            let keys: Vec<String> = table.keys.iter().map(i64::to_string).collect();
            say(format_args!("          {} rows differ: {}", table.differing, keys.join(", ")));
        }
    }
    if !found.equal {
        say("Repeat with --full to send everything again.");
    }
}

async fn dry_run(db: &Db, target: Target, options: &args::Sync) -> Outcome {
    let mut pusher = Pusher::new(db.clone(), target)?;
    let outlook = pusher.outlook().await?;
    let shown = pusher.target().shown();
    if options.json {
        return print_data(&format!(
            "{}\n",
            json!({
                "target": shown, "rows": outlook.rows, "creates_tables": outlook.creates_tables,
                "everything": outlook.everything.map(|reason| reason.sentence()),
            })
        ));
    }
    let tables = if outlook.creates_tables { "The tables would be created. " } else { "" };
    let why = outlook.everything.map(|reason| format!(", everything, as {}", reason.sentence())).unwrap_or_default();
    say(format_args!("{tables}{} rows would be sent to {shown}{why}.", outlook.rows));
    Ok(ExitCode::SUCCESS)
}

async fn watch(db: &Db, target: Target) -> Outcome {
    let stop = stop_signal()?;
    say(format_args!("Sending to {} until stopped.", target.shown()));
    Sync::to(Some(target)).run(db.clone(), stop).await;
    Ok(ExitCode::SUCCESS)
}

pub fn new_identity(files: &Files) -> Outcome {
    let db = open_existing(files, "Stop it first.")?;
    db.write_blocking(|tx| {
        crate::sync::new_db_id(tx.conn())?;
        let details = json!({ "identity": "new" });
        Entry::about(Verb::Setting, "database").details(&details).write(tx, &Actor::console())?;
        Ok::<_, DbError>(())
    })?;
    db.close();
    say(format_args!(
        "{} is a meet of its own now: PostgreSQL will get it beside the one it was copied from.",
        files.database().display()
    ));
    Ok(ExitCode::SUCCESS)
}
