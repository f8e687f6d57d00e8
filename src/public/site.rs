//! What the organiser has set, as far as these pages show it.

use rusqlite::{Connection, OptionalExtension};

use super::texts::Language;
use crate::db::DbError;
use crate::settings::Current;
use crate::users;

/// What every page shows around its own part.
#[derive(Debug, Clone)]
pub struct Site {
    /// Of the organiser, instead of the program's.
    pub name: Option<String>,
    /// Address of a picture.
    pub logo: Option<String>,
    /// For those who want none of the others.
    pub language: Language,
    pub languages: Vec<Language>,
    /// Whether races may be registered for on these pages at all.
    pub registration: bool,
    /// Whom to ask about personal data.
    pub privacy_contact: Option<String>,
    /// Days after a meet when contact data is removed.
    pub keep_contacts_days: Option<u64>,
    pub demo: bool,
    pub setup_needed: bool,
}

impl Site {
    pub fn read(conn: &Connection, settings: &Current) -> Result<Site, DbError> {
        let sql = "SELECT 1 FROM settings WHERE key = 'demo'";
        let demo: Option<i64> = conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?;
        Ok(Site { demo: demo.is_some(), setup_needed: users::active_admins(conn)? == 0, ..Site::of(settings) })
    }

    /// As far as it is known without the database.
    pub fn of(settings: &Current) -> Site {
        let values = &settings.values;
        let offered = |language: &Language| values.languages.contains(&language.code);
        Site {
            name: values.organisation_name.clone(),
            logo: settings.logo_address(),
            language: Language::of_code(values.default_language).unwrap_or(Language::ENGLISH),
            languages: Language::all().filter(offered).collect(),
            registration: values.public_registration,
            privacy_contact: values.privacy_contact.clone(),
            keep_contacts_days: values.keep_contacts_days,
            demo: false,
            setup_needed: false,
        }
    }
}
