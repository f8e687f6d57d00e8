//! Where a database may lie: on a disk of this computer.

use std::path::Path;

/// Folders whose name says that a program copies them elsewhere while they are written.
const SYNCED: [&str; 8] =
    ["dropbox", "onedrive", "icloud", "com~apple~clouddocs", "google drive", "googledrive", "nextcloud", "owncloud"];

/// The file system of a folder where it is one that another computer serves: its locks and its flushing cannot be relied
/// on.
pub(super) fn network_of(folder: &Path) -> Option<&'static str> {
    let full = std::fs::canonicalize(folder).ok()?;
    if cfg!(windows) {
        let full = full.to_string_lossy();
        return (full.starts_with(r"\\?\UNC\") || (full.starts_with(r"\\") && !full.starts_with(r"\\?\")))
            .then_some("a share of Windows");
    }
    of_mount(&full)
}

/// By the numbers in `statfs(2)`.
#[cfg(target_os = "linux")]
fn of_mount(folder: &Path) -> Option<&'static str> {
    let found = rustix::fs::statfs(folder).ok()?;
    #[allow(clippy::useless_conversion, reason = "an i64 on some systems only")]
    let number = i64::try_from(found.f_type).ok()?;
    known_as(number & 0xFFFF_FFFF)
}

#[cfg(not(target_os = "linux"))]
fn of_mount(_: &Path) -> Option<&'static str> {
    None
}

#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux tells the number"))]
fn known_as(number: i64) -> Option<&'static str> {
    match number {
        0x6969 => Some("NFS"),
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => Some("a share of Windows"),
        0x0102_1997 => Some("a folder of another system (9p)"),
        0x786F_4256 => Some("a folder shared with a virtual machine"),
        0x5346_414F => Some("AFS"),
        0x7375_7245 => Some("Coda"),
        0x00C3_6400 => Some("Ceph"),
        0x0bd0_0bd0 => Some("Lustre"),
        _ => None,
    }
}

/// True where a program for shared folders is likely to copy the file while it is being written.
pub(super) fn is_synced(folder: &Path) -> bool {
    let full = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    full.components().any(|part| {
        let part = part.as_os_str().to_string_lossy().to_lowercase();
        SYNCED.iter().any(|name| part.starts_with(name))
    })
}

#[cfg(test)]
mod tests;
