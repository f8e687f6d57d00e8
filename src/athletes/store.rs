//! Athletes against the stored rows: whose bib it is, who hangs on them, how they are listed.

use rusqlite::Connection;
use serde::Serialize;

use super::Athlete;
use crate::audit::Actor;
use crate::auth::policy::Action;
use crate::db::{DbError, Entity, Tx};
use crate::records::values::bib_key;
use crate::records::{
    self, Aliases, Fields, Filter, Kind, ListSpec, RecordError, Resource, Sight, Sort, all_where, birth_of, find_where,
    group_text, tally,
};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::rules::age::{AgeGroup, masters_band};

/// The age group of an athlete, and how much hangs on them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AthleteBeside {
    /// Today, for those who may see the date of birth; a meet has its own day, see the entries
    #[schema(read_only)]
    #[serde(skip_serializing_if = "Option::is_none")]
    age_group: Option<String>,
    /// The band of masters, who also compete as seniors
    #[schema(read_only)]
    #[serde(skip_serializing_if = "Option::is_none")]
    masters_group: Option<String>,
    /// Only where the athlete is the whole answer
    #[schema(read_only)]
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_count: Option<i64>,
    /// Only where the athlete is the whole answer
    #[schema(read_only)]
    #[serde(skip_serializing_if = "Option::is_none")]
    result_count: Option<i64>,
}

/// Whether an import brought the athlete that was not taken back.
const IMPORTED: &str = "EXISTS (SELECT 1 FROM import_ranges JOIN imports ON imports.id = import_id
        AND state IN ('success', 'partial')
    WHERE entity = 'athletes' AND athletes.id BETWEEN first_id AND last_id) = ?";

impl Resource for Athlete {
    type Beside = AthleteBeside;

    const LIST: ListSpec = ListSpec {
        entity: Entity::Athletes,
        filters: &[
            Filter::new("name", "name_key = ?", Kind::Folded),
            Filter::new("country", "country = ?", Kind::Upper),
            Filter::new("gender", "gender = ?", Kind::Upper),
            Filter::new("clubTeam", "club_team = ?", Kind::Text),
            Filter::new("bibNumber", "bib_key = ?", Kind::Bib),
            Filter::private("coach", "coach = ?", Kind::Text),
            Filter::private("dateOfBirth", "date_of_birth = ?", Kind::Text),
            Filter::private(
                "yearOfBirth",
                "coalesce(year_of_birth, substr(date_of_birth, 1, 4) + 0) = ?",
                Kind::Integer,
            ),
            Filter::private("email", "email = ?", Kind::Text),
            Filter::private("phone", "phone = ?", Kind::Text),
            Filter::private("userId", "user_id = ?", Kind::Integer),
            Filter::private(
                "birthKnown",
                "(date_of_birth IS NOT NULL OR year_of_birth IS NOT NULL) = ?",
                Kind::Boolean,
            ),
            Filter::new("entered", "(id IN (SELECT athlete_id FROM registrations)) = ?", Kind::Boolean),
            Filter::new("imported", IMPORTED, Kind::Boolean),
        ],
        sorts: &[
            Sort::new("id", "id"),
            Sort::new("name", "name_key"),
            Sort::new("bibNumber", "bib_key"),
            Sort::new("country", "country"),
            Sort::new("clubTeam", "club_team"),
            Sort::new("gender", "gender"),
            Sort::new("createdAt", "created_at"),
            Sort::new("updatedAt", "updated_at"),
            // Who is known to the year alone stands before those born in it.
            Sort::private("dateOfBirth", "coalesce(date_of_birth, year_of_birth || '')"),
            Sort::private("coach", "coach"),
            Sort::private("email", "email"),
        ],
        search: &["name_key", "bib_number", "club_team", "country"],
        beside: None,
    };
    const ALIASES: Aliases = &[
        ("bib_number", "bibNumber"),
        ("bib", "bibNumber"),
        ("club", "clubTeam"),
        ("team", "clubTeam"),
        ("club_team", "clubTeam"),
        ("coach_name", "coach"),
        ("coachName", "coach"),
        ("dob", "dateOfBirth"),
        ("date_of_birth", "dateOfBirth"),
        ("year_of_birth", "yearOfBirth"),
        ("contact_email", "email"),
        ("contact_phone", "phone"),
        ("photo_url", "photoUrl"),
        ("user_id", "userId"),
    ];
    const LOOKS_AT: &'static [Entity] = &[Entity::Registrations, Entity::Imports];
    const CREATE: Action = Action::ManageAthletes;

