//! Lanes: the groups of rank and their lanes, and the draw within each group (TR20.4).

use std::sync::LazyLock;

use serde::Deserialize;

use super::data::Table;
use super::discipline::{self, Discipline};
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

impl LaneClass {
    /// The class of an event with lanes, by its code; `None` for one without (TR20.4 \[P\]; 150 m and 300 m hurdles \[C\]).
    ///
    /// ```
    /// use athsys::rules::lanes::LaneClass;
    /// assert_eq!(LaneClass::of("110H"), Some(LaneClass::Straight));
    /// assert_eq!((LaneClass::of("4x100"), LaneClass::of("1500")), (Some(LaneClass::Lap), None));
    /// ```
    pub fn of(event: &str) -> Option<LaneClass> {
        let event: &Discipline = discipline::find(event).filter(|event| event.default_lanes > 0)?;
        match discipline::metres(&event.code) {
            Some(..=110) => Some(LaneClass::Straight),
            Some(..=300) => Some(LaneClass::Bend),
            Some(_) | None => Some(LaneClass::Lap),
        }
    }
}

/// Ranks that draw among themselves, and the lanes they draw for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneGroup {
    /// Best and worst rank of the group, from 1.
    pub ranks: (usize, usize),
    /// As the table lists them, which is the order that the draw starts from.
    pub lanes: Vec<u8>,
}

/// Which table of groups is used (TR20.4).
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
    /// A federation's, by its name in the table of lanes.
    Named(String),
    /// A meet's own groups, the lanes of the best first.
    Own(Vec<Vec<u8>>),
}

impl LaneTable {
    fn name(&self) -> &str {
        match self {
            LaneTable::ByClass => "by_class",
            LaneTable::Before2023 => "before_2023",
            LaneTable::SixLanes => "six_lanes",
            LaneTable::IndoorOval => "indoor_oval",
            LaneTable::Named(name) => name,
            LaneTable::Own(_) => "",
        }
    }
}

/// One line of the table of lanes.
pub(super) struct Listed {
    table: String,
    /// `None` serves every class.
    class: Option<LaneClass>,
    lanes: u8,
    groups: Vec<Vec<u8>>,
}

#[derive(Deserialize)]
struct Line {
    table: String,
    class: String,
    lanes: u8,
    groups: String,
}

static LISTED: LazyLock<Vec<Listed>> =
    LazyLock::new(|| parse(Table::Lanes.text()).expect("built-in and own tables have been checked"));

/// Reads groups of lanes: `3 4 5 6|2 7|1 8`, the lanes of the best first.
pub(super) fn parse(text: &str) -> Result<Vec<Listed>, String> {
    super::data::rows(text, |line: Line| {
        let class = match line.class.as_str() {
            "straight" => Some(LaneClass::Straight),
            "bend" => Some(LaneClass::Bend),
            "lap" => Some(LaneClass::Lap),
            "any" => None,
            other => return Err(format!("the class is straight, bend, lap or any, not {other}")),
        };
        let lane = |text: &str| text.parse::<u8>().map_err(|_| format!("{text} is no lane"));
        let group = |text: &str| text.split_whitespace().map(lane).collect::<Result<Vec<u8>, _>>();
        let groups: Vec<Vec<u8>> = line.groups.split('|').map(group).collect::<Result<_, _>>()?;
        let mut all = groups.concat();
        all.sort_unstable();
        if let Some(twice) = all.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("lane {} stands in it twice", twice[0]));
        }
        if all.len() > usize::from(line.lanes) || all.iter().any(|lane| !(1..=line.lanes).contains(lane)) {
            return Err(format!("the track has lanes 1 to {} only", line.lanes));
        }
        if groups.iter().any(Vec::is_empty) {
            return Err("a group without lanes".to_owned());
        }
        Ok(Listed { table: line.table, class, lanes: line.lanes, groups })
    })
}

/// The groups for a track with so many lanes (TR20.4 \[P\] for the classes, \[S, K\] for the other tables); `None` when the table
/// has none for it.
///
/// ```
/// use athsys::rules::lanes::{LaneClass, LaneTable, groups};
/// let groups = groups(&LaneTable::ByClass, LaneClass::Straight, 8).unwrap();
/// assert_eq!(groups[0].lanes, [3, 4, 5, 6]);
/// ```
pub fn groups(table: &LaneTable, class: LaneClass, lanes: u8) -> Option<Vec<LaneGroup>> {
    if let LaneTable::Own(own) = table {
        return Some(ranked(own.clone()));
    }
    let serves = |one: &&Listed| {
        one.table == table.name() && one.lanes == lanes && one.class.is_none_or(|served| served == class)
    };
    LISTED.iter().find(serves).map(|one| ranked(one.groups.clone()))
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
