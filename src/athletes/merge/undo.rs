//! Taking a merge back: every row becomes what it was, or nothing is touched and the obstacles are named.

use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::kept::{self, Kept, What};
use super::{Athlete, MeetResult, Merge, Registration};
use crate::audit::{Actor, Entry, Verb};
use crate::db::{DbError, Entity, Tx};
use crate::events::Event;
use crate::records::{self, Fields, Purpose, RecordError, Resource};
use crate::users::User;

/// Takes a merge back; answers the kept athlete and the one who is there again.
///
/// # Errors
/// A conflict that names what has changed since.
pub fn undo(tx: &mut Tx<'_>, by: &Actor, id: i64) -> Result<(Athlete, Athlete), RecordError> {
    let merge =
        kept::find(tx.conn(), id)?.ok_or(RecordError::Missing(format!("There is no merge with the id {id}")))?;
    if merge.state != "done" {
        let detail = "This merge was taken back already";
        return Err(RecordError::Conflict { code: "undo-not-possible", detail: detail.into(), field: None });
    }
    let before = kept::before(tx.conn(), id)?;
    let mut undoing = Undoing { merge: &merge, by, obstacles: Vec::new() };
    undoing.look(tx.conn(), &before)?;
    undoing.refuse()?;
    let athletes = undoing.athletes(tx, &before)?;
    undoing.rows::<Registration>(tx)?;
    undoing.rows::<MeetResult>(tx)?;
    undoing.refuse()?;
    kept::return_links(tx, id, (merge.kept_id, merge.from_id))?;
    kept::set_undone(tx, id)?;
    let details = json!({ "merge": id, "restored": merge.from_id, "name": merge.from_name });
    Entry::new(Verb::Undo, Entity::Athletes).id(merge.kept_id).details(&details).write(tx, by)?;
    Ok(athletes)
}

/// A row that a merge may have moved.
trait Entered: Resource {
    fn event_id(&self) -> i64;
    /// A user who is gone is nobody.
    fn forget_missing(&mut self, _conn: &Connection) -> Result<(), RecordError> {
        Ok(())
    }
}

impl Entered for Registration {
    fn event_id(&self) -> i64 {
        self.event_id
    }
}

impl Entered for MeetResult {
    fn event_id(&self) -> i64 {
        self.event_id
    }

    fn forget_missing(&mut self, conn: &Connection) -> Result<(), RecordError> {
        self.recorded_by = there(conn, self.recorded_by)?;
        Ok(())
    }
}

fn there(conn: &Connection, user: Option<i64>) -> Result<Option<i64>, RecordError> {
    let Some(id) = user else { return Ok(None) };
    Ok(records::find::<User>(conn, id)?.map(|user| user.id))
}

struct Undoing<'a> {
    merge: &'a Merge,
    by: &'a Actor,
    /// Sentences for a person
    obstacles: Vec<String>,
}

