//! The pages for everybody, as somebody reads them who runs no script.

mod registering;
mod weight;

use athsys::auth::policy::Role;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// What only registrars may see, and the ways it is written.
const PRIVATE: [&str; 8] = [
    "secret@",
    "+254700555",
    "1998-04-12",
    "12 April 1998",
    "2001-02-03",
    "1987",
    "john@athsys.com",
    "Sarah Whitfield",
];

async fn page(server: &TestServer, path: &str) -> Answer {
    let answer = server.get(path).header("accept-language", "en").await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}: {}", answer.text);
    assert!(answer.header("content-security-policy").contains("require-trusted-types-for 'script'"), "{path}");
    tells_nothing(&answer);
    answer
}

/// As [`Answer::tells_nothing`], where a select is a field of a form.
fn tells_nothing(answer: &Answer) {
    Answer { text: answer.text.replace("<select ", "<"), ..answer.clone() }.tells_nothing();
}

/// A race of today with an event that has heats, a final and a start list. Answers race, event and an athlete.
async fn meet(server: &TestServer) -> [i64; 3] {
    let today = athsys::time::today().to_string();
    let race =
        json!({"name": "County <b>Championships</b>", "date": today, "location": "Kisumu & Lake", "status": "ongoing"});
    let race = server.add("/api/races", race).await;
    let event = json!({"raceId": race, "name": "100m", "category": "Track", "gender": "F", "startTime": format!("{today}T10:30:00Z")});
    let event = server.add("/api/events", event).await;
    let mut first = 0;
    for (index, name) in
        ["Amina Hassan", "<script>alert('x')</script>", "Élodie Lefèvre", "Zawadi Koech"].iter().enumerate()
    {
        let (place, bib) = (index + 1, format!("{}", 700 + index));
        let athlete = json!({"name": name, "country": "KEN", "bibNumber": bib, "clubTeam": "Coast \"Flyers\"", "gender": "F",
            "dateOfBirth": "2001-02-03", "email": format!("secret@{index}.example"), "phone": format!("+25470055500{index}")});
        let athlete = server.add("/api/athletes", athlete).await;
        first = if index == 0 { athlete } else { first };
        let entry =
            json!({"athleteId": athlete, "eventId": event, "heatNumber": 1, "laneNumber": place, "seedMark": "11.90"});
        server.add("/api/registrations", entry).await;
        let heat = json!({"athleteId": athlete, "eventId": event, "round": "heats", "heatNumber": 1, "position": place,
            "timeSeconds": 12.0 + index as f64 / 10.0, "windSpeed": -0.4});
        server.add("/api/results", heat).await;
        let last = match index {
            3 => json!({"athleteId": athlete, "eventId": event, "status": "dq"}),
            _ => {
                json!({"athleteId": athlete, "eventId": event, "position": place, "timeSeconds": 71.5 + index as f64 / 100.0,
                "windSpeed": 1.4, "isRecord": index == 0, "recordType": "MR"})
            }
        };
        server.add("/api/results", last).await;
    }
    [race, event, first]
}

#[tokio::test]
async fn names_marks_and_places_stand_in_the_page_itself() {
    let server = TestServer::start().await;
    let [race, event, athlete] = meet(&server).await;
    let gone = server.add_athlete("Gone Away", "799").await;
    let entry = json!({"athleteId": gone, "eventId": event, "status": "cancelled"});
    server.add("/api/registrations", entry).await;

    let front = page(&server, "/").await;
    front.is(200);
    for text in
        ["County &lt;b&gt;Championships", "Kisumu &amp; Lake", "100m Women", "Amina Hassan", "1:11.50", "Gold", ">MR<"]
    {
        assert!(front.text.contains(text), "no {text} in {}", front.text);
    }

    let list = page(&server, &format!("/races/{race}")).await;
    list.is(200);
    for text in ["1 event", "4 entries", "8 results", "Final result", "100m Women"] {
        assert!(list.text.contains(text), "no {text} in {}", list.text);
    }

    let results = page(&server, &format!("/events/{event}")).await;
    results.is(200);
    for text in [
        "1:11.50",
        "+0.01",
        "12.10",
        "Wind +1.4 m/s",
        "Wind -0.4 m/s",
        "Heat 1",
        ">DQ<",
        "Coast &quot;Flyers&quot;",
        ">700<",
        "11.90",
        "Start list",
        "Élodie Lefèvre",
        "title=\"Kenya\">KEN",
    ] {
        assert!(results.text.contains(text), "no {text} in {}", results.text);
    }
    assert!(!results.text.contains("Gone Away"), "who has cancelled is on no list");
    let final_at = results.text.find(">Final<").unwrap();
    assert!(final_at < results.text.find(">Heats<").unwrap(), "the final comes first");
    // Medals are of the final alone.
    assert_eq!(results.text.matches("medal gold").count(), 1);

    let person = page(&server, &format!("/athletes/{athlete}")).await;
    for text in ["Amina Hassan", "Kenya", "1:11.50", "100m Women", "County &lt;b&gt;Championships"] {
        assert!(person.text.contains(text), "no {text} in {}", person.text);
    }
}

