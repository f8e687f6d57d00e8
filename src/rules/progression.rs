//! How many advance from a round: by place in the heat (`Q`), and as the fastest of the others (`q`) (TR20.8).

use std::sync::LazyLock;

use serde::Deserialize;

use super::data::Table;

/// The way from one round to the next, written `nQ + mq`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progression {
    pub heats: usize,
    /// The first so many of every heat.
    pub by_place: usize,
    /// The so many fastest of the others.
    pub by_time: usize,
    /// Semi-finals that follow; 1 is the final itself.
    pub next_races: usize,
}

#[derive(Deserialize)]
struct Line {
    event: String,
    from: usize,
    to: usize,
    heats: usize,
    by_place: usize,
    by_time: usize,
    next_races: usize,
}

/// A line of the table: for which event and how many entries it is.
pub(super) struct Listed {
    event: String,
    from: usize,
    to: usize,
    rule: Progression,
}

static LISTED: LazyLock<Vec<Listed>> =
    LazyLock::new(|| parse(Table::Progression.text()).expect("built-in and own tables have been checked"));

/// Reads the table; `*` stands for every event without lines of its own.
pub(super) fn parse(text: &str) -> Result<Vec<Listed>, String> {
    super::data::rows(text, |line: Line| {
        let Line { event, from, to, heats, by_place, by_time, next_races } = line;
        if from > to || heats == 0 || next_races == 0 || by_place == 0 {
            return Err("from is at most to, and heats, places and races are 1 or more".to_owned());
        }
        if heats.checked_mul(by_place).is_none_or(|placed| placed > from) {
            return Err(format!("{heats} heats with {by_place} places each are more than {from} entries"));
        }
        Ok(Listed { event, from, to, rule: Progression { heats, by_place, by_time, next_races } })
    })
}

/// What the table proposes for an event by its code and so many entries (TR20.8 tables; 800 m, 1500 m, steeplechase and 5000 m
/// \[D, S\]). `None` when one race holds everybody, or for more than the table knows. The meet may change it until the first heat
/// starts.
///
/// ```
/// use athsys::rules::progression::proposal;
/// let rule = proposal("1500", 44).unwrap();
/// assert_eq!((rule.heats, rule.by_place, rule.by_time, rule.next_races), (3, 6, 6, 2));
/// assert_eq!(proposal("200", 24), proposal("100", 24));
/// ```
pub fn proposal(event: &str, entries: usize) -> Option<Progression> {
    let has_own = LISTED.iter().any(|line| line.event == event);
    let key = if has_own { event } else { "*" };
    LISTED.iter().find(|line| line.event == key && (line.from..=line.to).contains(&entries)).map(|line| line.rule)
}

/// A proposal for a final of eight with up to 80 entries, as used at championships (TR20.8 tables \[D\], five heats \[K\]). `None` when
/// one race holds everybody, or for more.
///
/// ```
/// use athsys::rules::progression::of_eight;
/// let rule = of_eight(24).unwrap();
/// assert_eq!((rule.heats, rule.by_place, rule.by_time, rule.next_races), (3, 2, 2, 1));
/// assert_eq!(of_eight(8), None);
/// ```
pub fn of_eight(entries: usize) -> Option<Progression> {
    proposal("*", entries)
}

impl std::fmt::Display for Progression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}Q + {}q", self.by_place, self.by_time)
    }
}

/// For any final of `size` out of `heats`: as many by place as fit, and at least two by time where that leaves one by place
/// (TR20.8; the fallback is \[C\]).
///
/// ```
/// use athsys::rules::progression::of_any;
/// let rule = of_any(3, 8).unwrap();
/// assert_eq!((rule.by_place, rule.by_time), (2, 2));
/// ```
pub fn of_any(heats: usize, size: usize) -> Option<Progression> {
    let most = size.checked_div(heats)?;
    if most == 0 {
        return None;
    }
    let by_place = if most > 1 && size - most * heats < 2 { most - 1 } else { most };
    Some(Progression { heats, by_place, by_time: size - by_place * heats, next_races: 1 })
}
