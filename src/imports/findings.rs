//! What an import would do, for somebody who decides: problems by kind with a proposed repair, changes cell by cell.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value};

use super::place::{Place, RowError};
use super::proposals::{self, Proposal};
use crate::db::DbError;
use crate::records::Record;

/// Rows, values and changes that are named one by one; more are only counted.
const MAX_ROWS: usize = 20;
const MAX_VALUES: usize = 200;
const MAX_CHANGES: usize = 200;

/// Collects while the rows are tried.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    groups: BTreeMap<(String, Option<String>), Group>,
    changes: Vec<Change>,
    changed: u64,
}

#[derive(Debug, Clone, Default)]
struct Group {
    count: u64,
    message: String,
    rows: Vec<u64>,
    values: BTreeMap<String, Alike>,
    more_values: bool,
}

/// Rows that are refused for the same value.
#[derive(Debug, Clone, Default)]
struct Alike {
    count: u64,
    rows: Vec<u64>,
    message: String,
}

/// One kind of problem.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    pub code: String,
    /// Heading or member
    pub column: Option<String>,
    pub count: u64,
    /// The first of them, in words
    pub message: String,
    /// The first rows, as errors count them
    pub rows: Vec<u64>,
    /// The values at fault, the most frequent first
    pub values: Vec<ProblemValue>,
    /// There are more values than are listed
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub values_truncated: bool,
}

/// Rows with the same problem and the same value.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemValue {
    pub value: String,
    pub count: u64,
    pub rows: Vec<u64>,
    pub message: String,
    /// What would mend all of them at once
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
}

/// A stored row that would be changed.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Change {
    pub row: u64,
    pub entity: &'static str,
    pub id: i64,
    pub label: String,
    pub cells: Vec<Cell>,
}

/// A member of it, before and after.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Cell {
    pub field: String,
    pub before: Value,
    pub after: Value,
}

impl Findings {
    pub fn problem(&mut self, place: Place, error: &RowError) {
        let group = self.groups.entry((error.code.clone(), error.column.clone())).or_default();
        group.count += 1;
        if group.message.is_empty() {
            group.message.clone_from(&error.message);
        }
        push_row(&mut group.rows, place);
        let value = error.value.clone().unwrap_or_default();
        if group.values.len() >= MAX_VALUES && !group.values.contains_key(&value) {
            group.more_values = true;
            return;
        }
        let alike = group.values.entry(value).or_default();
        alike.count += 1;
        if alike.message.is_empty() {
            alike.message.clone_from(&error.message);
        }
        // Every row of a value may have to be mended by itself.
        if alike.rows.len() < MAX_VALUES {
            alike.rows.push(place.number());
        }
    }

    pub fn change<R: Record>(&mut self, place: Place, label: &str, before: &R, after: &R) {
        self.changed += 1;
        if self.changes.len() >= MAX_CHANGES {
            return;
        }
        let cells = differences(&members(before), &members(after));
        let change = Change {
            row: place.number(),
            entity: R::ENTITY.singular(),
            id: before.id(),
            label: label.to_owned(),
            cells,
        };
        self.changes.push(change);
    }

    /// The changes, and how many there are in all.
    pub fn changes(&self) -> (&[Change], u64) {
        (&self.changes, self.changed)
    }

    /// The problems, the most frequent first, with what would mend them.
    pub fn problems(&self, conn: &Connection, usual: &proposals::Usual) -> Result<Vec<Problem>, DbError> {
        let mut problems = Vec::with_capacity(self.groups.len());
        for ((code, column), group) in &self.groups {
            let mut values = Vec::with_capacity(group.values.len());
            for (value, alike) in &group.values {
                let proposal = proposals::propose(conn, usual, code, column.as_deref(), value, &alike.rows)?;
                let mut rows = alike.rows.clone();
                rows.truncate(MAX_ROWS);
                let (value, message) = (value.clone(), alike.message.clone());
                values.push(ProblemValue { value, count: alike.count, rows, message, proposal });
            }
            values.sort_by_key(|value| std::cmp::Reverse(value.count));
            problems.push(Problem {
                code: code.clone(),
                column: column.clone(),
                count: group.count,
                message: group.message.clone(),
                rows: group.rows.clone(),
                values,
                values_truncated: group.more_values,
            });
        }
        problems.sort_by_key(|problem| std::cmp::Reverse(problem.count));
        Ok(problems)
    }
}

fn push_row(rows: &mut Vec<u64>, place: Place) {
    if rows.len() < MAX_ROWS {
        rows.push(place.number());
    }
}

fn members<R: Record>(row: &R) -> Map<String, Value> {
    match serde_json::to_value(row) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn differences(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Cell> {
    let differs = |(field, new): (&String, &Value)| {
        let old = before.get(field).unwrap_or(&Value::Null);
        (old != new).then(|| Cell { field: field.clone(), before: old.clone(), after: new.clone() })
    };
    after.iter().filter_map(differs).collect()
}
