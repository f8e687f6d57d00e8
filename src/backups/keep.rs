//! Which backups stay: many of the last hour, some of the last days, and never none that is whole.

use std::collections::HashSet;

use super::name::Reason;

const NEWEST: usize = 12;
const HOURLY: usize = 24;
const DAILY: usize = 14;
const BEFORE: usize = 20;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The most room that all of them may take, in bytes …
const MOST_BYTES: u64 = 2 << 30;
/// … and as a part of what is free without them.
const MOST_PART: u64 = 5;

/// A backup as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub reason: Reason,
    pub created_ms: i64,
    pub bytes: u64,
    pub is_verified: bool,
}

/// How much room the backups may take where so much is free.
pub fn room(free_bytes: Option<u64>, taken_bytes: u64) -> u64 {
    free_bytes.map_or(MOST_BYTES, |free| ((free + taken_bytes) / MOST_PART).min(MOST_BYTES))
}

/// The names of those that go. What somebody made by hand or brought stays until they remove it themselves.
pub fn surplus(items: &[Item], room: u64) -> Vec<String> {
    let mut newest_first: Vec<&Item> = items.iter().collect();
    newest_first.sort_by(|a, b| (b.created_ms, &b.name).cmp(&(a.created_ms, &a.name)));
    let kept = kept(&newest_first);
    let mut gone: Vec<&Item> =
        newest_first.iter().filter(|one| one.reason.is_ours() && !kept.contains(one.name.as_str())).copied().collect();
    let mut taken: u64 = items.iter().map(|one| one.bytes).sum::<u64>() - gone.iter().map(|one| one.bytes).sum::<u64>();
    for one in newest_first.iter().rev().filter(|one| one.reason.is_ours() && kept.contains(one.name.as_str())) {
        if taken <= room {
            break;
        }
        taken -= one.bytes;
        gone.push(one);
    }
    // Without the last whole one there would be no way back.
    let last = newest_first.iter().find(|one| one.is_verified);
    gone.retain(|one| last.is_none_or(|last| last.name != one.name));
    gone.into_iter().map(|one| one.name.clone()).collect()
}

fn kept<'i>(newest_first: &[&'i Item]) -> HashSet<&'i str> {
    let is_timed = |one: &&&Item| matches!(one.reason, Reason::Automatic | Reason::Shutdown);
    let timed: Vec<&Item> = newest_first.iter().filter(is_timed).copied().collect();
    let before: Vec<&Item> = newest_first.iter().filter(|one| !is_timed(one)).copied().collect();
    let mut kept: HashSet<&str> = timed.iter().take(NEWEST).map(|one| one.name.as_str()).collect();
    kept.extend(last_of_each(&timed, HOUR_MS, HOURLY));
    kept.extend(last_of_each(&timed, DAY_MS, DAILY));
    kept.extend(before.iter().filter(|one| one.reason.is_ours()).take(BEFORE).map(|one| one.name.as_str()));
    kept
}

/// The newest of each of the newest spans of time in which there is one.
fn last_of_each<'i>(newest_first: &[&'i Item], span_ms: i64, most: usize) -> Vec<&'i str> {
    let mut found: Vec<(i64, &str)> = Vec::new();
    for one in newest_first {
        let span = one.created_ms.div_euclid(span_ms);
        if found.last().is_none_or(|(last, _)| *last != span) {
            found.push((span, &one.name));
        }
    }
    found.into_iter().take(most).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests;
