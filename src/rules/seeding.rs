//! Ranking of those who advanced, for the heats and lanes of the next round (TR20.3).

use super::mark::TimeMs;

/// How somebody came into this round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Came {
    /// By this place in a heat.
    ByPlace(u32),
    /// As one of the fastest others, or by a decision.
    ByTime,
}

/// Somebody who advanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advanced {
    pub came: Came,
    /// Time of the previous round, with thousandths where there are any.
    pub time: TimeMs,
}

/// The order for the next round, and who is equal in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeding {
    /// Positions in the given list, the best first.
    pub order: Vec<usize>,
    /// Groups that only a draw can order; they stand in `order` as they were given.
    pub ties: Vec<Vec<usize>>,
}

/// For races up to 400 m and relays up to 4x400 m: all heat winners by time, then all second places by time … and
/// then those who advanced by time (TR20.3 \[P, D\]).
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::seeding::{Advanced, Came, by_place_then_time};
/// let second = Advanced { came: Came::ByPlace(2), time: TimeMs(10_100) };
/// let winner = Advanced { came: Came::ByPlace(1), time: TimeMs(10_300) };
/// assert_eq!(by_place_then_time(&[second, winner]).order, [1, 0]);
/// ```
pub fn by_place_then_time(advanced: &[Advanced]) -> Seeding {
    let key = |at: &usize| (advanced[*at].came, advanced[*at].time);
    let mut order: Vec<usize> = (0..advanced.len()).collect();
    order.sort_by_key(key);
    let ties = order.chunk_by(|a, b| key(a) == key(b)).filter(|tied| tied.len() > 1).map(<[usize]>::to_vec).collect();
    Seeding { order, ties }
}

/// For 800 m and longer: by the best mark of the season, which a better time of the earlier rounds replaces (TR20.3.2b \[S, D\]); who has
/// none comes last. Gives positions, the best first; equal ones keep their order.
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::seeding::by_best_mark;
/// let best = [Some(TimeMs(106_000)), None, Some(TimeMs(105_000))];
/// let run = [Some(TimeMs(104_000)), None, None];
/// assert_eq!(by_best_mark(&best, &run), [0, 2, 1]);
/// ```
pub fn by_best_mark(season: &[Option<TimeMs>], earlier_rounds: &[Option<TimeMs>]) -> Vec<usize> {
    let best = |at: &usize| {
        let times = [season.get(*at).copied().flatten(), earlier_rounds.get(*at).copied().flatten()];
        times.into_iter().flatten().min().map_or(i64::MAX, |time| time.0)
    };
    let mut order: Vec<usize> = (0..season.len()).collect();
    order.sort_by_cached_key(best);
    order
}
