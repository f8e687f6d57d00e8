//! Settings and pictures in the database file.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, named_params};
use serde_json::Value;

use super::logo::Picture;
use super::model::names;
use crate::db::{DbError, Entity, Tx};

/// The only picture so far.
const LOGO: &str = "logo";

/// What is stored of the settings, by name. The table also holds marks of the server's own.
pub fn all(conn: &Connection) -> Result<BTreeMap<String, Value>, DbError> {
    let mut statement = conn.prepare_cached("SELECT key, value FROM settings")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut stored = BTreeMap::new();
    for row in rows {
        let (name, text) = row?;
        if !names().any(|known| known == name) {
            continue;
        }
        match serde_json::from_str(&text) {
            Ok(value) => {
                stored.insert(name, value);
            }
            Err(_) => tracing::warn!(setting = name, "a stored setting is not JSON and is not used"),
        }
    }
    Ok(stored)
}

pub fn put(tx: &mut Tx<'_>, name: &str, value: &Value) -> Result<(), DbError> {
    let sql =
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tx.conn().prepare_cached(sql)?.execute((name, value.to_string()))?;
    tx.touch(Entity::Settings);
    Ok(())
}

pub fn forget(tx: &mut Tx<'_>, name: &str) -> Result<(), DbError> {
    tx.conn().prepare_cached("DELETE FROM settings WHERE key = ?1")?.execute([name])?;
    tx.touch(Entity::Settings);
    Ok(())
}

pub fn picture_digest(conn: &Connection) -> Result<Option<String>, DbError> {
    let sql = "SELECT digest FROM pictures WHERE name = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([LOGO], |row| row.get(0)).optional()?)
}

pub fn picture(conn: &Connection) -> Result<Option<Picture>, DbError> {
    let sql = "SELECT media_type, digest, data FROM pictures WHERE name = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Picture { media_type: row.get(0)?, digest: row.get(1)?, data: row.get::<_, Vec<u8>>(2)?.into() })
    };
    Ok(conn.prepare_cached(sql)?.query_row([LOGO], read).optional()?)
}

pub fn put_picture(tx: &mut Tx<'_>, picture: &Picture) -> Result<(), DbError> {
    let sql = "
        INSERT INTO pictures (name, media_type, digest, data, updated_at) VALUES (:name, :type, :digest, :data, :now)
        ON CONFLICT (name) DO UPDATE SET media_type = excluded.media_type, digest = excluded.digest,
            data = excluded.data, updated_at = excluded.updated_at";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":name": LOGO, ":type": picture.media_type, ":digest": picture.digest, ":data": picture.data.as_ref(),
        ":now": tx.now_ms(),
    })?;
    tx.touch(Entity::Settings);
    Ok(())
}

/// False when there was none.
pub fn remove_picture(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    let gone = tx.conn().prepare_cached("DELETE FROM pictures WHERE name = ?1")?.execute([LOGO])?;
    tx.touch(Entity::Settings);
    Ok(gone > 0)
}
