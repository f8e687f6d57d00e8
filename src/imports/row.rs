//! A row as members of a JSON object, whatever file it came in, on its way into the database.

use serde_json::{Map, Value};

use super::ImportError;
use super::apply::{self, Incoming, row_error, take};
use super::links::Links;
use super::matching::Importable;
use super::members::Person;
use super::place::{Place, RowError};
use super::references::{self, Resolved};
use super::refused::ERROR_COLUMN;
use super::run::{Apply, Run};
use crate::athletes::Athlete;
use crate::auth::password::{check_new_password, hash_now};
use crate::db::{Entity, Tx};
use crate::events::Event;
use crate::formats::table::{MemberPatches, RowFault};
use crate::races::Race;
use crate::records::{Fields, Purpose};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::rules::text;
use crate::users::{self, NewPassword, User};

/// One row of a list or a table.
pub struct Row {
    entity: Entity,
    place: Place,
    members: Result<Map<String, Value>, Vec<RowError>>,
    /// Hash of a user's password, made while reading: it takes long.
    password: Option<NewPassword>,
    /// The athlete it is about, from a table.
    person: Option<Person>,
    /// It is no row of this kind: passed over, for this reason.
    passed_over: Option<&'static str>,
    /// It came with a password.
    has_secret: bool,
}

impl Row {
    pub fn of(entity: Entity, place: Place, members: Map<String, Value>) -> Row {
        let has_secret = entity == Entity::Users && members.contains_key("password");
        let password = if has_secret { password(place, &members) } else { Ok(None) };
        let (members, password) = match password {
            Ok(password) => (Ok(members), password),
            Err(error) => (Err(vec![error]), None),
        };
        Row { entity, place, members, password, person: None, passed_over: None, has_secret }
    }

    /// An element of a document; something that is no object is refused.
    pub fn of_value(entity: Entity, place: Place, value: Value, patches: &MemberPatches) -> Row {
        match value {
            Value::Object(mut members) => {
                mend(&mut members, place, patches);
                Row::of(entity, place, members)
            }
            other => {
                let found = text::excerpt(&other.to_string(), 40).into_owned();
                let message = "A row must be an object such as {\"name\": \"…\"}";
                Row::refused(entity, place, place.error(None, "not_an_object", Some(&found), message))
            }
        }
    }

    pub fn refused(entity: Entity, place: Place, error: RowError) -> Row {
        let members = Err(vec![error]);
        Row { entity, place, members, password: None, person: None, passed_over: None, has_secret: false }
    }

    /// Text that cannot be read as a row. Of users it is not shown, and may hold a password.
    pub fn unreadable(entity: Entity, place: Place, code: &str, text: &str, message: String) -> Row {
        let is_user = entity == Entity::Users;
        let error = place.error(None, code, (!is_user).then_some(text), message);
        Row { has_secret: is_user, ..Row::refused(entity, place, error) }
    }

    /// A row of a table that cannot be taken.
    pub fn faulty(entity: Entity, fault: &RowFault) -> Row {
        let place = Place::Sheet { row: fault.row, line: fault.line };
        let is_shown = !fault.value.is_empty() && entity != Entity::Users;
        let value = is_shown.then_some(fault.value.as_str());
        let error = place.error(fault.column.as_deref(), fault.code, value, fault.message.as_str());
        Row::refused(entity, place, error)
    }

    pub fn passed_over(entity: Entity, place: Place, why: &'static str) -> Row {
        let members = Ok(Map::new());
        Row { entity, place, members, password: None, person: None, passed_over: Some(why), has_secret: false }
    }

    pub fn about(mut self, person: Option<Person>) -> Row {
        self.person = person;
        self
    }
}

