//! The form behind the registration link, as a browser without scripts sends it.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use athsys::db::DbError;
use serde_json::{Value, json};

use super::{page, tells_nothing};
use crate::support::{Answer, TestServer};

const GOOD: [(&str, &str); 10] = [
    ("once", "k1"),
    ("name", "Wanjiku Otieno"),
    ("country", "KEN"),
    ("gender", "F"),
    ("birth", "2008-03-14"),
    ("club", "Lakeside AC"),
    ("email", "wanjiku@example.org"),
    ("phone", "+254 700 123 456"),
    ("event", "1"),
    ("consent", "yes"),
];

/// A race that takes entries: event 1 for women with two places, event 2 for men, event 3 for all.
async fn open() -> TestServer {
    let server = TestServer::start().await;
    let race = json!({"name": "Open Day", "date": "2099-06-14", "location": "Kisumu", "registrationOpen": true,
        "registrationDeadline": "2099-06-01", "registrationLink": "open26"});
    let race = server.add("/api/races", race).await;
    for (name, gender, most) in
        [("100m", json!("F"), json!(2)), ("200m", json!("M"), Value::Null), ("Fun run", Value::Null, Value::Null)]
    {
        server
            .add(
                "/api/events",
                json!({"raceId": race, "name": name, "category": "Track", "gender": gender, "maxParticipants": most}),
            )
            .await;
    }
    server
}

/// Sends [`GOOD`] with some members in another way; an empty value takes one away.
async fn send(server: &TestServer, changed: &[(&str, &str)]) -> Answer {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in GOOD {
        match changed.iter().find(|(other, _)| *other == name) {
            Some((_, "")) => {}
            Some((_, value)) => {
                form.extend_pairs(value.split(',').map(|value| (name, value)));
            }
            None => {
                form.append_pair(name, value);
            }
        }
    }
    let call = server.call(reqwest::Method::POST, "/register/open26").header("accept-language", "en");
    call.header("content-type", "application/x-www-form-urlencoded").body(form.finish()).await
}

async fn counts(server: &TestServer) -> (i64, i64) {
    let athletes = server.number("SELECT count(*) FROM athletes").await;
    (athletes, server.number("SELECT count(*) FROM registrations").await)
}

#[tokio::test]
async fn a_filled_form_registers() {
    let server = open().await;
    let form = page(&server, "/register/open26").await;
    form.is(200);
    for text in ["Open Day", "Until 1 June 2099", "2 places left", "method=\"post\"", "Kenya", "name=\"once\" value=\""]
    {
        assert!(form.text.contains(text), "no {text} in {}", form.text);
    }
    assert_eq!((form.header("cache-control"), form.header("etag")), ("no-store", ""));

    let done = send(&server, &[("event", "1,3")]).await;
    done.is(201);
    for text in ["You are registered", "Wanjiku Otieno", "100m Women", "Fun run", "1, 2"] {
        assert!(done.text.contains(text), "no {text} in {}", done.text);
    }
    assert!(!done.text.contains("wanjiku@example.org") && !done.text.contains("2008"), "{}", done.text);
    assert_eq!(counts(&server).await, (1, 2));
    let admin = server.admin().await;
    let athlete = server.get("/api/athletes/1").by(&admin).await;
    let known = |name: &str| athlete.row()[name].clone();
    assert_eq!(
        [known("country"), known("dateOfBirth"), known("clubTeam"), known("email")],
        [json!("KEN"), json!("2008-03-14"), json!("Lakeside AC"), json!("wanjiku@example.org")]
    );
    let row = server.get("/api/registrations/1").by(&admin).await;
    assert_eq!((&row.row()["registrationType"], &row.row()["status"]), (&json!("public"), &json!("registered")));
    let audit = server.audit("entity=registration").await;
    assert_eq!(audit.len(), 2);
    assert!(audit.iter().all(|row| row["userName"] == "public form" && row["action"] == "create"), "{audit:?}");
    assert!(page(&server, "/events/1").await.text.contains("Wanjiku Otieno"));
}

/// What is changed in the form, where the fault is told, and how.
type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);

