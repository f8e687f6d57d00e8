//! The events of a row of entries: in a column of their own, in a column each, several in one cell, or numbered.

use std::collections::BTreeMap;

use crate::formats::headings;
use crate::formats::table::{Row, Survey};
use crate::rules::discipline::read_spoken;
use crate::rules::mark::{Centimetres, TimeMs};
use crate::rules::text;

/// Where the events of a row stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// A column `event`; a cell may hold several.
    Long,
    /// A column an event: its cell is the seed mark, or a tick.
    Wide(Vec<(usize, String)>),
    /// `Event 1`, `Mark 1`, `Event 2` …
    Numbered(Vec<(usize, Option<usize>)>),
}

/// One event of a row, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub event: String,
    pub seed_mark: Option<String>,
}

/// Two columns that are events make a table with a column an event.
const LEAST_EVENTS: usize = 2;

impl Layout {
    /// The layout of a table; `None` when nothing in it names an event.
    pub fn of(survey: &Survey) -> Option<Layout> {
        let unused: Vec<(usize, &str)> = survey
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.field.is_none() && !column.heading.is_empty())
            .map(|(at, column)| (at, column.heading.as_str()))
            .collect();
        let has_event = survey.columns.iter().any(|column| matches!(column.field, Some("event" | "event_id")));
        let wide: Vec<(usize, String)> =
            unused.iter().filter_map(|(at, heading)| Some((*at, event_heading(heading)?))).collect();
        let numbered = numbered(&unused);
        if wide.len() >= LEAST_EVENTS && !has_event {
            Some(Layout::Wide(wide))
        } else if !numbered.is_empty() && !has_event {
            Some(Layout::Numbered(numbered))
        } else if has_event {
            Some(Layout::Long)
        } else if !wide.is_empty() {
            Some(Layout::Wide(wide))
        } else {
            None
        }
    }

    /// The events of a row, where they do not stand in a column `event` of their own.
    pub fn entries(&self, row: &Row<'_>) -> Vec<Entry> {
        match self {
            Layout::Long => Vec::new(),
            Layout::Wide(columns) => {
                columns.iter().filter_map(|(at, event)| ticked(event, &text::clean(row.cell(*at)))).collect()
            }
            Layout::Numbered(pairs) => pairs
                .iter()
                .filter_map(|(event, mark)| {
                    let event = text::clean(row.cell(*event)).into_owned();
                    let seed_mark = mark.map(|mark| text::clean(row.cell(mark)).into_owned());
                    let seed_mark = seed_mark.filter(|mark| !text::blank(mark));
                    (!text::blank(&event)).then_some(Entry { event, seed_mark })
                })
                .collect(),
        }
    }
}

/// `100m`, `LJ`, and what an entry system calls `event_time_metric_100`.
fn event_heading(heading: &str) -> Option<String> {
    let plain = heading.strip_prefix("event_time_metric_").unwrap_or(heading);
    read_spoken(plain).map(|_| plain.to_owned())
}

/// Pairs of `Event 2` and `Mark 2`.
fn numbered(columns: &[(usize, &str)]) -> Vec<(usize, Option<usize>)> {
    let mut pairs: BTreeMap<u32, (Option<usize>, Option<usize>)> = BTreeMap::new();
    for (at, heading) in columns {
        let Some((meanings, number)) = headings::numbered(heading) else { continue };
        let means = |field: &str| meanings.iter().any(|meaning| meaning.field == field);
        let pair = pairs.entry(number).or_default();
        if means("event") {
            pair.0 = Some(*at);
        } else if means("seed_mark") {
            pair.1 = Some(*at);
        }
    }
    pairs.into_values().filter_map(|(event, mark)| Some((event?, mark))).collect()
}

/// The cell of a column that is an event.
fn ticked(event: &str, cell: &str) -> Option<Entry> {
    const TICKS: [&str; 11] = ["x", "1", "yes", "y", "oui", "ja", "j", "si", "true", "✓", "✔"];
    const NOT: [&str; 5] = ["no", "non", "nein", "0", "false"];
    let key = text::fold(cell);
    if text::blank(cell) || NOT.contains(&key.as_str()) {
        return None;
    }
    let seed_mark = (!TICKS.contains(&key.as_str())).then(|| cell.to_owned());
    Some(Entry { event: event.to_owned(), seed_mark })
}

/// Several events in one cell: `100m, 200m, LJ`, `100m (12.31); LJ (5.48)`. A cell that is one event stays whole.
pub fn packed(cell: &str) -> Vec<Entry> {
    for separator in [';', '|', '\n', ',', '/', '+'] {
        let parts: Vec<&str> = cell.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > 1 && parts.iter().all(|part| read_spoken(&with_mark(part).event).is_some()) {
            return parts.into_iter().map(with_mark).collect();
        }
    }
    vec![with_mark(cell)]
}

/// The mark in brackets behind an event; `(7.26kg)` is none.
fn with_mark(text: &str) -> Entry {
    let text = text.trim();
    if let Some((event, rest)) = text.split_once('(')
        && let Some(mark) = rest.strip_suffix(')').map(str::trim)
        && (TimeMs::parse(mark).is_ok() || Centimetres::parse(mark).is_ok())
    {
        return Entry { event: event.trim().to_owned(), seed_mark: Some(mark.to_owned()) };
    }
    Entry { event: text.to_owned(), seed_mark: None }
}

#[cfg(test)]
mod tests;
