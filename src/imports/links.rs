//! The athletes that are linked to a coach: a document names them by its own ids, before they are there.

use std::collections::BTreeSet;

use serde_json::Value;

use super::apply::Ledger;
use crate::db::{DbError, Entity, Tx};
use crate::users;

/// The athletes of one user, by the ids of the document.
pub struct Links {
    user: i64,
    is_new: bool,
    athletes: Vec<i64>,
}

impl Links {
    /// Reads a member `athleteIds`; none when it is missing, or is no list of ids.
    pub fn read(user: i64, is_new: bool, member: Option<&Value>) -> Option<Links> {
        let list = member?.as_array()?;
        Some(Links { user, is_new, athletes: list.iter().filter_map(Value::as_i64).collect() })
    }
}

/// Links the athletes that have come meanwhile. A user who was stored before keeps the links that an administrator
/// has made. Answers what is worth a note.
pub fn tie(ledger: &mut Ledger, tx: &mut Tx<'_>) -> Result<Vec<String>, DbError> {
    let mut notes = Vec::new();
    for links in std::mem::take(&mut ledger.links) {
        let wanted: BTreeSet<i64> = links.athletes.iter().map(|id| ledger.stored_id(Entity::Athletes, *id)).collect();
        let present = users::linked_athletes(tx.conn(), links.user)?;
        if wanted.iter().eq(present.iter()) {
            continue;
        }
        if !links.is_new {
            notes.push("The athletes linked to a stored user were left as they are".to_owned());
            continue;
        }
        for athlete in wanted {
            let sql = "INSERT OR IGNORE INTO user_athletes (user_id, athlete_id)
                SELECT ?1, id FROM athletes WHERE id = ?2";
            if tx.conn().prepare_cached(sql)?.execute([links.user, athlete])? == 0 {
                notes.push("An athlete linked to a coach is not there, and was left out".to_owned());
            }
        }
        tx.touch(Entity::Users);
    }
    Ok(notes)
}
