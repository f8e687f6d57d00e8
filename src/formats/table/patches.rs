//! Cells that a person has mended before the import: one cell, or every cell of a column with the same text.

use std::collections::HashMap;

use crate::formats::csv_out::undefuse;
use crate::rules::text;

/// One mended cell, or all that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The heading as the file has it.
    pub column: String,
    /// The row as a spreadsheet shows it; without one the patch holds for every row whose cell is `from`.
    pub row: Option<u64>,
    /// The text that is replaced, cleaned; blank for blank cells.
    pub from: String,
    pub to: String,
}

/// Mended cells as they were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patches(pub Vec<Patch>);

/// Mended values by the name of their member, for rows that are objects.
#[derive(Debug, Clone, Default)]
pub struct MemberPatches(HashMap<String, Mended>);

#[derive(Debug, Clone, Default)]
struct Mended {
    rows: HashMap<u64, String>,
    values: HashMap<String, String>,
}

/// Mended cells by the number of their column.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnPatches {
    cells: HashMap<(usize, u64), String>,
    values: HashMap<usize, HashMap<String, String>>,
}

/// Characters of a long value by which it is known: reports show no more of it.
const KNOWN_BY: usize = 200;

impl Patches {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of_members(&self) -> MemberPatches {
        let mut members: HashMap<String, Mended> = HashMap::new();
        for patch in &self.0 {
            let mended = members.entry(patch.column.clone()).or_default();
            match patch.row {
                Some(row) => drop(mended.rows.insert(row, patch.to.clone())),
                None => drop(mended.values.insert(patch.from.clone(), patch.to.clone())),
            }
        }
        MemberPatches(members)
    }

    /// A column that does not exist is passed over: what was refused in it will be refused again.
    pub(super) fn of_columns(&self, headings: &[String]) -> ColumnPatches {
        let mut patches = ColumnPatches::default();
        for patch in &self.0 {
            let Some(column) = headings.iter().position(|heading| *heading == patch.column) else { continue };
            match patch.row {
                Some(row) => drop(patches.cells.insert((column, row), patch.to.clone())),
                None => drop(patches.values.entry(column).or_default().insert(patch.from.clone(), patch.to.clone())),
            }
        }
        patches
    }
}

impl MemberPatches {
    /// The names of all members of which something is mended.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What a member has instead of `text`, if somebody has mended it. One row goes before all that are alike.
    pub fn instead(&self, member: &str, row: u64, text: &str) -> Option<&str> {
        let mended = self.0.get(member)?;
        if let Some(to) = mended.rows.get(&row) {
            return Some(to);
        }
        let cleaned = text::clean(text);
        mended.values.get(text::excerpt(&cleaned, KNOWN_BY).as_ref()).map(String::as_str)
    }
}

impl ColumnPatches {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.values.is_empty()
    }

    /// What stands in a cell instead, if somebody has mended it. One cell goes before all that are alike.
    pub(super) fn instead(&self, column: usize, row: u64, cell: &str) -> Option<&str> {
        if let Some(to) = self.cells.get(&(column, row)) {
            return Some(to);
        }
        let alike = self.values.get(&column)?;
        let cleaned = text::clean(undefuse(cell));
        alike.get(text::excerpt(&cleaned, KNOWN_BY).as_ref()).map(String::as_str)
    }
}
