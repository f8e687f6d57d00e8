//! The log: structured, on stderr, one line a request, no secrets. Its newest lines are also kept in memory.

use std::io::IsTerminal;

use axum::extract::MatchedPath;
use axum::http::{HeaderValue, Method};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use file::FileLog;
use ring::RingLayer;
pub use ring::{Line, Ring, Wanted, level};

pub mod clean;
mod file;
pub mod ring;

tokio::task_local! {
    static REQUEST: RequestLabel;
}

/// How lines further down name the request they belong to; put into words only when there is such a line.
#[derive(Debug, Clone, Default)]
pub struct RequestLabel {
    pub id: Option<HeaderValue>,
    pub method: Method,
    pub route: Option<MatchedPath>,
}

impl std::fmt::Display for RequestLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = self.id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default();
        write!(f, "{id} {} {}", self.method, self.route.as_ref().map_or("", MatchedPath::as_str))
    }
}

/// Runs a request so that what it logs further down can name it.
pub async fn within<F: Future>(request: RequestLabel, work: F) -> F::Output {
    REQUEST.scope(request, work).await
}

/// The request that runs now; blank outside of one.
pub fn current_request() -> RequestLabel {
    REQUEST.try_with(Clone::clone).unwrap_or_default()
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// The newest lines of this process. One for all, as logging itself is.
static NEWEST: Ring = Ring::new();

/// The log on the disk, which begins when it is known where.
static ON_DISK: FileLog = FileLog::new();

/// The newest lines that were logged.
pub fn newest() -> &'static Ring {
    &NEWEST
}

/// From now on, and from the start of the program, the log is also kept in this file and older ones beside it: all but
/// the line of each request.
///
/// # Errors
/// Those of the file system; the log is then on stderr only.
pub fn keep_in(path: &std::path::Path) -> std::io::Result<()> {
    ON_DISK.begin(path)
}

/// Starts logging to stderr, and into the memory of the newest lines.
///
/// # Errors
/// A sentence when the filter cannot be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    // Without being asked, the migrations tell in several lines that there is nothing to do.
    let read = || {
        EnvFilter::try_new(format!("refinery_core=warn,{filter}"))
            .map_err(|error| format!("--log {filter} cannot be read: {error}"))
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let usual = Targets::new().with_default(LevelFilter::INFO).with_target("refinery_core", LevelFilter::WARN);
    let ring = RingLayer(&NEWEST).with_filter(usual.or(read()?));
    let on_disk = tracing_subscriber::fmt::layer().with_writer(&ON_DISK).with_target(false).with_ansi(false);
    // Of a full stand each request would push what matters out within minutes.
    let no_requests = "athsys::http::shell=warn".parse().expect("it is a directive");
    let on_disk = on_disk.with_filter(read()?.add_directive(no_requests));
    tracing_subscriber::registry().with(lines.with_filter(read()?)).with(ring).with(on_disk).init();
    Ok(())
}
