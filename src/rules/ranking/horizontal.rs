//! Horizontal jumps and throws: series of attempts, their ranking, the cut and the order of the last rounds (TR25).

use super::{in_order, ordinal, places};
use crate::rules::mark::Centimetres;

/// One trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attempt {
    Mark(Centimetres),
    /// `x`
    Failure,
    /// `-`
    Pass,
    /// `r`: no more trials; what was reached stands (CR25 \[P\]).
    Retired,
}

/// The trials of one athlete, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Series(pub Vec<Attempt>);

impl Series {
    /// The valid marks, the best first.
    fn valid(&self) -> Vec<Centimetres> {
        let mut marks: Vec<Centimetres> = self
            .0
            .iter()
            .filter_map(|attempt| match attempt {
                Attempt::Mark(mark) => Some(*mark),
                Attempt::Failure | Attempt::Pass | Attempt::Retired => None,
            })
            .collect();
        marks.sort_unstable_by(|a, b| b.cmp(a));
        marks
    }

    /// The best valid mark; `None` is `NM` (TR25 \[S, D\], CR25 \[P\]).
    ///
    /// ```
    /// use athsys::rules::mark::Centimetres;
    /// use athsys::rules::ranking::horizontal::{Attempt::*, Series};
    /// let series = Series(vec![Failure, Mark(Centimetres(745)), Mark(Centimetres(760))]);
    /// assert_eq!(series.best(), Some(Centimetres(760)));
    /// ```
    pub fn best(&self) -> Option<Centimetres> {
        self.valid().first().copied()
    }

    /// Only the first so many trials.
    fn first(&self, rounds: usize) -> Series {
        Series(self.0.iter().take(rounds).copied().collect())
    }
}

/// Places of the athletes; `None` without a valid mark. A complete tie stands, also for first place (TR25.22 \[K\]).
///
/// ```
/// use athsys::rules::mark::Centimetres;
/// use athsys::rules::ranking::horizontal::{Attempt::*, Series, rank};
/// let series = |marks: &[i64]| Series(marks.iter().map(|cm| Mark(Centimetres(*cm))).collect());
/// assert_eq!(rank(&[series(&[610, 600]), series(&[610, 605]), Series(vec![Failure])]), [Some(2), Some(1), None]);
/// ```
pub fn rank(series: &[Series]) -> Vec<Option<u32>> {
    let valid: Vec<Vec<Centimetres>> = series.iter().map(Series::valid).collect();
    // By best mark, then second best, and so on. A vector that goes on is greater than one that has ended, as the rule says.
    places(&valid, |marks| !marks.is_empty(), |a, b| b.cmp(a))
}

/// Why one athlete is ahead of another, for the one who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The better best mark.
    Best,
    /// The better n-th best mark, where all before were equal.
    NthBest(usize, Centimetres, Option<Centimetres>),
    /// The tie stands.
    Tie,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Best => f.write_str("better best mark"),
            Reason::NthBest(n, mark, Some(other)) => write!(f, "better mark number {n}: {mark} against {other}"),
            Reason::NthBest(n, mark, None) => write!(f, "one more valid mark, number {n}: {mark}"),
            Reason::Tie => f.write_str("all valid marks are equal, the tie stands"),
        }
    }
}

/// What decides between the athlete ahead and the one behind (TR25.22 \[S, D\]).
///
/// ```
/// use athsys::rules::mark::Centimetres;
/// use athsys::rules::ranking::horizontal::{Attempt::*, Series, decided_by};
/// let series = |marks: &[i64]| Series(marks.iter().map(|cm| Mark(Centimetres(*cm))).collect());
/// let reason = decided_by(&series(&[781, 779]), &series(&[781, 778]));
/// assert_eq!(reason.to_string(), "better mark number 2: 7.79 against 7.78");
/// ```
pub fn decided_by(ahead: &Series, behind: &Series) -> Reason {
    let (ahead, behind) = (ahead.valid(), behind.valid());
    let differing = (0..ahead.len()).find(|at| ahead.get(*at) != behind.get(*at));
    match differing {
        None => Reason::Tie,
        Some(0) => Reason::Best,
        Some(at) => Reason::NthBest(at + 1, ahead[at], behind.get(at).copied()),
    }
}

