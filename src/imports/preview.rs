//! What an import would do: how the file was read, what each column means, the consequences in numbers, and what would
//! mend what is wrong. Nothing is stored.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::proposals::Usual;
use super::run::{Ended, Run};
use super::sheet::Looked;
use super::{Dataset, ImportError, Job, fields, perform};
use crate::db::Db;
use crate::formats::headings::NameOrder;
use crate::formats::people::{is_last_first, turned_round};
use crate::formats::table::{Column, Survey};
use crate::http::reply::{Reply, ReplyBuilder};
use crate::rules::country::Country;

/// Rows and samples that are shown.
const ROWS: usize = 20;
const SAMPLES: usize = 5;

/// A column of the file, and what it was taken for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PreviewColumn<'a> {
    pub heading: &'a str,
    /// null: not used
    pub field: Option<String>,
    /// How sure that is, in per cent
    pub confidence: u8,
    pub reason: &'a str,
    pub samples: Vec<&'a str>,
}

/// Names that look as if first and last name were exchanged.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NamesTurned {
    pub column: String,
    pub count: usize,
    pub text: String,
    /// What to add to the parameter `mapping`
    pub mapping: BTreeMap<String, String>,
    pub examples: Vec<(String, String)>,
}

/// Tries an import and tells what it would do.
///
/// # Errors
/// [`ImportError`] when the file cannot be read at all. Missing columns are no error here: somebody may match them.
pub fn preview(db: &Db, mut job: Job) -> Result<Reply, ImportError> {
    (job.options.dry_run, job.options.is_preview) = (true, true);
    let (dataset, format) = (job.dataset, job.format);
    match perform(db, job) {
        Ok(Ended::Done(run)) => consequences(db, &run),
        Ok(Ended::Replayed(reply)) => Ok(reply),
        Err(ImportError::Columns { detail, missing, found, looked }) => {
            let reply = Reply::ok(&format!("⚠️ {detail}"))
                .member("usable", false)
                .member("problem", &detail)
                .member("missing", &missing)
                .member("format", format.name())
                .member("fields", known_fields(dataset));
            Ok(match looked {
                Some(looked) => understood(reply, &looked).done(),
                None => reply.member("header", &found).done(),
            })
        }
        Err(error) => Err(error),
    }
}

fn known_fields(dataset: Dataset) -> Vec<&'static str> {
    let fields = dataset.entity().and_then(fields::of);
    let mut names: Vec<&'static str> = fields.map(fields::Fields::known).unwrap_or_default();
    let mut seen = BTreeSet::new();
    names.retain(|name| *name != "notes" && seen.insert(*name));
    names
}

fn consequences(db: &Db, run: &Run) -> Result<Reply, ImportError> {
    let report = run.report();
    let tally = report.tally();
    let mut reply = report
        .open_reply()
        .member("usable", true)
        .member("new", tally.imported)
        .member("refused", tally.failed)
        .member("rows_read", tally.rows())
        .member("format", run.task.format.name())
        .member("bytes", run.task.bytes);
    if let Some(looked) = &run.task.looked {
        reply = understood(reply, looked);
        reply = reply.member("fields", known_fields(run.task.dataset));
    }
    let usual = Usual { country: run.task.looked.as_ref().and_then(|looked| usual_country(&looked.survey)) };
    let Some(findings) = &run.account.findings else { return Ok(reply.done()) };
    let problems = db.read_blocking(|conn| findings.problems(conn, &usual))?;
    let (changes, changed) = findings.changes();
    Ok(reply.member("problems", problems).member("changes", changes).member("changed", changed).done())
}

/// How the file was read.
fn understood(reply: ReplyBuilder, looked: &Looked) -> ReplyBuilder {
    let survey = &looked.survey;
    let samples = |at: usize| -> Vec<&str> {
        let filled = survey.sample().iter().filter_map(|row| row.get(at)).map(String::as_str);
        filled.filter(|cell| !cell.is_empty()).take(SAMPLES).collect()
    };
    let columns: Vec<PreviewColumn<'_>> = survey
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| PreviewColumn {
            heading: &column.heading,
            field: field_of(column),
            confidence: column.confidence,
            reason: &column.reason,
            samples: samples(at),
        })
        .collect();
    let header: Vec<&str> = survey.columns.iter().map(|column| column.heading.as_str()).collect();
    let mapping: BTreeMap<&str, Option<String>> =
        survey.columns.iter().map(|column| (column.heading.as_str(), field_of(column))).collect();
    let first: Vec<&Vec<String>> = survey.sample().iter().take(ROWS).collect();
    reply
        .member("encoding", survey.detected.encoding.label())
        .member("delimiter", char::from(survey.delimiter))
        .member("sheet", &looked.sheet)
        .member("header", header)
        .member("header_row", survey.header_row)
        .member("mapping", mapping)
        .member("mapping_remembered", looked.is_remembered)
        .member("columns", columns)
        .member("rows", first)
        .member("names_turned", names_turned(survey))
}

/// The field as the parameter `mapping` takes it.
fn field_of(column: &Column) -> Option<String> {
    let turned = if column.order == NameOrder::LastFirst { ":last_first" } else { "" };
    column.field.map(|field| format!("{field}{turned}"))
}

/// Proposes to turn names round when most of a column look so. The text itself is never touched unasked.
fn names_turned(survey: &Survey) -> Option<NamesTurned> {
    let at = survey.columns.iter().position(|column| column.field == Some("name"))?;
    let column = &survey.columns[at];
    if column.order != NameOrder::AsWritten {
        return None;
    }
    let names: Vec<&String> =
        survey.sample().iter().filter_map(|row| row.get(at)).filter(|name| !name.is_empty()).collect();
    let turned: Vec<&&String> = names.iter().filter(|name| is_last_first(name)).collect();
    if turned.is_empty() || turned.len() * 2 < names.len() {
        return None;
    }
    let example = |name: &&&String| ((**name).clone(), turned_round(Cow::Borrowed(name.as_str())).into_owned());
    Some(NamesTurned {
        column: column.heading.clone(),
        count: turned.len(),
        text: format!("{} of the first {} names have the last name first: turn them round", turned.len(), names.len()),
        mapping: BTreeMap::from([(column.heading.clone(), "name:last_first".to_owned())]),
        examples: turned.iter().take(3).map(example).collect(),
    })
}

/// The country that nearly all of the first rows have.
fn usual_country(survey: &Survey) -> Option<Country> {
    let at = survey.columns.iter().position(|column| column.field == Some("country"))?;
    let mut counts: BTreeMap<&str, (usize, Country)> = BTreeMap::new();
    let mut all = 0;
    for row in survey.sample() {
        let Some(cell) = row.get(at).filter(|cell| !cell.is_empty()) else { continue };
        all += 1;
        if let Ok(reading) = Country::read(cell) {
            counts.entry(cell.as_str()).or_insert((0, reading.country)).0 += 1;
        }
    }
    let (count, country) = counts.into_values().max_by_key(|(count, _)| *count)?;
    (count * 10 >= all * 8).then_some(country)
}
