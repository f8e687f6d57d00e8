//! Places: shared places skip the next ones (1, 2, 2, 4), and who has no valid mark has none (TR21, TR25, TR26).

pub mod horizontal;
pub mod race;
pub mod round;
pub mod vertical;

use std::cmp::Ordering;

/// What became of somebody on the start list (CR25 \[P\]), in the order in which a list shows those without a place: DNF, DQ,
/// DNS (section 5.5 \[C\]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// With a mark, or to come.
    Finished,
    /// No valid trial.
    NoMark,
    /// No height cleared, the usual form of no mark in vertical jumps.
    NoHeight,
    DidNotFinish,
    Disqualified,
    DidNotStart,
}

impl Status {
    /// Reads the codes of the sport in any case, and `finished` or `ok` (CR25 \[P\]).
    ///
    /// ```
    /// use athsys::rules::ranking::Status;
    /// assert_eq!(Status::read("dnf"), Some(Status::DidNotFinish));
    /// assert_eq!(Status::read("won"), None);
    /// ```
    pub fn read(text: &str) -> Option<Status> {
        match text.trim().to_ascii_lowercase().as_str() {
            "finished" | "ok" => Some(Status::Finished),
            "nm" => Some(Status::NoMark),
            "nh" => Some(Status::NoHeight),
            "dnf" => Some(Status::DidNotFinish),
            "dq" => Some(Status::Disqualified),
            "dns" => Some(Status::DidNotStart),
            _ => None,
        }
    }

    /// What it means for the place, in words (CR25 \[P\]; none of them is ranked \[K\]).
    ///
    /// ```
    /// use athsys::rules::ranking::Status;
    /// assert_eq!(Status::NoHeight.in_words(), "cleared no height");
    /// ```
    pub fn in_words(self) -> &'static str {
        match self {
            Status::Finished => "finished",
            Status::NoMark => "has no valid mark",
            Status::NoHeight => "cleared no height",
            Status::DidNotFinish => "did not finish",
            Status::Disqualified => "was disqualified",
            Status::DidNotStart => "did not start",
        }
    }
}

/// Places from 1 for the items, in the order given; items that `compare` holds equal share one (TR21, TR25.22, TR26.8 \[P\]).
/// `None` where `counts` says no.
///
/// ```
/// use athsys::rules::ranking::places;
/// let marks = [7, 9, 9, 3];
/// assert_eq!(places(&marks, |_| true, |a, b| b.cmp(a)), [Some(3), Some(1), Some(1), Some(4)]);
/// ```
pub fn places<T>(items: &[T], counts: impl Fn(&T) -> bool, compare: impl Fn(&T, &T) -> Ordering) -> Vec<Option<u32>> {
    let mut order: Vec<usize> = (0..items.len()).filter(|at| counts(&items[*at])).collect();
    order.sort_by(|a, b| compare(&items[*a], &items[*b]));
    let mut places = vec![None; items.len()];
    let mut first: u32 = 1;
    for tied in order.chunk_by(|a, b| compare(&items[*a], &items[*b]) == Ordering::Equal) {
        for at in tied {
            places[*at] = Some(first);
        }
        first = first.saturating_add(u32::try_from(tied.len()).unwrap_or(u32::MAX));
    }
    places
}

/// A place as people say it (section 5.1 \[P\] for the numbers): 1st, 2nd, 3rd, 11th.
///
/// ```
/// use athsys::rules::ranking::ordinal;
/// assert_eq!([1, 2, 3, 4, 11, 12, 21, 113].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "113th"]);
/// ```
pub fn ordinal(place: u32) -> String {
    let ending = match (place % 10, place % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{place}{ending}")
}

/// The positions of those who have a place, the best first; equal ones keep their order.
fn in_order(places: &[Option<u32>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..places.len()).filter(|at| places[*at].is_some()).collect();
    order.sort_by_key(|at| places[*at]);
    order
}

#[cfg(test)]
mod tests;
