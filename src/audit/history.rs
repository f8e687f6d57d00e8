//! What has become of one row: its own audit rows, and the imports that brought or changed it, which leave one audit
//! row for all of theirs.

use rusqlite::{Connection, Row, named_params};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::db::{DbError, Entity};
use crate::time::Moment;

/// One thing that happened to a row.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    seq: i64,
    user_name: String,
    /// create, update, delete, import or undo
    action: String,
    /// The row before it
    #[schema(value_type = Option<Object>)]
    before: Option<Box<RawValue>>,
    /// The row after it
    #[schema(value_type = Option<Object>)]
    after: Option<Box<RawValue>>,
    #[schema(value_type = Option<Object>)]
    details: Option<Box<RawValue>>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
}

/// The audit rows about one row. Its imports are known by the ranges of ids they added and the images they kept.
const ABOUT: &str = "
    FROM audit_logs l LEFT JOIN audit_payloads p ON p.seq = l.seq
    WHERE l.seq IN (
        SELECT seq FROM audit_logs WHERE entity_type = :singular AND entity_id = :id
        UNION
        SELECT o.seq FROM imports i JOIN audit_logs o ON o.entity_type = 'import' AND o.entity_id = i.id
        WHERE EXISTS (SELECT 1 FROM import_ranges r WHERE r.import_id = i.id AND r.entity = :table
                AND r.first_id <= :id AND r.last_id >= :id)
            OR EXISTS (SELECT 1 FROM import_before b WHERE b.import_id = i.id AND b.entity = :table
                AND b.row_id = :id))";

/// One page of what happened to a row, newest first, and how much there is on all.
///
/// # Errors
/// Those of the database.
pub fn history(
    conn: &Connection,
    entity: Entity,
    id: i64,
    (page, per_page): (u32, u32),
) -> Result<(Vec<Change>, i64), DbError> {
    let (singular, table) = (entity.singular(), entity.table());
    // What a row was before an import lies with the import.
    let sql = format!(
        "SELECT l.seq, l.user_name, l.action, l.created_at, p.after, p.details, CASE l.entity_type
            WHEN 'import' THEN (SELECT b.before FROM import_before b
                WHERE b.import_id = l.entity_id AND b.entity = :table AND b.row_id = :id)
            ELSE p.before END
        {ABOUT} ORDER BY l.seq DESC LIMIT :limit OFFSET :offset"
    );
    let offset = i64::from(page - 1) * i64::from(per_page);
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! { ":singular": singular, ":table": table, ":id": id, ":limit": per_page, ":offset": offset },
        change,
    )?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let total = conn
        .prepare_cached(&format!("SELECT count(*) {ABOUT}"))?
        .query_row(named_params! { ":singular": singular, ":table": table, ":id": id }, |row| row.get(0))?;
    Ok((rows, total))
}

fn change(row: &Row<'_>) -> rusqlite::Result<Change> {
    let json = |index| {
        let text: Option<String> = row.get(index)?;
        Ok::<_, rusqlite::Error>(text.and_then(|text| RawValue::from_string(text).ok()))
    };
    Ok(Change {
        seq: row.get(0)?,
        user_name: row.get(1)?,
        action: row.get(2)?,
        created_at: row.get(3)?,
        after: json(4)?,
        details: json(5)?,
        before: json(6)?,
    })
}
