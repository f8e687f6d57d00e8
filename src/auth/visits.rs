//! People who came in by a station link, without an account: kept in the database, answered from memory. A commit that
//! touches sessions (these are counted among them) or events makes every remembered answer stale, so a revocation acts at once.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use super::policy::Role;
use super::token::{random_token, token_hash};
use crate::db::{Db, DbError, Entity};
use crate::http::error::{ApiError, ApiResult};
use crate::records::values::parsed;
use crate::time::{self, Moment};

/// How the tokens begin: no access token of an account does.
const PREFIX: &str = "station_";
const DEPENDS_ON: [Entity; 2] = [Entity::Sessions, Entity::Events];

/// Somebody at a station: whoever has its link and gave a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtStation {
    pub station: i64,
    pub visit: i64,
    /// The only event they may do something at.
    pub event: i64,
    /// Official or starter.
    pub role: Role,
    /// What the station is called.
    pub label: String,
    /// The name they gave.
    pub person: String,
    pub expires_at: Moment,
}

impl AtStation {
    /// Whether a bearer token is one of a station.
    pub fn is_token(token: &str) -> bool {
        token.starts_with(PREFIX)
    }

    /// A new token, and what is stored of it.
    pub fn new_token() -> (String, String) {
        let token = format!("{PREFIX}{}", random_token());
        let hash = token_hash(&token);
        (token, hash)
    }

    /// As the audit log names them.
    pub fn name(&self) -> String {
        format!("{} (station {})", self.person, self.label)
    }
}

/// The people at the stations of this server.
pub struct Visits {
    known: moka::sync::Cache<String, Arc<Remembered>>,
    /// When somebody was last seen, in Unix milliseconds. In memory alone: a request that reads writes nothing.
    seen: moka::sync::Cache<i64, i64>,
}

struct Remembered {
    generation: u64,
    found: Option<AtStation>,
}

impl Visits {
    pub fn new() -> Visits {
        Visits { known: moka::sync::Cache::new(4096), seen: moka::sync::Cache::new(4096) }
    }

    /// Whoever holds this token.
    ///
    /// # Errors
    /// 401 when the station has ended, was revoked, or never was.
    pub async fn by_token(&self, db: &Db, token: &str) -> ApiResult<AtStation> {
        let found = self.find(db, token_hash(token)).await?.filter(|found| found.expires_at > time::now());
        let found = found.ok_or_else(|| {
            ApiError::unauthorized("station-ended", "This station link has ended or was revoked. Ask for a new one")
        })?;
        self.seen.insert(found.visit, time::now_ms());
        Ok(found)
    }

    /// When this process last saw somebody.
    pub fn last_seen(&self, visit: i64) -> Option<Moment> {
        self.seen.get(&visit).map(Moment)
    }

    async fn find(&self, db: &Db, hash: String) -> Result<Option<AtStation>, DbError> {
        let generation = db.changes().generation(&DEPENDS_ON);
        if let Some(known) = self.known.get(&hash)
            && known.generation == generation
        {
            return Ok(known.found.clone());
        }
        let wanted = hash.clone();
        let found = db.read(move |conn| load(conn, &wanted)).await?;
        self.known.insert(hash, Arc::new(Remembered { generation, found: found.clone() }));
        Ok(found)
    }
}

impl Default for Visits {
    fn default() -> Visits {
        Visits::new()
    }
}

/// Whoever holds the token with this hash, unless the station was revoked.
fn load(conn: &Connection, hash: &str) -> Result<Option<AtStation>, DbError> {
    let sql = "
        SELECT s.id, v.id, s.event_id, s.role, s.label, v.person, s.expires_at
        FROM station_visits v JOIN stations s ON s.id = v.station_id
        WHERE v.token = ?1 AND s.revoked_at IS NULL";
    let found = conn.prepare_cached(sql)?.query_row([hash], |row| {
        Ok(AtStation {
            station: row.get(0)?,
            visit: row.get(1)?,
            event: row.get(2)?,
            role: parsed(row, 3, Role::from_word)?,
            label: row.get(4)?,
            person: row.get(5)?,
            expires_at: row.get(6)?,
        })
    });
    Ok(found.optional()?)
}
