//! Lanes: the groups of rank and their lanes, and the draw within each group (TR20.4).

use super::draw::Draw;

/// Which lanes are good: on the straight, in the bend of 200 m, or over a lap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaneClass {
    /// 50 to 110 m, flat and hurdles.
    Straight,
    /// 200 m and 300 m; 150 m and 300 m hurdles by convention \[C\].
    Bend,
    /// 400 m, 400 m hurdles, relays up to 4x400 m, 800 m in lanes.
    Lap,
}

/// Ranks that draw among themselves, and the lanes they draw for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneGroup {
    /// Best and worst rank of the group, from 1.
    pub ranks: (usize, usize),
    /// As the table lists them, which is the order that the draw starts from.
    pub lanes: Vec<u8>,
}

/// Which table of groups is used. A meet may bring its own as [`LaneTable::Own`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaneTable {
    /// By event class, in force since 2023 (edition 2026 \[P\]).
    ByClass,
    /// One table for everything, until the middle of 2023 \[S\]; eight lanes.
    Before2023,
    /// For six lanes, not official \[S\].
    SixLanes,
    /// Indoor oval with six lanes \[K\].
    IndoorOval,
    /// A federation's or a meet's own groups, the lanes of the best first.
    Own(Vec<Vec<u8>>),
}

/// The groups for a track with so many lanes; `None` when the table has none for it.
///
/// ```
/// use athsys::rules::lanes::{LaneClass, LaneTable, groups};
/// let groups = groups(&LaneTable::ByClass, LaneClass::Straight, 8).unwrap();
/// assert_eq!(groups[0].lanes, [3, 4, 5, 6]);
/// ```
pub fn groups(table: &LaneTable, class: LaneClass, lanes: u8) -> Option<Vec<LaneGroup>> {
    let listed: Vec<Vec<u8>> = match (table, class, lanes) {
        (LaneTable::Own(own), _, _) => own.clone(),
        (LaneTable::ByClass, LaneClass::Straight, 8) => vec![vec![3, 4, 5, 6], vec![2, 7], vec![1, 8]],
        (LaneTable::ByClass, LaneClass::Bend, 8) => vec![vec![5, 6, 7], vec![3, 4, 8], vec![1, 2]],
        (LaneTable::ByClass, LaneClass::Lap, 8) => vec![vec![4, 5, 6, 7], vec![3, 8], vec![1, 2]],
        (LaneTable::ByClass, LaneClass::Straight, 9) => vec![vec![4, 5, 6], vec![3, 7], vec![2, 8], vec![1, 9]],
        (LaneTable::ByClass, LaneClass::Bend, 9) => vec![vec![5, 6, 7, 8], vec![3, 4, 9], vec![1, 2]],
        (LaneTable::ByClass, LaneClass::Lap, 9) => vec![vec![5, 6, 7], vec![4, 8], vec![3, 9], vec![1, 2]],
        (LaneTable::Before2023, _, 8) => vec![vec![3, 4, 5, 6], vec![7, 8], vec![1, 2]],
        (LaneTable::SixLanes, LaneClass::Straight, 6) => vec![vec![3, 4], vec![2, 5], vec![1, 6]],
        (LaneTable::SixLanes, LaneClass::Bend | LaneClass::Lap, 6) => vec![vec![3, 4, 5], vec![2, 6], vec![1]],
        (LaneTable::IndoorOval, _, 6) => vec![vec![5, 6], vec![3, 4], vec![1, 2]],
        _ => return None,
    };
    Some(ranked(listed))
}

/// Gives each group its ranks, one after the other.
fn ranked(listed: Vec<Vec<u8>>) -> Vec<LaneGroup> {
    let mut next = 1;
    let group = |lanes: Vec<u8>| {
        let first = next;
        next += lanes.len();
        LaneGroup { ranks: (first, next - 1), lanes }
    };
    listed.into_iter().map(group).collect()
}

/// The groups for `athletes` on `lanes`: inside lanes stay empty and the numbering shifts (TR20.4 \[P\]). Where no table has that
/// size, the lowest lanes of the last groups stay empty \[C\].
///
/// ```
/// use athsys::rules::lanes::{LaneClass, LaneTable, groups_for};
/// // Eight athletes on nine lanes: lane 2 counts as lane 1.
/// let groups = groups_for(&LaneTable::ByClass, LaneClass::Straight, 9, 8).unwrap();
/// assert_eq!(groups[0].lanes, [4, 5, 6, 7]);
/// ```
pub fn groups_for(table: &LaneTable, class: LaneClass, lanes: u8, athletes: usize) -> Option<Vec<LaneGroup>> {
    if athletes > usize::from(lanes) {
        return None;
    }
    let shift = lanes.saturating_sub(u8::try_from(athletes).ok()?);
    if let Some(smaller) = groups(table, class, lanes - shift).filter(|_| !matches!(table, LaneTable::Own(_))) {
        let moved = |lanes: Vec<u8>| lanes.into_iter().map(|lane| lane + shift).collect();
        return Some(ranked(smaller.into_iter().map(|group| moved(group.lanes)).collect()));
    }
    let full = groups(table, class, lanes)?;
    let mut listed: Vec<Vec<u8>> = full.into_iter().map(|group| group.lanes).collect();
    let mut surplus = listed.iter().map(Vec::len).sum::<usize>().checked_sub(athletes)?;
    while surplus > 0 {
        let last = listed.last_mut()?;
        let lowest = last.iter().enumerate().min_by_key(|(_, lane)| **lane).map(|(at, _)| at)?;
        last.remove(lowest);
        if last.is_empty() {
            listed.pop();
        }
        surplus -= 1;
    }
    Some(ranked(listed))
}

/// The lane of each athlete in order of rank: every group draws among its lanes with one generator for the race
/// (TR20.4; section 3.6 \[C\]). `None` when there are more athletes than lanes or no table for the track.
///
/// ```
/// use athsys::rules::lanes::{LaneClass, LaneTable, draw_lanes};
/// let lanes = draw_lanes(&LaneTable::ByClass, LaneClass::Straight, 8, 8, 20_260_808).unwrap();
/// assert_eq!(lanes, [5, 6, 3, 4, 7, 2, 1, 8]);
/// ```
pub fn draw_lanes(table: &LaneTable, class: LaneClass, lanes: u8, athletes: usize, seed: u64) -> Option<Vec<u8>> {
    let mut draw = Draw::seeded(seed);
    let mut drawn = Vec::with_capacity(athletes);
    for mut group in groups_for(table, class, lanes, athletes)? {
        draw.shuffle(&mut group.lanes);
        drawn.extend(group.lanes);
    }
    Some(drawn)
}
