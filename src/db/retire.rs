//! What becomes of a published file once another has its place.

use std::fs::File;
use std::path::Path;

use super::pace::Pace;

/// Bytes freed at a time.
const STEP: u64 = 1 << 20;

/// The file that is about to lose its name. Some file systems stop everybody's flushes for tens of milliseconds while
/// they free a large file at once, and every save is a flush; so it is freed little by little.
pub(super) struct Retiring(Option<File>);

impl Retiring {
    /// Takes hold of a file; to be called before another one takes its place.
    pub fn of(path: &Path) -> Retiring {
        Retiring(File::options().write(true).open(path).ok().filter(|_| cfg!(target_os = "linux")))
    }

    /// Frees it, once it has lost its name; true when it could be done little by little. A file that somebody is still
    /// reading, or that has another name, stays as it is: the system frees it when the last one lets go of it.
    pub fn free(self, mut pace: Pace) -> bool {
        let Some(file) = self.0.filter(is_nobodys) else { return false };
        let mut left = file.metadata().map_or(0, |meta| meta.len());
        while left > 0 && pace.is_gentle() {
            left = left.saturating_sub(STEP);
            if file.set_len(left).is_err() {
                return false;
            }
            pace.breathe();
        }
        true
    }
}

/// Whether this is the only way left to reach the file: no name, and nobody else who has it open.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "leases have no safe wrapper")]
fn is_nobodys(file: &File) -> bool {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::MetadataExt;
    if file.metadata().map_or(1, |meta| meta.nlink()) != 0 {
        return false;
    }
    // The system grants a lease for writing only while nobody else has the file open; without a name nobody can begin.
    // SAFETY: both calls take a descriptor that lives as long as `file`, and two numbers.
    unsafe {
        let is_granted = libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_WRLCK) == 0;
        is_granted && libc::fcntl(file.as_raw_fd(), libc::F_SETLEASE, libc::F_UNLCK) == 0
    }
}

#[cfg(not(target_os = "linux"))]
fn is_nobodys(_: &File) -> bool {
    false
}

#[cfg(test)]
mod tests;
