//! Where the database lies when nobody says so: whoever presses an icon has chosen no working folder.

use std::path::{Path, PathBuf};

use crate::db::Files;

/// The database, unless somebody says otherwise.
pub const USUAL: &str = "athsys.db";
/// Folders that hold programs, and in which nobody looks for data.
const OF_PROGRAMS: [&str; 3] = ["bin", "sbin", "MacOS"];
/// Working folders that the system gives where nobody has chosen one.
const OF_THE_SYSTEM: [&str; 2] = ["system32", "syswow64"];

/// What is known of the start of the program.
#[derive(Debug, Default)]
struct Start {
    working: Option<PathBuf>,
    /// The folder of the program itself.
    program: Option<PathBuf>,
    home: Option<PathBuf>,
}

/// The database of a start without any argument: that of the working folder where there is one or somebody went there on
/// purpose, then that of the program's folder, then one in the person's documents. What it needs of folders is made.
pub fn of_a_bare_start() -> PathBuf {
    let program = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.to_owned()));
    choose(&Start { working: std::env::current_dir().ok(), program, home: std::env::home_dir() })
}

fn choose(start: &Start) -> PathBuf {
    let program = start.program.as_deref();
    if start.working.as_deref().is_some_and(|folder| has_database(folder) || is_chosen(folder, start)) {
        return PathBuf::from(USUAL);
    }
    if let Some(folder) = program.filter(|folder| has_database(folder) || is_for_data(folder)) {
        return folder.join(USUAL);
    }
    documents(start).unwrap_or_else(|| PathBuf::from(USUAL))
}

fn has_database(folder: &Path) -> bool {
    Files::of(&folder.join(USUAL)).exists()
}

/// Neither the root, nor the home folder, nor the system's, nor that of the program: there somebody has gone by hand.
fn is_chosen(folder: &Path, start: &Start) -> bool {
    let given = [start.program.as_deref(), start.home.as_deref()];
    folder.parent().is_some() && !given.contains(&Some(folder)) && !is_named(folder, &OF_THE_SYSTEM)
}

fn is_for_data(folder: &Path) -> bool {
    !is_named(folder, &OF_PROGRAMS) && tempfile::tempfile_in(folder).is_ok()
}

fn is_named(folder: &Path, names: &[&str]) -> bool {
    folder.file_name().is_some_and(|name| names.iter().any(|known| name.eq_ignore_ascii_case(known)))
}

/// A folder of our own among the documents, or in the home folder where a cloud program copies the documents.
fn documents(start: &Start) -> Option<PathBuf> {
    let home = start.home.as_deref()?;
    let places = [home.join("Documents"), home.to_owned()];
    let place =
        places.into_iter().find(|place| place.is_dir() && !Files::of(&place.join(USUAL)).is_synced())?.join("athsys");
    std::fs::create_dir_all(&place).ok()?;
    Some(place.join(USUAL))
}

#[cfg(test)]
mod tests;