#[tokio::test]
async fn whatever_is_wrong_is_told_at_its_field_and_all_that_was_typed_stays() {
    let server = open().await;
    let cases: [Case; 14] = [
        (&[("name", "")], "name", "This is needed"),
        (&[("name", "\u{1b}Bell")], "name", "This holds characters that cannot be shown"),
        (&[("country", "")], "country", "This is needed"),
        (&[("country", "Atlantis")], "country", "Choose a country of the list"),
        (&[("gender", "")], "gender", "This is needed"),
        (&[("birth", "")], "birth", "This is needed"),
        (&[("birth", "soon")], "birth", "Write it as 2008-03-14, or the year alone as 2008"),
        (&[("birth", "2999")], "birth", "Write it as 2008-03-14, or the year alone as 2008"),
        (&[("birth", "3/4/2008")], "birth", "Day and month could be exchanged here. Write it as 2008-03-14"),
        (&[("email", "at home")], "email", "This is not an email address"),
        (&[("phone", "none of yours")], "phone", "This is not a telephone number"),
        (&[("event", "")], "events", "Choose at least one event"),
        (&[("event", "2")], "events", "200m Men is not open for this gender"),
        (&[("event", "99")], "events", "One of the events cannot be entered any more"),
    ];
    for (changed, field, message) in cases {
        let answer = send(&server, changed).await;
        assert_eq!(answer.status, 422, "{changed:?}");
        tells_nothing(&answer);
        assert!(answer.text.contains(&format!("id=\"{field}-fault\"><p>{message}")), "{changed:?}: {}", answer.text);
        for kept in ["Wanjiku Otieno", "Lakeside AC", "wanjiku@example.org", "+254 700 123 456"] {
            let taken_away = changed.iter().any(|(name, _)| GOOD.contains(&(name, kept)));
            assert!(
                taken_away || answer.text.contains(&format!("value=\"{kept}\"")),
                "{kept} was lost: {}",
                answer.text
            );
        }
    }
    let answer = send(&server, &[("consent", ""), ("name", "<b>\"Bold\"</b>"), ("email", "x")]).await;
    answer.is(422);
    assert!(
        answer.text.contains("2 things need your attention") && answer.text.contains("id=\"consent-fault\""),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("value=\"&lt;b&gt;&quot;Bold&quot;&lt;/b&gt;\""), "{}", answer.text);
    assert_eq!(counts(&server).await, (0, 0));
}

#[tokio::test]
async fn pressing_twice_registers_once_even_for_the_last_place() {
    let server = open().await;
    send(&server, &[("name", "First"), ("email", "")]).await.is(201);
    let (one, two) = tokio::join!(send(&server, &[]), send(&server, &[]));
    assert!([one.status, two.status].iter().all(|status| [200, 201].contains(status)), "{} {}", one.text, two.text);
    let later = send(&server, &[]).await;
    later.is(200);
    assert!(later.text.contains("You are registered") && later.text.contains("100m Women"), "{}", later.text);
    assert_eq!(counts(&server).await, (2, 2));
}

#[tokio::test]
async fn a_full_event_and_a_second_registration_are_told_and_nothing_is_kept() {
    let server = open().await;
    send(&server, &[]).await.is(201);
    let twice = send(&server, &[("once", "k2"), ("event", "1,3")]).await;
    twice.is(409);
    assert!(twice.text.contains("This athlete is already registered for 100m Women"), "{}", twice.text);
    assert_eq!(counts(&server).await, (1, 1), "the other event was not kept either");

    send(&server, &[("name", "Second"), ("email", "")]).await.is(201);
    let full = send(&server, &[("name", "Third"), ("email", ""), ("event", "1,3")]).await;
    full.is(422);
    assert!(full.text.contains("100m Women is full") && full.text.contains("value=\"Third\""), "{}", full.text);
    assert_eq!(counts(&server).await, (2, 2));
}

