//! `athsys import`: the same engine as the API, without a server.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, Outcome, SOME_REFUSED, args, open_own, print_data, say};
use crate::db::Files;
use crate::formats::format::Format;
use crate::formats::table::Patches;
use crate::http::reply::Reply;
use crate::imports::{self, Dataset, Options, Outcome as Ended, Progress, Source};

/// Sentences about refused rows that are shown.
const SHOWN: usize = 50;

pub fn import(files: &Files, options: &args::Import) -> Outcome {
    let dataset = options.dataset;
    let format = format_of(options)?;
    let source = open_source(&options.file)?;
    let how = import_options(options)?;
    let db = open_own(files, "Import on its page /admin, or stop it first.")?;
    let mut bar = None;
    let report = imports::import(&db, (dataset, format), source, &how, |progress| bar = Some(Bar::show(progress)));
    drop(bar);
    let report = report?;
    db.close();
    tell(&report.reply(), report.account.refusals.sentences(), options.json)?;
    Ok(if report.outcome() == Ended::Success { ExitCode::SUCCESS } else { ExitCode::from(SOME_REFUSED) })
}

/// What the flag says, or the file's name, or what is usual for the dataset.
fn format_of(options: &args::Import) -> Result<Format, Failure> {
    let dataset = options.dataset;
    let usual = match dataset {
        Dataset::Bulk => Format::Json,
        Dataset::Rows(_) => Format::Csv,
    };
    let format = super::format_of(&options.file, options.format)?.unwrap_or(usual);
    if !dataset.formats().contains(&format) {
        return Err(Failure::usage("bulk is imported from JSON; the other formats hold one kind of rows."));
    }
    Ok(format)
}

fn import_options(options: &args::Import) -> Result<Options, Failure> {
    let mapping = options.mapping.as_deref().map(serde_json::from_str).transpose();
    let delimiter = options.delimiter.as_deref().map(|text| {
        imports::delimiter(text).ok_or_else(|| Failure::usage("--delimiter must be one character, or tab."))
    });
    Ok(Options {
        mode: options.mode,
        on_duplicate: options.on_duplicate,
        dry_run: options.dry_run,
        mapping: mapping.map_err(|error| Failure::usage(format!("--mapping cannot be read: {error}.")))?,
        encoding: options.encoding.clone(),
        delimiter: delimiter.transpose()?,
        patches: Patches::default(),
        create_athletes: options.create_athletes,
        race_id: options.race_id,
        is_preview: false,
    })
}

fn open_source(path: &Path) -> Result<Source, Failure> {
    let cannot = |error: io::Error| Failure::new(format!("Cannot read {}: {error}.", path.display()));
    if path.as_os_str() == "-" {
        return Source::from_reader(&mut io::stdin().lock(), "standard input").map_err(cannot);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut file = File::open(path).map_err(cannot)?;
    Source::from_reader(&mut file, &name).map_err(cannot)
}

fn tell(reply: &Reply, sentences: &[String], json: bool) -> Result<(), Failure> {
    let text = format!("{}}}", String::from_utf8_lossy(reply.open_body()));
    if json {
        return print_data(&format!("{text}\n")).map(drop);
    }
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)?;
    say(format_args!("{}", members.get("message").and_then(|message| message.as_str()).unwrap_or_default()));
    for sentence in sentences.iter().take(SHOWN) {
        say(format_args!("  {sentence}"));
    }
    if sentences.len() > SHOWN {
        say(format_args!("  … and so on; --json lists up to 1,000"));
    }
    Ok(())
}

/// A progress bar on a terminal; nowhere else.
struct Bar {
    bar: ProgressBar,
    painter: Option<std::thread::JoinHandle<()>>,
}

impl Bar {
    const BEAT: Duration = Duration::from_millis(100);

    fn show(progress: Arc<Progress>) -> Bar {
        let bar = ProgressBar::new(0);
        let style = "{bar:30} {percent:>3} %  {human_pos} of {human_len} rows  {msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        let painted = bar.clone();
        let painter = std::thread::spawn(move || {
            while !painted.is_finished() {
                let now = progress.snapshot();
                painted.set_length(now.total_rows);
                painted.set_position(now.rows_read);
                let left = now.eta_ms.map(|ms| format!(", {} s left", ms.div_ceil(1000))).unwrap_or_default();
                painted.set_message(format!("{} imported, {} refused{left}", now.imported, now.failed));
                std::thread::park_timeout(Bar::BEAT);
            }
        });
        Bar { bar, painter: Some(painter) }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if let Some(painter) = self.painter.take() {
            painter.thread().unpark();
            // It only paints: that it panicked is no matter.
            let _ = painter.join();
        }
    }
}
