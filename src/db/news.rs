//! What changed lately, numbered, for those who follow it as it happens. It says which row, never what is in it: whoever
//! hears of a row reads it, with the rights they have.
//!
//! The writer adds to the ring after a COMMIT and goes on; somebody else tells those who listen (see [`News::tell`]), so
//! that a save takes as long with two thousand listeners as with none. A listener has no queue of its own, just the
//! number of what it heard last, and a slow one costs no memory.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::Entity;

/// How many changes are kept for listeners who come back.
const KEPT: usize = 4096;

/// What happened to a row, or to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Create,
    Update,
    Delete,
    /// Any number of its rows: an import, a change in numbers.
    Reload,
}

impl Deed {
    pub fn as_str(self) -> &'static str {
        match self {
            Deed::Create => "create",
            Deed::Update => "update",
            Deed::Delete => "delete",
            Deed::Reload => "reload",
        }
    }
}

/// One change. Without an id it is one of the whole table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub entity: Entity,
    pub id: Option<i64>,
    pub deed: Deed,
}

/// How far the news may be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Number of the newest change.
    pub newest: u64,
    /// Another one means that the numbers begin anew: a backup has taken the place of the data.
    pub life: u32,
    /// There will be no more news.
    pub is_over: bool,
}

/// The ring of changes, and who waits for them.
#[derive(Debug)]
pub struct News {
    ring: Mutex<Ring>,
    stirred: Notify,
    told: watch::Sender<Told>,
}

#[derive(Debug)]
struct Ring {
    /// Number of the oldest change that is kept.
    first: u64,
    kept: VecDeque<Change>,
    /// The tables that are reloaded by a change nobody has heard of yet: it says all there is to say about them.
    reloading: u16,
}

impl Ring {
    fn new() -> Ring {
        Ring { first: a_beginning(), kept: VecDeque::new(), reloading: 0 }
    }

    fn newest(&self) -> u64 {
        self.first + self.kept.len() as u64 - 1
    }

    fn add(&mut self, change: Change) {
        let bit = 1 << change.entity as u16;
        if self.reloading & bit != 0 {
            return;
        }
        if change.deed == Deed::Reload {
            self.reloading |= bit;
        }
        if self.kept.len() == KEPT {
            self.kept.pop_front();
            self.first += 1;
        }
        self.kept.push_back(change);
    }
}

/// Every run begins to count somewhere else, so that a number of an earlier run, or of the data before a restore, is known
/// for what it is. Below 2^53, which every client can count to.
fn a_beginning() -> u64 {
    (getrandom::u64().expect("the operating system has random numbers") >> 12) + 1
}

impl Default for News {
    fn default() -> News {
        let ring = Ring::new();
        let told = Told { newest: ring.newest(), life: 0, is_over: false };
        News { ring: Mutex::new(ring), stirred: Notify::new(), told: watch::Sender::new(told) }
    }
}

impl News {
    /// Adds what a COMMIT has made true.
    pub(super) fn add(&self, changes: impl IntoIterator<Item = Change>) {
        let mut ring = self.lock();
        changes.into_iter().for_each(|change| ring.add(change));
        drop(ring);
        self.stirred.notify_one();
    }

    /// Waits until there is something to tell.
    pub async fn stirred(&self) {
        self.stirred.notified().await;
    }

    /// Lets everything up to now be heard, by all listeners at once.
    pub fn tell(&self) {
        let newest = {
            let mut ring = self.lock();
            ring.reloading = 0;
            ring.newest()
        };
        self.told.send_if_modified(|told| std::mem::replace(&mut told.newest, newest) != newest);
    }

    /// Follows how far the news may be heard.
    pub fn listen(&self) -> watch::Receiver<Told> {
        self.told.subscribe()
    }

    /// The changes behind number `heard` that may be heard, with their numbers, `most` at most. None when they are not
    /// kept any more, or `heard` was never a number of this run.
    pub fn since(&self, heard: u64, most: usize) -> Option<Vec<(u64, Change)>> {
        // Before the lock: what is told is in the ring, unless it has left it.
        let told = self.told.borrow().newest;
        let waiting = usize::try_from(told.checked_sub(heard)?).ok()?;
        let ring = self.lock();
        let from = usize::try_from((heard + 1).checked_sub(ring.first)?).ok()?;
        let changes = ring.kept.iter().skip(from).take(waiting.min(most));
        Some((heard + 1..).zip(changes.copied()).collect())
    }

    /// Forgets everything: the data is not what it was.
    pub(super) fn begin_anew(&self) {
        let mut ring = self.lock();
        *ring = Ring::new();
        let newest = ring.newest();
        drop(ring);
        self.told.send_modify(|told| *told = Told { newest, life: told.life.wrapping_add(1), ..*told });
    }

    /// Sends every listener away: the server ends.
    pub fn end(&self) {
        self.told.send_modify(|told| told.is_over = true);
    }

    /// Changes are added one by one, so a poisoned lock still holds good ones.
    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
