//! Who advances: by place and by time on the track (TR20.8), by standard and by rank in the field (TR25).

use std::collections::BTreeMap;

use super::mark::TimeMs;

/// One athlete in one heat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeatResult {
    /// The judges' place; `None` for a status without one.
    pub place: Option<u32>,
    /// As read, with thousandths where the photo finish has them.
    pub time: Option<TimeMs>,
}

/// An athlete of the round: heat and position in the list of that heat.
pub type Runner = (usize, usize);

/// Who advances from a round on the track.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advancing {
    /// `Q`.
    pub by_place: Vec<Runner>,
    /// `q`, the fastest first.
    pub by_time: Vec<Runner>,
    /// What a person has to decide before the list is complete.
    pub open: Vec<Decision>,
}

/// A question that the rules leave to the referee or to a draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Equal to the thousandth, and not room for all: so many are drawn (`qD`, TR20.8 \[P/K\]).
    DrawByTime { among: Vec<Runner>, places: usize },
    /// A tie for the last place of a heat takes more than the rule gives: a free lane, one fewer by time, or a draw
    /// (TR20.8, TR21 \[P\]).
    TieForPlace { heat: usize, among: Vec<Runner>, places: usize },
}

/// Applies `by_place` and `by_time` to the heats. `free_lanes` are places of the next round beyond the planned ones: ties use them. With
/// `comparable` false (heats timed by different systems) nobody advances by time, and it is the referee's decision (TR20.8 \[P\]).
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::qualification::{HeatResult, advance};
/// let runner = |place, ms| HeatResult { place: Some(place), time: Some(TimeMs(ms)) };
/// let heats = [vec![runner(1, 10_401), runner(2, 10_512)], vec![runner(1, 10_450), runner(2, 10_511)]];
/// let advancing = advance(&heats, 1, 1, 0, true);
/// assert_eq!((advancing.by_place.len(), advancing.by_time), (2, vec![(1, 1)]));
/// ```
pub fn advance(
    heats: &[Vec<HeatResult>],
    by_place: usize,
    by_time: usize,
    free_lanes: usize,
    comparable: bool,
) -> Advancing {
    let mut advancing = Advancing::default();
    let mut free = free_lanes;
    for (heat, results) in heats.iter().enumerate() {
        take_places(heat, results, by_place, &mut free, &mut advancing);
    }
    if comparable {
        take_times(heats, by_time, free, &mut advancing);
    }
    advancing
}

fn take_places(heat: usize, results: &[HeatResult], by_place: usize, free: &mut usize, advancing: &mut Advancing) {
    let mut placed: Vec<(u32, usize)> =
        results.iter().enumerate().filter_map(|(at, result)| Some((result.place?, at))).collect();
    placed.sort_unstable();
    let mut left = by_place;
    for tied in placed.chunk_by(|a, b| a.0 == b.0) {
        if left == 0 {
            return;
        }
        let runners: Vec<Runner> = tied.iter().map(|(_, at)| (heat, *at)).collect();
        let surplus = runners.len().saturating_sub(left);
        if surplus <= *free {
            *free -= surplus;
            left = left.saturating_sub(runners.len());
            advancing.by_place.extend(runners);
        } else {
            advancing.open.push(Decision::TieForPlace { heat, among: runners, places: left });
            left = 0;
        }
    }
}

fn take_times(heats: &[Vec<HeatResult>], by_time: usize, free: usize, advancing: &mut Advancing) {
    let settled = |runner: &Runner| {
        let in_question = advancing.open.iter().any(|decision| match decision {
            Decision::TieForPlace { among, .. } | Decision::DrawByTime { among, .. } => among.contains(runner),
        });
        advancing.by_place.contains(runner) || in_question
    };
    let mut timed: Vec<(TimeMs, Runner)> = Vec::new();
    for (heat, results) in heats.iter().enumerate() {
        for (at, result) in results.iter().enumerate() {
            // Who has no place was disqualified or did not finish, whatever the clock shows.
            if let (Some(time), Some(_), false) = (result.time, result.place, settled(&(heat, at))) {
                timed.push((time, (heat, at)));
            }
        }
    }
    timed.sort_unstable();
    let mut left = by_time;
    for tied in timed.chunk_by(|a, b| a.0 == b.0) {
        if left == 0 {
            return;
        }
        let runners = tied.iter().map(|(_, runner)| *runner);
        if tied.len() <= left.saturating_add(free) {
            left = left.saturating_sub(tied.len());
            advancing.by_time.extend(runners);
        } else {
            advancing.open.push(Decision::DrawByTime { among: runners.collect(), places: left });
            return;
        }
    }
}

/// Who advances from a qualification round in the field, each by position in the given list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldAdvancing {
    /// `Q`: reached the standard.
    pub by_standard: Vec<usize>,
    /// `q`: filled up by rank.
    pub by_rank: Vec<usize>,
}

/// Applies a standard and a minimum number to the athletes of all groups (TR25; ties for the last place all advance \[K\]).
/// `places` are of the ranking of all groups together, `reached` tells who has the standard.
///
/// ```
/// use athsys::rules::qualification::advance_field;
/// let advancing = advance_field(&[Some(1), Some(2), Some(2), None], &[true, false, false, false], 2);
/// assert_eq!((advancing.by_standard, advancing.by_rank), (vec![0], vec![1, 2]));
/// ```
pub fn advance_field(places: &[Option<u32>], reached: &[bool], minimum: usize) -> FieldAdvancing {
    let has = |at: usize| reached.get(at).copied().unwrap_or(false);
    let by_standard: Vec<usize> = (0..places.len()).filter(|at| has(*at)).collect();
    let mut others: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate().filter(|(at, _)| !has(*at)) {
        if let Some(place) = place {
            others.entry(*place).or_default().push(at);
        }
    }
    let mut by_rank = Vec::new();
    for tied in others.into_values() {
        if by_standard.len() + by_rank.len() >= minimum {
            break;
        }
        by_rank.extend(tied);
    }
    FieldAdvancing { by_standard, by_rank }
}
