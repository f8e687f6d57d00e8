//! What an athlete is and which values are good ones (api.md 5 holds the rules in words).

use jiff::civil::Date;
use rusqlite::Row;
use serde::Serialize;

use crate::db::Entity;
use crate::records::values::{maybe, parsed, read_bib, read_country, read_email, read_gender, read_phone};
use crate::records::{Binder, Fault, Fields, Record, identity, values::bib_key};
use crate::rules::bib::Bib;
use crate::rules::country::Country;
use crate::rules::date::{Birth, parse_iso, read_birth};
use crate::rules::gender::Gender;
use crate::rules::text;
use crate::time::Moment;

/// A person who competes. Where only the year of birth is known it stands in `yearOfBirth`.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Athlete {
    #[schema(read_only)]
    pub id: i64,
    #[serde(skip)]
    pub version: i64,
    /// 1 to 100 characters, kept as written
    pub name: String,
    /// Three-letter code of the sport
    #[schema(value_type = String)]
    pub country: Country,
    #[schema(value_type = Option<String>, format = Date)]
    pub date_of_birth: Option<Date>,
    pub year_of_birth: Option<i16>,
    /// M, F or X
    #[schema(value_type = Option<String>)]
    pub gender: Option<Gender>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub club_team: Option<String>,
    pub coach: Option<String>,
    /// 1 to 20 characters, kept as written; unique without leading zeros and case
    #[schema(value_type = Option<String>)]
    #[serde(serialize_with = "as_written")]
    pub bib_number: Option<Bib>,
    pub photo_url: Option<String>,
    pub user_id: Option<i64>,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub created_at: Moment,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub updated_at: Moment,
}

fn as_written<S: serde::Serializer>(bib: &Option<Bib>, serializer: S) -> Result<S::Ok, S::Error> {
    bib.as_ref().map(Bib::as_str).serialize(serializer)
}

/// What everybody may see of an athlete.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PublicAthlete<'a> {
    id: i64,
    name: &'a str,
    country: Country,
    gender: Option<Gender>,
    club_team: Option<&'a str>,
    bib_number: Option<&'a str>,
    photo_url: Option<&'a str>,
    created_at: Moment,
    updated_at: Moment,
}

impl Athlete {
    /// Before anything is known of them.
    pub fn blank() -> Athlete {
        Athlete {
            id: 0,
            version: 0,
            name: String::new(),
            country: Country::default(),
            date_of_birth: None,
            year_of_birth: None,
            gender: None,
            email: None,
            phone: None,
            club_team: None,
            coach: None,
            bib_number: None,
            photo_url: None,
            user_id: None,
            created_at: Moment(0),
            updated_at: Moment(0),
        }
    }

    /// Sets what is known of the birth: the day, or the year alone.
    pub fn set_birth(&mut self, birth: Birth) {
        match birth {
            Birth::Day(day) => (self.date_of_birth, self.year_of_birth) = (Some(day), None),
            Birth::Year(year) => (self.date_of_birth, self.year_of_birth) = (None, Some(year)),
        }
    }

    pub(super) fn write_public(&self, out: &mut Vec<u8>) {
        let public = PublicAthlete {
            id: self.id,
            name: &self.name,
            country: self.country,
            gender: self.gender,
            club_team: self.club_team.as_deref(),
            bib_number: self.bib_number.as_ref().map(Bib::as_str),
            photo_url: self.photo_url.as_deref(),
            created_at: self.created_at,
            updated_at: self.updated_at,
        };
        serde_json::to_writer(out, &public).expect("our own records serialise");
    }

    pub(super) fn fill_from(&mut self, f: &mut Fields<'_>) {
        f.required_text("name", "Name", 100, &mut self.name);
        let mut note = None;
        f.required_from_text("country", "Country", &mut self.country, |text| {
            let (country, read_as) = read_country(text)?;
            note = read_as;
            Ok(country)
        });
        if let Some(note) = note {
            f.note(note);
        }
        self.fill_birth(f);
        f.from_text("gender", "Gender", &mut self.gender, read_gender);
        f.from_text("email", "Email", &mut self.email, read_email);
        f.from_text("phone", "Phone", &mut self.phone, read_phone);
        f.text("clubTeam", "Club", 200, &mut self.club_team);
        f.text("coach", "Coach", 200, &mut self.coach);
        f.from_text("bibNumber", "Bib", &mut self.bib_number, read_bib);
        f.from_text("photoUrl", "Photo address", &mut self.photo_url, read_photo_url);
        f.integer("userId", "User", 1..=i64::MAX, &mut self.user_id);
        if f.purpose().is_import() {
            f.moment("createdAt", "Created", &mut self.created_at);
            f.moment("updatedAt", "Updated", &mut self.updated_at);
        } else {
            f.ignore(&["createdAt", "updatedAt"]);
        }
    }

