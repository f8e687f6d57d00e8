//! How a person matched the columns of a source: the next file with the same headings is read the same way.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use crate::db::{DbError, Tx};

/// Column heading to field, or to nothing.
pub type Mapping = BTreeMap<String, Option<String>>;

/// A source is known by its headings in their order.
fn key(headings: &[String]) -> String {
    let mut hasher = Sha256::new();
    for heading in headings {
        hasher.update(heading.as_bytes());
        hasher.update([0]);
    }
    crate::audit::hex(&hasher.finalize())
}

/// The mapping of a source, if somebody has made one.
pub fn find(conn: &Connection, dataset: &str, headings: &[String]) -> Result<Option<Mapping>, DbError> {
    let sql = "SELECT mapping FROM import_mappings WHERE dataset = ?1 AND headings = ?2";
    let text: Option<String> =
        conn.prepare_cached(sql)?.query_row((dataset, key(headings)), |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Remembers the mapping of a source; an empty one is forgotten, and the headings speak for themselves again.
pub fn keep(tx: &Tx<'_>, dataset: &str, headings: &[String], mapping: &Mapping) -> Result<(), DbError> {
    if mapping.is_empty() {
        let sql = "DELETE FROM import_mappings WHERE dataset = ?1 AND headings = ?2";
        tx.conn().prepare_cached(sql)?.execute((dataset, key(headings)))?;
        return Ok(());
    }
    let sql = "
        INSERT INTO import_mappings (dataset, headings, mapping, created_at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (dataset, headings) DO UPDATE SET mapping = excluded.mapping, created_at = excluded.created_at";
    let text = serde_json::to_string(mapping).unwrap_or_default();
    tx.conn().prepare_cached(sql)?.execute((dataset, key(headings), text, tx.now_ms()))?;
    Ok(())
}
