use super::*;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));
const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn seconds(throttle: &Throttle, account: &str, addr: IpAddr, now: Instant) -> u64 {
    throttle.check(account, addr, now).map_or_else(|wait| wait.seconds, |_| 0)
}

/// A wrong password at the first moment it is allowed from `now` on; returns that moment.
fn fail(throttle: &Throttle, account: &str, addr: IpAddr, from: Instant) -> Instant {
    let mut now = from;
    loop {
        match throttle.check(account, addr, now) {
            Ok(attempt) => {
                attempt.failed(now);
                return now;
            }
            Err(wait) => now += s(wait.seconds),
        }
    }
}

#[test]
fn five_wrong_passwords_are_free_and_then_the_wait_doubles() {
    for addr in [HERE, LOOPBACK] {
        let start = Instant::now();
        let throttle = Throttle::with_room(1000, start);
        for remaining in [4, 3, 2, 1, 0] {
            assert_eq!(throttle.check("a@b.c", addr, start).unwrap().failed(start), remaining);
        }
        let mut now = start;
        for expected in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            assert_eq!(seconds(&throttle, "a@b.c", addr, now), expected);
            now += s(expected);
            assert_eq!(throttle.check("a@b.c", addr, now).unwrap().failed(now), 0);
        }
    }
}

#[test]
fn waiting_is_over_at_the_second_that_was_said() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    let last = (0..6).fold(now, |now, _| fail(&throttle, "a@b.c", HERE, now));
    assert_eq!(seconds(&throttle, "a@b.c", HERE, last + Duration::from_millis(1)), 2);
    assert_eq!(seconds(&throttle, "a@b.c", HERE, last + Duration::from_millis(1999)), 1);
    assert_eq!(seconds(&throttle, "a@b.c", HERE, last + s(2)), 0);
}

#[test]
fn another_address_or_account_is_not_affected() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    let now = (0..8).fold(now, |now, _| fail(&throttle, "a@b.c", HERE, now));
    assert!(seconds(&throttle, "a@b.c", HERE, now) > 0);
    assert_eq!(seconds(&throttle, "a@b.c", THERE, now), 0);
    assert_eq!(seconds(&throttle, "x@b.c", HERE, now), 0);
}

#[test]
fn an_account_is_the_same_in_any_case_and_an_address_in_both_spellings() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    for _ in 0..5 {
        fail(&throttle, "Ana@Meet.example", HERE, now);
    }
    assert_eq!(seconds(&throttle, " ana@meet.EXAMPLE ", "::ffff:192.0.2.1".parse().unwrap(), now), 1);
}

#[test]
fn after_half_an_hour_or_a_success_all_is_forgotten() {
    let start = Instant::now();
    let throttle = Throttle::with_room(1000, start);
    let last = (0..9).fold(start, |now, _| fail(&throttle, "a@b.c", HERE, now));
    let almost = last + s(30 * 60 - 1);
    let still = throttle.lock()[&(throttle.fold("a@b.c"), HERE)];
    assert!(!still.is_forgotten(almost));
    let later = last + s(30 * 60);
    assert_eq!(throttle.check("a@b.c", HERE, later).unwrap().failed(later), 4);

    let last = (0..9).fold(later, |now, _| fail(&throttle, "a@b.c", HERE, now));
    throttle.check("a@b.c", HERE, last + s(60)).unwrap().succeeded();
    assert!(throttle.lock().is_empty());
    assert_eq!(throttle.check("a@b.c", HERE, last + s(60)).unwrap().failed(last), 4);
}

#[test]
fn what_was_not_checked_does_not_count() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    for _ in 0..50 {
        drop(throttle.check("a@b.c", HERE, now).unwrap());
    }
    assert!(throttle.lock().is_empty());
    assert_eq!(throttle.check("a@b.c", HERE, now).unwrap().failed(now), 4);
}

#[test]
fn many_guesses_at_once_are_no_more_than_one_after_another() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    fail(&throttle, "a@b.c", HERE, now);
    let running: Vec<_> = (0..40).filter_map(|_| throttle.check("a@b.c", HERE, now).ok()).collect();
    assert_eq!(running.len(), 4);
    for attempt in running {
        attempt.failed(now);
    }
    let later = now + s(1);
    let one = throttle.check("a@b.c", HERE, later).unwrap();
    assert_eq!(throttle.check("a@b.c", HERE, later + s(100)).unwrap_err().seconds, 1, "one at a time");
    drop(one);
}