/// The form is read before its turn to write comes; what counts is how things are then.
#[tokio::test]
async fn a_race_that_is_closed_in_the_same_moment_takes_nobody() {
    for (change, said) in [
        ("UPDATE races SET registration_open = 0", "Registration is closed"),
        ("UPDATE events SET start_time = 1", "One of the events cannot be entered any more"),
    ] {
        let server = open().await;
        let db = server.app.db().clone();
        let first = server.app.db().write(move |tx| {
            let patience = Instant::now();
            while db.waiting() == 0 && patience.elapsed() < Duration::from_secs(20) {
                std::thread::yield_now();
            }
            assert!(db.waiting() > 0, "the form is not waiting for its turn");
            tx.conn().execute_batch(change).map_err(DbError::from)
        });
        let (changed, late) = tokio::join!(first, send(&server, &[]));
        changed.unwrap();
        late.is(409);
        assert!(late.text.contains(said), "{}", late.text);
        assert_eq!(counts(&server).await, (0, 0));
    }
}

#[tokio::test]
async fn the_same_person_stays_one_athlete_and_nobody_learns_what_is_stored() {
    let server = open().await;
    let stored = json!({"name": "Wanjiku OTIENO", "country": "UGA", "dateOfBirth": "2008-03-14", "phone": "+254711999888", "clubTeam": "Hidden Club"});
    server.add("/api/athletes", stored).await;
    let done = send(&server, &[]).await;
    done.is(201);
    for secret in ["711999888", "Hidden Club", "Uganda", "OTIENO"] {
        assert!(!done.text.contains(secret), "{secret} in {}", done.text);
    }
    let admin = server.admin().await;
    let row = server.get("/api/athletes/1").by(&admin).await;
    assert_eq!(
        (&row.row()["phone"], &row.row()["email"], &row.row()["clubTeam"]),
        (&json!("+254711999888"), &json!("wanjiku@example.org"), &json!("Hidden Club")),
        "only a blank is filled"
    );
    assert_eq!(counts(&server).await, (1, 1));
    // Another birth date, another e-mail: somebody else.
    send(&server, &[("birth", "2009-03-14"), ("event", "3")]).await.is(201);
    send(&server, &[("email", "other@example.org"), ("event", "3")]).await.is(201);
    assert_eq!(counts(&server).await, (3, 3));
    // The year alone is not the day.
    send(&server, &[("birth", "2008"), ("event", "3")]).await.is(201);
    send(&server, &[("birth", "2008"), ("event", "3"), ("once", "k9")]).await.is(409);
    assert_eq!(counts(&server).await, (4, 4));
}

#[tokio::test]
async fn a_race_that_takes_no_entries_has_no_form() {
    let server = open().await;
    let admin = server.admin().await;
    let closings = [
        json!({"registrationOpen": false}),
        json!({"registrationOpen": true, "registrationDeadline": "2001-01-01"}),
        json!({"registrationDeadline": "2001-01-01T10:00:00Z"}),
        json!({"registrationDeadline": null, "status": "completed"}),
        json!({"status": "cancelled"}),
    ];
    for closing in closings {
        server.put("/api/races/1", &closing).by(&admin).await.is(200);
        let form = page(&server, "/register/open26").await;
        assert!(
            form.text.contains("Registration is closed") && !form.text.contains("<input id"),
            "{closing}: {}",
            form.text
        );
        send(&server, &[]).await.is(409);
        assert!(!page(&server, "/races/1").await.text.contains("/register/"), "{closing}");
    }
    server.put("/api/races/1", &json!({"status": "scheduled"})).by(&admin).await.is(200);
    assert!(page(&server, "/races/1").await.text.contains("href=\"/register/open26\""));
    server.put("/api/admin/settings", &json!({"publicRegistration": false})).by(&admin).await.is(200);
    assert!(page(&server, "/register/open26").await.text.contains("switched off"));
    assert!(!page(&server, "/races/1").await.text.contains("/register/"));
    send(&server, &[]).await.is(409);
    assert_eq!(counts(&server).await, (0, 0));
}

