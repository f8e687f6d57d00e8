//! How many connections of an address are still on their first request head.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Counts = HashMap<IpAddr, usize>;

/// Counts unfinished heads by address. The map holds only addresses with at least one, so it is never
/// larger than the number of connections.
pub(super) struct Admission {
    counts: Arc<Mutex<Counts>>,
    max: usize,
}

/// A connection whose first request head is not complete; dropped when it is, or when the connection ends.
pub(super) struct UnfinishedHead(Option<(IpAddr, Arc<Mutex<Counts>>)>);

impl Admission {
    pub(super) fn new(max: usize) -> Admission {
        Admission { counts: Arc::default(), max }
    }

    /// `None` when the address has too many unfinished heads. Loopback is not counted.
    pub(super) fn admit(&self, addr: IpAddr) -> Option<UnfinishedHead> {
        if addr.is_loopback() {
            return Some(UnfinishedHead(None));
        }
        let mut counts = lock(&self.counts);
        let count = counts.entry(addr).or_default();
        if *count >= self.max {
            return None;
        }
        *count += 1;
        Some(UnfinishedHead(Some((addr, self.counts.clone()))))
    }

    #[cfg(test)]
    pub(super) fn addresses(&self) -> usize {
        lock(&self.counts).len()
    }
}

impl Drop for UnfinishedHead {
    fn drop(&mut self) {
        let Some((addr, counts)) = self.0.take() else { return };
        let mut counts = lock(&counts);
        if let Some(count) = counts.get_mut(&addr) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&addr);
            }
        }
    }
}

/// Counting cannot fail half-way, so a poisoned lock still holds good counts.
fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
