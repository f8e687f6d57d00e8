//! `GET /api/live`: what changes, as it changes, for everybody who shows it.
//!
//! The messages come from the ring of the database room ([`crate::db::News`]); here is who hears which of them
//! ([`audience`]), how they are said ([`listener`]), and how many may listen ([`Room`]).

mod audience;
mod listener;
mod routes;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::db::Db;

pub use routes::routes;

/// Between two tellings: what happens meanwhile is heard together, so that a busy minute wakes everybody a few times a
/// second and not with every save.
const PACE: Duration = Duration::from_millis(250);

/// How many may listen at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub streams: usize,
    /// Of these, for those who are signed in: a crowd must not shut the officials out.
    pub reserved: usize,
}

impl Default for Room {
    fn default() -> Room {
        Room { streams: 2_000, reserved: 200 }
    }
}

/// The seats of those who listen.
#[derive(Debug)]
pub struct Seats {
    room: Room,
    free: Arc<Semaphore>,
}

impl Seats {
    pub fn new(room: Room) -> Seats {
        Seats { room, free: Arc::new(Semaphore::new(room.streams)) }
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.room.streams - self.free.available_permits()
    }

    /// A seat until it is dropped, or none.
    fn take(&self, is_signed_in: bool) -> Option<OwnedSemaphorePermit> {
        let kept_free = if is_signed_in { 0 } else { self.room.reserved };
        if self.free.available_permits() <= kept_free {
            return None;
        }
        self.free.clone().try_acquire_owned().ok()
    }
}

/// Tells everybody who listens what has changed, for as long as the server runs.
pub async fn tell(db: Db) {
    let news = db.changes().news();
    loop {
        news.stirred().await;
        news.tell();
        tokio::time::sleep(PACE).await;
    }
}

#[cfg(test)]
mod tests;
