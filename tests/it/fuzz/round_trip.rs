//! Whatever the API stores goes out in every format and comes back into an empty database as it was.

use athsys::athletes::Athlete;
use athsys::db::Entity;
use athsys::events::Event;
use athsys::formats::format::Format;
use athsys::imports::{Dataset, Options};
use athsys::races::Race;
use athsys::records::Resource;
use athsys::users::User;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::support::Engine;

/// What has broken tables before, somewhere.
const TRAPS: [&str; 58] = [
    "\"",
    "\"\"",
    ",",
    ";",
    "|",
    "'",
    "''",
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "=1+1",
    "-1.2",
    "+254 700",
    "@SUM(A1)",
    "\u{a0}",
    "\u{202f}",
    "\u{2009}",
    " ",
    "  ",
    "\u{200b}",
    "\u{feff}",
    "\u{200d}",
    "\u{200e}",
    "\u{202e}",
    "\u{ad}",
    "😀",
    "👩‍🚀",
    "e\u{301}",
    "é",
    "ﬁ",
    "Å",
    "ß",
    "مرحبا",
    "שלום",
    "明",
    "ｱ",
    "\u{fffd}",
    "\u{ffff}",
    "_x0041_",
    "_x000D_",
    "<b>&amp;</b>",
    "]]>",
    "\\",
    "\\n",
    "sep=;",
    "Total: 3",
    "NA",
    "null",
    "n/a",
    "2001-02-03",
    "1E5",
    "007",
    "TRUE",
];

/// Text of one line, up to so many characters.
fn text(most: usize) -> impl Strategy<Value = String> {
    let letter = any::<char>().prop_filter("no control characters", |c| !c.is_control());
    let piece = prop_oneof![
        4 => select(&TRAPS[..]).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9 ]{1,12}",
        1 => letter.prop_map(String::from),
    ];
    let short = vec(piece.clone(), 0..6).prop_map(|pieces| pieces.concat());
    // As long as it may be, all of one kind.
    let long =
        (piece, 0..3_usize).prop_map(move |(piece, missing)| piece.repeat(most).chars().take(most - missing).collect());
    prop_oneof![9 => short, 1 => long].prop_map(move |text: String| text.chars().take(most).collect())
}

/// A name with something in it that can be read aloud, and that [`numbered`] makes the only one.
fn name(most: usize) -> impl Strategy<Value = String> {
    let of = |(text, is_first)| if is_first { format!("{text} n§") } else { format!("n§ {text}") };
    (text(most - 6), any::<bool>()).prop_map(of)
}

/// A row whose name and email no other row has.
fn numbered(row: &Map<String, Value>, number: usize) -> Map<String, Value> {
    let mut row = row.clone();
    for name in ["name", "email"] {
        if let Some(Value::String(text)) = row.get_mut(name) {
            *text = text.replace('§', &number.to_string());
        }
    }
    row
}

/// The members of a row without those that are nothing.
fn members(all: Value) -> Map<String, Value> {
    let Value::Object(mut members) = all else { unreachable!("a row is an object") };
    members.retain(|_, value| !value.is_null());
    members
}

fn day() -> impl Strategy<Value = String> {
    (1950..2016_u16, 1..13_u8, 1..29_u8).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

fn gender() -> impl Strategy<Value = Option<&'static str>> {
    option::of(select(vec!["M", "F", "X"]))
}

fn email() -> impl Strategy<Value = String> {
    "[=+'a-zé_/-]{1,8}(mailto|na|\\.x)?".prop_map(|local| format!("{local}@club.example"))
}

/// Any but a number with a decimal part of zeros: a spreadsheet has written that one, and `101.0` becomes `101`.
fn bib() -> impl Strategy<Value = String> {
    prop_oneof!["[0-9]{1,4}", "[A-Z0-9][-A-Z0-9_/. é]{0,10}[A-Z0-9]", "0{0,3}[0-9]", "[1-9]E[1-9]", "NA|na|NONE|null"]
}

prop_compose! {
    fn athlete()(
        name in name(100), country in select(vec!["KEN", "GER", "NAM", "NOR"]), gender in gender(),
        birth in option::of(prop_oneof![day().prop_map(Ok), (1950..2016_i64).prop_map(Err)]),
        email in option::of(email()), phone in option::of(text(50)), club in option::of(text(200)),
        coach in option::of(text(200)), bib in option::of(bib()),
    ) -> Map<String, Value> {
        let (birth, year) = match &birth {
            Some(Ok(day)) => (Some(day), None),
            Some(Err(year)) => (None, Some(year)),
            None => (None, None),
        };
        members(json!({
            "name": name, "country": country, "gender": gender, "email": email, "phone": phone,
            "clubTeam": club, "coach": coach, "bibNumber": bib, "dateOfBirth": birth, "yearOfBirth": year,
        }))
    }
}

prop_compose! {
    fn race()(
        name in name(200), date in day(), place in text(190), description in option::of(text(10_000)),
        status in select(vec!["scheduled", "ongoing", "completed", "cancelled"]), open in any::<bool>(),
        deadline in option::of(prop_oneof![day(), day().prop_map(|day| format!("{day}T10:00:00Z"))]),
    ) -> Map<String, Value> {
        members(json!({
            "name": name, "date": date, "location": format!("{place} Oslo"), "description": description,
            "status": status, "registrationOpen": open, "registrationDeadline": deadline,
        }))
    }
}

