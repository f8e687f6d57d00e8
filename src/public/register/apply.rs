//! Storing a registration: one athlete, found or new, and one row for each event; all of it or nothing.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::CLOSED;
use super::form::Wish;
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::db::{DbError, Tx};
use crate::http::error::FieldError;
use crate::http::idempotency::{self, RequestKey};
use crate::http::reply::Reply;
use crate::records::{self, RecordError, create_one};
use crate::registrations::Registration;
use crate::rules::date::Birth;
use crate::rules::text;

/// Why nothing was stored.
#[derive(Debug)]
pub enum Refused {
    Fields(Vec<FieldError>),
    /// Events by id, each with the name of the text that says why.
    Events(Vec<(i64, &'static str)>),
    /// The race takes no entries any more.
    Closed,
    Db(DbError),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Refused {
        Refused::Db(error)
    }
}

impl From<RecordError> for Refused {
    fn from(error: RecordError) -> Refused {
        match error {
            RecordError::Invalid(fields) => Refused::Fields(fields),
            RecordError::Db(error) => Refused::Db(error),
            other => {
                let message = other.to_string();
                Refused::Fields(vec![FieldError::new("", "refused", message)])
            }
        }
    }
}

/// Registers, or answers what the same form has registered before. Gives the numbers of the registrations.
pub fn once(tx: &mut Tx<'_>, by: &Actor, key: &RequestKey, link: &str, wish: &Wish) -> Result<Vec<i64>, Refused> {
    if let Some(first) = idempotency::replay(tx, key)? {
        return Ok(numbers(&first));
    }
    still_taken(tx.conn(), link, wish)?;
    let athlete = found_or_new(tx, by, wish)?;
    let (mut made, mut refused) = (Vec::new(), Vec::new());
    for event in &wish.events {
        let members = json!({ "athleteId": athlete, "eventId": event, "registrationType": "public" });
        let Value::Object(members) = members else { continue };
        match create_one::<Registration>(tx, by, &members) {
            Ok(row) => made.push(row.id),
            Err(RecordError::Conflict { code: "event-full", .. }) => refused.push((*event, "faultFull")),
            Err(RecordError::Conflict { code: "already-registered", .. }) => refused.push((*event, "faultTwice")),
            Err(error) => return Err(error.into()),
        }
    }
    if !refused.is_empty() {
        return Err(Refused::Events(refused)); // and nothing of it stays
    }
    idempotency::keep(tx, key, &Reply::ok("Registered").member(NUMBERS, &made).done())?;
    Ok(made)
}

/// Since the form was read its race may have been closed, or an event begun.
fn still_taken(conn: &Connection, link: &str, wish: &Wish) -> Result<(), Refused> {
    let offer = super::read(conn, true, link)?.filter(|offer| offer.closed != Some(CLOSED)).ok_or(Refused::Closed)?;
    let begun = |id: &&i64| offer.events.iter().all(|event| event.id != **id);
    let gone: Vec<_> = wish.events.iter().filter(begun).map(|id| (*id, "faultEventGone")).collect();
    if gone.is_empty() { Ok(()) } else { Err(Refused::Events(gone)) }
}

/// What this very form has registered before.
pub fn before(conn: &Connection, key: &RequestKey) -> Result<Option<Vec<i64>>, RecordError> {
    Ok(idempotency::kept(conn, crate::time::now_ms(), key)?.map(|reply| numbers(&reply)))
}

const NUMBERS: &str = "numbers";

fn numbers(reply: &Reply) -> Vec<i64> {
    let closed = [reply.open_body().as_ref(), b"}"].concat();
    let body: Value = serde_json::from_slice(&closed).unwrap_or_default();
    body[NUMBERS].as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
}

/// The athlete with this name and birth, unless the e-mail says that it is somebody else; otherwise a new one. Of a
/// stored one only blanks of the contact are filled, as nobody has proved who they are.
fn found_or_new(tx: &mut Tx<'_>, by: &Actor, wish: &Wish) -> Result<i64, Refused> {
    let given = |member: &str| wish.athlete.get(member).and_then(Value::as_str);
    let email = given("email");
    let same_email =
        |stored: &Athlete| stored.email.as_deref().zip(email).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b));
    let other_email = |stored: &Athlete| stored.email.is_some() && email.is_some() && !same_email(stored);
    let key = text::fold(given("name").unwrap_or_default());
    let mut found: Vec<Athlete> = records::all_where(tx.conn(), "name_key = ?1", key)?;
    found.retain(|stored| is_born(stored, wish.birth) && !other_email(stored));
    found.sort_by_key(|stored| !same_email(stored));
    let Some(stored) = found.into_iter().next() else {
        return Ok(create_one::<Athlete>(tx, by, &wish.athlete)?.id);
    };
    // The members as the records read them: an e-mail in its own spelling, a telephone number with its plus.
    let mut read = Athlete::blank();
    let mut fields = records::Fields::new(&wish.athlete, &[], records::Purpose::Create);
    records::Resource::fill(&mut read, &mut fields);
    fields.finish().map_err(Refused::Fields)?;
    let mut after = stored.clone();
    after.email = after.email.or(read.email);
    after.phone = after.phone.or(read.phone);
    records::change(tx, by, &stored, &mut after)?;
    Ok(stored.id)
}

fn is_born(stored: &Athlete, birth: Birth) -> bool {
    match birth {
        Birth::Day(day) => stored.date_of_birth == Some(day),
        Birth::Year(year) => stored.date_of_birth.is_none() && stored.year_of_birth == Some(year),
    }
}