impl Undoing<'_> {
    /// Looks at everything before anything is written.
    fn look(&mut self, conn: &Connection, before: &kept::Before) -> Result<(), RecordError> {
        let name = &self.merge.kept_name;
        match records::find::<Athlete>(conn, before.kept.id)? {
            None => self.obstacles.push(format!("{name} was deleted since.")),
            Some(now) if now.version != before.kept.version => {
                self.obstacles.push(format!("{name} was changed since."));
            }
            Some(_) => {}
        }
        if let Some(other) = records::find::<Athlete>(conn, before.from.id)? {
            self.obstacles.push(format!("The id {} belongs to {} now.", other.id, other.name));
        }
        self.look_at::<Registration>(conn)?;
        self.look_at::<MeetResult>(conn)
    }

    fn look_at<R: Entered>(&mut self, conn: &Connection) -> Result<(), RecordError> {
        for what in [What::Moved, What::Completed] {
            for row in kept::rows(conn, self.merge.id, R::ENTITY, what)? {
                let now = records::find::<R>(conn, row.id)?;
                let fate = match &now {
                    Some(now) if now.version() == row.version => continue,
                    Some(_) => "was changed since",
                    None => "was deleted since",
                };
                let event = event_name(conn, image::<R>(&row)?.event_id())?;
                let what = R::ENTITY.singular();
                self.obstacles.push(format!("The {what} of {} in {event} {fate}.", self.merge.kept_name));
            }
        }
        Ok(())
    }

    fn refuse(&self) -> Result<(), RecordError> {
        if self.obstacles.is_empty() {
            return Ok(());
        }
        let named = self.obstacles.join(" ");
        let detail = format!(
            "This merge cannot be taken back any more, and nothing was changed: {}",
            named.trim_end_matches('.')
        );
        let value = json!(self.obstacles);
        Err(RecordError::Obstructed { code: "undo-overtaken", detail, member: "obstacles", value })
    }

    /// The kept athlete lets go of what was the other's, then the other comes back.
    fn athletes(&mut self, tx: &mut Tx<'_>, before: &kept::Before) -> Result<(Athlete, Athlete), RecordError> {
        let now: Athlete = records::get(tx.conn(), before.kept.id)?;
        let mut kept: Athlete = image(&before.kept)?;
        kept.user_id = there(tx.conn(), kept.user_id)?;
        self.check(&kept, tx.conn(), Some(&now), &kept.name)?;
        let mut from: Athlete = image(&before.from)?;
        from.user_id = there(tx.conn(), from.user_id)?;
        self.refuse()?;
        records::change(tx, self.by, &now, &mut kept)?;
        // The merge has raised the version by one.
        kept::follow_athlete(tx, kept.id, before.kept.version - 1, kept.version)?;
        self.check(&from, tx.conn(), None, &from.name)?;
        self.refuse()?;
        records::put_back(tx, self.by, &mut from, before.from.version)?;
        Ok((kept, from))
    }

    fn rows<R: Entered>(&mut self, tx: &mut Tx<'_>) -> Result<(), RecordError> {
        for what in [What::Moved, What::Completed] {
            for row in kept::rows(tx.conn(), self.merge.id, R::ENTITY, what)? {
                let now: R = records::get(tx.conn(), row.id)?;
                let mut was: R = image(&row)?;
                was.forget_missing(tx.conn())?;
                records::change(tx, self.by, &now, &mut was)?;
                kept::follow(tx, R::ENTITY, row.id, row.version - 1, was.version())?;
            }
        }
        for row in kept::rows(tx.conn(), self.merge.id, R::ENTITY, What::Dropped)? {
            let mut was: R = image(&row)?;
            was.forget_missing(tx.conn())?;
            let whose = format!("The {} of {}", R::ENTITY.singular(), self.merge.from_name);
            if self.check(&was, tx.conn(), None, &whose)? {
                records::put_back(tx, self.by, &mut was, row.version)?;
            }
        }
        Ok(())
    }

    /// Whether a row may be stored as it was; what stands in its way is an obstacle.
    fn check<R: Resource>(
        &mut self,
        row: &R,
        conn: &Connection,
        now: Option<&R>,
        whose: &str,
    ) -> Result<bool, RecordError> {
        match row.check(conn, now) {
            Ok(()) => Ok(true),
            Err(RecordError::Db(error)) => Err(error.into()),
            Err(error) => {
                self.obstacles.push(format!("{whose} cannot become what it was: {error}."));
                Ok(false)
            }
        }
    }
}

fn event_name(conn: &Connection, event: i64) -> Result<String, DbError> {
    let event = records::find::<Event>(conn, event)?;
    Ok(event.map_or_else(|| "an event that is gone".to_owned(), |event| event.name))
}

/// A row as it was, under the version it has now.
fn image<R: Resource>(kept: &Kept) -> Result<R, DbError> {
    let broken = |error: String| DbError::Down(format!("an image of {} {}: {error}", R::ENTITY.singular(), kept.id));
    let members: Map<String, Value> = serde_json::from_str(&kept.before).map_err(|error| broken(error.to_string()))?;
    let mut row = R::blank();
    let mut fields = Fields::new(&members, R::ALIASES, Purpose::ImportNew);
    fields.ignore(&["id"]);
    row.fill(&mut fields);
    fields.finish().map_err(|faults| broken(RecordError::Invalid(faults).to_string()))?;
    row.set_identity(kept.id, kept.version);
    Ok(row)
}
