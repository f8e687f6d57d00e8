use proptest::prelude::*;

use super::horizontal::{self, Attempt, Series};
use super::places;
use super::vertical::{self, Card, Trial};
use crate::rules::mark::Centimetres;

fn attempt() -> impl Strategy<Value = Attempt> {
    prop_oneof![
        4 => (1_i64..30).prop_map(|cm| Attempt::Mark(Centimetres(700 + cm))),
        2 => Just(Attempt::Failure),
        1 => Just(Attempt::Pass),
        1 => Just(Attempt::Retired),
    ]
}

fn series() -> impl Strategy<Value = Vec<Series>> {
    prop::collection::vec(prop::collection::vec(attempt(), 0..7).prop_map(Series), 0..20)
}

fn cards() -> impl Strategy<Value = Vec<Card>> {
    let trial = prop_oneof![Just(Trial::Cleared), Just(Trial::Failed), Just(Trial::Passed)];
    let height = prop::collection::vec(trial, 0..4);
    prop::collection::vec(prop::collection::vec(height, 0..6).prop_map(Card), 0..15)
}

/// Shared places skip the next ones, and nothing else is left out.
fn are_dense(places: &[Option<u32>]) -> bool {
    let mut given: Vec<u32> = places.iter().flatten().copied().collect();
    given.sort_unstable();
    let first_of = |place: u32| given.iter().filter(|other| **other < place).count() + 1;
    given.iter().all(|place| first_of(*place) == *place as usize)
}

proptest! {
    #[test]
    fn the_order_of_the_athletes_never_matters(series in series(), cards in cards(), turn in 0_usize..20) {
        let by_series = horizontal::rank(&series);
        let by_cards = vertical::rank(&cards, &[]);
        prop_assert!(are_dense(&by_series) && are_dense(&by_cards));

        let mut turned = series.clone();
        let at = turn.min(series.len());
        turned.rotate_left(at);
        let mut expected = by_series;
        expected.rotate_left(at);
        prop_assert_eq!(horizontal::rank(&turned), expected);

        let mut turned = cards.clone();
        let at = turn.min(cards.len());
        turned.rotate_left(at);
        let mut expected = by_cards;
        expected.rotate_left(at);
        prop_assert_eq!(vertical::rank(&turned, &[]), expected);
    }

    #[test]
    fn who_goes_on_is_at_least_eight_where_there_are_eight_with_a_mark(series in series()) {
        let on = horizontal::goes_on(&series, 3, 8);
        let marked = series.iter().filter(|one| {
            one.0.iter().take(3).any(|attempt| matches!(attempt, Attempt::Mark(_)))
        });
        if series.len() > 8 {
            prop_assert!(on.len() >= marked.count().min(8));
        }
        prop_assert!(on.is_sorted());
    }

    #[test]
    fn a_decision_in_words_agrees_with_the_places(series in series()) {
        let places = horizontal::rank(&series);
        for (ahead, place) in places.iter().enumerate() {
            for (behind, other) in places.iter().enumerate() {
                if let (Some(place), Some(other)) = (place, other)
                    && place <= other
                {
                    let reason = horizontal::decided_by(&series[ahead], &series[behind]);
                    prop_assert_eq!(place == other, reason == horizontal::Reason::Tie, "{:?} {:?}", ahead, behind);
                }
            }
        }
    }

    #[test]
    fn any_numbers_are_placed(numbers in prop::collection::vec(any::<u8>(), 0..50)) {
        prop_assert!(are_dense(&places(&numbers, |_| true, Ord::cmp)));
    }
}