    fn blank() -> Athlete {
        Athlete::blank()
    }

    fn fill(&mut self, fields: &mut Fields<'_>) {
        self.fill_from(fields);
    }

    fn beside(&self, conn: &Connection, sight: &Sight, alone: bool) -> Result<Option<AthleteBeside>, DbError> {
        let birth = birth_of(self.date_of_birth, self.year_of_birth).filter(|_| sight.sees(self.id));
        if birth.is_none() && !alone {
            return Ok(None);
        }
        let today = crate::time::today();
        let masters = self.date_of_birth.filter(|_| birth.is_some()).and_then(|day| masters_band(day, today));
        let count = |sql| if alone { tally(conn, sql, self.id).map(Some) } else { Ok(None) };
        Ok(Some(AthleteBeside {
            age_group: birth.and_then(|birth| group_text(birth, today)),
            masters_group: masters.map(|band| AgeGroup::Masters(band).to_string()),
            registration_count: count("SELECT count(*) FROM registrations WHERE athlete_id = ?1")?,
            result_count: count("SELECT count(*) FROM results WHERE athlete_id = ?1")?,
        }))
    }

    fn check(&self, conn: &Connection, _before: Option<&Athlete>) -> Result<(), RecordError> {
        if let Some(bib) = &self.bib_number
            && let Some(holder) = find_where::<Athlete>(conn, "bib_key = ?1", bib_key(bib))?
            && holder.id != self.id
        {
            let detail = format!("Bib {bib} is already worn by {}", holder.name);
            return Err(RecordError::conflict("bib-taken", "bibNumber", detail));
        }
        if let Some(user) = self.user_id
            && records::find::<crate::users::User>(conn, user)?.is_none()
        {
            return Err(RecordError::field("userId", "unknown-user", format!("There is no user with the id {user}")));
        }
        Ok(())
    }

    fn dependents(conn: &Connection, id: i64) -> Result<Vec<(Entity, i64)>, DbError> {
        records::count_dependents(
            conn,
            id,
            &[(Entity::Registrations, "athlete_id = ?1"), (Entity::Results, "athlete_id = ?1")],
        )
    }

    fn remove_dependents(tx: &mut Tx<'_>, by: &Actor, id: i64) -> Result<(), RecordError> {
        for result in all_where::<MeetResult>(tx.conn(), "athlete_id = ?1", id)? {
            records::remove(tx, by, &result)?;
        }
        for registration in all_where::<Registration>(tx.conn(), "athlete_id = ?1", id)? {
            records::remove(tx, by, &registration)?;
        }
        Ok(())
    }

    fn write_json(&self, sight: &Sight, out: &mut Vec<u8>) {
        if sight.sees(self.id) {
            serde_json::to_writer(out, self).expect("our own records serialise");
        } else {
            self.write_public(out);
        }
    }
}

/// Makes these athletes, and no others, the ones a coach may see in full.
pub fn link_coach(tx: &mut Tx<'_>, user: i64, athletes: &[i64]) -> Result<(), RecordError> {
    tx.conn().prepare_cached("DELETE FROM user_athletes WHERE user_id = ?1")?.execute([user])?;
    for id in athletes {
        if records::find::<Athlete>(tx.conn(), *id)?.is_none() {
            let message = format!("There is no athlete with the id {id}");
            return Err(RecordError::field("athleteIds", "unknown-athlete", message));
        }
        let sql = "INSERT OR IGNORE INTO user_athletes (user_id, athlete_id) VALUES (?1, ?2)";
        tx.conn().prepare_cached(sql)?.execute([user, *id])?;
    }
    tx.touch(Entity::Users);
    Ok(())
}
