//! Which stored row an incoming one is. A guess is never made: two candidates are an error that names them.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, params};

use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::db::{DbError, Tx};
use crate::events::Event;
use crate::races::Race;
use crate::records::values::bib_key;
use crate::records::{self, RecordError, Resource, find, find_where};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::rules::bib::Bib;
use crate::rules::gender::Gender;
use crate::rules::text::fold;
use crate::users::{self, User};

/// What matching found.
pub enum Match<R> {
    New,
    Stored(Box<R>),
    Refused {
        code: &'static str,
        column: &'static str,
        /// What the row has there.
        value: String,
        message: String,
        /// The stored row that is in the way, when it is one.
        holder: Option<i64>,
    },
}

impl<R> Match<R> {
    fn of(found: Option<R>) -> Match<R> {
        found.map_or(Match::New, |row| Match::Stored(Box::new(row)))
    }
}

/// An entity that files may bring.
pub trait Importable: Resource {
    /// The stored row this one is.
    fn find_match(&self, conn: &Connection, file_id: Option<i64>) -> Result<Match<Self>, DbError>;

    /// How a sentence names the row.
    fn label(&self) -> String;

    /// What a file never changes in a stored row, and never counts as a difference.
    fn keep(&mut self, _stored: &Self) {}

    /// What [`Resource::check`] asks of a new row, as far as matching has not answered it.
    fn check_new(&self, conn: &Connection) -> Result<(), RecordError> {
        self.check(conn, None)
    }

    /// What an update by an import may not do.
    fn check_update(&self, _conn: &Connection, _by: &Actor, _before: &Self) -> Result<(), RecordError> {
        Ok(())
    }

    /// After an update is stored.
    fn updated(&self, _tx: &mut Tx<'_>, _before: &Self) -> Result<(), DbError> {
        Ok(())
    }

    /// What [`Resource::check`] asks of a row that an export of ours brings into an empty table.
    fn check_restored(&self, conn: &Connection) -> Result<(), RecordError> {
        self.check(conn, None)
    }

    /// Frees what only one row can have, until the row is written again.
    fn let_go(_conn: &Connection, _id: i64) -> Result<(), DbError> {
        Ok(())
    }

    /// Does without what another row has or what is gone, so that the rest can be stored.
    fn give_way(&mut self) {}

    /// Last touch to a new row. `restoring`: everything as the file says.
    fn arrive(&mut self, _by: &Actor, _restoring: bool) {}

    /// After the row itself is stored.
    fn stored(&self, _conn: &Connection) -> Result<(), DbError> {
        Ok(())
    }
}

impl Importable for Athlete {
    /// By id when name, bib or birth agrees too; by bib with the same name; by name and birth; by name and club.
    fn find_match(&self, conn: &Connection, file_id: Option<i64>) -> Result<Match<Athlete>, DbError> {
        let name_key = fold(&self.name);
        let holder = match &self.bib_number {
            Some(bib) => holder_of(conn, bib)?,
            None => None,
        };
        if let Some(stored) = file_id.map(|id| find::<Athlete>(conn, id)).transpose()?.flatten()
            && (fold(&stored.name) == name_key
                || same_bib(self, &stored) == Some(true)
                || same_birth(self, &stored) == Some(true))
        {
            return Ok(match holder {
                Some((id, name, _)) if id != stored.id => taken(self, id, &name),
                _ => Match::Stored(Box::new(stored)),
            });
        }
        match holder {
            Some((id, _, key)) if key == name_key => Ok(Match::of(find(conn, id)?)),
            Some((id, name, _)) => Ok(taken(self, id, &name)),
            None => by_name(self, conn, &name_key),
        }
    }

    fn label(&self) -> String {
        self.name.clone()
    }

    /// Matching has looked for the bib already.
    fn check_new(&self, conn: &Connection) -> Result<(), RecordError> {
        if self.user_id.is_some() { self.check(conn, None) } else { Ok(()) }
    }

