//! A report of every panic, in a file beside the database: what, where, how it came there, and what the log said last.
//! Nothing of a person is in it, so that it can be sent to whoever mends it.

use std::backtrace::Backtrace;
use std::fs;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};

use crate::db::Files;
use crate::logs::{self, Wanted, clean};
use crate::time;

/// Reports that may lie there; a fault that comes again and again must not fill the disk.
const MOST: usize = 10;
/// Lines of the log in a report.
const LINES: usize = 100;
/// Reports that go along with a support bundle.
const IN_BUNDLE: usize = 3;

/// From now on a panic of this process leaves a report beside this database.
pub fn report_beside(files: &Files) {
    let files = files.clone();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        usual(panic);
        if reports(&files).len() < MOST {
            let path = files.folder().join(format!("crash-{}.txt", time::file_stamp()));
            // There is nobody left to tell that it cannot be written.
            let _ = files.write_private(&path, report(panic).as_bytes());
        }
    }));
}

/// The reports that lie beside a database, the newest first.
pub fn reports(files: &Files) -> Vec<PathBuf> {
    let entries = fs::read_dir(files.folder()).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_report(path)).collect();
    found.sort_by(|one, other| other.cmp(one)); // by the time in their names
    found
}

/// The names of [`reports`].
pub fn names(files: &Files) -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
    reports(files).iter().filter_map(name).collect()
}

/// The text of the newest reports.
pub fn newest(files: &Files) -> String {
    let texts: Vec<String> =
        reports(files).iter().take(IN_BUNDLE).filter_map(|path| fs::read_to_string(path).ok()).collect();
    if texts.is_empty() { "There is none.\n".to_owned() } else { texts.join("\n") }
}

fn is_report(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        name.starts_with("crash-") && name.ends_with(".txt")
    })
}

fn report(panic: &PanicHookInfo<'_>) -> String {
    let message = panic.payload_as_str().unwrap_or("a panic without words");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current();
    let everything = Wanted { level: tracing::Level::TRACE, text: String::new(), after: None, limit: LINES };
    let lines = logs::newest().part(&everything).lines;
    let lines: Vec<String> = lines.iter().map(|line| clean::line(line).to_string()).collect();
    format!(
        "athsys {version} on {system} {architecture}, {now}\n\n{message}\nat {place}, in the thread {thread}\n\n\
         How it came there:\n{trace}\nWhat the log said last:\n{lines}\n",
        version = crate::VERSION,
        system = std::env::consts::OS,
        architecture = std::env::consts::ARCH,
        now = time::now(),
        message = clean::text(message),
        thread = thread.name().unwrap_or("without a name"),
        trace = Backtrace::force_capture(),
        lines = lines.join("\n"),
    )
}

#[cfg(test)]
mod tests;
