//! Delays after wrong passwords.
//!
//! No account is ever locked: whoever knows its address could otherwise shut an official out in the middle
//! of a meet. Instead each pair of account and address waits longer with each wrong password, an address
//! that tries many accounts is slowed, and so is an account that is tried from many addresses.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::http::limits::{Buckets, Rate, whole_seconds};

/// Wrong passwords of a pair before the first wait.
const FREE: u32 = 5;
/// A pair is forgotten after this time without a wrong password.
const MEMORY: Duration = Duration::from_secs(30 * 60);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Wrong passwords of one address for any accounts. Loopback is exempt: it is the console.
const ADDRESS_RATE: Rate = rate(30, Duration::from_secs(60));
/// Wrong passwords of one account from anywhere.
const ACCOUNT_RATE: Rate = rate(100, Duration::from_secs(60 * 60));
/// Pairs, addresses and accounts kept; each takes less than 100 bytes.
const MAX_ENTRIES: usize = 32 * 1024;

const fn rate(limit: u32, period: Duration) -> Rate {
    Rate::new(limit, period).expect("these limits are not zero")
}

/// Too early: 429 with `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// At least 1.
    pub seconds: u64,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.seconds == 1 { "second" } else { "seconds" };
        write!(f, "Too many wrong passwords. Try again in {} {unit}", self.seconds)
    }
}

impl std::error::Error for Wait {}

/// What is remembered about wrong passwords. Shared by all sign-ins; a restart forgets it.
pub struct Throttle {
    hasher: RandomState,
    pairs: Mutex<HashMap<Pair, Tries>>,
    addresses: Buckets<IpAddr>,
    accounts: Buckets<u64>,
    max_pairs: usize,
}

/// An account, as a keyed hash so that a long name takes no more room than a short one, and an address.
type Pair = (u64, IpAddr);

#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    /// Passwords being checked at this moment.
    pending: u32,
    /// When the last one was wrong, or begun.
    last: Instant,
}

/// A password that may be checked now. It ends with [`Attempt::failed`] or [`Attempt::succeeded`]; dropped
/// without either (the server was busy, the client went away) it does not count.
#[derive(Debug)]
#[must_use = "say whether the password was right"]
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    pair: Pair,
    /// The limits that all share count it as well.
    is_shared: bool,
}

impl Throttle {
    pub fn new() -> Throttle {
        Throttle::with_room(MAX_ENTRIES, Instant::now())
    }

    fn with_room(max: usize, now: Instant) -> Throttle {
        Throttle {
            hasher: RandomState::new(),
            pairs: Mutex::default(),
            addresses: Buckets::new(max, now),
            accounts: Buckets::new(max, now),
            max_pairs: max,
        }
    }

    /// Whether a password for `account` (an e-mail address, in any case) from `addr` may be checked now.
    ///
    /// After the first wrong password those being checked count as wrong until they are known to be right,
    /// and without free tries there is one at a time: so sending many at once gains nothing.
    pub fn check(&self, account: &str, addr: IpAddr, now: Instant) -> Result<Attempt<'_>, Wait> {
        let addr = addr.to_canonical();
        let account = self.fold(account);
        let by_address =
            if addr.is_loopback() { Duration::ZERO } else { self.addresses.wait(&addr, ADDRESS_RATE, now) };
        let shared = by_address.max(self.accounts.wait(&account, ACCOUNT_RATE, now));
        self.begin((account, addr), shared, true, now)
    }

    /// The same for a browser that has signed in to the account before: it has a counter of its own, and what others do
    /// to the account or from its address does not slow it down.
    pub fn check_known(&self, account: &str, device: &str, addr: IpAddr, now: Instant) -> Result<Attempt<'_>, Wait> {
        let pair = (self.hasher.hash_one((self.fold(account), device)), addr.to_canonical());
        self.begin(pair, Duration::ZERO, false, now)
    }

    fn begin(&self, pair: Pair, shared: Duration, is_shared: bool, now: Instant) -> Result<Attempt<'_>, Wait> {
        let mut pairs = self.lock();
        let own = pairs.get(&pair).map_or(Duration::ZERO, |tries| tries.wait(now));
        let wait = own.max(shared);
        if !wait.is_zero() {
            return Err(Wait { seconds: whole_seconds(wait) });
        }
        if pairs.len() >= self.max_pairs && !pairs.contains_key(&pair) {
            make_room(&mut pairs, self.max_pairs, now);
        }
        let tries = pairs.entry(pair).or_insert(Tries { wrong: 0, pending: 0, last: now });
        if tries.is_forgotten(now) {
            tries.wrong = 0;
        }
        tries.pending += 1;
        Ok(Attempt { throttle: self, pair, is_shared })
    }

    /// Case and spaces around it do not make another account.
    fn fold(&self, account: &str) -> u64 {
        self.hasher.hash_one(account.trim().to_lowercase())
    }

    /// Entries are changed in single steps, so a poisoned lock still holds good ones.
    fn lock(&self) -> MutexGuard<'_, HashMap<Pair, Tries>> {
        self.pairs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Throttle {
    fn default() -> Throttle {
        Throttle::new()
    }
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle").field("pairs", &self.lock().len()).finish_non_exhaustive()
    }
}

