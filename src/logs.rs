//! The log: structured, on stderr, one line a request, no secrets.

use std::io::IsTerminal;

use axum::extract::MatchedPath;
use axum::http::{HeaderValue, Method};
use tracing_subscriber::EnvFilter;

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

/// Starts logging to stderr.
///
/// # Errors
/// A sentence when the filter cannot be read.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    // Without being asked, the migrations tell in several lines that there is nothing to do.
    let filter = EnvFilter::try_new(format!("refinery_core=warn,{filter}"))
        .map_err(|error| format!("--log {filter} cannot be read: {error}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