#[test]
fn right_passwords_at_once_do_not_hinder_each_other() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    let running: Vec<_> = (0..40).map(|_| throttle.check("a@b.c", HERE, now).unwrap()).collect();
    running.into_iter().for_each(Attempt::succeeded);
    let burst: Vec<_> = (0..33).map(|_| throttle.check("a@b.c", HERE, now).unwrap()).collect();
    for attempt in burst {
        attempt.failed(now);
    }
    assert_eq!(seconds(&throttle, "a@b.c", HERE, now), 60, "a burst of wrong ones is waited for");
}

#[test]
fn an_address_has_thirty_wrong_passwords_a_minute() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    for account in 0..30 {
        throttle.check(&format!("{account}@b.c"), HERE, now).unwrap().failed(now);
    }
    assert_eq!(seconds(&throttle, "new@b.c", HERE, now), 2);
    assert_eq!(seconds(&throttle, "new@b.c", THERE, now), 0);
    assert_eq!(seconds(&throttle, "new@b.c", HERE, now + s(2)), 0);
    throttle.check("new@b.c", HERE, now + s(2)).unwrap().succeeded();
    assert_eq!(seconds(&throttle, "new@b.c", HERE, now + s(2)), 0, "a right password costs nothing");
    for account in 0..100 {
        throttle.check(&format!("{account}@b.c"), LOOPBACK, now).unwrap().failed(now);
    }
}

#[test]
fn an_account_has_a_hundred_wrong_passwords_an_hour() {
    let now = Instant::now();
    let throttle = Throttle::with_room(1000, now);
    for address in 1..=100u8 {
        throttle.check("a@b.c", IpAddr::from([192, 0, 2, address]), now).unwrap().failed(now);
    }
    assert_eq!(seconds(&throttle, "a@b.c", IpAddr::from([198, 51, 100, 1]), now), 36);
    assert_eq!(seconds(&throttle, "x@b.c", IpAddr::from([198, 51, 100, 1]), now), 0);
    assert_eq!(seconds(&throttle, "a@b.c", IpAddr::from([198, 51, 100, 1]), now + s(36)), 0);
}

#[test]
fn a_known_browser_has_a_counter_of_its_own() {
    let throttle = Throttle::new();
    let (addr, now) = (IpAddr::from([10, 0, 0, 7]), Instant::now());
    for _ in 0..FREE {
        throttle.check("a@example.org", addr, now).unwrap().failed(now);
    }
    assert!(throttle.check("a@example.org", addr, now).is_err());
    // The owner's browser at the same address goes on, with five free tries, and then waits as everybody does.
    for left in (0..FREE).rev() {
        assert_eq!(throttle.check_known("A@example.org", "mine", addr, now).unwrap().failed(now), left);
    }
    assert_eq!(throttle.check_known("a@example.org", "mine", addr, now).unwrap_err().seconds, 1);
    assert!(throttle.check_known("a@example.org", "another", addr, now).is_ok());
    // What it gets wrong is nobody else's: the address and the account have their limits for themselves.
    assert!(throttle.check("b@example.org", addr, now).is_ok());
}

#[test]
fn memory_is_bounded_and_who_waits_is_not_forgotten_for_others() {
    let now = Instant::now();
    let throttle = Throttle::with_room(400, now);
    for _ in 0..5 {
        fail(&throttle, "guessed@b.c", HERE, now);
    }
    for account in 0..5000u32 {
        let addr = IpAddr::from((account + 1_000_000).to_be_bytes());
        throttle.check(&account.to_string(), addr, now).unwrap().failed(now);
        assert!(throttle.lock().len() <= 400);
    }
    assert_eq!(seconds(&throttle, "guessed@b.c", HERE, now), 1);
}

#[test]
fn a_wait_is_a_sentence() {
    assert_eq!(Wait { seconds: 1 }.to_string(), "Too many wrong passwords. Try again in 1 second");
    assert_eq!(Wait { seconds: 60 }.to_string(), "Too many wrong passwords. Try again in 60 seconds");
}
