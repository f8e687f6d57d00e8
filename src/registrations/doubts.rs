//! What an official should look at in an entry: who may hardly start there, and seed marks that are hardly true.

use rusqlite::Connection;

use super::Registration;
use crate::athletes::Athlete;
use crate::db::DbError;
use crate::events::Event;
use crate::http::error::FieldError;
use crate::races::Race;
use crate::records::{self, Sight, birth_of};
use crate::rules::age::usual_scheme;
use crate::rules::discipline::{self, Measure};
use crate::rules::eligibility::{Conditions, Entrant, objections};
use crate::rules::mark::{Centimetres, MarkError, Points, TimeMs, is_no_mark};
use crate::rules::plausible;

pub fn of(conn: &Connection, sight: &Sight, entry: &Registration) -> Result<Vec<FieldError>, DbError> {
    let (Some(athlete), Some(event)) =
        (records::find::<Athlete>(conn, entry.athlete_id)?, records::find::<Event>(conn, entry.event_id)?)
    else {
        return Ok(Vec::new());
    };
    let Some(race) = records::find::<Race>(conn, event.race_id)? else { return Ok(Vec::new()) };
    let birth = birth_of(athlete.date_of_birth, athlete.year_of_birth).filter(|_| sight.sees(athlete.id));
    let entrant = Entrant { gender: athlete.gender, birth };
    let conditions = Conditions { gender: event.gender, group: event.group(), day: race.date };
    let mut doubts: Vec<FieldError> = objections(&entrant, &conditions, usual_scheme())
        .iter()
        .map(|objection| FieldError::new("eventId", "not-eligible", format!("{}: {objection}", athlete.name)))
        .collect();
    doubts.extend(entry.seed_mark.as_deref().and_then(|seed| seed_doubt(seed, &event)));
    Ok(doubts)
}

/// A seed mark that is none in this event, or better than anybody's.
fn seed_doubt(seed: &str, event: &Event) -> Option<FieldError> {
    if is_no_mark(seed) {
        return None;
    }
    let known = event.discipline();
    let metres = known.and_then(|known| discipline::metres(&known.code));
    let read: Result<i64, MarkError> = match event.measure() {
        Measure::Time => TimeMs::read(seed, metres).map(|reading| reading.mark.0),
        Measure::Distance => Centimetres::read(seed).map(|reading| reading.mark.0),
        Measure::Points => Points::parse(seed).map(|points| points.0 / 100),
    };
    match read {
        Err(error) => Some(FieldError::new("seedMark", "unreadable-mark", format!("Seed mark: {error}"))),
        Ok(mark) => {
            let doubt = plausible::doubt(known?, event.gender, mark)?;
            let message = format!("The seed mark is {doubt} in {}; look at it again", event.name);
            Some(FieldError::new("seedMark", "implausible-mark", message))
        }
    }
}
