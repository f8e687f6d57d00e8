//! Under which name this computer sends: kept beside the database, so that a restart goes on at once; made of this
//! computer and this folder too, so that a folder that was copied whole is somebody else.

use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::state::Holder;
use crate::audit::hex;
use crate::auth::token::random_token;
use crate::db::Files;

/// Who sends the changes of these files.
///
/// # Errors
/// When the name cannot be read or kept.
pub fn holder(files: &Files) -> io::Result<Holder> {
    let file = files.holder_file();
    let kept = match std::fs::read_to_string(&file) {
        Ok(kept) => kept,
        Err(error) if error.kind() == io::ErrorKind::NotFound => keep(&file)?,
        Err(error) => return Err(error),
    };
    let name = computer();
    let folder = files.folder().canonicalize()?;
    let mut digest = Sha256::new();
    for part in [kept.trim(), &machine(), &folder.to_string_lossy()] {
        digest.update(part);
        digest.update([0]);
    }
    let id = hex(&digest.finalize())[..32].to_owned();
    Ok(Holder { id, name })
}

fn keep(file: &Path) -> io::Result<String> {
    let token = random_token();
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(token.as_bytes())?;
    Ok(token)
}

/// What tells this computer from others, where the system says it.
fn machine() -> String {
    std::fs::read_to_string("/etc/machine-id").unwrap_or_else(|_| computer())
}

/// The computer's name, for people.
fn computer() -> String {
    let named = ["COMPUTERNAME", "HOSTNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let named = named.or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "a computer".into())
}
