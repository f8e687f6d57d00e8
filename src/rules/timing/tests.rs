use proptest::prelude::*;

use super::*;
use crate::rules::mark::WindTenths;
use crate::rules::wind;

fn timing() -> impl Strategy<Value = Timing> {
    prop_oneof![Just(Timing::Photo), Just(Timing::Hand), Just(Timing::Transponder)]
}

fn venue() -> impl Strategy<Value = Venue> {
    prop_oneof![Just(Venue::Track), Just(Venue::TrackLong), Just(Venue::Outside)]
}

proptest! {
    #[test]
    fn an_official_time_is_never_faster_and_less_than_a_quantum_slower(raw in 1_i64..863_000_000, timing in timing(), venue in venue()) {
        let rounded = official(TimeMs(raw), timing, venue);
        let quantum = quantum_ms(timing, venue);
        prop_assert!(rounded.0 >= raw && rounded.0 - raw < quantum && rounded.0 % quantum == 0);
        prop_assert_eq!(official(rounded, timing, venue), rounded, "it is rounded once");
        // What is printed is read back.
        prop_assert_eq!(TimeMs::parse(&show(rounded, timing, venue)), Ok(rounded));
    }

    #[test]
    fn no_reading_overflows(raw in any::<i64>(), timing in timing(), venue in venue(), wind_reading in any::<i32>()) {
        official(TimeMs(raw), timing, venue);
        let official = wind::official(wind_reading);
        prop_assert!(i64::from(official.0) * 100 >= i64::from(wind_reading));
    }

    #[test]
    fn wind_that_is_printed_is_read_back(tenths in -300_i32..=300) {
        prop_assert_eq!(WindTenths::parse(&wind::show(WindTenths(tenths))), Ok(WindTenths(tenths)));
    }
}