    fn let_go(conn: &Connection, id: i64) -> Result<(), DbError> {
        conn.prepare_cached("UPDATE athletes SET bib_key = NULL WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    fn give_way(&mut self) {
        (self.bib_number, self.user_id) = (None, None);
    }
}

/// Id, name and name key of who wears a bib.
fn holder_of(conn: &Connection, bib: &Bib) -> Result<Option<(i64, String, String)>, DbError> {
    let sql = "SELECT id, name, name_key FROM athletes WHERE bib_key = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row([bib_key(bib)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
}

fn taken(athlete: &Athlete, id: i64, holder: &str) -> Match<Athlete> {
    let bib = athlete.bib_number.as_ref().map(Bib::as_str).unwrap_or_default();
    Match::Refused {
        code: "duplicate_bib",
        column: "bib_number",
        value: bib.to_owned(),
        message: format!("Bib {bib} is already worn by {holder}"),
        holder: Some(id),
    }
}

/// Put together once: these run for every row of an import.
static NAMESAKES: LazyLock<String> = LazyLock::new(|| namesakes("name_key = ?1"));
static NAMESAKES_WITHOUT_BIB: LazyLock<String> = LazyLock::new(|| namesakes("name_key = ?1 AND bib_key IS NULL"));

fn namesakes(condition: &str) -> String {
    format!("SELECT {} FROM athletes WHERE {condition} ORDER BY id LIMIT 1000", records::columns::<Athlete>())
}

/// Stored athletes of the same name whose bib and birth do not speak against it, and who share birth or club.
fn by_name(athlete: &Athlete, conn: &Connection, name_key: &str) -> Result<Match<Athlete>, DbError> {
    // With a bib of ours that nobody wears, only athletes without one can be meant; they have an index of their own.
    let sql = if athlete.bib_number.is_some() { &NAMESAKES_WITHOUT_BIB } else { &NAMESAKES };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([name_key])?;
    let (mut by_birth, mut by_club) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let stored: Athlete = records::Record::from_row(row)?;
        if same_bib(athlete, &stored) == Some(false) || same_birth(athlete, &stored) == Some(false) {
            continue;
        }
        if same_birth(athlete, &stored) == Some(true) {
            by_birth.push(stored);
        } else if club_key(athlete) == club_key(&stored) {
            by_club.push(stored);
        }
    }
    let candidates = if by_birth.is_empty() { by_club } else { by_birth };
    Ok(match candidates.len() {
        0 | 1 => Match::of(candidates.into_iter().next()),
        _ => Match::Refused {
            code: "ambiguous_match",
            column: "name",
            value: athlete.name.clone(),
            message: ambiguous(athlete, &candidates),
            holder: None,
        },
    })
}

fn ambiguous(athlete: &Athlete, candidates: &[Athlete]) -> String {
    let named: Vec<String> = candidates
        .iter()
        .take(5)
        .map(|one| match (&one.bib_number, &one.club_team) {
            (Some(bib), _) => format!("{} (id {}, bib {bib})", one.name, one.id),
            (None, Some(club)) => format!("{} (id {}, {club})", one.name, one.id),
            (None, None) => format!("{} (id {})", one.name, one.id),
        })
        .collect();
    format!(
        "{} could be several stored athletes: {}. Give the bib or the date of birth",
        athlete.name,
        named.join(", ")
    )
}

fn club_key(athlete: &Athlete) -> String {
    athlete.club_team.as_deref().map(fold).unwrap_or_default()
}

/// Whether both have a bib, and the same.
fn same_bib(one: &Athlete, other: &Athlete) -> Option<bool> {
    Some(one.bib_number.as_ref()?.key() == other.bib_number.as_ref()?.key())
}

/// Whether something is known of both births, and agrees. A day and a year alone can only contradict each other.
fn same_birth(one: &Athlete, other: &Athlete) -> Option<bool> {
    match (one.date_of_birth, other.date_of_birth) {
        (Some(a), Some(b)) => Some(a == b),
        (None, None) => Some(one.year_of_birth? == other.year_of_birth?),
        _ => (year(one)? != year(other)?).then_some(false),
    }
}

fn year(athlete: &Athlete) -> Option<i16> {
    athlete.date_of_birth.map(jiff::civil::Date::year).or(athlete.year_of_birth)
}

