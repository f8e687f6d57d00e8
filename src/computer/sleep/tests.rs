//! What three clocks tell of the time between two looks.

use std::time::Duration;

use super::{Gap, Passed, Watch, gap};

const EVERY_S: i64 = 30;

fn told(shown_s: i64, awake_s: i64, up_s: Option<i64>) -> Option<Gap> {
    gap(&Passed { shown_s, awake_s, up_s }, EVERY_S)
}

#[test]
fn nothing_happens_most_of_the_time() {
    assert_eq!(told(30, 30, Some(30)), None);
    assert_eq!(told(32, 30, Some(30)), None, "set by two seconds, as time servers do");
    assert_eq!(told(55, 55, Some(55)), None, "a busy computer");
    assert_eq!(told(30, 30, None), None);
    assert_eq!(Watch::new().look(Duration::from_secs(30)), None);
}

#[test]
fn a_sleep_is_what_the_clock_of_the_process_has_missed() {
    assert_eq!(told(870, 30, Some(870)), Some(Gap::Slept { seconds: 840 }));
    assert_eq!(told(870, 30, None), Some(Gap::Slept { seconds: 840 }), "macOS says no more");
    assert_eq!(told(870, 870, None), Some(Gap::Slept { seconds: 840 }), "on Windows the look is late");
}

#[test]
fn a_clock_that_was_set_is_no_sleep() {
    assert_eq!(told(3630, 30, Some(30)), Some(Gap::ClockSet { seconds: 3600 }));
    assert_eq!(told(-3570, 30, Some(30)), Some(Gap::ClockSet { seconds: -3600 }));
    assert_eq!(told(-3570, 30, None), Some(Gap::ClockSet { seconds: -3600 }));
}
