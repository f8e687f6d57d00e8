//! How many requests one address, device or user may send.
//!
//! A whole venue often sits behind one address, so the limits are wide; they stop a script that loops, not
//! a crowd. A device that is signed in has a bucket of its own: neither takes it from the crowd's, nor does
//! it stand still when somebody in the crowd has emptied that. Each bucket is a single number: the instant at which it will be full again (the generic cell
//! rate algorithm), so there is nothing to refill and a full bucket is one that may be forgotten.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::error::ApiError;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const SHARDS: usize = 16;
/// Buckets kept in all; about 40 bytes each.
const MAX_BUCKETS: usize = 64 * 1024;

/// Requests allowed; 0 switches a limit off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// GET, HEAD and OPTIONS in a minute, of an address or of a device that is signed in.
    pub reads_per_minute: u32,
    /// Every other request in a minute, of the same.
    pub writes_per_minute: u32,
    /// Imports of a user in an hour.
    pub imports_per_hour: u32,
    /// Self-registrations from an address in an hour.
    pub registrations_per_hour: u32,
}

impl Default for RateLimits {
    fn default() -> RateLimits {
        RateLimits { reads_per_minute: 6000, writes_per_minute: 1200, imports_per_hour: 60, registrations_per_hour: 20 }
    }
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Read,
    Write,
    /// By the id of the user, wherever they are.
    Import {
        user: i64,
    },
    Registration,
}

/// Whose bucket it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Owner {
    /// The user that the kind names.
    User,
    Address(IpAddr),
    /// By the id of its session.
    Device(i64),
}

/// The buckets of all addresses, devices and users.
pub struct Limiter {
    limits: RwLock<RateLimits>,
    buckets: Buckets<(Kind, Owner)>,
}

impl Limiter {
    pub fn new(limits: RateLimits, now: Instant) -> Limiter {
        Limiter { limits: RwLock::new(limits), buckets: Buckets::new(MAX_BUCKETS, now) }
    }

    /// Other limits from now on. What was taken from a bucket stays taken.
    pub fn set(&self, limits: RateLimits) {
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    /// Takes one request of `kind` from `from`'s bucket, or refuses it with 429 `too-many-requests` and the
    /// seconds to wait. Requests of the machine itself (loopback) are never refused.
    pub fn check(&self, kind: Kind, from: IpAddr, now: Instant) -> Result<(), ApiError> {
        self.check_device(kind, from, || None, now)
    }

    /// As [`Limiter::check`], from the bucket of the device where `device` knows the session it is signed in with.
    pub fn check_device(
        &self,
        kind: Kind,
        from: IpAddr,
        device: impl FnOnce() -> Option<i64>,
        now: Instant,
    ) -> Result<(), ApiError> {
        let from = from.to_canonical();
        if from.is_loopback() {
            return Ok(());
        }
        let limits = *self.limits.read().unwrap_or_else(PoisonError::into_inner);
        let (limit, period, what) = match kind {
            Kind::Read => (limits.reads_per_minute, MINUTE, "requests"),
            Kind::Write => (limits.writes_per_minute, MINUTE, "changes"),
            Kind::Import { .. } => (limits.imports_per_hour, HOUR, "imports"),
            Kind::Registration => (limits.registrations_per_hour, HOUR, "registrations"),
        };
        let Some(rate) = Rate::new(limit, period) else { return Ok(()) };
        let (owner, whose) = match (kind, device()) {
            (Kind::Import { .. }, _) => (Owner::User, "by this user"),
            (_, Some(session)) => (Owner::Device(session), "from this device"),
            (_, None) => (Owner::Address(from), "from this address"),
        };
        self.buckets.take(&(kind, owner), rate, now).map_err(|wait| {
            let seconds = whole_seconds(wait);
            let unit = if seconds == 1 { "second" } else { "seconds" };
            ApiError::too_many(
                "too-many-requests",
                format!("Too many {what} {whose}. Try again in {seconds} {unit}"),
                seconds,
            )
        })
    }
}

/// Seconds to tell a client, rounded up so that it is not refused again; at least 1.
pub(crate) fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_nanos().div_ceil(1_000_000_000) as u64).max(1)
}

