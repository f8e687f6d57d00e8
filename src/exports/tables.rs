//! The columns of every dataset. Headings are API contract; an import of such a file gives the same rows back, in
//! another database too: beside the ids of other rows stand the names by which a person would find them.

use rusqlite::Connection;

use super::column::{Column, Form};
use crate::athletes::Athlete;
use crate::db::DbError;
use crate::events::Event;
use crate::races::Race;
use crate::records::{Resource, Sight};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::users::{User, linked_athletes};

/// An entity that goes out as a file.
pub trait Table: Resource {
    /// The columns of its spreadsheets from left to right.
    const CSV: &'static [Column];
    /// Columns that come only when they are asked for.
    const MORE: &'static [Column];

    /// Appends the row as an export's JSON shows it.
    ///
    /// # Errors
    /// When something beside the row cannot be read.
    fn write_row(&self, _conn: &Connection, sight: &Sight, out: &mut Vec<u8>) -> Result<(), DbError> {
        self.write_json(sight, out);
        Ok(())
    }
}

/// The SQL of something about the row that a row refers to, by the key of the other table.
macro_rules! of_athlete {
    ($column:literal, $table:literal) => {
        concat!("(SELECT ", $column, " FROM athletes WHERE athletes.id = ", $table, ".athlete_id)")
    };
}
macro_rules! of_event {
    ($column:literal, $table:literal) => {
        concat!("(SELECT ", $column, " FROM events WHERE events.id = ", $table, ".event_id)")
    };
}
macro_rules! of_race {
    ($column:literal, $table:literal) => {
        concat!(
            "(SELECT races.",
            $column,
            " FROM events JOIN races ON races.id = events.race_id WHERE events.id = ",
            $table,
            ".event_id)"
        )
    };
}

impl Table for Athlete {
    const CSV: &'static [Column] = &[
        Column::of("id", "id", Form::Whole),
        Column::text("name", "name"),
        Column::text("country", "country"),
        Column::text("gender", "gender"),
        Column::text("email", "email").private(),
        Column::text("phone", "phone").private(),
        Column::text("club", "clubTeam").from("club_team"),
        Column::text("coach", "coach").private(),
        Column::text("bib_number", "bibNumber"),
        // Where only the year is known it stands in the column; JSON has a member for it.
        Column::text("date_of_birth", "dateOfBirth")
            .from("coalesce(date_of_birth, year_of_birth)")
            .in_json_from("date_of_birth")
            .private(),
    ];
    const MORE: &'static [Column] = &[
        Column::of("year_of_birth", "yearOfBirth", Form::Whole).private(),
        Column::text("photo_url", "photoUrl"),
        Column::of("user_id", "userId", Form::Whole).private(),
        Column::of("created_at", "createdAt", Form::Moment),
        Column::of("updated_at", "updatedAt", Form::Moment),
    ];
}

impl Table for Race {
    const CSV: &'static [Column] = &[
        Column::of("id", "id", Form::Whole),
        Column::text("name", "name"),
        Column::text("date", "date"),
        Column::text("location", "location"),
        Column::text("status", "status"),
        Column::of("created_at", "createdAt", Form::Moment),
        Column::text("description", "description"),
        Column::of("registration_open", "registrationOpen", Form::YesNo),
        Column::text("registration_deadline", "registrationDeadline"),
    ];
    const MORE: &'static [Column] =
        &[Column::text("registration_link", "registrationLink"), Column::of("updated_at", "updatedAt", Form::Moment)];
}

impl Table for Event {
    const CSV: &'static [Column] = &[
        Column::of("id", "id", Form::Whole),
        Column::of("race_id", "raceId", Form::Whole),
        Column::text("race", "race").from("(SELECT name FROM races WHERE races.id = events.race_id)"),
        Column::text("race_date", "raceDate").from("(SELECT date FROM races WHERE races.id = events.race_id)"),
        Column::text("name", "name"),
        Column::text("category", "category"),
        Column::text("gender", "gender"),
        Column::text("age_group", "ageGroup"),
        Column::text("distance", "distance"),
        Column::of("start_time", "startTime", Form::Moment),
        Column::of("max_participants", "maxParticipants", Form::Whole),
        Column::of("created_at", "createdAt", Form::Moment),
    ];
    const MORE: &'static [Column] = &[Column::of("updated_at", "updatedAt", Form::Moment)];
}

