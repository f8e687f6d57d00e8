//! Listing the audit log.

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::db::DbError;
use crate::time::Moment;

/// One audit row as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditRow {
    id: i64,
    seq: i64,
    user_id: Option<i64>,
    user_name: String,
    action: String,
    entity_type: String,
    entity_id: Option<i64>,
    /// The row before the change
    #[schema(value_type = Option<Object>)]
    before: Option<Box<RawValue>>,
    /// The row after it
    #[schema(value_type = Option<Object>)]
    after: Option<Box<RawValue>>,
    #[schema(value_type = Option<Object>)]
    details: Option<Box<RawValue>>,
    ip_address: Option<String>,
    created_at: Moment,
    hash: String,
}

/// What part of the log to show.
#[derive(Debug, Default)]
pub struct Asked {
    pub conditions: Vec<&'static str>,
    pub values: Vec<Sql>,
    pub ascending: bool,
    pub limit: u32,
    pub offset: u64,
}

const FROM: &str = "FROM audit_logs l LEFT JOIN audit_payloads p ON p.seq = l.seq";

/// One page, newest first unless asked otherwise, and how many rows there are on all.
pub fn page(conn: &Connection, asked: &Asked) -> Result<(Vec<AuditRow>, i64), DbError> {
    let condition = if asked.conditions.is_empty() { "1".to_owned() } else { asked.conditions.join(" AND ") };
    let direction = if asked.ascending { "ASC" } else { "DESC" };
    let sql = format!(
        "SELECT l.seq, l.user_id, l.user_name, l.action, l.entity_type, l.entity_id, l.created_at, l.hash,
                p.before, p.after, p.details, p.ip_address
        {FROM} WHERE {condition} ORDER BY l.seq {direction} LIMIT {} OFFSET {}",
        asked.limit, asked.offset
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(&asked.values), |row| {
        let json = |index| {
            Ok::<_, rusqlite::Error>(
                row.get::<_, Option<String>>(index)?.and_then(|text| RawValue::from_string(text).ok()),
            )
        };
        Ok(AuditRow {
            id: row.get(0)?,
            seq: row.get(0)?,
            user_id: row.get(1)?,
            user_name: row.get(2)?,
            action: row.get(3)?,
            entity_type: row.get(4)?,
            entity_id: row.get(5)?,
            created_at: row.get(6)?,
            hash: row.get(7)?,
            before: json(8)?,
            after: json(9)?,
            details: json(10)?,
            ip_address: row.get(11)?,
        })
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let sql = format!("SELECT count(*) {FROM} WHERE {condition}");
    let total = conn.prepare_cached(&sql)?.query_row(params_from_iter(&asked.values), |row| row.get(0))?;
    Ok((rows, total))
}