    fn fill_birth(&mut self, f: &mut Fields<'_>) {
        let known = (self.date_of_birth, self.year_of_birth);
        let mut birth = None;
        f.from_text("dateOfBirth", "Date of birth", &mut birth, read_iso_birth);
        let mut year = None;
        let this_year = i64::from(crate::time::today().year());
        f.integer("yearOfBirth", "Year of birth", this_year - 110..=this_year, &mut year);
        let year = year.and_then(|year| i16::try_from(year).ok());
        match (birth, year) {
            (Some(birth), Some(year)) if birth.year() != year => {
                f.refuse("yearOfBirth", "contradiction", "Year of birth contradicts the date of birth");
            }
            (Some(birth), _) => self.set_birth(birth),
            // The year of a day that is known already says nothing new.
            (None, Some(year)) if known.0.is_some_and(|day| day.year() == year) && f.given("dateOfBirth").is_none() => {
            }
            (None, Some(year)) => self.set_birth(Birth::Year(year)),
            (None, None) => {
                // Null takes a value away; a member that was not sent leaves it.
                let date = if f.given("dateOfBirth").is_some() { None } else { known.0 };
                let year = if f.given("yearOfBirth").is_some() { None } else { known.1 };
                (self.date_of_birth, self.year_of_birth) = (date, year);
            }
        }
    }
}

/// In JSON a date of birth is ISO, or the year alone: which is the day and which the month is never guessed.
fn read_iso_birth(text: &str) -> Result<Birth, Fault> {
    let year_alone = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let fault =
        |reason: String| Fault::new("invalid-date", format!("Date of birth '{}': {reason}", text::excerpt(text, 40)));
    if parse_iso(text).is_none() && !year_alone {
        return Err(fault("this is not a date; write it as YYYY-MM-DD".into()));
    }
    read_birth(text, crate::rules::date::DateOrder::default(), crate::time::today())
        .map_err(|reason| fault(reason.to_string()))
}

/// An address a browser may load as a picture: on this server, or by http.
fn read_photo_url(text: &str) -> Result<String, Fault> {
    let good = text.starts_with('/') || text.starts_with("https://") || text.starts_with("http://");
    if good && text.len() <= 500 && !text.contains(char::is_whitespace) {
        return Ok(text.to_owned());
    }
    Err(Fault::new("invalid-url", "Photo address must start with / or https:// and hold no blanks"))
}

impl Record for Athlete {
    const ENTITY: Entity = Entity::Athletes;
    const COLUMNS: &'static [&'static str] = &[
        "name",
        "country",
        "date_of_birth",
        "year_of_birth",
        "gender",
        "email",
        "phone",
        "club_team",
        "coach",
        "bib_number",
        "photo_url",
        "user_id",
        "created_at",
        "updated_at",
        "name_key",
        "bib_key",
    ];

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Athlete> {
        Ok(Athlete {
            id: row.get(0)?,
            version: row.get(1)?,
            name: row.get(2)?,
            country: parsed(row, 3, Country::from_code)?,
            date_of_birth: maybe(row, 4, parse_iso)?,
            year_of_birth: row.get(5)?,
            gender: maybe(row, 6, Gender::read)?,
            email: row.get(7)?,
            phone: row.get(8)?,
            club_team: row.get(9)?,
            coach: row.get(10)?,
            bib_number: maybe(row, 11, |text| Bib::new(text).ok())?,
            photo_url: row.get(12)?,
            user_id: row.get(13)?,
            created_at: row.get(14)?,
            updated_at: row.get(15)?,
        })
    }

    fn bind(&self, values: &mut Binder<'_, '_>) -> rusqlite::Result<()> {
        values.put(&self.name)?;
        values.put(self.country.as_str())?;
        values.put(self.date_of_birth.map(|date| date.to_string()))?;
        values.put(self.year_of_birth)?;
        values.put(self.gender.map(Gender::as_str))?;
        values.put(&self.email)?;
        values.put(&self.phone)?;
        values.put(&self.club_team)?;
        values.put(&self.coach)?;
        values.put(self.bib_number.as_ref().map(Bib::as_str))?;
        values.put(&self.photo_url)?;
        values.put(self.user_id)?;
        values.put(self.created_at)?;
        values.put(self.updated_at)?;
        values.put(text::fold(&self.name))?;
        values.put(self.bib_number.as_ref().map(bib_key))
    }

    identity!(created_at);
}
