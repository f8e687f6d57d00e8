//! How many connections the system has room for.

/// Files besides connections: the database's, those of imports, the log.
#[cfg(unix)]
const OTHERS: u64 = 512;

/// Has the system allow `wanted` connections, each of which is an open file to it, where it allows so few by itself (often
/// 1,024, on macOS 256). Answers how many there is room for: with none left, no database file could be opened either.
#[cfg(unix)]
pub(super) fn connections(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let needed = wanted as u64 + OTHERS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let Some(now) = current.filter(|now| *now < needed) else { return wanted };
    let most = maximum.map_or(needed, |maximum| needed.min(maximum));
    let allowed = match setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum }) {
        Ok(()) => most,
        Err(_) => now,
    };
    if allowed >= needed {
        return wanted;
    }
    let room = usize::try_from(allowed.saturating_sub(OTHERS).max(allowed / 2)).unwrap_or(wanted).min(wanted);
    tracing::warn!(connections = room, "the system allows few open files: raise its limit (ulimit -n) to {needed}");
    room
}

#[cfg(not(unix))]
pub(super) fn connections(wanted: usize) -> usize {
    wanted
}
