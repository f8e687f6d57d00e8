//! The athlete of an entry or a result: by bib, by id, by name with birth or club.

use serde_json::{Map, Value};

use super::{Desk, Members, take, text_in, text_of};
use crate::athletes::Athlete;
use crate::db::{DbError, Entity};
use crate::imports::matching::{Importable, Match};
use crate::records::values::{bib_key, read_bib};
use crate::records::{Fields, Purpose, Resource, all_where, find, find_where};
use crate::rules::text::{excerpt, fold};

const BIB: [&str; 3] = ["bibNumber", "bib_number", "bib"];

impl Desk<'_> {
    pub(super) fn athlete(
        &mut self,
        members: &mut Members,
        entity: Entity,
        person: Option<Members>,
    ) -> Result<Option<i64>, DbError> {
        let given = take(members, &["athleteId", "athlete_id"]);
        let own_bib = take(members, &["athleteBib", "athlete_bib"]);
        let named = take(members, &["athlete"]);
        let is_table = person.is_some();
        let mut parts = match (named, person) {
            (Some(Value::Object(parts)), _) => parts,
            (Some(name), _) => Map::from_iter([("name".to_owned(), name)]),
            (None, Some(person)) => person,
            (None, None) => Map::new(),
        };
        if let Some(bib) = own_bib {
            parts.insert("bibNumber".into(), bib);
        }
        // A registration has a bib of its own, so there it stays; a result has none.
        let beside = BIB.iter().find_map(|name| members.get(*name)).cloned();
        if entity == Entity::Results {
            take(members, &BIB);
        }
        let id = given.as_ref().or(parts.get("id")).and_then(|value| self.by_id(Entity::Athletes, value));
        if let Some(id) = id
            && (!is_table || self.is_named(id, &parts)?)
        {
            return Ok(Some(id));
        }
        let bib = text_in(&parts, &BIB).or(beside.map(|bib| text_of(&bib))).filter(|bib| !bib.trim().is_empty());
        match (text_in(&parts, &["name"]), bib) {
            (Some(name), bib) => self.athlete_named(&name, bib.as_deref(), parts),
            (None, Some(bib)) => self.athlete_by_bib(&bib),
            (None, None) => Ok(None),
        }
    }

    /// Whether the stored athlete has the name the row gives. A foreign file's ids are not trusted.
    fn is_named(&self, id: i64, parts: &Members) -> Result<bool, DbError> {
        let Some(stored) = find::<Athlete>(self.conn, id)? else { return Ok(false) };
        Ok(text_in(parts, &["name"]).is_none_or(|name| fold(&name) == fold(&stored.name)))
    }

    fn athlete_by_bib(&mut self, bib: &str) -> Result<Option<i64>, DbError> {
        let found = match read_bib(bib) {
            Ok(bib) => find_where::<Athlete>(self.conn, "bib_key = ?1", bib_key(&bib))?,
            Err(_) => None,
        };
        if found.is_none() {
            self.refuse("unknown_bib", "bib_number", bib, format!("Nobody wears the bib {}", excerpt(bib, 40)));
        }
        Ok(found.map(|athlete| athlete.id))
    }

    /// By all that is said of somebody: two candidates are an error that names them.
    fn athlete_named(&mut self, name: &str, bib: Option<&str>, mut parts: Members) -> Result<Option<i64>, DbError> {
        if let Some(bib) = bib {
            BIB.iter().for_each(|known| drop(parts.remove(*known)));
            parts.insert("bibNumber".into(), Value::from(bib));
        }
        let mut athlete = Athlete::blank();
        let mut fields = Fields::new(&parts, Athlete::ALIASES, Purpose::ImportOnto);
        athlete.fill(&mut fields);
        // What is wrong with somebody new is told when they are to be stored.
        let _ = fields.finish();
        name.clone_into(&mut athlete.name);
        match athlete.find_match(self.conn, None)? {
            Match::Stored(stored) => return Ok(Some(stored.id)),
            Match::Refused { code, column, value, message, .. } => {
                self.refuse(code, column, &value, message);
                return Ok(None);
            }
            Match::New => {}
        }
        let says_more =
            athlete.club_team.is_some() || athlete.date_of_birth.is_some() || athlete.year_of_birth.is_some();
        if !says_more {
            match self.namesake(name, &athlete)? {
                Namesake::Nobody => {}
                Namesake::One(id) => return Ok(Some(id)),
                Namesake::Several => return Ok(None),
            }
        }
        let mut message = format!("There is no athlete '{}'", excerpt(name, 60));
        if let Some(club) = &athlete.club_team {
            message.push_str(&format!(" of {}", excerpt(club, 60)));
        }
        let error = self.place.error(Some("name"), "unknown_athlete", Some(name), message);
        parts.remove("id");
        self.unknown = Some((parts, error));
        Ok(None)
    }

    /// A name alone does when nobody else has it, and no other bib speaks against it.
    fn namesake(&mut self, name: &str, wanted: &Athlete) -> Result<Namesake, DbError> {
        let mut namesakes = all_where::<Athlete>(self.conn, "name_key = ?1", fold(name))?;
        namesakes.retain(|stored| match (&wanted.bib_number, &stored.bib_number) {
            (Some(one), Some(other)) => one.key() == other.key(),
            _ => true,
        });
        match namesakes.as_slice() {
            [] => Ok(Namesake::Nobody),
            [one] => Ok(Namesake::One(one.id)),
            several => {
                let named: Vec<String> = several.iter().take(5).map(|one| format!("id {}", one.id)).collect();
                let message = format!(
                    "There are several athletes '{}' ({}); give the bib, the date of birth or the club",
                    excerpt(name, 60),
                    named.join(", ")
                );
                self.refuse("ambiguous_match", "name", name, message);
                Ok(Namesake::Several)
            }
        }
    }
}

/// Who has a name.
enum Namesake {
    Nobody,
    One(i64),
    Several,
}
