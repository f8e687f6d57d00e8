use proptest::prelude::*;

use super::*;

fn team(runners: &[u8]) -> Vec<(u8, Gender)> {
    runners.iter().map(|runner| (*runner, Gender::F)).collect()
}

const ALL: [u8; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

#[test]
fn four_who_are_entered_may_run_one_leg_each() {
    let rule = RelayRule::usual();
    assert_eq!(faults(&rule, &team(&[1, 2, 3, 4]), &ALL, &[]), []);
    assert_eq!(faults(&rule, &team(&[1, 2, 3]), &ALL, &[]), [Fault::NotFour(3)]);
    assert_eq!(faults(&rule, &team(&[1, 2, 1, 1]), &ALL, &[]), [Fault::Twice(1)]);
    assert_eq!(faults(&rule, &team(&[1, 2, 3, 11]), &ALL, &[]), [Fault::NotEntered(11)]);
}

#[test]
fn substitutes_are_counted_over_the_rounds() {
    let rule = RelayRule { substitutes: 2, ..RelayRule::usual() };
    let heats = vec![1, 2, 3, 4];
    assert_eq!(faults(&rule, &team(&[5, 6, 3, 4]), &ALL, std::slice::from_ref(&heats)), []);
    assert_eq!(faults(&rule, &team(&[5, 6, 1, 2]), &ALL, &[heats.clone(), vec![5, 2, 3, 4]]), []);
    let found = faults(&rule, &team(&[5, 6, 7, 4]), &ALL, &[heats]);
    assert_eq!(found, [Fault::Substitutes { used: 3, most: 2 }]);
    assert_eq!(found[0].to_string(), "3 substitutes were used, the most is 2");
}

proptest! {
    #[test]
    fn any_team_is_judged(
        runners in prop::collection::vec(any::<u8>(), 0..8),
        earlier in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..8), 0..4),
    ) {
        let found = faults(&RelayRule::mixed(), &team(&runners), &ALL, &earlier);
        prop_assert_eq!(found.contains(&Fault::NotFour(runners.len())), runners.len() != LEGS);
    }
}
