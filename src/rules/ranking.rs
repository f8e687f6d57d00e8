//! Places: shared places skip the next ones (1, 2, 2, 4), and who has no valid mark has none (TR21, TR25, TR26).

pub mod horizontal;
pub mod race;
pub mod vertical;

use std::cmp::Ordering;

/// Places from 1 for the items, in the order given; items that `compare` holds equal share one. `None` where `counts` says no.
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
    let mut first = 1;
    for tied in order.chunk_by(|a, b| compare(&items[*a], &items[*b]) == Ordering::Equal) {
        for at in tied {
            places[*at] = Some(first);
        }
        first += u32::try_from(tied.len()).unwrap_or(u32::MAX);
    }
    places
}

#[cfg(test)]
mod tests;