impl Table for Registration {
    const CSV: &'static [Column] = &[
        Column::of("id", "id", Form::Whole),
        Column::of("athlete_id", "athleteId", Form::Whole),
        Column::text("athlete_name", "athleteName").from(of_athlete!("name", "registrations")),
        Column::text("athlete_bib", "athleteBib").from(of_athlete!("bib_number", "registrations")),
        // The entry's own, where it differs from the athlete's.
        Column::text("bib_number", "bibNumber"),
        Column::text("date_of_birth", "dateOfBirth")
            .from(of_athlete!("coalesce(date_of_birth, year_of_birth)", "registrations"))
            .private(),
        Column::text("club", "club").from(of_athlete!("club_team", "registrations")),
        Column::of("event_id", "eventId", Form::Whole),
        Column::text("event", "event").from(of_event!("name", "registrations")),
        Column::text("gender", "gender").from(of_event!("gender", "registrations")),
        Column::text("age_group", "ageGroup").from(of_event!("age_group", "registrations")),
        Column::text("race", "race").from(of_race!("name", "registrations")),
        Column::text("race_date", "raceDate").from(of_race!("date", "registrations")),
        Column::text("registration_type", "registrationType"),
        Column::text("status", "status"),
        Column::text("payment_status", "paymentStatus"),
        Column::text("seed_mark", "seedMark"),
        Column::of("heat_number", "heatNumber", Form::Whole),
        Column::of("lane_number", "laneNumber", Form::Whole),
        Column::of("confirmed_present", "confirmedPresent", Form::YesNo),
        Column::of("registered_at", "registeredAt", Form::Moment),
    ];
    const MORE: &'static [Column] = &[
        Column::text("country", "country").from(of_athlete!("country", "registrations")),
        Column::of("updated_at", "updatedAt", Form::Moment),
    ];
}

impl Table for MeetResult {
    const CSV: &'static [Column] = &[
        Column::of("id", "id", Form::Whole),
        Column::of("athlete_id", "athleteId", Form::Whole),
        Column::of("event_id", "eventId", Form::Whole),
        Column::text("round", "round"),
        Column::of("position", "position", Form::Whole),
        Column::of("time_seconds", "timeSeconds", Form::Seconds).from("time_ms"),
        Column::of("distance_meters", "distanceMeters", Form::Metres).from("distance_cm"),
        Column::of("points", "points", Form::Points).from("points_hundredths"),
        Column::text("status", "status"),
        Column::of("heat_number", "heatNumber", Form::Whole),
        Column::of("lane_number", "laneNumber", Form::Whole),
        Column::of("wind_speed", "windSpeed", Form::Wind).from("wind_tenths"),
        Column::of("is_record", "isRecord", Form::YesNo),
        Column::text("record_type", "recordType"),
        Column::of("recorded_at", "recordedAt", Form::Moment),
        Column::text("athlete_name", "athleteName").from(of_athlete!("name", "results")),
        Column::text("athlete_bib", "athleteBib").from(of_athlete!("bib_number", "results")),
        Column::text("club", "club").from(of_athlete!("club_team", "results")),
        Column::text("event", "event").from(of_event!("name", "results")),
        Column::text("gender", "gender").from(of_event!("gender", "results")),
        Column::text("age_group", "ageGroup").from(of_event!("age_group", "results")),
        Column::text("race", "race").from(of_race!("name", "results")),
        Column::text("race_date", "raceDate").from(of_race!("date", "results")),
    ];
    const MORE: &'static [Column] = &[
        Column::text("country", "country").from(of_athlete!("country", "results")),
        Column::of("recorded_by", "recordedBy", Form::Whole),
        Column::of("updated_at", "updatedAt", Form::Moment),
    ];
}

impl Table for User {
    const CSV: &'static [Column] = &[
        Column::of("id", "id", Form::Whole),
        Column::text("name", "name"),
        Column::text("email", "email").private(),
        Column::text("role", "role"),
        Column::text("status", "status"),
        Column::of("last_login", "lastLogin", Form::Moment).private(),
        Column::of("created_at", "createdAt", Form::Moment),
    ];
    const MORE: &'static [Column] = &[
        Column::of("two_factor_enabled", "twoFactorEnabled", Form::YesNo),
        Column::of("updated_at", "updatedAt", Form::Moment),
    ];

    /// Coaches with the ids of their athletes.
    fn write_row(&self, conn: &Connection, sight: &Sight, out: &mut Vec<u8>) -> Result<(), DbError> {
        self.write_json(sight, out);
        let athletes = linked_athletes(conn, self.id)?;
        if !athletes.is_empty() {
            out.pop();
            out.extend_from_slice(b",\"athleteIds\":");
            out.extend_from_slice(crate::records::json(&athletes).get().as_bytes());
            out.push(b'}');
        }
        Ok(())
    }
}
