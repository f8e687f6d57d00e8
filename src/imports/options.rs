//! How an import is to be done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::formats::table::{Patch, Patches};
use crate::http::error::{ApiError, ApiResult};
use crate::records::{nearest, pairs};
use crate::rules::text;

/// What happens to good rows when there are bad ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Good rows are kept.
    #[default]
    Partial,
    /// All rows or none.
    Atomic,
}

/// What happens to a row that is stored already, with other values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum OnDuplicate {
    /// It is refused.
    #[default]
    Error,
    /// It is passed over.
    Skip,
    /// Its given values replace the stored ones.
    Update,
}

/// The options of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub mode: Mode,
    pub on_duplicate: OnDuplicate,
    /// Everything but the commit.
    pub dry_run: bool,
    /// Column heading to field, or to nothing; instead of what the headings say.
    pub mapping: Option<BTreeMap<String, Option<String>>>,
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    /// Cells that somebody has mended.
    pub patches: Patches,
    /// Entries may bring athletes that are not there yet.
    pub create_athletes: bool,
    /// The race of entries and events that name none.
    pub race_id: Option<i64>,
    /// Problems by kind and changes cell by cell are wanted.
    pub is_preview: bool,
}

const KNOWN: [&str; 9] =
    ["mode", "on_duplicate", "dry_run", "mapping", "encoding", "delimiter", "repairs", "create_athletes", "race_id"];

/// One entry of the parameter `repairs`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repair {
    column: String,
    row: Option<u64>,
    from: Option<String>,
    /// Nothing makes the cell blank.
    to: Option<String>,
}

impl Options {
    /// Reads them from a query string.
    ///
    /// # Errors
    /// 400 that names what was not understood.
    pub fn from_query(query: &str) -> ApiResult<Options> {
        let mut options = Options::default();
        for (name, value) in pairs(query) {
            options.set(&name, &value)?;
        }
        Ok(options)
    }

    /// Whether there is a parameter of this name.
    pub fn is_known(name: &str) -> bool {
        KNOWN.contains(&name)
    }

    /// Sets one parameter, of the query or of the form.
    ///
    /// # Errors
    /// 400 that names what was not understood.
    pub fn set(&mut self, name: &str, value: &str) -> ApiResult<()> {
        let one_of = |known: &str| {
            let shown = text::excerpt(value, 40);
            ApiError::bad_request("invalid-parameter", format!("{name} must be {known}; not '{shown}'"))
        };
        match name {
            "mode" => {
                self.mode = match value {
                    "partial" => Mode::Partial,
                    "atomic" => Mode::Atomic,
                    _ => return Err(one_of("partial or atomic")),
                }
            }
            "on_duplicate" => {
                self.on_duplicate = match value {
                    "error" => OnDuplicate::Error,
                    "skip" => OnDuplicate::Skip,
                    "update" => OnDuplicate::Update,
                    _ => return Err(one_of("error, skip or update")),
                }
            }
            "dry_run" => self.dry_run = boolean(value).ok_or_else(|| one_of("true or false"))?,
            "create_athletes" => self.create_athletes = boolean(value).ok_or_else(|| one_of("true or false"))?,
            "race_id" => {
                let id = value.parse().ok().filter(|id: &i64| *id > 0);
                self.race_id = Some(id.ok_or_else(|| one_of("the id of a race"))?);
            }
            "repairs" => {
                let read: Vec<Repair> = serde_json::from_str(value).map_err(|_| {
                    one_of("JSON such as [{\"column\": \"Nation\", \"from\": \"Kenia\", \"to\": \"KEN\"}]")
                })?;
                self.patches.0.extend(read.into_iter().map(patch));
            }
            "mapping" => {
                let read = serde_json::from_str(value);
                self.mapping = Some(read.map_err(|_| one_of("JSON such as {\"Verein\": \"club\", \"Notes\": null}"))?);
            }
            "encoding" => self.encoding = Some(value.to_owned()),
            "delimiter" => self.delimiter = Some(delimiter(value).ok_or_else(|| one_of("one character, or tab"))?),
            _ => {
                let hint = nearest(name, &KNOWN).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                let shown = text::excerpt(name, 40);
                let detail = format!("{shown} is not a known parameter; known are {}{hint}", KNOWN.join(", "));
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", KNOWN));
            }
        }
        Ok(())
    }
}

fn patch(repair: Repair) -> Patch {
    let from = text::clean(repair.from.as_deref().unwrap_or_default()).into_owned();
    Patch { column: repair.column, row: repair.row, from, to: repair.to.unwrap_or_default() }
}

fn boolean(value: &str) -> Option<bool> {
    match value {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// One ASCII character, or its name. What ends a line cannot end a cell.
pub fn delimiter(text: &str) -> Option<char> {
    match text {
        "tab" | "\\t" => Some('\t'),
        "semicolon" => Some(';'),
        "comma" => Some(','),
        "pipe" => Some('|'),
        _ => {
            let mut chars = text.chars();
            let is_usable = |c: &char| c.is_ascii() && !c.is_alphanumeric() && !matches!(c, '"' | '\r' | '\n' | '\0');
            chars.next().filter(is_usable).filter(|_| chars.next().is_none())
        }
    }
}