#[tokio::test]
async fn nothing_private_and_nothing_that_runs_stands_in_any_page() {
    let server = TestServer::demo().await;
    let [race, event, athlete] = meet(&server).await;
    let admin = server.admin().await;
    let paths = [
        "/".to_owned(),
        "/races/1".into(),
        "/events/1".into(),
        "/athletes/1".into(),
        format!("/races/{race}"),
        format!("/events/{event}"),
        format!("/athletes/{athlete}"),
        "/find?q=a".into(),
        "/find?q=secret".into(),
        "/find?q=1998".into(),
        "/find?q=%3Cscript%3Ealert(1)%3C/script%3E".into(),
        "/athletes/999".into(),
    ];
    for path in &paths {
        // Not even for somebody who may see more elsewhere: the page is the same for all.
        for answer in [page(&server, path).await, server.get(path).by(&admin).await] {
            for secret in PRIVATE {
                assert!(!answer.text.contains(secret), "{secret} in {path}: {}", answer.text);
            }
            assert!(!answer.text.contains("<script>"), "{path}: {}", answer.text);
            assert!(!answer.text.contains("style=\"") && !answer.text.contains("onclick"), "{path}");
        }
    }
    assert_eq!(page(&server, "/find?q=secret").await.text.matches("/athletes/").count(), 0);
}

