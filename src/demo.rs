//! Demo data: exactly 7 users, 5 athletes, 3 races, 9 events, 6 registrations and 3 results, for trying things out.
//! Its passwords are printed in the documentation, so every page of such a database says what it is.

mod beside;
mod routes;

use rusqlite::Connection;
use serde_json::{Map, Value, json};

pub use beside::Beside;
pub use routes::routes;

use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::auth::password::{PasswordError, hash_now};
use crate::auth::policy::Role;
use crate::db::{Db, DbError, Entity, Tx};
use crate::events::Event;
use crate::races::Race;
use crate::records::{self, RecordError, create_one};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::users::{self, NewPassword, User};

const USERS: [(&str, &str, &str, Role); 7] = [
    ("Amina Odhiambo", "admin@athsys.com", "Admin@123", Role::Admin),
    ("Peter Lindqvist", "chief@athsys.com", "Chief@123", Role::ChiefRegistrar),
    ("Lucía Ferrer", "registrar@athsys.com", "Registrar@123", Role::Registrar),
    ("Samuel Boateng", "starter@athsys.com", "Starter@123", Role::Starter),
    ("John Kamau", "john@athsys.com", "Athlete@123", Role::Athlete),
    ("Sarah Whitfield", "sarah@athsys.com", "Coach@123", Role::Coach),
    ("Guest Viewer", "viewer@athsys.com", "Viewer@123", Role::Viewer),
];

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Loads the demo data into an empty database; does nothing to any other. Answers whether it was loaded.
pub fn load(db: &Db) -> Result<bool, DemoError> {
    let empty = db.read_blocking(|conn| {
        let mut rows = 0;
        for entity in Entity::DATA {
            rows += records::count(conn, entity)?;
        }
        Ok::<_, DbError>(rows == 0)
    })?;
    if !empty {
        return Ok(false);
    }
    let mut passwords = Vec::new();
    for (_, _, password, _) in USERS {
        passwords.push(NewPassword(hash_now(password)?));
    }
    db.write_blocking(move |tx| fill(tx, &passwords))?;
    Ok(true)
}

/// True for a database that was filled with demo data.
pub async fn is_demo(db: &Db) -> Result<bool, DbError> {
    db.read(has_mark).await
}

fn has_mark(conn: &Connection) -> Result<bool, DbError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM settings WHERE key = 'demo')";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

fn fill(tx: &mut Tx<'_>, passwords: &[NewPassword]) -> Result<(), RecordError> {
    let by = Actor::server();
    tx.conn().execute("INSERT INTO settings (key, value) VALUES ('demo', 'true')", [])?;
    for ((name, email, _, role), password) in USERS.iter().zip(passwords) {
        users::insert_with_password(tx, &by, &mut User::new(name, email, *role), Some(password))?;
    }
    for athlete in athletes() {
        create_one::<Athlete>(tx, &by, &members(athlete))?;
    }
    for race in races() {
        create_one::<Race>(tx, &by, &members(race))?;
    }
    for event in events() {
        create_one::<Event>(tx, &by, &members(event))?;
    }
    for registration in registrations() {
        create_one::<Registration>(tx, &by, &members(registration))?;
    }
    for result in results() {
        create_one::<MeetResult>(tx, &by, &members(result))?;
    }
    // Sarah coaches the two Kenyans; John is one of them.
    crate::athletes::link_coach(tx, 6, &[1, 2])
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn athletes() -> [Value; 5] {
    [
        json!({"name": "John Kamau", "country": "KEN", "gender": "M", "dateOfBirth": "1998-04-12", "clubTeam": "Rift Valley AC",
            "coach": "Sarah Whitfield", "bibNumber": "KEN001", "email": "john@athsys.com", "phone": "+254 700 000 001", "userId": 5}),
        json!({"name": "Mary Wanjiru", "country": "KEN", "gender": "F", "dateOfBirth": "2001-09-30", "clubTeam": "Rift Valley AC",
            "coach": "Sarah Whitfield", "bibNumber": "KEN002"}),
        json!({"name": "Andre Campbell", "country": "JAM", "gender": "M", "dateOfBirth": "1999-01-22",
            "clubTeam": "Kingston Harriers", "bibNumber": "JAM001"}),
        json!({"name": "Grace Nakato", "country": "UGA", "gender": "F", "yearOfBirth": 2003,
            "clubTeam": "Kampala Athletics", "bibNumber": "UGA001"}),
        json!({"name": "Emily Johnson", "country": "USA", "gender": "F", "dateOfBirth": "2000-06-05",
            "clubTeam": "Oregon Track Club", "bibNumber": "USA001"}),
    ]
}

fn races() -> [Value; 3] {
    [
        json!({"name": "National Athletics Championship 2026", "date": "2026-06-14", "location": "Nairobi, Kenya",
            "status": "ongoing", "registrationOpen": false}),
        json!({"name": "Regional Track Meet 2026", "date": "2026-07-04", "location": "Kampala, Uganda",
            "registrationOpen": true, "registrationDeadline": "2026-06-27"}),
        json!({"name": "International Invitational 2026", "date": "2026-08-22", "location": "Kingston, Jamaica",
            "registrationOpen": true}),
    ]
}

fn events() -> [Value; 9] {
    let event = |race: i64, name: &str, category: &str, gender: &str, distance: Option<&str>| json!({"raceId": race, "name": name, "category": category, "gender": gender, "distance": distance, "maxParticipants": 32});
    [
        event(1, "100m", "Track", "M", Some("100")),
        event(1, "100m", "Track", "F", Some("100")),
        event(1, "Long Jump", "Field", "F", None),
        event(1, "1500m", "Track", "M", Some("1500")),
        event(2, "400m", "Track", "M", Some("400")),
        event(2, "Shot Put", "Field", "F", None),
        event(2, "4x100m Relay", "Track", "X", Some("4x100")),
        event(3, "Marathon", "Road", "F", Some("42195")),
        event(3, "Decathlon", "Combined", "M", None),
    ]
}

fn registrations() -> [Value; 6] {
    let entry = |athlete: i64, event: i64, seed: &str, status: &str| json!({"athleteId": athlete, "eventId": event, "seedMark": seed, "status": status});
    [
        entry(1, 1, "10.48", "confirmed"),
        entry(3, 1, "10.21", "confirmed"),
        entry(2, 2, "11.62", "confirmed"),
        entry(5, 2, "11.40", "registered"),
        entry(4, 3, "6.12", "confirmed"),
        entry(1, 5, "46.80", "registered"),
    ]
}

fn results() -> [Value; 3] {
    [
        json!({"athleteId": 3, "eventId": 1, "position": 1, "timeSeconds": 10.19, "windSpeed": 0.8, "laneNumber": 4}),
        json!({"athleteId": 1, "eventId": 1, "position": 2, "timeSeconds": 10.44, "windSpeed": 0.8, "laneNumber": 5}),
        json!({"athleteId": 4, "eventId": 3, "position": 1, "distanceMeters": 6.18, "windSpeed": 1.1}),
    ]
}
