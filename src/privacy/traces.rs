//! Everything besides the row itself that repeats what is known of an athlete.

use rusqlite::Connection;

use super::erase::NOBODY;
use crate::db::{DbError, Entity, Tx};
use crate::time::Moment;

/// What went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// The athletes and those who had been merged into them, with the moment they were added, as far as it is known
    pub people: Vec<(i64, Option<Moment>)>,
    /// Kept files of imports
    pub files: usize,
    /// Contents of audit rows; the rows themselves stay, and their chain holds
    pub payloads: usize,
}

/// Imports of these hold athletes, or name them.
const OF_PEOPLE: &str = "dataset IN ('athletes', 'registrations', 'results', 'bulk')";

/// Removes what repeats the given athletes: what the log says of them, images for taking imports and merges back, the
/// files and refused rows of imports, answers kept for repeated requests.
///
/// `names` are theirs, by which entries and results among the kept answers are known. Nobody can tell for sure in which of the kept files a person stands, under which spelling and in which columns, so
/// all files that may hold people go.
///
/// # Errors
/// Those of the database.
pub fn remove(tx: &mut Tx<'_>, athletes: &[i64], names: &[String]) -> Result<Gone, DbError> {
    let mut gone = Gone::default();
    for athlete in athletes {
        let people = with_merged(tx.conn(), *athlete)?;
        for (person, _) in &people {
            gone.payloads += payloads(tx.conn(), *person)?;
            images(tx.conn(), *person)?;
        }
        for (person, _) in &people {
            merges(tx.conn(), *person)?;
        }
        gone.people.extend(people);
    }
    gone.files = files(tx.conn())?;
    answers(tx.conn(), names)?;
    tx.touch(Entity::AuditLogs);
    tx.touch(Entity::Imports);
    tx.touch(Entity::Users);
    Ok(gone)
}

/// The athlete, and those who were merged into them: they are the same person.
fn with_merged(conn: &Connection, athlete: i64) -> Result<Vec<(i64, Option<Moment>)>, DbError> {
    let sql = "
        WITH RECURSIVE person (id, added) AS (
            SELECT ?1, NULL UNION
            SELECT from_id, json_extract(from_row, '$.createdAt') FROM merges
            JOIN person ON kept_id = person.id WHERE state = 'done')
        SELECT id, added FROM person";
    let mut statement = conn.prepare_cached(sql)?;
    let people = statement.query_map([athlete], |row| {
        let added: Option<String> = row.get(1)?;
        Ok((row.get(0)?, added.and_then(|text| Moment::read(&text))))
    })?;
    Ok(people.collect::<rusqlite::Result<_>>()?)
}

/// The rows about them, those of a merge, which name both sides, and those of entries that have their bib.
fn payloads(conn: &Connection, person: i64) -> Result<usize, DbError> {
    let sql = "
        DELETE FROM audit_payloads WHERE seq IN (
            SELECT seq FROM audit_logs WHERE entity_type = 'athlete' AND entity_id = ?1
            UNION
            SELECT l.seq FROM merges m
            JOIN audit_logs l ON l.entity_type = 'athlete' AND l.entity_id IN (m.kept_id, m.from_id)
            JOIN audit_payloads p ON p.seq = l.seq
            WHERE (m.kept_id = ?1 OR m.from_id = ?1) AND json_extract(p.details, '$.merge') = m.id
            UNION
            SELECT l.seq FROM registrations r
            JOIN audit_logs l ON l.entity_type = 'registration' AND l.entity_id = r.id
            JOIN audit_payloads p ON p.seq = l.seq
            WHERE r.athlete_id = ?1 AND coalesce(json_extract(p.before, '$.bibNumber'),
                json_extract(p.after, '$.bibNumber')) IS NOT NULL)";
    Ok(conn.prepare_cached(sql)?.execute([person])?)
}

fn images(conn: &Connection, person: i64) -> Result<(), DbError> {
    let sql = "DELETE FROM import_before WHERE entity = 'athletes' AND row_id = ?1";
    conn.prepare_cached(sql)?.execute([person])?;
    conn.prepare_cached("DELETE FROM sync_errors WHERE tbl = 'athletes' AND pk = ?1")?.execute([person])?;
    conn.prepare_cached("DELETE FROM user_athletes WHERE athlete_id = ?1")?.execute([person])?;
    Ok(())
}

/// A merge is still told of, without saying whom it was about. It cannot be taken back: the version it left is gone.
fn merges(conn: &Connection, person: i64) -> Result<(), DbError> {
    let sql = "
        UPDATE merges SET kept_name = ?2, from_name = ?2, kept_before = '{}', from_row = '{}'
        WHERE kept_id = ?1 OR from_id = ?1";
    conn.prepare_cached(sql)?.execute((person, NOBODY))?;
    Ok(())
}

/// The files of imports, and the values and sentences about single rows in their reports; the counts stay.
fn files(conn: &Connection) -> Result<usize, DbError> {
    let sql = format!("DELETE FROM import_files WHERE import_id IN (SELECT id FROM imports WHERE {OF_PEOPLE})");
    let files = conn.prepare_cached(&sql)?.execute([])?;
    let sql = format!(
        "UPDATE imports SET report = json_set(report, '$.errors', json('[]'), '$.error_details', json('[]'),
            '$.notes', json('[]'))
        WHERE {OF_PEOPLE} AND json_valid(report) AND state <> 'running'"
    );
    conn.prepare_cached(&sql)?.execute([])?;
    Ok(files)
}

/// Answers kept for a request that is repeated: those that hold rows of athletes, and those that name one of these.
fn answers(conn: &Connection, names: &[String]) -> Result<(), DbError> {
    let sql = "
        DELETE FROM idempotency_keys WHERE instr(CAST(body AS TEXT), '\"athlete\":{') > 0
            OR instr(CAST(body AS TEXT), '\"athletes\":[') > 0";
    conn.prepare_cached(sql)?.execute([])?;
    let mut of_name = conn.prepare_cached("DELETE FROM idempotency_keys WHERE instr(CAST(body AS TEXT), ?1) > 0")?;
    for name in names {
        of_name.execute([crate::records::json(name).get().trim_matches('"')])?;
    }
    Ok(())
}
