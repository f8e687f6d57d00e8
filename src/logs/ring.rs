//! The newest lines of the log in memory, so that an administrator can read them in a browser.
//!
//! It holds what the log on stderr holds, at least from the level `info` on, and no more: no line has a name or an
//! address of a person in it.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::value::RawValue;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// Lines that are kept.
pub const LINES: usize = 2_000;
/// Bytes of all kept lines together.
const BYTES: usize = 512 * 1024;
/// Characters of one text in a line.
const LONGEST: usize = 2_000;
/// Whoever looks at the log is not shown how they look at it.
const OWN_ROUTE: &str = "/api/admin/logs";

/// One line. `seq` counts from 1 since the server was started, without gaps.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub seq: u64,
    pub time: crate::time::Moment,
    /// error, warn, info, debug or trace
    #[serde(serialize_with = "in_small_letters")]
    pub level: Level,
    pub target: &'static str,
    pub message: Box<str>,
    pub fields: Box<RawValue>,
}

fn in_small_letters<S: serde::Serializer>(level: &Level, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(word(*level))
}

/// The level as the API says it.
fn word(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

/// A level by its word.
pub fn level(text: &str) -> Option<Level> {
    [Level::ERROR, Level::WARN, Level::INFO, Level::DEBUG, Level::TRACE].into_iter().find(|one| word(*one) == text)
}

impl Line {
    fn bytes(&self) -> usize {
        self.message.len() + self.fields.get().len() + size_of::<Line>()
    }
}

/// Which lines are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// This severe at least.
    pub level: Level,
    /// In the message, the target or a field, without regard to case.
    pub text: String,
    /// Behind this one: the first of them, where otherwise the newest are wanted.
    pub after: Option<u64>,
    pub limit: usize,
}

impl Wanted {
    fn has(&self, line: &Line) -> bool {
        // The more verbose level is the greater one.
        line.level <= self.level
            && (self.text.is_empty()
                || [&line.message, line.target, line.fields.get()]
                    .into_iter()
                    .any(|part| part.to_lowercase().contains(&self.text)))
    }
}

/// What was found, the newest line last.
#[derive(Debug)]
pub struct Part {
    pub lines: Vec<Line>,
    /// The first line that is still there and the last that was written; 0 before the first.
    pub oldest: u64,
    pub newest: u64,
}

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<Line>,
    bytes: usize,
    newest: u64,
}

/// The newest lines.
#[derive(Debug, Default)]
pub struct Ring(Mutex<Kept>);

impl Ring {
    pub const fn new() -> Ring {
        Ring(Mutex::new(Kept { lines: VecDeque::new(), bytes: 0, newest: 0 }))
    }

    fn push(&self, level: Level, target: &'static str, message: String, fields: Box<RawValue>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.newest += 1;
        let time = crate::time::now();
        let line = Line { seq: kept.newest, time, level, target, message: message.into(), fields };
        kept.bytes += line.bytes();
        kept.lines.push_back(line);
        while kept.lines.len() > LINES || kept.bytes > BYTES {
            let gone = kept.lines.pop_front().map_or(0, |line| line.bytes());
            kept.bytes -= gone;
        }
    }

    /// The lines that are wanted.
    pub fn part(&self, wanted: &Wanted) -> Part {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = kept.lines.front().map_or(0, |line| line.seq);
        let matching = kept.lines.iter().filter(|line| wanted.has(line));
        let lines = match wanted.after {
            Some(seq) => matching.filter(|line| line.seq > seq).take(wanted.limit).cloned().collect(),
            None => {
                let mut newest: Vec<Line> = matching.rev().take(wanted.limit).cloned().collect();
                newest.reverse();
                newest
            }
        };
        Part { lines, oldest, newest: kept.newest }
    }
}

/// Feeds a ring with what is logged.
pub struct RingLayer(pub &'static Ring);

impl<S: Subscriber> Layer<S> for RingLayer {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut line = Fields::default();
        event.record(&mut line);
        if line.is_own && line.fields.get("status").is_some_and(|status| status == 200) {
            return;
        }
        let fields = serde_json::value::to_raw_value(&line.fields).unwrap_or_default();
        self.0.push(*event.metadata().level(), event.metadata().target(), line.message, fields);
    }
}

/// Takes the fields of an event apart.
#[derive(Default)]
struct Fields {
    message: String,
    fields: serde_json::Map<String, serde_json::Value>,
    is_own: bool,
}

impl Fields {
    fn text(&mut self, field: &Field, text: &str) {
        let text = match text.char_indices().nth(LONGEST) {
            Some((end, _)) => &text[..end],
            None => text,
        };
        match field.name() {
            "message" => text.clone_into(&mut self.message),
            name => {
                self.is_own |= name == "route" && text == OWN_ROUTE;
                self.fields.insert(name.to_owned(), text.into());
            }
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}"); // writing to a `String` does not fail
        self.text(field, &text);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.fields.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.fields.insert(field.name().to_owned(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.fields.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.fields.insert(field.name().to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests;
