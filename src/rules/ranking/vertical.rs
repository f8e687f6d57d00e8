//! High jump and pole vault: cards, countback, jump-off (TR26 to TR28).

use std::cmp::Ordering;

use super::{in_order, ordinal, places};
use crate::rules::mark::Centimetres;

/// One trial at a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trial {
    /// `o`
    Cleared,
    /// `x`
    Failed,
    /// `-`
    Passed,
    /// `r`
    Retired,
}

/// The trials of one athlete, a list for each height of the competition; heights at the end may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card(pub Vec<Vec<Trial>>);

/// A sign on a card that is none of `o x - r`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no trial; write o for cleared, x for failed, - for passed, r for retired")]
pub struct UnknownTrial(pub char);

/// What counts of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Achievement {
    /// Number of the best height cleared, from 0.
    pub height: usize,
    pub failures_at_best: u32,
    /// Up to and including the best height; failures above never count (TR26.8 \[P\]).
    pub failures_total: u32,
}

impl Card {
    /// Reads a card: one string a height, such as `xxo`; an empty one was not reached, or passed before the athlete began (TR26;
    /// CR25 \[P\] for the signs).
    ///
    /// # Errors
    /// [`UnknownTrial`].
    ///
    /// ```
    /// use athsys::rules::ranking::vertical::Card;
    /// assert_eq!(Card::parse(&["o", "xo", "xxx"]).unwrap().achievement().unwrap().failures_total, 1);
    /// assert!(Card::parse(&["p"]).is_err());
    /// ```
    pub fn parse<S: AsRef<str>>(heights: &[S]) -> Result<Card, UnknownTrial> {
        let trial = |sign| match sign {
            'o' | 'O' | '0' => Ok(Trial::Cleared),
            'x' | 'X' => Ok(Trial::Failed),
            '-' => Ok(Trial::Passed),
            'r' | 'R' => Ok(Trial::Retired),
            other => Err(UnknownTrial(other)),
        };
        let height = |text: &S| text.as_ref().chars().map(trial).collect();
        Ok(Card(heights.iter().map(height).collect::<Result<_, _>>()?))
    }

    /// Best height and failures; `None` without a cleared height (`NH`, CR25 \[P\]; failures as TR26.8 counts them \[P\]).
    ///
    /// ```
    /// use athsys::rules::ranking::vertical::Card;
    /// let best = Card::parse(&["xo", "xxo", "xxx"]).unwrap().achievement().unwrap();
    /// assert_eq!((best.height, best.failures_at_best, best.failures_total), (1, 2, 3));
    /// ```
    pub fn achievement(&self) -> Option<Achievement> {
        let height = self.0.iter().rposition(|trials| trials.contains(&Trial::Cleared))?;
        let failures = |trials: &[Trial]| {
            u32::try_from(trials.iter().filter(|trial| **trial == Trial::Failed).count()).unwrap_or(u32::MAX)
        };
        let failures_total = self.0[..=height].iter().map(|trials| failures(trials)).sum();
        Some(Achievement { height, failures_at_best: failures(&self.0[height]), failures_total })
    }

    /// Whether the athlete may not jump any more: three failures in a row at whatever heights, which a pass does not
    /// interrupt, or retired (TR26 \[S, D\]).
    ///
    /// ```
    /// use athsys::rules::ranking::vertical::Card;
    /// assert!(Card::parse(&["o", "x-", "xx"]).unwrap().is_out());
    /// assert!(!Card::parse(&["xx", "o", "xx"]).unwrap_or_default().is_out());
    /// ```
    pub fn is_out(&self) -> bool {
        let mut in_a_row = 0;
        for trial in self.0.iter().flatten() {
            match trial {
                Trial::Cleared => in_a_row = 0,
                Trial::Failed => in_a_row += 1,
                Trial::Passed => {}
                Trial::Retired => return true,
            }
            if in_a_row == 3 {
                return true;
            }
        }
        false
    }
}

