//! The meet: 600 athletes in 40 events, with the accounts of its officials.

use std::path::Path;

use anyhow::ensure;
use athsys::DataImportService;
use athsys::audit::Actor;
use athsys::auth::password::hash_now;
use athsys::auth::policy::Role;
use athsys::db::{Access, Db, Files};
use athsys::records::RecordError;
use athsys::users::{NewPassword, User, insert_with_password};
use serde_json::{Value, json};

use super::officials::Official;

pub const ATHLETES: usize = 600;
pub const EVENTS: usize = 40;
/// Of all accounts of this meet, which is gone after the run.
pub const PASSWORD: &str = "sixteen dry lanes";

pub fn email(official: usize) -> String {
    format!("official{official}@example.org")
}

/// Writes the file that the server then serves.
pub fn make(file: &Path, officials: usize) -> anyhow::Result<()> {
    let db = Db::open(Files::of(file), Access::Own)?;
    let report = DataImportService::new(db.clone()).import_bulk_json(&meet().to_string())?;
    ensure!(report.tally().failed == 0, "the meet was not taken: {:?}", report.account.refusals.sentences());
    let password = NewPassword(hash_now(PASSWORD)?);
    db.write_blocking(move |tx| {
        insert_with_password(tx, &Actor::console(), &mut User::new("Admin", "admin@example.org", Role::Admin), None)?;
        for number in 0..officials {
            let mut user = User::new(&format!("Official {number}"), &email(number), Role::Official);
            insert_with_password(tx, &Actor::console(), &mut user, Some(&password))?;
        }
        Ok::<_, RecordError>(())
    })?;
    db.close();
    Ok(())
}

fn meet() -> Value {
    const COUNTRIES: [&str; 6] = ["KEN", "ETH", "UGA", "TAN", "FRA", "ESP"];
    let athletes: Vec<Value> = (1..=ATHLETES)
        .map(|n| {
            json!({
                "id": n, "name": format!("Athlete Number{n:04}"), "country": COUNTRIES[n % COUNTRIES.len()],
                "gender": if n % 2 == 0 { "F" } else { "M" }, "clubTeam": format!("Club {}", n % 30),
                "bibNumber": n.to_string(), "dateOfBirth": format!("{}-05-{:02}", 1990 + n % 15, 1 + n % 28),
            })
        })
        .collect();
    let events: Vec<Value> = (1..=EVENTS)
        .map(|n| json!({"id": n, "raceId": 1, "name": format!("100m heat series {n}"), "category": "Track", "gender": "X"}))
        .collect();
    let entered = |event: usize| (0..24).map(move |place| (event, 1 + (event * 24 + place) % ATHLETES));
    let registrations: Vec<Value> = (1..=EVENTS)
        .flat_map(entered)
        .map(|(event, athlete)| json!({"athleteId": athlete, "eventId": event, "status": "confirmed"}))
        .collect();
    let results: Vec<Value> = (1..=EVENTS)
        .flat_map(|event| entered(event).take(12))
        .map(|(event, athlete)| {
            let time = 10.5 + (athlete % 300) as f64 / 100.0;
            json!({"athleteId": athlete, "eventId": event, "round": "heats", "timeSeconds": time})
        })
        .collect();
    let race =
        json!({"id": 1, "name": "The busiest day", "date": "2026-08-22", "location": "Kisumu", "status": "ongoing"});
    json!({"races": [race], "athletes": athletes, "events": events, "registrations": registrations, "results": results})
}

/// How many results are stored.
pub async fn results(official: &Official) -> anyhow::Result<u64> {
    let answer = official.get("/api/results?perPage=1").await?;
    answer["total"].as_u64().ok_or_else(|| anyhow::anyhow!("no total in {answer}"))
}
