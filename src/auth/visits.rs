//! People who came in by a station link, without an account: kept in the database, answered from memory.

use rusqlite::{Connection, OptionalExtension};

use super::policy::Role;
use super::remembered::Remembered;
use super::token::{random_token, token_hash};
use crate::db::{Db, DbError, Entity};
use crate::http::error::{ApiError, ApiResult};
use crate::records::values::parsed;
use crate::time::{self, Moment};

/// How the tokens begin: no access token of an account does.
const PREFIX: &str = "station_";
/// Stations and their visits are counted among the sessions.
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
    known: Remembered<String, AtStation>,
}

impl Visits {
    pub fn new() -> Visits {
        Visits { known: Remembered::new(&DEPENDS_ON, |conn, hash| load(conn, hash)) }
    }

    /// Whoever holds this token.
    ///
    /// # Errors
    /// 401 when the station has ended, was revoked, or never was.
    pub async fn by_token(&self, db: &Db, token: &str) -> ApiResult<AtStation> {
        let found = self.known.find(db, token_hash(token)).await?.filter(|found| found.expires_at > time::now());
        let found = found.ok_or_else(|| {
            ApiError::unauthorized("station-ended", "This station link has ended or was revoked. Ask for a new one")
        })?;
        self.known.saw(found.visit);
        Ok(found)
    }

    /// When this process last saw somebody.
    pub fn last_seen(&self, visit: i64) -> Option<Moment> {
        self.known.last_seen(visit)
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
