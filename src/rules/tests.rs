//! No input makes the rules panic or overflow: every public function with numbers from anywhere in their range.

use std::cmp::Ordering;

use jiff::civil::date;
use proptest::prelude::*;

use super::age::AgeGroup;
use super::combined::{Outcome, Sex, rank, standing};
use super::discipline;
use super::fraction::Fraction;
use super::heats::{even_sizes, flights, number_of_heats, timed_final_races};
use super::implement::{objection, weight, weight_in};
use super::lanes::{LaneClass, LaneTable, draw_lanes, groups_for};
use super::mark::{Centimetres, Points, TimeMs, WindTenths};
use super::plausible::{doubt, doubt_wind};
use super::progression::{of_any, proposal};
use super::qualification::{HeatResult, advance, advance_field};
use super::ranking::horizontal::{self, Attempt, Series};
use super::ranking::race::{Timed, timed_final};
use super::ranking::vertical::{self, Card, next_jump_off_height};
use super::records::{Candidate, Circumstances, Scope, objections, propose};
use super::seeding::{Advanced, Came, by_best_mark, by_place_then_time};
use super::teams::{CrossCountry, Scheme, cross_country, score, table};
use super::timing::{Timing, Venue, hand_allowance, of_watches, official, show};
use super::wind::{self, CombinedWind};

fn timing() -> impl Strategy<Value = Timing> {
    prop_oneof![Just(Timing::Photo), Just(Timing::Hand), Just(Timing::Transponder)]
}

fn venue() -> impl Strategy<Value = Venue> {
    prop_oneof![Just(Venue::Track), Just(Venue::TrackLong), Just(Venue::Outside)]
}

/// Few values, so that ties are common, and every other one.
fn place() -> impl Strategy<Value = Option<u32>> {
    prop_oneof![Just(None), (1_u32..5).prop_map(Some), any::<u32>().prop_map(Some)]
}

fn time() -> impl Strategy<Value = Option<TimeMs>> {
    prop_oneof![
        Just(None),
        (10_000_i64..10_010).prop_map(|ms| Some(TimeMs(ms))),
        any::<i64>().prop_map(|ms| Some(TimeMs(ms)))
    ]
}

