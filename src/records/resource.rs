//! What an entity has to say about itself so that the API, the import and the export can deal with it.

use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Aliases, Fields, ListSpec, Record, RecordError, Sight};
use crate::audit::Actor;
use crate::auth::policy::{Action, Role};
use crate::db::{DbError, Entity, Tx};
use crate::http::error::FieldError;

/// An entity of the API.
pub trait Resource: Record + utoipa::ToSchema {
    /// What answers add to a row from other tables.
    type Beside: Serialize + utoipa::ToSchema;

    const LIST: ListSpec;
    const ALIASES: Aliases;
    /// Tables besides its own that its filters, its orders, its free text and what answers add to its rows look into:
    /// a list changes with them.
    const LOOKS_AT: &'static [Entity] = &[];
    /// Who may list and see rows; `None`: everyone.
    const READ: Option<Action> = None;
    /// Who may create rows.
    const CREATE: Action;
    /// Who may change rows, at least in part (see [`Resource::may_change`]).
    const CHANGE: Action = Self::CREATE;
    const REMOVE: Action = Self::CREATE;

    /// A row with every default, before anything is read into it.
    fn blank() -> Self;

    /// Reads the given members. Faults and unknown members end up in `fields`.
    fn fill(&mut self, fields: &mut Fields<'_>);

    /// Finishes what could not be read without looking at other rows.
    fn settle(&mut self, _conn: &Connection) -> Result<(), RecordError> {
        Ok(())
    }

    /// Looks at the stored rows: references exist, nothing is doubled, there is room.
    fn check(&self, conn: &Connection, before: Option<&Self>) -> Result<(), RecordError>;

    /// What is odd about a row that was taken all the same: a person should look at it, as far as `sight` may see why.
    fn warnings(&self, _conn: &Connection, _sight: &Sight) -> Result<Vec<FieldError>, DbError> {
        Ok(Vec::new())
    }

    /// Last touch to a row that is about to be created for `by`.
    fn adopt(&mut self, _by: &Actor) {}

    /// Fills in what the server chooses itself, in a row that a person makes or changes; what comes from a file stays as
    /// it is there.
    fn complete(&mut self) {}

    /// The event that a row belongs to: at a station only rows of its own event may be written.
    fn event(&self) -> Option<i64> {
        None
    }

    /// True when `role` may set just these members of a stored row.
    fn may_change(role: Role, _members: &Map<String, Value>) -> bool {
        role.may(Self::CHANGE)
    }

    /// The rows that hang on one row and would lose their reference.
    fn dependents(_conn: &Connection, _id: i64) -> Result<Vec<(Entity, i64)>, DbError> {
        Ok(Vec::new())
    }

    /// Removes the dependents, for `?cascade=true`.
    fn remove_dependents(_tx: &mut Tx<'_>, _by: &Actor, _id: i64) -> Result<(), RecordError> {
        Ok(())
    }

    /// A condition with one `?` (a user id) that leaves a person's own rows, where lists narrow to them.
    const OWN: Option<&'static str> = None;

    /// The names and counts beside a row, as far as `sight` may see them. `alone`: the row is the whole answer and not one
    /// of a page, so that it may take a little longer.
    fn beside(&self, _conn: &Connection, _sight: &Sight, _alone: bool) -> Result<Option<Self::Beside>, DbError> {
        Ok(None)
    }

    /// Appends the row as JSON, without what `sight` may not see.
    fn write_json(&self, _sight: &Sight, out: &mut Vec<u8>) {
        serde_json::to_writer(out, self).expect("our own records serialise");
    }
}

/// Entity tag of one state of a row.
pub fn etag<R: Record>(row: &R) -> String {
    format!("\"{}-{}-{}\"", R::ENTITY.singular(), row.id(), row.version())
}