impl Attempt<'_> {
    /// The password was wrong. Returns how many more may be wrong before the pair has to wait.
    pub fn failed(self, now: Instant) -> u32 {
        let (account, addr) = self.pair;
        if self.is_shared && !addr.is_loopback() {
            self.throttle.addresses.charge(&addr, ADDRESS_RATE, now);
        }
        if self.is_shared {
            self.throttle.accounts.charge(&account, ACCOUNT_RATE, now);
        }
        let mut pairs = self.throttle.lock();
        // The entry is there: making room leaves what is pending.
        let tries = pairs.entry(self.pair).or_insert(Tries { wrong: 0, pending: 1, last: now });
        tries.wrong = tries.wrong.saturating_add(1);
        tries.last = now;
        FREE.saturating_sub(tries.wrong)
    }

    /// The password was right: the pair starts anew. What others did to the account or from the address
    /// stays counted.
    pub fn succeeded(self) {
        if let Some(tries) = self.throttle.lock().get_mut(&self.pair) {
            tries.wrong = 0;
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut pairs = self.throttle.lock();
        if let Some(tries) = pairs.get_mut(&self.pair) {
            tries.pending = tries.pending.saturating_sub(1);
            if tries.wrong == 0 && tries.pending == 0 {
                pairs.remove(&self.pair);
            }
        }
    }
}

impl Tries {
    /// What is dropped first when there is no room: no wait due before a wait, old before new.
    fn rank(&self) -> (bool, Instant) {
        (self.wrong >= FREE, self.last)
    }

    fn wait(&self, now: Instant) -> Duration {
        if self.is_forgotten(now) {
            return Duration::ZERO;
        }
        // Without a wrong one so far, many at once are the owner's scripts and pages; the hashing queue
        // bounds what guessing could gain from that.
        if self.wrong == 0 || self.wrong.saturating_add(self.pending) < FREE {
            return Duration::ZERO;
        }
        // One at a time from here on; the one being checked takes less than a second.
        let at_least = if self.pending > 0 { Duration::from_secs(1) } else { Duration::ZERO };
        let Some(beyond) = self.wrong.checked_sub(FREE) else { return at_least };
        let delay = Duration::from_secs(1 << beyond.min(6)).min(LONGEST_WAIT);
        delay.saturating_sub(now.saturating_duration_since(self.last)).max(at_least)
    }

    fn is_forgotten(&self, now: Instant) -> bool {
        self.pending == 0 && now.saturating_duration_since(self.last) >= MEMORY
    }
}

/// Frees about a quarter at a time, so that the cost is shared by the many that fill it again. Whoever has to
/// wait is forgotten last, and a pair whose password is being checked never.
fn make_room(pairs: &mut HashMap<Pair, Tries>, max: usize, now: Instant) {
    pairs.retain(|_, tries| !tries.is_forgotten(now));
    if pairs.len() > max / 4 * 3 {
        let mut ages: Vec<(bool, Instant)> = pairs.values().map(Tries::rank).collect();
        let quarter = ages.len() / 4;
        let (_, oldest, _) = ages.select_nth_unstable(quarter);
        let oldest = *oldest;
        pairs.retain(|_, tries| tries.pending > 0 || tries.rank() > oldest);
    }
}

#[cfg(test)]
mod tests;