proptest! {
    #[test]
    fn marks(ms in any::<i64>(), tenths in any::<i32>(), timing in timing(), venue in venue(), metres in any::<u32>()) {
        let rounded = official(TimeMs(ms), timing, venue);
        prop_assert!(rounded.0 >= ms);
        let _ = (show(TimeMs(ms), timing, venue), hand_allowance(metres), TimeMs(ms).to_clock(), TimeMs(ms).to_decimal());
        let _ = of_watches(&[TimeMs(ms), TimeMs(0), TimeMs(i64::MIN)], venue);
        let _ = (Centimetres::official(ms), Centimetres(ms).to_feet(), Centimetres(ms).to_decimal(), Points(ms).to_string());
        let official = wind::official(tenths);
        let _ = (wind::is_legal(official), wind::show(WindTenths(tenths)));
        let winds = CombinedWind::of(&[WindTenths(tenths), WindTenths(i32::MIN), WindTenths(i32::MAX)]).unwrap();
        let _ = (winds.average(), winds.is_within_average(), winds.has_reading_above_four());
    }

    #[test]
    fn texts(text in "\\PC{0,30}|[-+0-9.,:e'\" kgm]{0,24}") {
        let _ = (TimeMs::parse(&text), Centimetres::parse(&text), WindTenths::parse(&text), Points::parse(&text));
        let _ = (TimeMs::read(&text, Some(100)), Centimetres::read(&text), Centimetres::read_feet(&text));
        let _ = (AgeGroup::parse(&text), weight_in(&text), discipline::of_event(&text), Card::parse(&[text.as_str()]));
        let _ = (proposal(&text, text.len()), super::data::Table::Lanes.check(&text));
    }

    #[test]
    fn what_is_printed_is_read(ms in 1_i64..=super::mark::MAX_TIME.0, cm in 1_i64..=1_000_000, tenths in -300_i32..=300, hundredths in 0_i64..1_000_000_000) {
        prop_assert_eq!(TimeMs::parse(&TimeMs(ms).to_clock()), Ok(TimeMs(ms)));
        prop_assert_eq!(TimeMs::parse(&TimeMs(ms).to_decimal()), Ok(TimeMs(ms)));
        prop_assert_eq!(Centimetres::parse(&Centimetres(cm).to_decimal()), Ok(Centimetres(cm)));
        prop_assert_eq!(WindTenths::parse(&wind::show(WindTenths(tenths))), Ok(WindTenths(tenths)));
        prop_assert_eq!(Points::parse(&Points(hundredths).to_string()), Ok(Points(hundredths)));
        for (timing, venue) in [(Timing::Photo, Venue::Track), (Timing::Hand, Venue::Track), (Timing::Photo, Venue::Outside)] {
            let rounded = official(TimeMs(ms), timing, venue);
            prop_assert_eq!(TimeMs::parse(&show(rounded, timing, venue)).unwrap_or(rounded), rounded);
        }
    }

    #[test]
    fn rounds(
        heats in prop::collection::vec(prop::collection::vec((place(), time()), 0..9), 0..6),
        by_place in any::<usize>(), by_time in any::<usize>(), free in any::<usize>(), small in 0_usize..4,
    ) {
        let heats: Vec<Vec<HeatResult>> =
            heats.into_iter().map(|heat| heat.into_iter().map(|(place, time)| HeatResult { place, time }).collect()).collect();
        for (by_place, by_time, free) in [(by_place, by_time, free), (small, small, 0)] {
            let advancing = advance(&heats, by_place, by_time, free, true);
            let mut all = [advancing.by_place, advancing.by_time].concat();
            let before = all.len();
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len(), before, "nobody advances twice");
        }
        let timed: Vec<Timed> = (0..).zip(&heats).flat_map(|(race, heat)| {
            heat.iter().map(move |one| Timed { race, place: one.place, time: one.time })
        }).collect();
        for (row, place) in timed.iter().zip(timed_final(&timed)) {
            prop_assert_eq!(row.time.is_some(), place.is_some());
        }
        let advanced: Vec<Advanced> = timed.iter().filter_map(|row| {
            Some(Advanced { came: row.place.map_or(Came::ByTime, Came::ByPlace), time: row.time? })
        }).collect();
        let mut order = by_place_then_time(&advanced).order;
        order.sort_unstable();
        prop_assert_eq!(order, (0..advanced.len()).collect::<Vec<_>>());
        let season: Vec<Option<TimeMs>> = timed.iter().map(|row| row.time).collect();
        prop_assert_eq!(by_best_mark(&season, &[]).len(), season.len());
    }

    #[test]
    fn sizes(entries in 0_usize..500, parts in 0_usize..20, any_size in any::<usize>(), lanes in any::<u8>(), athletes in 0_usize..300, seed in any::<u64>()) {
        let sizes = even_sizes(entries, parts);
        prop_assert_eq!(sizes.iter().sum::<usize>(), if parts == 0 { 0 } else { entries });
        for groups in [flights(entries, parts), timed_final_races(entries, parts)] {
            let mut all = groups.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..entries).collect::<Vec<_>>());
        }
        let _ = (number_of_heats(any_size, any_size), of_any(any_size, any_size), of_any(parts, any_size));
        for table in [LaneTable::ByClass, LaneTable::IndoorOval, LaneTable::Named("none".into()), LaneTable::Own(vec![vec![1], vec![200, 255]])] {
            let _ = groups_for(&table, LaneClass::Bend, lanes, athletes);
            if let Some(drawn) = draw_lanes(&table, LaneClass::Lap, lanes, athletes, seed) {
                prop_assert_eq!(drawn.len(), athletes);
            }
        }
    }

    #[test]
    fn scores(
        placings in prop::collection::vec((any::<u8>(), place()), 0..20), points in prop::collection::vec(any::<i64>(), 0..6),
        multiplier in any::<i64>(), scorers in any::<usize>(), over in any::<i64>(), under in any::<i64>(),
    ) {
        let scheme = Scheme { table: points, max_scorers: Some(scorers % 3), multiplier };
        let scored = score(&scheme, &placings);
        prop_assert!(table(&[scored.clone(), scored]).len() <= placings.len());
        let finish: Vec<u8> = placings.iter().map(|(team, _)| team % 4).collect();
        let rule = CrossCountry { scorers, displacers: Some(scorers), remove_incomplete: true };
        prop_assert!(cross_country(&finish, rule).len() <= 4);
        let usual = CrossCountry { scorers: 2, displacers: None, remove_incomplete: false };
        prop_assert!(cross_country(&finish, usual).len() <= 4);
        let fraction = Fraction::new(over, under);
        let _ = (fraction.plus(Fraction::new(under, over)).to_string(), fraction.cmp(&Fraction::ZERO));
    }

    #[test]
    fn fields(
        places in prop::collection::vec(place(), 0..20), reached in prop::collection::vec(any::<bool>(), 0..20),
        minimum in any::<usize>(), marks in prop::collection::vec(any::<i64>(), 0..8), rounds in any::<usize>(), cut in any::<usize>(),
    ) {
        let _ = advance_field(&places, &reached, minimum);
        let series: Vec<Series> = marks.iter().map(|cm| Series(vec![Attempt::Mark(Centimetres(*cm)), Attempt::Pass])).collect();
        let ranked = horizontal::rank(&series);
        prop_assert_eq!(horizontal::in_words(&series, &ranked).iter().flatten().count(), series.len());
        let _ = horizontal::in_words(&series, &places);
        prop_assert!(horizontal::goes_on(&series, rounds, cut).len() <= series.len());
        let drawn: Vec<usize> = (0..series.len()).collect();
        prop_assert_eq!(horizontal::order_after(&series, rounds, &drawn).len(), series.len());
        let card = Card::parse(&["o", "xxo", "xxx"]).unwrap();
        let words = vertical::in_words(std::slice::from_ref(&card), &[], &[Some(1)]);
        prop_assert_eq!(words[0].as_deref(), Some("1st: cleared height 2"));
        let _ = vertical::in_words(&[card], &[], &places);
        let _ = next_jump_off_height(Centimetres(minimum as i64), rounds, Centimetres(cut as i64));
    }

    #[test]
    fn events(mark in any::<i64>(), record in any::<i64>(), tenths in any::<i32>(), grams in any::<u32>(), age in any::<u8>(), timing in timing()) {
        for event in discipline::all() {
            let candidate = Candidate {
                event: &event.code, mark, record, timing, wind: Some(WindTenths(tenths)), is_valid: true, is_outdoor: true,
            };
            prop_assert_eq!(propose(&candidate).comparison == Ordering::Equal, mark == record);
            let _ = (doubt(event, None, mark), doubt_wind(Some(event), WindTenths(tenths)), event.is_possible(mark));
            for sex in [Sex::Men, Sex::Women] {
                let _ = (weight(sex, &event.code, AgeGroup::Masters(age)), objection(sex, &event.code, AgeGroup::Under(age), grams));
                let standing = standing(sex, &[(&event.code, Outcome::Time(TimeMs(mark), timing)), (&event.code, Outcome::Distance(Centimetres(record)))]);
                prop_assert_eq!(rank(&[standing.total]), [Some(1)]);
            }
            let _ = objections(Scope::World, &event.code, &Circumstances { starters: Some(grams), ..Circumstances::default() });
        }
        let _ = super::age::age_on(date(9999, 12, 31), date(-9999, 1, 1));
    }
}