/// Who takes the extra trials after `rounds`: the best `cut` with a valid mark, and all who are tied for the last of these places (TR25.6;
/// ties \[K\]). With no more than `cut` athletes everybody goes on who may (six trials each \[S\]).
///
/// ```
/// use athsys::rules::mark::Centimetres;
/// use athsys::rules::ranking::horizontal::{Attempt::*, Series, goes_on};
/// let field: Vec<Series> = (0..9).map(|n| Series(vec![Mark(Centimetres(600 + n))])).collect();
/// assert_eq!(goes_on(&field, 1, 8), [1, 2, 3, 4, 5, 6, 7, 8]);
/// ```
pub fn goes_on(series: &[Series], rounds: usize, cut: usize) -> Vec<usize> {
    let has_retired = |at: &usize| series[*at].0.contains(&Attempt::Retired);
    if series.len() <= cut {
        return (0..series.len()).filter(|at| !has_retired(at)).collect();
    }
    let so_far: Vec<Series> = series.iter().map(|one| one.first(rounds)).collect();
    let places = rank(&so_far);
    let inside = |at: &usize| places[*at].is_some_and(|place| place as usize <= cut);
    (0..series.len()).filter(inside).collect()
}

/// The order of a later round: the reverse of the ranking after `rounds` (TR25.6 \[S\]); tied athletes and those without a mark, who come
/// first, keep their drawn order \[K\]. `drawn` are positions in the drawn order.
///
/// ```
/// use athsys::rules::mark::Centimetres;
/// use athsys::rules::ranking::horizontal::{Attempt::*, Series, order_after};
/// let series = |cm| Series(vec![Mark(Centimetres(cm))]);
/// assert_eq!(order_after(&[series(700), series(650), series(710)], 1, &[0, 1, 2]), [1, 0, 2]);
/// ```
pub fn order_after(series: &[Series], rounds: usize, drawn: &[usize]) -> Vec<usize> {
    let so_far: Vec<Series> = series.iter().map(|one| one.first(rounds)).collect();
    let places = rank(&so_far);
    let mut order: Vec<usize> = drawn.to_vec();
    order.sort_by_key(|at| std::cmp::Reverse(places.get(*at).copied().flatten().unwrap_or(u32::MAX)));
    order
}

/// For everybody with a place the reason in words: against the next one behind, or that the place is shared (TR25.22 \[S, D\]). `places`
/// are what [`rank`] gave.
///
/// ```
/// use athsys::rules::mark::Centimetres;
/// use athsys::rules::ranking::horizontal::{Attempt::*, Series, in_words, rank};
/// let series = |marks: &[i64]| Series(marks.iter().map(|cm| Mark(Centimetres(*cm))).collect());
/// let field = [series(&[781, 779]), series(&[781, 778])];
/// let words = in_words(&field, &rank(&field));
/// assert_eq!(words[0].as_deref(), Some("1st with 7.81: better mark number 2: 7.79 against 7.78"));
/// ```
pub fn in_words(series: &[Series], places: &[Option<u32>]) -> Vec<Option<String>> {
    let place = |at: usize| places.get(at).copied().flatten();
    let order: Vec<usize> = in_order(places).into_iter().filter(|at| *at < series.len()).collect();
    let mut words = vec![None; series.len()];
    for (rank, at) in order.iter().enumerate() {
        let (Some(best), Some(own_place)) = (series[*at].best(), place(*at)) else { continue };
        let is_shared = order.iter().any(|other| other != at && place(*other) == Some(own_place));
        let behind = order[rank + 1..].iter().find(|other| place(**other) > Some(own_place));
        let nth = ordinal(own_place);
        words[*at] = Some(match (is_shared, behind.map(|behind| decided_by(&series[*at], &series[*behind]))) {
            (true, _) => format!("{nth} with {best}, shared: all valid marks are equal"),
            (false, Some(reason @ (Reason::NthBest(..) | Reason::Tie))) => format!("{nth} with {best}: {reason}"),
            (false, Some(Reason::Best) | None) => format!("{nth} with {best}"),
        });
    }
    words
}