impl Importable for Race {
    fn find_match(&self, conn: &Connection, _file_id: Option<i64>) -> Result<Match<Race>, DbError> {
        let place = fold(&self.location);
        let same_day = records::all_where::<Race>(conn, "name_key = ?1", fold(&self.name))?;
        Ok(Match::of(same_day.into_iter().find(|race| race.date == self.date && fold(&race.location) == place)))
    }

    fn label(&self) -> String {
        self.name.clone()
    }
}

impl Importable for Event {
    fn find_match(&self, conn: &Connection, _file_id: Option<i64>) -> Result<Match<Event>, DbError> {
        let sql = format!(
            "SELECT {} FROM events WHERE race_id = ?1 AND name_key = ?2 AND gender IS ?3
                AND coalesce(age_group, '') = coalesce(?4, '') ORDER BY id LIMIT 1",
            records::columns::<Event>()
        );
        let values = params![self.race_id, fold(&self.name), self.gender.map(Gender::as_str), self.age_group];
        let found = conn.prepare_cached(&sql)?.query_row(values, records::Record::from_row).optional()?;
        Ok(Match::of(found))
    }

    fn label(&self) -> String {
        self.name.clone()
    }
}

impl Importable for Registration {
    fn find_match(&self, conn: &Connection, _file_id: Option<i64>) -> Result<Match<Registration>, DbError> {
        let condition = format!("athlete_id = {} AND event_id = ?1", self.athlete_id);
        Ok(Match::of(find_where(conn, &condition, self.event_id)?))
    }

    /// Who was let in stays in, also when the number of places was lowered afterwards.
    fn check_restored(&self, conn: &Connection) -> Result<(), RecordError> {
        match self.check(conn, None) {
            Err(RecordError::Conflict { code: "event-full", .. }) => Ok(()),
            other => other,
        }
    }

    fn label(&self) -> String {
        "This registration".into()
    }
}

impl Importable for MeetResult {
    fn find_match(&self, conn: &Connection, _file_id: Option<i64>) -> Result<Match<MeetResult>, DbError> {
        match self.twin(conn)? {
            Some(id) => Ok(Match::of(find(conn, id)?)),
            None => Ok(Match::New),
        }
    }

    fn label(&self) -> String {
        "This result".into()
    }

    fn arrive(&mut self, by: &Actor, restoring: bool) {
        if !restoring {
            self.recorded_by = by.user_id;
        }
    }

    fn give_way(&mut self) {
        self.recorded_by = None;
    }
}

impl Importable for User {
    fn find_match(&self, conn: &Connection, _file_id: Option<i64>) -> Result<Match<User>, DbError> {
        Ok(Match::of(users::by_email(conn, &self.email)?))
    }

    fn label(&self) -> String {
        self.email.clone()
    }

    fn keep(&mut self, stored: &User) {
        self.last_login = stored.last_login;
    }

    fn check_update(&self, conn: &Connection, by: &Actor, before: &User) -> Result<(), RecordError> {
        if by.user_id == Some(before.id) && (before.role, before.status) != (self.role, self.status) {
            let detail = "You cannot change your own role or status";
            return Err(RecordError::conflict("own-account", "role", detail));
        }
        if before.is_active_admin() && !self.is_active_admin() && users::active_admins(conn)? == 1 {
            let detail = "This is the last active administrator and stays one";
            return Err(RecordError::conflict("last-admin", "role", detail));
        }
        Ok(())
    }

    fn updated(&self, tx: &mut Tx<'_>, before: &User) -> Result<(), DbError> {
        if (before.role, before.status) == (self.role, self.status) {
            return Ok(());
        }
        users::revoke_tokens(tx, self.id)
    }

    fn arrive(&mut self, _by: &Actor, restoring: bool) {
        if !restoring {
            self.last_login = None;
        }
    }

    /// Without a password: nobody can sign in until an administrator sets one.
    fn stored(&self, conn: &Connection) -> Result<(), DbError> {
        users::add_secrets(conn, self.id, None)
    }
}