prop_compose! {
    fn event()(
        name in name(200), category in select(vec!["Track", "Field", "Road", "Combined"]), gender in gender(),
        age in option::of(text(50)), distance in option::of(text(49).prop_map(|text| format!("7{text}"))),
        most in option::of(1..100_000_i64), start in option::of(day().prop_map(|day| format!("{day}T09:30:00Z"))),
    ) -> Map<String, Value> {
        members(json!({
            "name": name, "category": category, "gender": gender,
            "ageGroup": age, "distance": distance, "maxParticipants": most, "startTime": start,
        }))
    }
}

prop_compose! {
    fn user()(
        name in name(100), role in select(vec!["viewer", "coach", "official", "admin"]), email in email(),
        status in select(vec!["active", "suspended"]),
    ) -> Map<String, Value> {
        members(json!({
            "name": name, "email": format!("u§{email}"), "role": role, "status": status,
        }))
    }
}

/// What a format holds of the rows: the columns of a table are the contract's, and the address of a race's form is none of them.
fn held(mut rows: Vec<Value>, format: Format) -> Vec<Value> {
    if matches!(format, Format::Csv | Format::Xlsx) {
        for members in rows.iter_mut().filter_map(Value::as_object_mut) {
            members.remove("registrationLink");
        }
    }
    rows
}

/// Two databases: out of one and into the other. Made once, because each has a schema to set up.
struct Pair {
    from: Engine,
    into: Engine,
}

impl Pair {
    fn start() -> Pair {
        Pair { from: Engine::start(), into: Engine::start() }
    }

    fn clear(&self) {
        self.from.clear();
        self.into.clear();
    }

    /// Stores a row. What the API refuses is no row; a bib that is taken for example.
    fn add<R: Resource>(&self, row: Map<String, Value>) -> Option<R> {
        self.from.add::<R>(row).ok()
    }

    /// Through every format into the other database, which then has the same rows.
    fn check(&self, tables: &[Entity]) -> Result<(), TestCaseError> {
        for format in Format::ALL {
            self.into.clear();
            for table in tables {
                let rows = self.from.rows(*table);
                let file = self.from.export(*table, format);
                let report = self.into.import(Dataset::Rows(*table), format, &file, &Options::default());
                let shown = || String::from_utf8_lossy(&file[..file.len().min(3_000)]).into_owned();
                let report =
                    report.map_err(|error| TestCaseError::fail(format!("{format:?}: {error}\n{}", shown())))?;
                let refused = report.account.refusals.sentences();
                prop_assert!(refused.is_empty(), "{format:?}: {refused:?}\n{}", shown());
                prop_assert_eq!(report.tally().imported, rows.len() as u64);
                prop_assert_eq!(
                    held(self.into.rows(*table), format),
                    held(rows, format),
                    "{:?} of {:?}",
                    format,
                    table
                );
                // The very same file once more changes nothing.
                let again = self.into.import(Dataset::Rows(*table), format, &file, &Options::default());
                let again = again.map_err(|error| TestCaseError::fail(error.to_string()))?.tally();
                prop_assert_eq!(again.unchanged, again.rows(), "{:?}: {:?}", format, again);
            }
        }
        Ok(())
    }
}

#[test]
fn athletes_come_back_from_every_format_as_they_were_stored() {
    let pair = Pair::start();
    proptest!(ProptestConfig::with_cases(64), |(rows in vec(athlete(), 1..12))| {
        pair.clear();
        let stored = rows.iter().enumerate().filter_map(|(at, row)| pair.add::<Athlete>(numbered(row, at))).count();
        prop_assert!(stored > 0, "the first row is a good one: {:?}", pair.from.add::<Athlete>(numbered(&rows[0], 0)).err());
        pair.check(&[Entity::Athletes])?;
    });
}

#[test]
fn races_and_their_events_come_back_from_every_format_as_they_were_stored() {
    let pair = Pair::start();
    proptest!(ProptestConfig::with_cases(64), |(races in vec(race(), 1..5), events in vec(event(), 1..5))| {
        pair.clear();
        let races: Vec<Race> = races.iter().enumerate().filter_map(|(at, row)| pair.add(numbered(row, at))).collect();
        prop_assert!(!races.is_empty(), "the first race is a good one");
        let events = events.iter().enumerate().filter_map(|(at, row)| {
            let mut row = numbered(row, at);
            row.insert("raceId".into(), races[at % races.len()].id.into());
            pair.add::<Event>(row)
        }).count();
        prop_assert!(events > 0, "the first event is a good one");
        pair.check(&[Entity::Races, Entity::Events])?;
    });
}

#[test]
fn users_come_back_from_every_format_as_they_were_stored() {
    let pair = Pair::start();
    proptest!(ProptestConfig::with_cases(64), |(rows in vec(user(), 1..8))| {
        pair.clear();
        let stored = rows.iter().enumerate().filter_map(|(at, row)| pair.add::<User>(numbered(row, at))).count();
        prop_assert!(stored > 0, "the first row is a good one: {:?}", pair.from.add::<User>(numbered(&rows[0], 0)).err());
        pair.check(&[Entity::Users])?;
    });
}
