//! How long one transaction of a large import, or of its undoing, may hold the writer.

use std::time::{Duration, Instant};

use crate::db::Db;

/// While nobody waits. Each slice writes the index pages it has touched, which are all over the file: the fewer slices,
/// the fewer pages are written twice. Somebody who comes ends it at once, and waits for what it has written.
const ALONE: Duration = Duration::from_secs(1);
/// While somebody waits to save.
const AWAITED: Duration = Duration::from_millis(40);

/// A turn at the writer.
pub struct Slice<'d> {
    db: &'d Db,
    started: Instant,
}

impl Slice<'_> {
    pub fn begin(db: &Db) -> Slice<'_> {
        Slice { db, started: Instant::now() }
    }

    /// Whether there is time for more.
    pub fn goes_on(&self) -> bool {
        let elapsed = self.started.elapsed();
        elapsed < AWAITED || (elapsed < ALONE && self.db.waiting() == 0)
    }
}
