use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::IntoResponse;

use super::*;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// How many of `tries` go through.
fn passed(limiter: &Limiter, kind: Kind, from: IpAddr, now: Instant, tries: usize) -> usize {
    (0..tries).filter(|_| limiter.check(kind, from, now).is_ok()).count()
}

#[test]
fn each_kind_has_its_own_limit() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), now);
    assert_eq!(passed(&limiter, Kind::Read, HERE, now, 7000), 6000);
    assert_eq!(passed(&limiter, Kind::Write, HERE, now, 7000), 1200);
    assert_eq!(passed(&limiter, Kind::Registration, HERE, now, 100), 20);
    assert_eq!(passed(&limiter, Kind::Import { user: 7 }, HERE, now, 100), 60);
    assert_eq!(passed(&limiter, Kind::Read, THERE, now, 7000), 6000, "another address has its own");
}

#[test]
fn imports_count_by_user_and_not_by_address() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), now);
    assert_eq!(passed(&limiter, Kind::Import { user: 7 }, HERE, now, 40), 40);
    assert_eq!(passed(&limiter, Kind::Import { user: 7 }, THERE, now, 40), 20);
    assert_eq!(passed(&limiter, Kind::Import { user: 8 }, HERE, now, 40), 40);
}

#[test]
fn a_device_that_is_signed_in_has_a_bucket_of_its_own() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), now);
    let from = |session: i64, kind: Kind, tries: usize| {
        (0..tries).filter(|_| limiter.check_device(kind, HERE, || Some(session), now).is_ok()).count()
    };
    assert_eq!(from(1, Kind::Read, 7000), 6000);
    assert_eq!(from(2, Kind::Write, 7000), 1200);
    assert_eq!(from(2, Kind::Read, 10), 10, "one bad phone is the only one that waits");
    assert_eq!(passed(&limiter, Kind::Read, HERE, now, 7000), 6000, "and took nothing from the address");
    assert_eq!(from(3, Kind::Read, 10), 10, "nor does the crowd take from it");
    let refused = limiter.check_device(Kind::Write, HERE, || Some(2), now).unwrap_err().to_string();
    assert_eq!(refused, "429 too-many-requests: Too many changes from this device. Try again in 1 second");
}

/// 500 phones behind one address, each of which opens the page (9 requests) and then asks as often as it updates itself.
#[test]
fn a_stadium_behind_one_address_is_not_refused() {
    let begin = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), begin);
    for second in 0..300 {
        let now = begin + seconds(f64::from(second));
        let opening = if second < 60 { 500 / 60 + 1 } else { 0 };
        let updating = 500 / 10;
        let asked = opening * 9 + updating;
        assert_eq!(passed(&limiter, Kind::Read, HERE, now, asked), asked, "in second {second}");
    }
}

#[test]
fn the_machine_itself_is_exempt() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), now);
    for loopback in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
        assert_eq!(passed(&limiter, Kind::Registration, loopback.parse().unwrap(), now, 100), 100);
    }
    assert_eq!(limiter.buckets.len(), 0);
}

#[test]
fn an_address_is_the_same_in_both_spellings() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), now);
    assert_eq!(passed(&limiter, Kind::Registration, HERE, now, 15), 15);
    assert_eq!(passed(&limiter, Kind::Registration, "::ffff:192.0.2.1".parse().unwrap(), now, 15), 5);
}

#[test]
fn requests_are_earned_back_with_time_but_never_more_than_the_limit() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits { writes_per_minute: 60, ..RateLimits::default() }, now);
    assert_eq!(passed(&limiter, Kind::Write, HERE, now, 100), 60);
    assert_eq!(passed(&limiter, Kind::Write, HERE, now + seconds(0.9), 100), 0);
    assert_eq!(passed(&limiter, Kind::Write, HERE, now + seconds(1.0), 100), 1);
    assert_eq!(passed(&limiter, Kind::Write, HERE, now + seconds(11.0), 100), 10);
    assert_eq!(passed(&limiter, Kind::Write, HERE, now + seconds(10_000.0), 100), 60);
}

#[test]
fn zero_is_no_limit() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits { reads_per_minute: 0, ..RateLimits::default() }, now);
    assert_eq!(passed(&limiter, Kind::Read, HERE, now, 9999), 9999);
}

#[test]
fn a_refusal_says_when_to_come_back() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), now);
    assert_eq!(passed(&limiter, Kind::Registration, HERE, now, 20), 20);
    let error = limiter.check(Kind::Registration, HERE, now + seconds(0.5)).unwrap_err();
    assert_eq!(error.code(), "too-many-requests");
    assert_eq!(
        error.to_string(),
        "429 too-many-requests: Too many registrations from this address. Try again in 180 seconds"
    );
    let response = error.into_response();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()[RETRY_AFTER], "180");
    assert!(limiter.check(Kind::Registration, HERE, now + seconds(0.5 + 180.0)).is_ok(), "and then it holds");
}

#[test]
fn a_wait_is_rounded_up_to_whole_seconds() {
    assert_eq!(whole_seconds(Duration::ZERO), 1);
    assert_eq!(whole_seconds(seconds(1.0)), 1);
    assert_eq!(whole_seconds(seconds(1.001)), 2);
}

#[test]
fn an_earlier_clock_reading_does_not_harm() {
    let now = Instant::now();
    let limiter = Limiter::new(RateLimits::default(), now + seconds(5.0));
    assert_eq!(passed(&limiter, Kind::Registration, HERE, now, 100), 20);
}

#[test]
fn memory_is_bounded_and_empty_buckets_are_kept_longest() {
    let now = Instant::now();
    let buckets = Buckets::<u64>::new(1600, now);
    let rate = Rate::new(10, MINUTE).unwrap();
    // One key is used up; a flood of others takes one each.
    while buckets.take(&u64::MAX, rate, now).is_ok() {}
    for key in 0..100_000 {
        buckets.take(&key, rate, now).unwrap();
        assert!(buckets.len() <= 1600);
    }
    assert!(buckets.take(&u64::MAX, rate, now).is_err(), "a flood does not refill it");
    // When all are full again, the first new key forgets its shard's.
    let later = now + MINUTE;
    for key in 0..2000 {
        buckets.take(&key, rate, later).unwrap();
    }
    assert!(buckets.len() <= 1600);
}

#[test]
fn what_is_charged_beyond_the_limit_is_waited_for() {
    let now = Instant::now();
    let buckets = Buckets::<u8>::new(100, now);
    let rate = Rate::new(30, MINUTE).unwrap();
    assert_eq!(buckets.wait(&1, rate, now), Duration::ZERO);
    assert_eq!(buckets.len(), 0, "looking keeps nothing");
    for _ in 0..32 {
        buckets.charge(&1, rate, now);
    }
    assert_eq!(buckets.wait(&1, rate, now), seconds(6.0));
    assert_eq!(buckets.wait(&1, rate, now + seconds(6.0)), Duration::ZERO);
}