/// A bucket's size and how fast it fills: `limit` at once, and `limit` in each `period`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    /// Nanoseconds in which one request is earned.
    interval: u64,
    period: u64,
}

impl Rate {
    /// `None` for a limit of 0, which is no limit.
    pub(crate) const fn new(limit: u32, period: Duration) -> Option<Rate> {
        let period = period.as_nanos() as u64;
        if limit == 0 { None } else { Some(Rate { interval: period / limit as u64, period }) }
    }
}

/// Buckets by key in bounded memory. When there is no room, full ones are forgotten first, then those that
/// are nearest to full, which lose the least.
pub(crate) struct Buckets<K> {
    started: Instant,
    hasher: RandomState,
    max_in_shard: usize,
    /// Key to the nanosecond, since `started`, at which its bucket is full.
    shards: [Mutex<HashMap<K, u64>>; SHARDS],
}

impl<K: Copy + Eq + Hash> Buckets<K> {
    pub(crate) fn new(max: usize, now: Instant) -> Buckets<K> {
        Buckets {
            started: now,
            hasher: RandomState::new(),
            max_in_shard: (max / SHARDS).max(1),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// Takes one, or says how long until there is one.
    pub(crate) fn take(&self, key: &K, rate: Rate, now: Instant) -> Result<(), Duration> {
        self.with(key, now, |full_at, now| {
            let wait = wait(*full_at, rate, now);
            if wait.is_zero() {
                *full_at += rate.interval;
                Ok(())
            } else {
                Err(wait)
            }
        })
    }

    /// Takes one although there may be none; what is owed is waited for later.
    pub(crate) fn charge(&self, key: &K, rate: Rate, now: Instant) {
        self.with(key, now, |full_at, _| *full_at += rate.interval);
    }

    /// How long until there is one; zero when there is one now. Takes nothing.
    pub(crate) fn wait(&self, key: &K, rate: Rate, now: Instant) -> Duration {
        let now = self.nanos(now);
        self.lock(key).get(key).map_or(Duration::ZERO, |full_at| wait(*full_at, rate, now))
    }

    fn with<T>(&self, key: &K, now: Instant, act: impl FnOnce(&mut u64, u64) -> T) -> T {
        let now = self.nanos(now);
        let mut shard = self.lock(key);
        if let Some(full_at) = shard.get_mut(key) {
            *full_at = (*full_at).max(now);
            return act(full_at, now);
        }
        if shard.len() >= self.max_in_shard {
            make_room(&mut shard, self.max_in_shard, now);
        }
        act(shard.entry(*key).or_insert(now), now)
    }

    /// An instant before the start (another thread's clock reading) counts as the start.
    fn nanos(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.started).as_nanos() as u64
    }

    /// A number is written at once, so a poisoned lock still holds good buckets.
    fn lock(&self, key: &K) -> std::sync::MutexGuard<'_, HashMap<K, u64>> {
        // The high bits: a map takes the low ones, so both would otherwise be the same choice.
        let shard = self.hasher.hash_one(key) >> (u64::BITS - SHARDS.ilog2());
        self.shards[shard as usize].lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}

/// A bucket holds one when it will be full in a period less one interval.
fn wait(full_at: u64, rate: Rate, now: u64) -> Duration {
    Duration::from_nanos((full_at + rate.interval).saturating_sub(now + rate.period))
}

/// Frees at least half, so that the cost is shared by the many keys that fill it again.
fn make_room<K: Eq + Hash>(shard: &mut HashMap<K, u64>, max: usize, now: u64) {
    shard.retain(|_, full_at| *full_at > now);
    if shard.len() > max / 2 {
        let mut instants: Vec<u64> = shard.values().copied().collect();
        let middle = instants.len() / 2;
        let (_, median, _) = instants.select_nth_unstable(middle);
        let median = *median;
        shard.retain(|_, full_at| *full_at > median);
    }
}

#[cfg(test)]
mod tests;