/// Higher, then fewer failures at that height, then fewer in all (TR26.8 \[P\]).
fn compare(a: &Achievement, b: &Achievement) -> Ordering {
    let key = |one: &Achievement| (std::cmp::Reverse(one.height), one.failures_at_best, one.failures_total);
    key(a).cmp(&key(b))
}

/// Places of the athletes; `None` without a height. A tie stands, unless it is for first place and a jump-off has decided
/// (TR26.8, TR26.9 \[P\]). `jump_off[athlete]` tells for each height whether that athlete cleared it; `None` did not jump.
///
/// ```
/// use athsys::rules::ranking::vertical::{Card, rank};
/// let card = |heights: &[&str]| Card::parse(heights).unwrap();
/// let cards = [card(&["o", "o", "xxx"]), card(&["o", "xo", "xxx"]), card(&["xxx"])];
/// assert_eq!(rank(&cards, &[]), [Some(1), Some(2), None]);
/// ```
pub fn rank(cards: &[Card], jump_off: &[Vec<Option<bool>>]) -> Vec<Option<u32>> {
    let achieved: Vec<Option<Achievement>> = cards.iter().map(Card::achievement).collect();
    let by_countback = places(&achieved, Option::is_some, |a, b| match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        (a, b) => a.is_none().cmp(&b.is_none()),
    });
    let tied: Vec<usize> = (0..cards.len()).filter(|at| by_countback[*at] == Some(1)).collect();
    if tied.len() < 2 || jump_off.is_empty() {
        return by_countback;
    }
    let trials: Vec<&[Option<bool>]> = tied.iter().map(|at| jump_off.get(*at).map_or(&[][..], Vec::as_slice)).collect();
    let decided = places(&trials, |_| true, |a, b| compare_jump_off(a, b));
    let mut all = by_countback;
    for (at, place) in tied.into_iter().zip(decided) {
        all[at] = place;
    }
    all
}