/// Puts mended values in.
fn mend(members: &mut Map<String, Value>, place: Place, patches: &MemberPatches) {
    for name in patches.names() {
        let text = members.get(name).map(text_of).unwrap_or_default();
        if let Some(to) = patches.instead(name, place.number(), &text) {
            members.insert(name.to_owned(), Value::String(to.to_owned()));
        }
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A user may come without a password, and then cannot sign in until an administrator sets one.
fn password(place: Place, members: &Map<String, Value>) -> Result<Option<NewPassword>, RowError> {
    let Some(Value::String(password)) = members.get("password").filter(|value| value.as_str() != Some("")) else {
        return Ok(None);
    };
    let refused = |message: String| place.error(Some("password"), "invalid_password", None, message);
    check_new_password(password).map_err(|reason| refused(reason.to_string()))?;
    hash_now(password).map(|hash| Some(NewPassword(hash))).map_err(|error| refused(error.to_string()))
}

/// Stores one row, by its kind.
pub const APPLY: Apply<Row> = |run, tx, row| {
    run.task.has_secrets |= row.has_secret;
    if let Some(why) = row.passed_over {
        run.account.tally(row.entity).skipped += 1;
        run.account.note(why.into());
        return Ok(());
    }
    match row.entity {
        Entity::Users => take_user(run, tx, row),
        Entity::Athletes => take_row::<Athlete>(run, tx, row).map(drop),
        Entity::Races => take_row::<Race>(run, tx, row).map(drop),
        Entity::Events => take_row::<Event>(run, tx, row).map(drop),
        Entity::Registrations => take_row::<Registration>(run, tx, row).map(drop),
        Entity::Results => take_row::<MeetResult>(run, tx, row).map(drop),
        Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => Ok(()),
    }
};

fn take_user(run: &mut Run, tx: &mut Tx<'_>, mut row: Row) -> Result<(), ImportError> {
    let password = row.password.take();
    let (mut file_id, mut athletes) = (None, None);
    if let Ok(members) = &mut row.members {
        members.remove("password");
        athletes = members.remove("athleteIds");
        file_id = id_of(members);
    }
    let new = take_row::<User>(run, tx, row)?;
    if let Some(user) = new.or_else(|| file_id.map(|id| run.ledger.stored_id(Entity::Users, id))) {
        run.ledger.links.extend(Links::read(user, new.is_some(), athletes.as_ref()));
    }
    match (new, password) {
        (Some(id), Some(password)) => users::set_password(tx, id, &password)?,
        (Some(_), None) => {
            run.account.note("Users without a password cannot sign in until an administrator sets one".into());
        }
        _ => {}
    }
    Ok(())
}

/// Answers the id of a new row.
fn take_row<R: Importable>(run: &mut Run, tx: &mut Tx<'_>, row: Row) -> Result<Option<i64>, ImportError> {
    let place = row.place;
    let members = match row.members {
        Ok(members) => resolved(run, tx, place, R::ENTITY, members, row.person)?,
        Err(errors) => Err(errors),
    };
    let mut incoming = MemberRow { place, file_id: None, members };
    if let Ok(members) = &incoming.members {
        incoming.file_id = id_of(members);
    }
    let notes = incoming.read(&mut R::blank(), Purpose::ImportNew).unwrap_or_default();
    notes.into_iter().for_each(|note| run.account.note(note));
    take::<R, _>(run, tx, incoming)
}

/// A positive id; tables have it as text.
fn id_of(members: &Map<String, Value>) -> Option<i64> {
    let id = members.get("id")?;
    id.as_i64().or_else(|| id.as_str()?.trim().parse().ok()).filter(|id| *id > 0)
}

/// The row with whatever it refers to as stored ids; an athlete who is not there comes along when that is wanted.
fn resolved(
    run: &mut Run,
    tx: &mut Tx<'_>,
    place: Place,
    entity: Entity,
    members: Map<String, Value>,
    person: Option<Person>,
) -> Result<Result<Map<String, Value>, Vec<RowError>>, ImportError> {
    let faults = person.as_ref().map(|person| person.faults.clone()).unwrap_or_default();
    let matters = |code: &str| matches!(code, "invalid_bib" | "invalid_date" | "invalid_name");
    let errors: Vec<RowError> = faults
        .iter()
        .filter(|fault| matters(fault.code))
        .map(|fault| place.error(Some(&fault.column), fault.code, Some(&fault.value), fault.message.clone()))
        .collect();
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let usual_race = run.task.options.race_id;
    let person = person.map(|person| person.members);
    let found = references::resolve(&run.ledger, tx.conn(), place, entity, (members, person), usual_race)?;
    match found {
        Resolved::Row(members) => Ok(Ok(members)),
        Resolved::Refused(errors) => Ok(Err(errors)),
        Resolved::UnknownAthlete { mut members, athlete, error } => {
            if !run.task.options.create_athletes {
                return Ok(Err(vec![error]));
            }
            let errors: Vec<RowError> = faults
                .iter()
                .map(|fault| place.error(Some(&fault.column), fault.code, Some(&fault.value), fault.message.clone()))
                .collect();
            if !errors.is_empty() {
                return Ok(Err(errors));
            }
            let new = MemberRow { place, file_id: None, members: Ok(athlete) };
            Ok(apply::bring_along::<Athlete, _>(run, tx, new)?.map(|id| {
                run.account.created_athletes += 1;
                members.insert("athleteId".into(), Value::from(id));
                members
            }))
        }
    }
}

/// Members on their way into a record.
struct MemberRow {
    place: Place,
    file_id: Option<i64>,
    members: Result<Map<String, Value>, Vec<RowError>>,
}

impl MemberRow {
    fn read<R: Importable>(&self, row: &mut R, purpose: Purpose) -> Result<Vec<String>, Vec<RowError>> {
        let Ok(members) = &self.members else { return Ok(Vec::new()) };
        let mut fields = Fields::new(members, R::ALIASES, purpose);
        fields.ignore(&["id", ERROR_COLUMN]);
        row.fill(&mut fields);
        fields.finish().map_err(|faults| {
            let error = |fault: &crate::http::error::FieldError| {
                let value = members.get(fault.field.as_ref()).map(text_of);
                row_error(self.place, fault, value.as_deref())
            };
            faults.iter().map(error).collect()
        })
    }
}

impl<R: Importable> Incoming<R> for MemberRow {
    fn place(&self) -> Place {
        self.place
    }

    fn file_id(&self) -> Option<i64> {
        self.file_id
    }

    fn fresh(&mut self) -> Result<R, Vec<RowError>> {
        if let Err(errors) = &mut self.members {
            return Err(std::mem::take(errors));
        }
        let mut row = R::blank();
        self.read(&mut row, Purpose::ImportNew)?;
        Ok(row)
    }

    fn onto(&self, _fresh: R, stored: &R) -> Result<R, Vec<RowError>> {
        let mut row = stored.clone();
        self.read(&mut row, Purpose::ImportOnto)?;
        Ok(row)
    }
}
