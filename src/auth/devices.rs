//! Where a user is signed in, device by device, and how one of these sessions is ended.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::sessions::{Sessions, revoke};
use crate::db::{DbError, Entity, Tx};
use crate::time::Moment;

mod routes;

pub use routes::routes;

/// A session that is good at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    pub id: i64,
    /// Whether it is the one that asks
    pub current: bool,
    /// What the browser calls itself
    pub user_agent: Option<String>,
    pub ip_address: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Moment,
    #[schema(value_type = String, format = DateTime)]
    pub last_used_at: Moment,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Moment,
}

/// The good sessions of a user, the last used one first. `current` is the session that asks.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &Connection, sessions: &Sessions, user: i64, current: i64) -> Result<Vec<Device>, DbError> {
    let sql = "
        SELECT id, user_agent, ip_address, created_at, coalesce(last_used_at, created_at), expires_at
        FROM sessions WHERE user_id = ?1 AND revoked_at IS NULL AND expires_at > ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([user, crate::time::now_ms()], |row| {
        let (id, stored): (i64, Moment) = (row.get(0)?, row.get(4)?);
        Ok(Device {
            id,
            current: id == current,
            user_agent: row.get(1)?,
            ip_address: row.get(2)?,
            created_at: row.get(3)?,
            last_used_at: sessions.last_seen(id).map_or(stored, |seen| seen.max(stored)),
            expires_at: row.get(5)?,
        })
    })?;
    let mut devices = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    devices.sort_by_key(|device| (std::cmp::Reverse(device.last_used_at), std::cmp::Reverse(device.id)));
    Ok(devices)
}

/// Ends one session of a user; false when they have none with this id that is still good.
///
/// # Errors
/// Those of the database.
pub fn end(tx: &mut Tx<'_>, user: i64, session: i64) -> Result<bool, DbError> {
    let sql = "SELECT 1 FROM sessions WHERE id = ?1 AND user_id = ?2 AND revoked_at IS NULL AND expires_at > ?3";
    let values = [session, user, tx.now_ms()];
    let found = tx.conn().prepare_cached(sql)?.query_row(values, |_| Ok(())).optional()?;
    if found.is_some() {
        revoke(tx, session)?;
    }
    Ok(found.is_some())
}

/// Ends every session of a user but one; answers how many there were.
///
/// # Errors
/// Those of the database.
pub fn end_others(tx: &mut Tx<'_>, user: i64, kept: i64) -> Result<usize, DbError> {
    let sql = "
        UPDATE sessions SET revoked_at = ?3
        WHERE user_id = ?1 AND id <> ?2 AND revoked_at IS NULL AND expires_at > ?3";
    let ended = tx.conn().prepare_cached(sql)?.execute([user, kept, tx.now_ms()])?;
    tx.touch(Entity::Sessions);
    Ok(ended)
}
