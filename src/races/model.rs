//! What a race (a meet or competition) is and which values are good ones.

use jiff::civil::Date;
use rusqlite::Row;
use serde::Serialize;

use crate::db::Entity;
use crate::records::values::parsed;
use crate::records::{Binder, Fault, Fields, Record, identity, one_of, read_date, read_moment};
use crate::rules::date::parse_iso;
use crate::rules::text;
use crate::time::Moment;

/// How far a race is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RaceStatus {
    Scheduled,
    Ongoing,
    Completed,
    Cancelled,
}

impl RaceStatus {
    /// The four words first, then those that older clients send.
    const WORDS: &'static [(&'static str, RaceStatus)] = &[
        ("scheduled", RaceStatus::Scheduled),
        ("ongoing", RaceStatus::Ongoing),
        ("completed", RaceStatus::Completed),
        ("cancelled", RaceStatus::Cancelled),
        ("canceled", RaceStatus::Cancelled),
        ("upcoming", RaceStatus::Scheduled),
        ("open", RaceStatus::Scheduled),
        ("draft", RaceStatus::Scheduled),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            RaceStatus::Scheduled => "scheduled",
            RaceStatus::Ongoing => "ongoing",
            RaceStatus::Completed => "completed",
            RaceStatus::Cancelled => "cancelled",
        }
    }

    fn read(text: &str) -> Option<RaceStatus> {
        one_of(text, "Status", RaceStatus::WORDS).ok()
    }
}

/// A meet or competition: a name, a day, a place.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Race {
    #[schema(read_only)]
    pub id: i64,
    #[serde(skip)]
    pub version: i64,
    /// 1 to 200 characters
    pub name: String,
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    pub location: String,
    pub description: Option<String>,
    pub status: RaceStatus,
    pub registration_open: bool,
    /// A date, or a moment
    pub registration_deadline: Option<String>,
    /// A web address, or the last part of `/register/…` on this server. A race that is opened without one gets one
    pub registration_link: Option<String>,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub created_at: Moment,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub updated_at: Moment,
}

impl Race {
    pub(super) fn fill_from(&mut self, f: &mut Fields<'_>) {
        f.required_text("name", "Name", 200, &mut self.name);
        f.required_from_text("date", "Date", &mut self.date, |text| read_date(text, "Date"));
        f.required_text("location", "Location", 200, &mut self.location);
        f.text("description", "Description", 10_000, &mut self.description);
        f.defaulted("status", "Status", &mut self.status, |text| one_of(text, "Status", RaceStatus::WORDS));
        f.boolean("registrationOpen", "Registration open", &mut self.registration_open);
        f.from_text("registrationDeadline", "Registration deadline", &mut self.registration_deadline, read_deadline);
        f.from_text("registrationLink", "Registration link", &mut self.registration_link, read_link);
        if f.purpose().is_import() {
            f.moment("createdAt", "Created", &mut self.created_at);
            f.moment("updatedAt", "Updated", &mut self.updated_at);
        } else {
            f.ignore(&["createdAt", "updatedAt"]);
        }
    }

    /// A race that takes entries has an address for the form.
    pub(super) fn open_up(&mut self) {
        if self.registration_open && self.registration_link.is_none() {
            self.registration_link = Some(new_link());
        }
    }

    pub(super) fn blank_race() -> Race {
        Race {
            id: 0,
            version: 0,
            name: String::new(),
            date: Date::ZERO,
            location: String::new(),
            description: None,
            status: RaceStatus::Scheduled,
            registration_open: false,
            registration_deadline: None,
            registration_link: None,
            created_at: Moment(0),
            updated_at: Moment(0),
        }
    }
}

/// Eight letters and digits that are not taken for one another on paper: hard to guess, easy to type.
fn new_link() -> String {
    const LETTERS: &[u8; 30] = b"23456789abcdefghjkmnpqrstvwxyz";
    let mut link = String::with_capacity(8);
    while link.len() < 8 {
        let random = getrandom::u32().expect("the operating system has random numbers").to_le_bytes();
        // Five bits each; the two numbers beyond the letters are drawn again, so that all are alike.
        let drawn = random.iter().filter_map(|byte| LETTERS.get(usize::from(byte & 31)));
        link.extend(drawn.take(8 - link.len()).map(|letter| char::from(*letter)));
    }
    link
}

/// A day stays a day; a moment becomes UTC.
fn read_deadline(text: &str) -> Result<String, Fault> {
    match parse_iso(text) {
        Some(day) => Ok(day.to_string()),
        None => read_moment(text, "Registration deadline").map(|moment| moment.to_string()),
    }
}

/// A web address that may stand as a link on the public page: never one that runs a script.
fn read_link(text: &str) -> Result<String, Fault> {
    if text.chars().count() > 500 {
        return Err(Fault::new("too-long", "Registration link is at most 500 characters long"));
    }
    let is_web = |scheme: &str| scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let good = match text.split_once(':') {
        // `club.example:8080/entry` names a port, not a scheme.
        Some((scheme, _)) => is_web(scheme) || scheme.contains(['.', '/']),
        None => true,
    };
    if good && !text.contains(char::is_whitespace) {
        return Ok(text.to_owned());
    }
    Err(Fault::new("invalid-url", "Registration link must be a web address such as https://club.example/entry"))
}

impl Record for Race {
    const ENTITY: Entity = Entity::Races;
    const COLUMNS: &'static [&'static str] = &[
        "name",
        "date",
        "location",
        "description",
        "status",
        "registration_open",
        "registration_deadline",
        "registration_link",
        "created_at",
        "updated_at",
        "name_key",
    ];

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Race> {
        Ok(Race {
            id: row.get(0)?,
            version: row.get(1)?,
            name: row.get(2)?,
            date: parsed(row, 3, parse_iso)?,
            location: row.get(4)?,
            description: row.get(5)?,
            status: parsed(row, 6, RaceStatus::read)?,
            registration_open: row.get(7)?,
            registration_deadline: row.get(8)?,
            registration_link: row.get(9)?,
            created_at: row.get(10)?,
            updated_at: row.get(11)?,
        })
    }

    fn bind(&self, values: &mut Binder<'_, '_>) -> rusqlite::Result<()> {
        values.put(&self.name)?;
        values.put(self.date.to_string())?;
        values.put(&self.location)?;
        values.put(&self.description)?;
        values.put(self.status.as_str())?;
        values.put(self.registration_open)?;
        values.put(&self.registration_deadline)?;
        values.put(&self.registration_link)?;
        values.put(self.created_at)?;
        values.put(self.updated_at)?;
        values.put(text::fold(&self.name))
    }

    identity!(created_at);
}
