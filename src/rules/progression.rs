//! How many advance from a round: by place in the heat (`Q`), and as the fastest of the others (`q`) (TR20.8).

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

/// A proposal for a final of eight with up to 80 entries, as used at championships (TR20.8 tables \[D\], five heats \[K\]). `None` when
/// one race holds everybody, or for more. The meet may change it until the first heat starts.
///
/// ```
/// use athsys::rules::progression::of_eight;
/// let rule = of_eight(24).unwrap();
/// assert_eq!((rule.heats, rule.by_place, rule.by_time, rule.next_races), (3, 2, 2, 1));
/// assert_eq!(of_eight(8), None);
/// ```
pub fn of_eight(entries: usize) -> Option<Progression> {
    let rule = |heats, by_place, by_time, next_races| Some(Progression { heats, by_place, by_time, next_races });
    match entries {
        9..=16 => rule(2, 3, 2, 1),
        17..=24 => rule(3, 2, 2, 1),
        25..=32 => rule(4, 3, 4, 2),
        33..=40 => rule(5, 4, 4, 3),
        41..=48 => rule(6, 3, 6, 3),
        49..=56 => rule(7, 3, 3, 3),
        57..=64 => rule(8, 2, 8, 3),
        65..=72 => rule(9, 2, 6, 3),
        73..=80 => rule(10, 2, 4, 3),
        _ => None,
    }
}

/// For any final of `size` out of `heats`: as many by place as fit, and at least two by time where that leaves one by place \[C\].
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