/// Round by round: cleared is ahead of failed, and who did not jump gave up the higher place (TR26.9 \[P\]).
fn compare_jump_off(a: &[Option<bool>], b: &[Option<bool>]) -> Ordering {
    let rounds = a.len().max(b.len());
    let cleared = |trials: &[Option<bool>], round: usize| match trials.get(round).copied().flatten() {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    };
    // Both stopping in the middle leaves them equal \[D\].
    (0..rounds)
        .map(|round| cleared(a, round).cmp(&cleared(b, round)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// What decides between two athletes, in words for the announcer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Higher,
    FewerFailuresAt {
        height: usize,
    },
    FewerFailuresInAll,
    /// Equal: a jump-off for first place, else the tie stands.
    Tie,
}

/// The reason why the first is ahead of the second, or that neither is (TR26.8 \[P\]).
///
/// ```
/// use athsys::rules::ranking::vertical::{Card, Reason, decided_by};
/// let card = |heights: &[&str]| Card::parse(heights).unwrap().achievement().unwrap();
/// assert_eq!(decided_by(&card(&["o", "o"]), &card(&["o", "xo"])), Reason::FewerFailuresAt { height: 1 });
/// ```
pub fn decided_by(ahead: &Achievement, behind: &Achievement) -> Reason {
    if ahead.height != behind.height {
        Reason::Higher
    } else if ahead.failures_at_best != behind.failures_at_best {
        Reason::FewerFailuresAt { height: ahead.height }
    } else if ahead.failures_total != behind.failures_total {
        Reason::FewerFailuresInAll
    } else {
        Reason::Tie
    }
}

/// Those who share first place and have to jump off, unless it is waived (TR26.8, TR26.9 \[P\]); nobody when one has won.
///
/// ```
/// use athsys::rules::ranking::vertical::{Card, tied_for_first};
/// let card = |heights: &[&str]| Card::parse(heights).unwrap();
/// assert_eq!(tied_for_first(&[card(&["o", "xxx"]), card(&["xxx"]), card(&["o", "xxx"])]), [0, 2]);
/// ```
pub fn tied_for_first(cards: &[Card]) -> Vec<usize> {
    let places = rank(cards, &[]);
    let first: Vec<usize> = (0..cards.len()).filter(|at| places[*at] == Some(1)).collect();
    if first.len() > 1 { first } else { Vec::new() }
}

/// How far the bar moves in a jump-off: 2 cm in the high jump (TR26.9 \[P\]).
pub const HIGH_JUMP_STEP: Centimetres = Centimetres(2);
/// And 5 cm in the pole vault (TR26.9 \[P\]).
pub const POLE_VAULT_STEP: Centimetres = Centimetres(5);

/// The next height of a jump-off: up when more than one has cleared, down when nobody has; `None` when one alone has, who wins
/// (TR26.9 \[P\]). It starts at the next announced height after the one last cleared.
///
/// ```
/// use athsys::rules::mark::Centimetres;
/// use athsys::rules::ranking::vertical::{HIGH_JUMP_STEP, next_jump_off_height};
/// assert_eq!(next_jump_off_height(Centimetres(191), 0, HIGH_JUMP_STEP), Some(Centimetres(189)));
/// assert_eq!(next_jump_off_height(Centimetres(189), 2, HIGH_JUMP_STEP), Some(Centimetres(191)));
/// assert_eq!(next_jump_off_height(Centimetres(191), 1, HIGH_JUMP_STEP), None);
/// ```
pub fn next_jump_off_height(height: Centimetres, cleared: usize, step: Centimetres) -> Option<Centimetres> {
    match cleared {
        0 => Some(Centimetres(height.0.saturating_sub(step.0).max(1))),
        1 => None,
        _ => Some(Centimetres(height.0.saturating_add(step.0))),
    }
}

/// For everybody with a place the reason in words: against the next one behind, or with whom the place is shared (TR26.8 \[P\]).
/// `heights` are those of the competition, `places` what [`rank`] gave.
///
/// ```
/// use athsys::rules::mark::Centimetres;
/// use athsys::rules::ranking::vertical::{Card, in_words, rank};
/// let card = |heights: &[&str]| Card::parse(heights).unwrap();
/// let cards = [card(&["o", "o"]), card(&["o", "xo"]), card(&["o", "xxx"])];
/// let heights = [170, 173].map(Centimetres);
/// let words = in_words(&cards, &heights, &rank(&cards, &[]));
/// assert_eq!(words[0].as_deref(), Some("1st on countback: fewer failures at 1.73"));
/// assert_eq!(words[1].as_deref(), Some("2nd: cleared 1.73"));
/// ```
pub fn in_words(cards: &[Card], heights: &[Centimetres], places: &[Option<u32>]) -> Vec<Option<String>> {
    let achieved: Vec<Option<Achievement>> = cards.iter().map(Card::achievement).collect();
    let place = |at: usize| places.get(at).copied().flatten();
    let order: Vec<usize> =
        in_order(places).into_iter().filter(|at| achieved.get(*at).is_some_and(Option::is_some)).collect();
    let shown = |height: usize| {
        heights.get(height).map_or_else(|| format!("height {}", height.saturating_add(1)), |height| height.to_decimal())
    };
    let mut words = vec![None; cards.len()];
    for (rank, at) in order.iter().enumerate() {
        let (Some(own), Some(own_place)) = (achieved[*at], place(*at)) else { continue };
        let is_shared = order.iter().any(|other| other != at && place(*other) == Some(own_place));
        let behind =
            order[rank + 1..].iter().find(|other| place(**other) > Some(own_place)).and_then(|other| achieved[*other]);
        let reason = behind.map_or(Reason::Higher, |behind| decided_by(&own, &behind));
        let nth = ordinal(own_place);
        words[*at] = Some(match (is_shared, reason) {
            (true, _) => format!("{nth}, shared: the same height and the same failures"),
            (false, Reason::Higher) => format!("{nth}: cleared {}", shown(own.height)),
            (false, Reason::FewerFailuresAt { height }) => {
                format!("{nth} on countback: fewer failures at {}", shown(height))
            }
            (false, Reason::FewerFailuresInAll) => {
                format!("{nth} on countback: fewer failures up to {}", shown(own.height))
            }
            (false, Reason::Tie) => format!("{nth} after a jump-off"),
        });
    }
    words
}
