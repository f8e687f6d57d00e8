//! Which columns a table of each kind of rows may have, and which member of a row each one is.

use crate::db::Entity;

/// The columns of one kind of rows.
#[derive(Debug)]
pub struct Fields {
    /// Without these a table is of no use; one of several does.
    pub required: &'static [&'static str],
    /// `(field of a heading, member of a row)`.
    pub members: &'static [(&'static str, &'static str)],
    /// Fields that hold days, in whatever order the column has.
    pub days: &'static [&'static str],
    /// Fields that say which athlete a row is about, or that do no harm.
    pub others: &'static [&'static str],
}

impl Fields {
    /// Every field that a heading may mean.
    pub fn known(&self) -> Vec<&'static str> {
        self.members.iter().map(|(field, _)| *field).chain(self.others.iter().copied()).collect()
    }

    pub fn member(&self, field: &str) -> Option<&'static str> {
        self.members.iter().find(|(known, _)| *known == field).map(|(_, member)| *member)
    }
}

/// The athlete a row of entries or results is about.
const PERSON: &[&str] = &[
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "second_last_name",
    "gender",
    "date_of_birth",
    "year_of_birth",
    "country",
    "club",
    "club_code",
    "coach",
    "email",
    "phone",
    "license",
    "age",
    "notes",
    "pb",
    "sb",
    "relay_team",
];

const RACES: Fields = Fields {
    required: &["name", "date", "location"],
    members: &[
        ("id", "id"),
        ("name", "name"),
        ("date", "date"),
        ("location", "location"),
        ("description", "description"),
        ("status", "status"),
        ("registration_open", "registrationOpen"),
        ("registration_deadline", "registrationDeadline"),
        ("registration_link", "registrationLink"),
        ("created_at", "createdAt"),
        ("updated_at", "updatedAt"),
    ],
    days: &["date", "registration_deadline"],
    others: &["notes"],
};

const EVENTS: Fields = Fields {
    required: &["event_name|name"],
    members: &[
        ("id", "id"),
        ("event_name", "name"),
        ("name", "name"),
        ("race_id", "raceId"),
        ("race", "race"),
        ("race_date", "raceDate"),
        ("category", "category"),
        ("gender", "gender"),
        ("age_group", "ageGroup"),
        ("distance", "distance"),
        ("start_time", "startTime"),
        ("max_participants", "maxParticipants"),
        ("created_at", "createdAt"),
        ("updated_at", "updatedAt"),
    ],
    days: &["race_date"],
    others: &["notes"],
};

const REGISTRATIONS: Fields = Fields {
    required: &["name|bib_number|athlete_bib|athlete_id"],
    members: &[
        ("id", "id"),
        ("athlete_id", "athleteId"),
        ("athlete_bib", "athleteBib"),
        ("bib_number", "bibNumber"),
        ("event_id", "eventId"),
        ("event", "event"),
        ("gender", "gender"),
        ("age_group", "ageGroup"),
        ("race_id", "raceId"),
        ("race", "race"),
        ("race_date", "raceDate"),
        ("registration_type", "registrationType"),
        ("status", "status"),
        ("payment_status", "paymentStatus"),
        ("seed_mark", "seedMark"),
        ("heat", "heatNumber"),
        ("lane", "laneNumber"),
        ("confirmed_present", "confirmedPresent"),
        ("registered_at", "registeredAt"),
        ("updated_at", "updatedAt"),
    ],
    days: &["race_date"],
    others: PERSON,
};

const RESULTS: Fields = Fields {
    required: &["name|bib_number|athlete_bib|athlete_id", "event|event_id"],
    members: &[
        ("id", "id"),
        ("athlete_id", "athleteId"),
        ("athlete_bib", "athleteBib"),
        ("bib_number", "bibNumber"),
        ("event_id", "eventId"),
        ("event", "event"),
        ("gender", "gender"),
        ("age_group", "ageGroup"),
        ("race_id", "raceId"),
        ("race", "race"),
        ("race_date", "raceDate"),
        ("round", "round"),
        ("position", "position"),
        ("mark", "mark"),
        ("time_seconds", "timeSeconds"),
        ("distance_meters", "distanceMeters"),
        ("points", "points"),
        ("status", "status"),
        ("heat", "heatNumber"),
        ("lane", "laneNumber"),
        ("wind_speed", "windSpeed"),
        ("is_record", "isRecord"),
        ("record_type", "recordType"),
        ("recorded_at", "recordedAt"),
        ("updated_at", "updatedAt"),
    ],
    days: &["race_date"],
    others: PERSON,
};

const USERS: Fields = Fields {
    required: &["name", "email"],
    members: &[
        ("id", "id"),
        ("name", "name"),
        ("email", "email"),
        ("role", "role"),
        ("status", "status"),
        ("password", "password"),
        ("last_login", "lastLogin"),
        ("created_at", "createdAt"),
        ("updated_at", "updatedAt"),
    ],
    days: &[],
    others: &["notes"],
};

/// Of athletes only the names: their rows have a reader of their own.
const ATHLETES: Fields = Fields {
    required: &["name", "country"],
    members: &[
        ("name", "name"),
        ("first_name", "name"),
        ("middle_name", "name"),
        ("last_name", "name"),
        ("second_last_name", "name"),
        ("name:last_first", "name"),
        ("country", "country"),
        ("gender", "gender"),
        ("date_of_birth", "dateOfBirth"),
        ("year_of_birth", "yearOfBirth"),
        ("email", "email"),
        ("phone", "phone"),
        ("club", "clubTeam"),
        ("coach", "coach"),
        ("bib_number", "bibNumber"),
    ],
    days: &[],
    others: &[],
};

/// The columns of one kind of rows; none for what is not imported.
pub fn of(entity: Entity) -> Option<&'static Fields> {
    Some(match entity {
        Entity::Athletes => &ATHLETES,
        Entity::Races => &RACES,
        Entity::Events => &EVENTS,
        Entity::Registrations => &REGISTRATIONS,
        Entity::Results => &RESULTS,
        Entity::Users => &USERS,
        Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => return None,
    })
}
