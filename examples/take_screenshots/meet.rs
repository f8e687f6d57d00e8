//! The meet that the pictures show, made through the API by its officials.

use jiff::{Span, Zoned};
use serde_json::json;

use super::server::{ADMIN, CHIEF, REGISTRAR, Server};
use super::{entries, events, files, people};

/// What there is.
pub struct Meet {
    pub athletes: usize,
    pub entries: usize,
    pub year: i16,
    /// Somebody whose row was changed a few times.
    pub changed: i64,
    /// An event with results that have wind.
    pub jump: i64,
}

const CHANGED: usize = 11;
/// The women's triple jump of tomorrow.
const SLOW: usize = 32;
/// The women's long jump.
const JUMP: usize = 4;

pub async fn fill(server: &Server) -> anyhow::Result<Meet> {
    let admin = server.session(&ADMIN).await?;
    let now = Zoned::now();
    let year = now.year();
    admin.put("/api/admin/settings", json!({"organisationName": "Lake Region Athletics"})).await?;

    let day = |days: i64| anyhow::Ok(now.checked_add(Span::new().days(days))?.date().to_string());
    let race = json!({
        "name": format!("Lake Region Open {year}"), "date": day(0)?, "location": "Jomo Kenyatta Stadium, Kisumu",
        "description": "Two days, forty events, clubs of five countries.", "status": "ongoing",
    });
    let race = admin.add("/api/races", race).await?;
    for (name, days, location, status) in [
        ("Season Opening", -41, "Eldoret", "completed"),
        ("Coast Schools Meet", 13, "Mombasa", "scheduled"),
        ("Highlands Cross-Country", 34, "Iten", "scheduled"),
    ] {
        let body = json!({
            "name": name, "date": day(days)?, "location": location, "status": status,
            "registrationOpen": status == "scheduled",
        });
        admin.add("/api/races", body).await?;
    }

    let people = people::athletes(year);
    let (kenya, rest) = people.split_at(130);
    let (uganda, others) = rest.split_at(66);
    admin.import("athletes", "athletes-kenya.csv", people::table(kenya)).await?;
    admin.import("athletes", "athletes-uganda.csv", people::table(uganda)).await?;
    let last = people::table(others) + files::REFUSED;
    admin.import("athletes", "athletes-guests.csv", last).await?;

    let mut events = Vec::new();
    for (event, body) in events::all(race, &now)? {
        admin.add("/api/events", body).await?;
        events.push(event);
    }
    let jump = events[JUMP].id;
    let entries = entries::entries(&people, &events, year);
    let early = entries::table(entries.iter().filter(|entry| entry.event < 20), &people, &events);
    let late = entries::table(entries.iter().filter(|entry| entry.event >= 20), &people, &events);
    admin.import("registrations", "entries-day-1.csv", early).await?;
    admin.import("registrations", "entries-day-2.csv", late).await?;
    admin.import("results", "results-morning.csv", entries::results(&entries, &people, &events)).await?;

    // The pit turned out to be slower than planned: fewer may start than have entered.
    admin.put(&format!("/api/events/{}", events[SLOW].id), json!({"maxParticipants": 10})).await?;
    decisions(server, &people, &entries).await?;
    changes(server, &people[CHANGED]).await?;
    Ok(Meet { athletes: people.len(), entries: entries.len(), year, changed: people[CHANGED].id, jump })
}

/// What somebody has to look at: the same person twice, a bib that two wear.
async fn decisions(server: &Server, people: &[people::Person], entries: &[entries::Entry]) -> anyhow::Result<()> {
    let registrar = server.session(&REGISTRAR).await?;
    for person in [&people[23], &people[148]] {
        let born = format!("{}-{:02}-{:02}", person.born.0, person.born.1, person.born.2);
        let body = json!({
            "name": person.name, "country": person.country, "gender": person.gender.to_string(), "dateOfBirth": born,
        });
        registrar.add("/api/athletes", body).await?;
    }
    let (one, other) = (&entries[entries.len() - 1], &entries[entries.len() - 2]);
    let row = registrar.get(&format!("/api/registrations?athleteId={}&perPage=1", people[one.athlete].id)).await?;
    let body = json!({"bibNumber": people[other.athlete].bib.to_string()});
    registrar.put(&format!("/api/registrations/{}", row["registrations"][0]["id"]), body).await
}

/// A row with a history: who changed what.
async fn changes(server: &Server, person: &people::Person) -> anyhow::Result<()> {
    let path = format!("/api/athletes/{}", person.id);
    let registrar = server.session(&REGISTRAR).await?;
    registrar.put(&path, json!({"phone": "+254 711 040 212", "email": "athlete.112@example.org"})).await?;
    let chief = server.session(&CHIEF).await?;
    chief.put(&path, json!({"clubTeam": "Lakeside Striders", "coach": "Peter Ouma"})).await?;
    registrar.put(&path, json!({"phone": "+254 711 040 221"})).await?;
    let admin = server.session(&ADMIN).await?;
    admin.put(&path, json!({"dateOfBirth": format!("{}-{:02}-14", person.born.0, person.born.1)})).await
}
