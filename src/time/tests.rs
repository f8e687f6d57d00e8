use super::*;

#[test]
fn a_clock_that_is_set_is_noticed_and_one_that_only_runs_is_not() {
    let half_a_minute = Duration::from_secs(30);
    assert_eq!(step(30_000, half_a_minute), None);
    assert_eq!(step(31_500, half_a_minute), None, "set by a second, as time servers do");
    assert_eq!(step(30_000 + 3_600_000, half_a_minute), Some(3600));
    assert_eq!(step(30_000 - 3_600_000, half_a_minute), Some(-3600));
    assert_eq!(Clock::new().step(), None);
}
