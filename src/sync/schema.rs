//! The tables in PostgreSQL, brought up to date by whoever comes first.

use super::error::SyncError;
use super::link::{Link, patiently};
use super::tables::quoted;

/// In the order in which they are applied; a version that was once released is never edited.
const MIGRATIONS: [&str; 2] = [include_str!("schema/V1__tables.sql"), include_str!("schema/V2__views.sql")];
/// The version of the tables this program makes.
pub const VERSION: i32 = MIGRATIONS.len() as i32;
/// Whoever changes the tables holds this lock: `athsys` in ASCII.
const LOCK: i64 = 0x6174_6873_7973;

/// Which version is there; 0: none.
pub async fn version_there(link: &Link, schema: &str) -> Result<i32, SyncError> {
    let there = "SELECT to_regclass($1::text) IS NOT NULL";
    let name = format!("{}.schema_versions", quoted(schema));
    if !patiently(link.client().query_one(there, &[&name])).await?.get::<_, bool>(0) {
        return Ok(0);
    }
    let sql = "SELECT coalesce(max(version), 0) FROM schema_versions";
    Ok(patiently(link.client().query_one(sql, &[])).await?.get(0))
}

/// Brings the tables up to date.
///
/// # Errors
/// When a newer program made them, or the role may not create them.
pub async fn migrate(link: &Link, schema: &str) -> Result<(), SyncError> {
    match version_there(link, schema).await? {
        VERSION => Ok(()),
        there if there > VERSION => Err(SyncError::Newer { there, here: VERSION }),
        _ => {
            link.run("BEGIN").await?;
            link.run(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
            apply(link, schema).await?;
            link.run("COMMIT").await
        }
    }
}

async fn apply(link: &Link, schema: &str) -> Result<(), SyncError> {
    // Asked first: CREATE SCHEMA wants a right on the database even where there is nothing to create.
    let sql = "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)";
    if !patiently(link.client().query_one(sql, &[&schema])).await?.get::<_, bool>(0) {
        link.run(&format!("CREATE SCHEMA {}", quoted(schema))).await?;
    }
    link.run(
        "CREATE TABLE IF NOT EXISTS schema_versions (version integer PRIMARY KEY, applied_at timestamptz NOT NULL)",
    )
    .await?;
    // Somebody else may have been first.
    let there = version_there(link, schema).await?;
    for (version, sql) in (1..).zip(MIGRATIONS).filter(|(version, _)| *version > there) {
        link.run(sql).await?;
        link.run(&format!("INSERT INTO schema_versions (version, applied_at) VALUES ({version}, now())")).await?;
        tracing::info!(version, "the tables in PostgreSQL were brought up to date");
    }
    Ok(())
}
