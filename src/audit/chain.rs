//! Appending to the chain and checking it.

use rusqlite::{Connection, OptionalExtension, Row, named_params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Actor, Entry};
use crate::db::{DbError, Deed, Entity, Tx};

/// The newest link: its number and its hash (64 hex digits; empty before the first).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

/// The columns a hash covers.
struct Link {
    seq: i64,
    created_at: i64,
    actor: String,
    action: String,
    entity: String,
    payload_digest: String,
}

impl Link {
    fn hash(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(previous.as_bytes());
        for part in [
            self.seq.to_string().as_str(),
            self.created_at.to_string().as_str(),
            &self.actor,
            &self.action,
            &self.entity,
            &self.payload_digest,
        ] {
            hash_part(&mut hasher, part.as_bytes());
        }
        hex(&hasher.finalize())
    }
}

fn hash_part(hasher: &mut Sha256, part: &[u8]) {
    let length = u32::try_from(part.len()).expect("an audit value is shorter than 4 GiB");
    hasher.update(length.to_be_bytes());
    hasher.update(part);
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn payload_digest(parts: [Option<&str>; 4]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        // An absent part and an empty one must differ.
        hash_part(&mut hasher, if part.is_some() { b"1" } else { b"0" });
        hash_part(&mut hasher, part.unwrap_or_default().as_bytes());
    }
    hex(&hasher.finalize())
}

fn actor_text(user_id: Option<i64>, name: &str) -> String {
    format!("{}:{name}", user_id.map(|id| id.to_string()).unwrap_or_default())
}

fn entity_text(entity: &str, id: Option<i64>) -> String {
    format!("{entity}/{}", id.map(|id| id.to_string()).unwrap_or_default())
}

pub(super) fn append(tx: &mut Tx<'_>, by: &Actor, entry: Entry) -> Result<(), DbError> {
    let conn = tx.conn();
    let head = head(conn)?;
    let ip = by.ip.map(|ip| ip.to_string());
    let digest =
        payload_digest([entry.before.as_deref(), entry.after.as_deref(), entry.details.as_deref(), ip.as_deref()]);
    let link = Link {
        seq: head.seq + 1,
        created_at: tx.now_ms(),
        actor: actor_text(by.user_id, &by.name),
        action: entry.verb.as_str().to_owned(),
        entity: entity_text(entry.entity, entry.id),
        payload_digest: digest,
    };
    let hash = link.hash(&head.hash);
    let sql = "
        INSERT INTO audit_logs (seq, user_id, user_name, action, entity_type, entity_id, created_at, payload_digest, hash)
        VALUES (:seq, :user, :name, :action, :entity, :id, :now, :digest, :hash)";
    conn.prepare_cached(sql)?.execute(named_params! {
        ":seq": link.seq, ":user": by.user_id, ":name": by.name, ":action": link.action, ":entity": entry.entity,
        ":id": entry.id, ":now": link.created_at, ":digest": link.payload_digest, ":hash": hash,
    })?;
    let sql = "
        INSERT INTO audit_payloads (seq, before, after, details, ip_address)
        VALUES (:seq, :before, :after, :details, :ip)";
    conn.prepare_cached(sql)?.execute(named_params! {
        ":seq": link.seq, ":before": entry.before, ":after": entry.after, ":details": entry.details, ":ip": ip,
    })?;
    set_head(conn, &Head { seq: link.seq, hash })?;
    tx.touch_row(Entity::AuditLogs, link.seq, Deed::Create);
    Ok(())
}

pub fn head(conn: &Connection) -> Result<Head, DbError> {
    let value = |key: &str| -> Result<String, DbError> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        Ok(conn.prepare_cached(sql)?.query_row([key], |row| row.get(0)).optional()?.unwrap_or_default())
    };
    Ok(Head { seq: value("audit_count")?.parse().unwrap_or(0), hash: value("audit_head")? })
}

fn set_head(conn: &Connection, head: &Head) -> Result<(), DbError> {
    let mut update = conn.prepare_cached("UPDATE meta SET value = ?2 WHERE key = ?1")?;
    update.execute(["audit_count", &head.seq.to_string()])?;
    update.execute(["audit_head", &head.hash])?;
    Ok(())
}

/// What a walk along the chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    pub rows: i64,
    /// The first link that does not hold, in words.
    pub fault: Option<String>,
}

/// Walks the whole chain: numbers without gaps, every hash, every payload that is still there, and the head.
pub fn verify(conn: &Connection) -> Result<ChainReport, DbError> {
    verify_after(conn, None)
}

/// Walks along the links behind one that is known to hold, or along all.
pub(super) fn verify_after(conn: &Connection, known: Option<Head>) -> Result<ChainReport, DbError> {
    let sql = "
        SELECT l.seq, l.user_id, l.user_name, l.action, l.entity_type, l.entity_id, l.created_at, l.payload_digest,
               l.hash, p.seq IS NOT NULL, p.before, p.after, p.details, p.ip_address
        FROM audit_logs l LEFT JOIN audit_payloads p ON p.seq = l.seq
        WHERE l.seq >= ?1 ORDER BY l.seq";
    let mut statement = conn.prepare(sql)?;
    // A row may have been put before the first.
    let mut rows = statement.query([known.as_ref().map_or(i64::MIN, |known| known.seq + 1)])?;
    let end = head(conn)?;
    let mut previous = known.unwrap_or(Head { seq: 0, hash: String::new() });
    while let Some(row) = rows.next()? {
        if let Some(fault) = fault_of(row, &previous, &end)? {
            return Ok(ChainReport { rows: previous.seq, fault: Some(fault) });
        }
        previous = Head { seq: row.get(0)?, hash: row.get(8)? };
    }
    let fault = if previous.seq < end.seq {
        Some(format!("{} removed from the end of the log", span(previous.seq + 1, end.seq)))
    } else if previous != end {
        Some(format!("audit row {} was put in place of another one", previous.seq))
    } else {
        None
    };
    Ok(ChainReport { rows: previous.seq, fault })
}

/// Some rows, as the beginning of a sentence.
fn span(first: i64, last: i64) -> String {
    match last - first {
        0 => format!("audit row {first} was"),
        _ => format!("audit rows {first} to {last} were"),
    }
}

fn fault_of(row: &Row<'_>, previous: &Head, end: &Head) -> rusqlite::Result<Option<String>> {
    let seq: i64 = row.get(0)?;
    if seq <= previous.seq || seq > end.seq {
        return Ok(Some(format!("audit row {seq} was added by another program")));
    }
    if seq != previous.seq + 1 {
        return Ok(Some(format!("{} removed", span(previous.seq + 1, seq - 1))));
    }
    let name: String = row.get(2)?;
    let entity: String = row.get(4)?;
    let link = Link {
        seq,
        created_at: row.get(6)?,
        actor: actor_text(row.get(1)?, &name),
        action: row.get(3)?,
        entity: entity_text(&entity, row.get(5)?),
        payload_digest: row.get(7)?,
    };
    if row.get::<_, String>(8)? != link.hash(&previous.hash) {
        if end.hash == previous.hash {
            return Ok(Some(format!("audit row {seq} was added by another program")));
        }
        return Ok(Some(format!("audit row {seq} was changed after it was written")));
    }
    let payload_present: bool = row.get(9)?;
    if payload_present {
        let part = |index| row.get_ref(index)?.as_str_or_null().map_err(rusqlite::Error::from);
        if payload_digest([part(10)?, part(11)?, part(12)?, part(13)?]) != link.payload_digest {
            return Ok(Some(format!("what audit row {seq} says was changed after it was written")));
        }
    }
    Ok(None)
}