#[tokio::test]
async fn what_is_not_there_is_a_page_with_a_way_on() {
    let server = TestServer::shared();
    for path in [
        "/races/999",
        "/races/x",
        "/races/0",
        "/races/-1",
        "/races/99999999999999999999",
        "/events/999",
        "/athletes/1%00",
        "/races/%ff",
        "/register/%ff",
        "/register/nowhere",
        "/?page=0",
        "/?page=99999999999999999999",
        "/?page=7",
    ] {
        let answer = page(&server, path).await;
        answer.is(404);
        assert!(answer.text.contains("There is nothing here") && answer.text.contains("href=\"/find\""), "{path}");
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_read_is_a_page_as_well() {
    let server = TestServer::start().await;
    server.sql("ALTER TABLE races RENAME TO lost").await;
    let answer = page(&server, "/").await;
    answer.is(500);
    assert!(answer.text.contains("This page cannot be shown at the moment"), "{}", answer.text);
    assert_eq!(answer.header("etag"), "");
    server.sql("ALTER TABLE lost RENAME TO races").await;
    page(&server, "/").await.is(200);
}

#[tokio::test]
async fn a_page_that_is_known_is_not_sent_again_until_it_changes() {
    let server = TestServer::start().await;
    let [_, event, athlete] = meet(&server).await;
    let path = format!("/events/{event}");
    let first = page(&server, &path).await;
    assert_eq!((first.header("cache-control"), first.header("etag").is_empty()), ("no-cache", false));
    let again = server.get(&path).header("accept-language", "en").header("if-none-match", first.header("etag")).await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    // The browser takes these headers for the page it has kept.
    for header in ["content-security-policy", "cache-control", "etag", "vary"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
    let admin = server.admin().await;
    server.put(&format!("/api/athletes/{athlete}"), &json!({"name": "Amina Hassan-Otieno"})).by(&admin).await.is(200);
    let changed = server.get(&path).header("accept-language", "en").header("if-none-match", first.header("etag")).await;
    changed.is(200);
    assert!(changed.text.contains("Hassan-Otieno"));
}

#[tokio::test]
async fn the_language_is_chosen_by_address_by_cookie_by_browser() {
    let server = TestServer::shared();
    let chosen = server.get("/?lang=en").header("accept-language", "xx").await;
    assert!(chosen.text.contains("<html lang=\"en\">"), "{}", chosen.text);
    assert!(chosen.header("set-cookie").starts_with("lang=en; Path=/; Max-Age="), "{}", chosen.header("set-cookie"));
    assert_eq!(server.get("/").await.header("set-cookie"), "");
    assert!(chosen.header("vary").contains("Accept-Language"));
    // Whatever is asked for, there is a page; and a word of another language only where it is translated.
    for (header, value) in
        [("accept-language", "zz-ZZ, *;q=0.1"), ("cookie", "lang=klingon"), ("accept-language", ";;;q=,")]
    {
        assert!(server.get("/").header(header, value).await.text.contains("<html lang=\"en\">"), "{value}");
    }
    let links = server.get("/find?q=kamau&lang=en").await;
    assert!(links.text.contains("href=\"/find?q=kamau&amp;lang=en\""), "{}", links.text);
}

#[tokio::test]
async fn search_finds_athletes_races_and_events() {
    let server = TestServer::shared();
    for (wanted, found) in [
        ("nakato", "/athletes/4"),
        ("KEN001", "/athletes/1"),
        ("kingston", "/athletes/3"),
        ("marathon", "/events/8"),
        ("nairobi", "/races/1"),
        ("Regional", "/races/2"),
    ] {
        let answer = page(&server, &format!("/find?q={wanted}")).await;
        assert!(answer.text.contains(found), "{wanted}: {}", answer.text);
    }
    let nothing = page(&server, "/find?q=%25").await;
    assert!(nothing.text.contains("Nothing found"), "a % is only a letter: {}", nothing.text);
    page(&server, "/find?q=%00").await.is(200);
    page(&server, &format!("/find?q={}", "a".repeat(3000))).await.is(200);
}

#[tokio::test]
async fn what_the_organiser_has_set_is_shown() {
    let server = TestServer::start().await;
    assert!(page(&server, "/").await.text.contains("No administrator yet"));
    let admin = server.token(Role::Admin).await;
    let settings = json!({"organisationName": "Athletics <Kisumu>"});
    server.put("/api/admin/settings", &settings).by(&admin).await.is(200);
    let front = page(&server, "/").await;
    assert!(
        front.text.contains("Athletics &lt;Kisumu&gt;") && !front.text.contains("No administrator yet"),
        "{}",
        front.text
    );
    let demo = page(&TestServer::shared(), "/").await;
    assert!(demo.text.contains("Demo data."), "{}", demo.text);
}

#[tokio::test]
async fn races_stand_under_now_next_and_past() {
    let server = TestServer::start().await;
    let add = |name: &'static str, date: &'static str, status: &'static str| {
        let race = json!({"name": name, "date": date, "location": "Oslo", "status": status});
        async { server.add("/api/races", race).await }
    };
    add("Going on", "2020-01-01", "ongoing").await;
    add("Far ahead", "2099-01-01", "scheduled").await;
    add("Called off", "2099-02-01", "cancelled").await;
    add("Long ago", "2001-01-01", "completed").await;
    let text = page(&server, "/").await.text;
    let at = |word: &str| text.find(word).unwrap_or_else(|| panic!("no {word} in {text}"));
    let order = ["On now", "Going on", "Coming up", "Far ahead", "Called off", "Past competitions", "Long ago"].map(at);
    assert!(order.is_sorted(), "{order:?} {text}");
    for _ in 0..13 {
        add("One of many", "2002-01-01", "completed").await;
    }
    let second = page(&server, "/?page=2").await;
    assert!(page(&server, "/").await.text.contains("/?page=2") && second.text.contains("Long ago"));
    assert!(!second.text.contains("Going on"), "{}", second.text);
}

/// Every text of these pages is there, and none is left over.
#[test]
fn every_text_of_the_pages_is_there_and_none_is_left_over() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = std::fs::read_to_string(root.join("web/i18n/en/public.json")).unwrap();
    let texts: serde_json::Map<String, Value> = serde_json::from_str(&texts).unwrap();
    let mut folders = vec![root.join("src/public")];
    let mut source = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { source += &std::fs::read_to_string(path).unwrap() }
        }
    }
    let plain =
        |key: &str| key.trim_start_matches("public.").trim_end_matches(".one").trim_end_matches(".other").to_owned();
    let keys: std::collections::BTreeSet<String> = texts.keys().map(|key| plain(key)).collect();
    let made = |key: &str| {
        ["month", "shortMonth", "weekday"]
            .iter()
            .any(|word| key.strip_prefix(word).is_some_and(|n| n.parse::<u8>().is_ok()))
    };
    // A status of the API is its own name here, and a field of the form has its hint beside it.
    let by_rule = |key: &str| made(key) || ["dns", "dnf", "dq", "nm", "nh"].contains(&key) || key.ends_with("Hint");
    let unused: Vec<&String> =
        keys.iter().filter(|key| !by_rule(key) && !source.contains(&format!("\"{key}\""))).collect();
    assert!(unused.is_empty(), "no page shows {unused:?}");
    for call in ["t.get(\"", "t.fill(\"", "t.count(\"", "view.t.get(\""] {
        for key in source.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(keys.contains(key), "{key} is shown, but there is no text for it");
        }
    }
}
