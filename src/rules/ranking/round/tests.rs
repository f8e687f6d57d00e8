use proptest::prelude::*;

use super::*;

const RACE: Contest = Contest::Race(Venue::Track);

fn finished(mark: i64, place: Option<u32>, heat: u32) -> Row {
    Row { status: Status::Finished, mark: Some(mark), place, heat }
}

fn places_of(contest: Contest, rows: &[Row]) -> Vec<Option<u32>> {
    rank(contest, rows).placed.iter().map(|placed| placed.place).collect()
}

#[test]
fn thousandths_decide_within_a_race_and_hundredths_across_races() {
    let one = [finished(10_518, None, 1), finished(10_512, None, 1)];
    assert_eq!(places_of(RACE, &one), [Some(2), Some(1)]);
    let two = [finished(10_518, None, 1), finished(10_512, None, 2), finished(10_400, None, 2)];
    assert_eq!(places_of(RACE, &two), [Some(2), Some(2), Some(1)]);
    assert_eq!(rank(RACE, &two).open, [Open::Tie { place: 2, among: vec![0, 1], jump_off: false }]);
}

#[test]
fn the_order_of_the_judges_stands_where_the_times_are_equal() {
    let rows = [finished(11_200, Some(2), 1), finished(11_200, Some(1), 1), finished(11_100, None, 1)];
    let ranking = rank(RACE, &rows);
    assert_eq!(places_of(RACE, &rows), [Some(3), Some(2), Some(1)]);
    assert_eq!(ranking.placed[0].to_string(), "3rd: the same time as another; the order of the judges stands");
    assert_eq!(ranking.open, [Open::Judged { place: 2, among: vec![0, 1] }]);
}

#[test]
fn who_has_a_status_has_no_place_whatever_else_is_stored() {
    let out = Row { status: Status::Disqualified, mark: Some(9_000), place: Some(1), heat: 1 };
    let ranking = rank(RACE, &[out, finished(11_000, Some(2), 1)]);
    assert_eq!(ranking.placed.iter().map(|one| one.place).collect::<Vec<_>>(), [None, Some(1)]);
    assert_eq!(ranking.placed[0].to_string(), "no place: was disqualified");
    assert_eq!(ranking.placed[1].to_string(), "1st: nobody with a time is behind");
}

#[test]
fn a_tie_for_first_in_a_vertical_jump_asks_for_a_jump_off() {
    let rows = [finished(197, None, 0), finished(197, None, 0), finished(193, None, 0)];
    let ranking = rank(Contest::Height, &rows);
    assert_eq!(ranking.open, [Open::Tie { place: 1, among: vec![0, 1], jump_off: true }]);
    assert_eq!(ranking.placed[2].place, Some(3));
    // The judges have the cards: what they entered stands.
    let entered = [finished(197, Some(2), 0), finished(197, Some(1), 0), finished(193, Some(3), 0)];
    assert_eq!(places_of(Contest::Height, &entered), [Some(2), Some(1), Some(3)]);
}

#[test]
fn equal_totals_are_a_tie_whatever_was_entered() {
    let rows = [finished(590_000, Some(2), 0), finished(590_000, Some(1), 0)];
    assert_eq!(places_of(Contest::Points, &rows), [Some(1), Some(1)]);
}

#[test]
fn places_without_marks_stand_and_nothing_is_invented() {
    let placed = Row { status: Status::Finished, mark: None, place: Some(1), heat: 0 };
    let bare = Row { place: None, ..placed };
    let ranking = rank(RACE, &[placed, bare]);
    assert_eq!(ranking.placed.iter().map(|one| one.place).collect::<Vec<_>>(), [Some(1), None]);
    assert_eq!(ranking.open, [Open::NothingStored { among: vec![1] }]);
    // Two timed, one not, and all of them judged.
    let judged = [finished(12_000, Some(1), 1), Row { place: Some(3), ..placed }, finished(12_500, Some(2), 1)];
    assert_eq!(places_of(RACE, &judged), [Some(1), Some(3), Some(2)]);
}

fn row() -> impl Strategy<Value = Row> {
    let status = prop_oneof![
        6 => Just(Status::Finished),
        1 => Just(Status::NoMark),
        1 => Just(Status::DidNotFinish),
        1 => Just(Status::DidNotStart),
    ];
    let mark = prop_oneof![6 => (100_i64..120).prop_map(Some), 1 => Just(None), 1 => any::<i64>().prop_map(Some)];
    let place = prop_oneof![2 => Just(None), 1 => (1_u32..6).prop_map(Some), 1 => any::<u32>().prop_map(Some)];
    (status, mark, place, 0_u32..4).prop_map(|(status, mark, place, heat)| Row { status, mark, place, heat })
}

fn contest() -> impl Strategy<Value = Contest> {
    prop_oneof![
        Just(RACE),
        Just(Contest::Race(Venue::Outside)),
        Just(Contest::Distance),
        Just(Contest::Height),
        Just(Contest::Points)
    ]
}

proptest! {
    #[test]
    fn the_order_of_the_results_never_matters(
        contest in contest(), rows in prop::collection::vec(row(), 0..25), turn in 0_usize..25,
    ) {
        let mut expected = rank(contest, &rows).placed;
        let mut turned = rows.clone();
        let at = turn.min(rows.len());
        turned.rotate_left(at);
        expected.rotate_left(at);
        prop_assert_eq!(&rank(contest, &turned).placed, &expected);
        for placed in expected {
            prop_assert!(!placed.to_string().is_empty());
        }
    }

    #[test]
    fn ranking_what_was_ranked_changes_nothing(contest in contest(), rows in prop::collection::vec(row(), 0..25)) {
        let first = rank(contest, &rows);
        let stored: Vec<Row> =
            rows.iter().zip(&first.placed).map(|(row, placed)| Row { place: placed.place, ..*row }).collect();
        let again = rank(contest, &stored);
        let places = |ranking: &Ranking| ranking.placed.iter().map(|one| one.place).collect::<Vec<_>>();
        prop_assert_eq!(places(&again), places(&first));
    }

    #[test]
    fn by_marks_alone_the_places_are_dense_and_follow_the_marks(
        contest in contest(), rows in prop::collection::vec(row(), 0..25),
    ) {
        let bare: Vec<Row> = rows.iter().map(|row| Row { place: None, heat: 1, ..*row }).collect();
        let placed = rank(contest, &bare).placed;
        let given: Vec<u32> = placed.iter().filter_map(|one| one.place).collect();
        for place in &given {
            prop_assert_eq!(given.iter().filter(|other| *other < place).count() + 1, *place as usize);
        }
        for (row, placed) in bare.iter().zip(&placed) {
            prop_assert_eq!(placed.place.is_some(), row.status == Status::Finished && row.mark.is_some());
        }
    }

    #[test]
    fn every_result_is_in_exactly_one_list(
        contest in contest(), rows in prop::collection::vec(row(), 0..25), together in any::<bool>(),
    ) {
        let mut all = lists(contest, &rows, together).concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..rows.len()).collect::<Vec<_>>());
    }
}
