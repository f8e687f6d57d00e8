//! What a start found, for the person at the console.

use std::path::{Path, PathBuf};

/// Where the data of this start came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// There was nothing
    New,
    /// The file, as the last clean end left it
    Left,
    /// The file, as an earlier version left it
    Older,
    /// The file, copied while a server was running and put back, or brought here from another computer
    PutBack,
    /// The live store of a server that did not come to its end
    Crashed,
    /// As [`Origin::Crashed`]; what lay in place of the file was no whole database and is kept
    Repaired { kept: Option<PathBuf> },
    /// The file, put back over a live store, which is kept
    Restored { kept: PathBuf },
}

impl Origin {
    /// What the person at the console should know; `file` is its name.
    pub fn sentence(&self, file: &str) -> Option<String> {
        let kept_as = |kept: &Path| kept.display().to_string();
        match self {
            Origin::New | Origin::Left => None,
            Origin::Older => Some(format!("{file} was left by an earlier version; everything in it was taken over")),
            Origin::PutBack => Some(format!(
                "{file} is a copy that was taken from a running server. The server goes on from what is in it, and \
                 everybody has to sign in again"
            )),
            Origin::Crashed => {
                Some("The server did not come to its end the last time. Everything it had saved is here".to_owned())
            }
            Origin::Repaired { kept: None } => Some(format!("{file} was gone and has been written again")),
            Origin::Repaired { kept: Some(kept) } => Some(format!(
                "What lay in place of {file} was no whole database; it is kept as {}. The server goes on with everything \
                 it had saved",
                kept_as(kept)
            )),
            Origin::Restored { kept } => Some(format!(
                "{file} was put back. The server goes on from what is in it, and everybody has to sign in again; what was \
                 there before is kept as {}",
                kept_as(kept)
            )),
        }
    }
}
