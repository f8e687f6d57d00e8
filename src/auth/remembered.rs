//! What the database says of somebody who comes with each request, answered from memory. A commit that touches a table it
//! depends on makes every answer stale, so a revocation acts at once.

use std::hash::Hash;
use std::sync::Arc;

use moka::sync::Cache;
use rusqlite::Connection;

use crate::db::{Db, DbError, Entity};
use crate::time::{self, Moment};

/// Answers kept, and people whose last visit is known.
const MOST: u64 = 4096;

/// Who comes with a key, or that nobody does.
pub(super) struct Remembered<K, V> {
    known: Cache<K, Arc<Known<V>>>,
    depends_on: &'static [Entity],
    load: Load<K, V>,
    /// When somebody was last seen, in Unix milliseconds. In memory alone: a request that reads writes nothing.
    seen: Cache<i64, i64>,
}

struct Known<V> {
    generation: u64,
    found: Option<V>,
}

type Load<K, V> = fn(&Connection, &K) -> Result<Option<V>, DbError>;

impl<K: Clone + Eq + Hash + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Remembered<K, V> {
    pub fn new(depends_on: &'static [Entity], load: Load<K, V>) -> Remembered<K, V> {
        Remembered { known: Cache::new(MOST), depends_on, load, seen: Cache::new(MOST) }
    }

    /// What the database says at this moment.
    pub async fn find(&self, db: &Db, key: K) -> Result<Option<V>, DbError> {
        let generation = db.changes().generation(self.depends_on);
        if let Some(known) = self.known.get(&key)
            && known.generation == generation
        {
            return Ok(known.found.clone());
        }
        let (load, wanted) = (self.load, key.clone());
        let found = db.read(move |conn| load(conn, &wanted)).await?;
        self.known.insert(key, Arc::new(Known { generation, found: found.clone() }));
        Ok(found)
    }

    /// What it said when it was last asked, which may be over.
    pub fn last_found(&self, key: &K) -> Option<V> {
        self.known.get(key)?.found.clone()
    }

    pub fn saw(&self, id: i64) {
        self.seen.insert(id, time::now_ms());
    }

    /// When this process last saw somebody.
    pub fn last_seen(&self, id: i64) -> Option<Moment> {
        self.seen.get(&id).map(Moment)
    }
}
