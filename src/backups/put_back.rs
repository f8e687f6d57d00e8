//! A file that somebody put in place of the database while no server ran: a restore without a button.

use serde_json::json;

use crate::audit::{Actor, Entry, Verb};
use crate::auth::sessions;
use crate::db::{self, Db, DbError};

/// Draws the consequences where the store of this start was put back: everybody is signed out, and the log says what was
/// replaced. Until it has been done, each start tries it again.
///
/// # Errors
/// Those of the database.
pub fn settle_put_back(db: &Db) -> Result<(), DbError> {
    let file = db.files().database().file_name().unwrap_or_default().to_string_lossy().into_owned();
    db.write_blocking(move |tx| {
        let Some(kept) = db::take_put_back(tx)? else { return Ok(()) };
        // The versions of tokens that the replaced store gave out are not known here; none of them is a date.
        sessions::end_all(tx, tx.now_ms() / 1000)?;
        let kept = (!kept.is_empty()).then_some(kept);
        let details = json!({ "put_back": file, "kept": kept });
        Entry::about(Verb::Restore, "database").details(&details).write(tx, &Actor::console())
    })
}