#[tokio::test]
async fn a_link_to_another_place_leads_there() {
    let server = open().await;
    let admin = server.admin().await;
    for (link, address) in [
        ("https://club.example/entry", "https://club.example/entry"),
        ("club.example/entry", "https://club.example/entry"),
    ] {
        server.put("/api/races/1", &json!({"registrationLink": link})).by(&admin).await.is(200);
        let race = page(&server, "/races/1").await;
        assert!(race.text.contains(&format!("href=\"{address}\"")), "{}", race.text);
        page(&server, &format!("/register/{}", link.replace('/', "%2F"))).await.is(404);
    }
}

#[tokio::test]
async fn a_race_that_is_opened_has_an_address_for_the_form() {
    let server = open().await;
    let admin = server.admin().await;
    let race = json!({"name": "Later", "date": "2099-07-01", "location": "Oslo"});
    let path = format!("/api/races/{}", server.add("/api/races", race).await);
    assert_eq!(server.get(&path).await.row()["registrationLink"], Value::Null);
    let opened = server.put(&path, &json!({"registrationOpen": true})).by(&admin).await;
    let link = opened.row()["registrationLink"].as_str().unwrap().to_owned();
    assert!(
        link.len() == 8 && link.bytes().all(|letter| b"23456789abcdefghjkmnpqrstvwxyz".contains(&letter)),
        "{link}"
    );
    page(&server, &format!("/register/{link}")).await.is(200);
    // It stays, whatever else changes, and one that was given is left alone.
    let changed = server.put(&path, &json!({"location": "Bergen"})).by(&admin).await;
    assert_eq!(changed.row()["registrationLink"], json!(link));
    assert_eq!(server.get("/api/races/1").await.row()["registrationLink"], "open26");
}

#[tokio::test]
async fn forms_of_other_sites_and_floods_are_refused() {
    let server = open().await;
    let call = server.call(reqwest::Method::POST, "/register/open26").header("origin", "http://evil.example");
    call.body("name=x").await.refused(403, "cross-site");
    // The machine itself is exempt: that an address has its 20 an hour is seen at the limiter.
    let from: IpAddr = "192.0.2.7".parse().unwrap();
    let now = std::time::Instant::now();
    let taken =
        (0..21).filter(|_| server.app.limits().check(athsys::http::limits::Kind::Registration, from, now).is_ok());
    assert_eq!(taken.count(), 20);
    for number in 0..22 {
        send(&server, &[("name", &format!("Runner {number}")), ("email", ""), ("event", "3")]).await.is(201);
    }
}

#[tokio::test]
async fn a_disk_that_is_full_loses_nothing_that_was_typed() {
    let server = open().await;
    server.sql("CREATE TRIGGER no_room BEFORE INSERT ON registrations BEGIN SELECT RAISE(FAIL, 'no room'); END").await;
    let answer = send(&server, &[]).await;
    tells_nothing(&answer);
    assert!(answer.status >= 500, "{}", answer.status);
    assert!(
        answer.text.contains("The server could not save this") && answer.text.contains("value=\"Wanjiku Otieno\""),
        "{}",
        answer.text
    );
    assert_eq!(counts(&server).await, (0, 0), "no athlete without the registration");
    server.sql("DROP TRIGGER no_room").await;
    send(&server, &[]).await.is(201);
}

#[tokio::test]
async fn thousands_of_made_up_events_are_one_fault() {
    let server = open().await;
    let events: Vec<String> = (900_000..950_000).map(|id| id.to_string()).collect();
    let answer = send(&server, &[("event", &events.join(","))]).await;
    answer.is(422);
    assert!(answer.text.len() < 50_000, "{} bytes for a form of one fault", answer.text.len());
    assert_eq!(counts(&server).await, (0, 0));
}

#[tokio::test]
async fn a_link_of_any_letters_leads_to_the_form() {
    let server = open().await;
    let admin = server.admin().await;
    server.put("/api/races/1", &json!({"registrationLink": "été?n=1#a%20"})).by(&admin).await.is(200);
    let race = page(&server, "/races/1").await;
    let (_, rest) = race.text.split_once("href=\"/register/").unwrap();
    let (address, _) = rest.split_once('"').unwrap();
    page(&server, &format!("/register/{address}")).await.is(200);
}
