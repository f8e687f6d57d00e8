//! What a backup is called: `meet-20270516-143000-automatic.db`, so that a list of files tells when and why.

use std::path::Path;

use serde::{Serialize, Serializer};

use crate::time::Moment;

/// How a backup ends, and the digest beside it.
pub const ENDING: &str = ".db";
const STAMP: &str = "YYYYMMDD-HHMMSS";
const LONGEST: usize = 80;

/// Why a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Somebody asked for it.
    Manual,
    /// Time had passed, and something had changed.
    Automatic,
    Shutdown,
    BeforeImport,
    BeforeDelete,
    BeforeRestore,
    BeforeMigration,
    /// It was brought from elsewhere.
    Uploaded,
    /// A file that lies in the folder for another reason.
    Other,
}

impl Reason {
    const ALL: [Reason; 9] = [
        Reason::Manual,
        Reason::Automatic,
        Reason::Shutdown,
        Reason::BeforeImport,
        Reason::BeforeDelete,
        Reason::BeforeRestore,
        Reason::BeforeMigration,
        Reason::Uploaded,
        Reason::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Reason::Manual => "manual",
            Reason::Automatic => "automatic",
            Reason::Shutdown => "shutdown",
            Reason::BeforeImport => "before-import",
            Reason::BeforeDelete => "before-delete",
            Reason::BeforeRestore => "before-restore",
            Reason::BeforeMigration => "before-migration",
            Reason::Uploaded => "uploaded",
            Reason::Other => "other",
        }
    }

    /// Whether the program made it unasked, and so may remove it again.
    pub fn is_ours(self) -> bool {
        !matches!(self, Reason::Manual | Reason::Uploaded | Reason::Other)
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A new name for a backup of the database called `stem` (see [`crate::db::Files::stem`]) that no file in `folder` has.
pub fn new_name(folder: &Path, stem: &str, reason: Reason) -> String {
    let base = format!("{}-{}-{}", stem, crate::time::file_stamp(), reason.as_str());
    let names = std::iter::once(base.clone()).chain((2..).map(|n: u32| format!("{base}-{n}")));
    let mut names = names.map(|name| name + ENDING);
    let is_free = |name: &String| !folder.join(name).exists() && !folder.join(format!("{name}.part")).exists();
    names.find(is_free).expect("there are numbers enough")
}

/// Whether a file of this name is listed: a plain name and our ending, no path.
pub fn is_listed(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    name.len() <= LONGEST
        && name.ends_with(ENDING)
        && name.bytes().all(is_plain)
        && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

/// What a name tells: why, and when where it says so.
pub fn read_name(name: &str) -> (Reason, Option<Moment>) {
    let stem = name.strip_suffix(ENDING).unwrap_or(name);
    // Two in one second are told apart by a number at the end.
    let stem = match stem.rsplit_once('-') {
        Some((base, n)) if !n.is_empty() && n.len() < 6 && n.bytes().all(|byte| byte.is_ascii_digit()) => base,
        _ => stem,
    };
    let known = Reason::ALL.into_iter().filter_map(|reason| Some((reason, before(stem, reason.as_str())?)));
    match known.min_by_key(|(_, rest)| rest.len()) {
        Some((reason, rest)) if stamp_of(rest).is_some() => (reason, stamp_of(rest)),
        _ => (Reason::Other, None),
    }
}

fn before<'n>(stem: &'n str, reason: &str) -> Option<&'n str> {
    stem.strip_suffix(reason)?.strip_suffix('-')
}

/// The moment at the end of a name, in this computer's local time.
fn stamp_of(text: &str) -> Option<Moment> {
    let digits = text.get(text.len().checked_sub(STAMP.len())?..)?;
    let (day, time) = digits.split_once('-')?;
    let part = |text: &'_ str, from: usize, to: usize| text.get(from..to).map(str::to_owned);
    let (year, month, date) = (part(day, 0, 4)?, part(day, 4, 6)?, part(day, 6, 8)?);
    let (hour, minute, second) = (part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6)?);
    Moment::read(&format!("{year}-{month}-{date}T{hour}:{minute}:{second}"))
}

#[cfg(test)]
mod tests;
