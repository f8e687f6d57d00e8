use proptest::prelude::*;

use super::*;
use crate::rules::lanes::{LaneClass, LaneTable, draw_lanes};

proptest! {
    #[test]
    fn everybody_is_in_exactly_one_heat_and_the_heats_are_balanced(entries in 0_usize..200, heats in 1_usize..12) {
        let dealt = zigzag(entries, heats);
        let mut all: Vec<usize> = dealt.concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..entries).collect::<Vec<_>>());
        let sizes: Vec<usize> = dealt.iter().map(Vec::len).collect();
        prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        // Full double rows give every heat the same sum of ranks.
        if entries % (2 * heats) == 0 {
            let sums: Vec<usize> = dealt.iter().map(|heat| heat.iter().sum()).collect();
            prop_assert!(sums.iter().all(|sum| *sum == sums[0]), "{:?}", sums);
        }
    }

    #[test]
    fn keeping_teams_apart_moves_people_within_their_row_only(
        teams in prop::collection::vec(prop::option::of(0_u8..6), 0..60), heats in 1_usize..8,
    ) {
        let before = zigzag(teams.len(), heats);
        let after = separate(before.clone(), &teams);
        let row = |heats: &[Vec<usize>], row: usize| {
            let mut ranks: Vec<usize> = heats.iter().filter_map(|heat| heat.get(row).copied()).collect();
            ranks.sort_unstable();
            ranks
        };
        for at in 0..=teams.len() / heats {
            prop_assert_eq!(row(&before, at), row(&after.heats, at));
        }
        // Whoever still meets the own team has been reported.
        for heat in &after.heats {
            for (at, rank) in heat.iter().enumerate() {
                let meets = teams[*rank].is_some() && heat[..at].iter().any(|above| teams[*above] == teams[*rank]);
                prop_assert!(!meets || after.conflicts.contains(rank), "{:?}", after);
            }
        }
    }

    #[test]
    fn every_athlete_has_one_lane_and_the_same_seed_gives_the_same_lanes(
        seed in any::<u64>(), lanes in 8_u8..=9, athletes in 0_usize..=9, class in 0_usize..3,
    ) {
        let class = [LaneClass::Straight, LaneClass::Bend, LaneClass::Lap][class];
        let drawn = draw_lanes(&LaneTable::ByClass, class, lanes, athletes, seed);
        prop_assert_eq!(drawn.is_some(), athletes <= usize::from(lanes));
        if let Some(drawn) = drawn {
            let mut sorted = drawn.clone();
            sorted.sort_unstable();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), athletes);
            prop_assert!(drawn.iter().all(|lane| (1..=lanes).contains(lane)));
            prop_assert_eq!(draw_lanes(&LaneTable::ByClass, class, lanes, athletes, seed), Some(drawn));
        }
    }
}
