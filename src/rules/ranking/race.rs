//! The result of a race and of several races together (TR21, CR25).

use super::{Status, in_order, places};
use crate::rules::mark::TimeMs;

/// The order in which a list shows the athletes, as positions in the given one: by place, then those without one as no mark, DNF,
/// DQ, DNS (section 5.5 \[C\]). Equal ones keep their order.
///
/// ```
/// use athsys::rules::ranking::{Status::*, race::listing_order};
/// assert_eq!(listing_order(&[(Some(2), Finished), (None, DidNotStart), (Some(1), Finished)]), [2, 0, 1]);
/// ```
pub fn listing_order(rows: &[(Option<u32>, Status)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|at| {
        let (place, status) = rows[*at];
        // A place that came with a status is not shown, so it does not order either.
        let place = place.filter(|_| status == Status::Finished);
        (status, place.unwrap_or(u32::MAX))
    });
    order
}

/// One athlete, or one relay team, of several races with one result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed {
    /// Number of the race.
    pub race: u32,
    /// The judges' place in that race, where they gave one: it orders athletes of one race whose times are equal.
    pub place: Option<u32>,
    /// The official time; `None` without one.
    pub time: Option<TimeMs>,
}

/// Overall places of timed finals: by official time, equal times share the place (section 5.4 \[C\]). Within one race the judges'
/// order stands even when the times are equal, unless somebody of another race has the same time.
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::ranking::race::{Timed, timed_final};
/// let timed = |race, ms| Timed { race, place: None, time: Some(TimeMs(ms)) };
/// assert_eq!(timed_final(&[timed(1, 11_200), timed(2, 11_200), timed(1, 11_310)]), [Some(1), Some(1), Some(3)]);
/// ```
pub fn timed_final(rows: &[Timed]) -> Vec<Option<u32>> {
    let by_time = places(rows, |row| row.time.is_some(), |a, b| a.time.cmp(&b.time));
    let mut overall = by_time.clone();
    for tied in in_order(&by_time).chunk_by(|a, b| by_time[*a] == by_time[*b]) {
        let race = rows[tied[0]].race;
        if tied.iter().all(|at| rows[*at].race == race && rows[*at].place.is_some()) {
            let within: Vec<Option<u32>> = tied.iter().map(|at| rows[*at].place).collect();
            for (at, judged) in tied.iter().zip(places(&within, |_| true, Ord::cmp)) {
                overall[*at] = by_time[*at].zip(judged).map(|(first, judged)| first.saturating_add(judged - 1));
            }
        }
    }
    overall
}
