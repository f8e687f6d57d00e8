//! Which settings there are, and which values are good ones.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::config::{Config, ImportLimits};
use crate::http::limits::RateLimits;
use crate::records::Fault;
use crate::rules::text;

/// The languages of the pages, the first being the usual one.
pub const LANGUAGES: [&str; 4] = ["en", "fr", "es", "sw"];
const MOST_OF_A_NAME: usize = 100;
const MOST_OF_A_CONTACT: usize = 300;
const DAY: u64 = 24 * 3600;

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Default,
    Stored,
    File,
}

/// What holds at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub organisation_name: Option<String>,
    /// One of `languages`
    pub default_language: &'static str,
    /// Those offered to visitors; never none
    pub languages: Vec<&'static str>,
    /// Whether the registration links of races work
    pub public_registration: bool,
    /// Whether people may make accounts for themselves
    pub self_registration: bool,
    /// Whom to ask about personal data: a name, an address, a telephone number
    pub privacy_contact: Option<String>,
    /// Days after a meet when contact data is due to be removed; none: it is kept without end
    pub keep_contacts_days: Option<u64>,
    pub rates: RateLimits,
    pub import_limits: ImportLimits,
}

/// A setting that is a whole number.
pub struct Number {
    pub name: &'static str,
    pub min: u64,
    pub max: u64,
    get: fn(&Settings) -> u64,
    set: fn(&mut Settings, u64),
}

/// The least of each is what a meet can still be run with: nobody locks themselves out here.
pub const NUMBERS: [Number; 10] = [
    Number {
        name: "keepImportFilesDays",
        min: 1,
        max: 3650,
        get: |s| s.import_limits.keep.age.as_secs() / DAY,
        set: |s, days| s.import_limits.keep.age = Duration::from_secs(days * DAY),
    },
    Number {
        name: "keepImportFilesMib",
        min: 0,
        max: 100_000,
        get: |s| s.import_limits.keep.bytes >> 20,
        set: |s, mib| s.import_limits.keep.bytes = mib << 20,
    },
    Number {
        name: "readsPerMinute",
        min: 600,
        max: 1_000_000,
        get: |s| s.rates.reads_per_minute.into(),
        set: |s, n| s.rates.reads_per_minute = narrow(n),
    },
    Number {
        name: "writesPerMinute",
        min: 60,
        max: 1_000_000,
        get: |s| s.rates.writes_per_minute.into(),
        set: |s, n| s.rates.writes_per_minute = narrow(n),
    },
    Number {
        name: "importsPerHour",
        min: 1,
        max: 100_000,
        get: |s| s.rates.imports_per_hour.into(),
        set: |s, n| s.rates.imports_per_hour = narrow(n),
    },
    Number {
        name: "registrationsPerHour",
        min: 1,
        max: 100_000,
        get: |s| s.rates.registrations_per_hour.into(),
        set: |s, n| s.rates.registrations_per_hour = narrow(n),
    },
    Number {
        name: "maxCsvMib",
        min: 1,
        max: 4096,
        get: |s| s.import_limits.csv_bytes >> 20,
        set: |s, mib| s.import_limits.csv_bytes = mib << 20,
    },
    Number {
        name: "maxJsonMib",
        min: 1,
        max: 1024,
        get: |s| s.import_limits.json_bytes >> 20,
        set: |s, mib| s.import_limits.json_bytes = mib << 20,
    },
    Number {
        name: "maxXlsxMib",
        min: 1,
        max: 256,
        get: |s| s.import_limits.xlsx_bytes >> 20,
        set: |s, mib| s.import_limits.xlsx_bytes = mib << 20,
    },
    Number {
        name: "maxXlsxRows",
        min: 100,
        max: 1_048_576,
        get: |s| s.import_limits.xlsx_rows,
        set: |s, rows| s.import_limits.xlsx_rows = rows,
    },
];

const OTHERS: [&str; 7] = [
    "organisationName",
    "defaultLanguage",
    "languages",
    "publicRegistration",
    "selfRegistration",
    "privacyContact",
    "keepContactsDays",
];
/// Ten years.
const MOST_DAYS: u64 = 3650;

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The names of all settings.
pub fn names() -> impl Iterator<Item = &'static str> {
    OTHERS.into_iter().chain(NUMBERS.iter().map(|number| number.name))
}

impl Settings {
    /// What holds while nothing is stored.
    pub fn of(config: &Config) -> Settings {
        Settings {
            organisation_name: None,
            default_language: LANGUAGES[0],
            languages: LANGUAGES.to_vec(),
            public_registration: true,
            self_registration: config.self_registration,
            privacy_contact: None,
            keep_contacts_days: None,
            rates: config.rates,
            import_limits: config.import_limits,
        }
    }

    /// One setting as JSON.
    pub fn get(&self, name: &str) -> Value {
        match name {
            "organisationName" => json!(self.organisation_name),
            "defaultLanguage" => json!(self.default_language),
            "languages" => json!(self.languages),
            "publicRegistration" => json!(self.public_registration),
            "selfRegistration" => json!(self.self_registration),
            "privacyContact" => json!(self.privacy_contact),
            "keepContactsDays" => json!(self.keep_contacts_days),
            _ => NUMBERS
                .iter()
                .find(|number| number.name == name)
                .map_or(Value::Null, |number| json!((number.get)(self))),
        }
    }

    /// All of them.
    pub fn view(&self) -> Map<String, Value> {
        names().map(|name| (name.to_owned(), self.get(name))).collect()
    }

    /// Sets one of them.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<(), Fault> {
        match name {
            "organisationName" => self.organisation_name = read_name(value, MOST_OF_A_NAME)?,
            "defaultLanguage" => self.default_language = read_language(value)?,
            "languages" => self.languages = read_languages(value)?,
            "publicRegistration" => self.public_registration = read_switch(value)?,
            "selfRegistration" => self.self_registration = read_switch(value)?,
            "privacyContact" => self.privacy_contact = read_name(value, MOST_OF_A_CONTACT)?,
            "keepContactsDays" => self.keep_contacts_days = read_days(value)?,
            _ => match NUMBERS.iter().find(|number| number.name == name) {
                Some(number) => (number.set)(self, read_number(number, value)?),
                None => return Err(Fault::new("unknown-field", format!("{name} is not a setting"))),
            },
        }
        Ok(())
    }

    /// The usual language is one of those that are offered.
    pub fn agrees(&self) -> bool {
        self.languages.contains(&self.default_language)
    }

    /// Makes it so, for a file in which it is not.
    pub fn agree(&mut self) {
        if !self.agrees() {
            self.default_language = self.languages.first().copied().unwrap_or(LANGUAGES[0]);
        }
    }
}

fn read_name(value: &Value, most: usize) -> Result<Option<String>, Fault> {
    let written = value.as_str().ok_or_else(|| Fault::new("wrong-type", "This must be text"))?;
    if text::has_control(written) {
        return Err(Fault::new("control-character", "This holds characters that cannot be seen"));
    }
    let name = text::clean(written);
    if name.chars().count() > most {
        return Err(Fault::new("too-long", format!("This is at most {most} characters long")));
    }
    Ok(Some(name.into_owned()).filter(|name| !name.is_empty()))
}

fn read_language(value: &Value) -> Result<&'static str, Fault> {
    let known = value.as_str().and_then(|code| LANGUAGES.into_iter().find(|known| *known == code));
    known.ok_or_else(|| Fault::new("not-one-of", format!("A language is one of {}", LANGUAGES.join(", "))))
}

fn read_languages(value: &Value) -> Result<Vec<&'static str>, Fault> {
    let wrong =
        || Fault::new("wrong-type", format!("languages must be a list of one or more of {}", LANGUAGES.join(", ")));
    let list = value.as_array().filter(|list| !list.is_empty()).ok_or_else(wrong)?;
    let mut languages = Vec::with_capacity(list.len());
    for code in list {
        let code = read_language(code)?;
        if !languages.contains(&code) {
            languages.push(code);
        }
    }
    Ok(languages)
}

fn read_switch(value: &Value) -> Result<bool, Fault> {
    value.as_bool().ok_or_else(|| Fault::new("wrong-type", "This must be true or false"))
}

/// 0 is no end, as a form has no other way to say it.
fn read_days(value: &Value) -> Result<Option<u64>, Fault> {
    let message = || format!("keepContactsDays must be a whole number from 0 (no end) to {MOST_DAYS}");
    let days = value.as_u64().filter(|days| *days <= MOST_DAYS);
    days.map(|days| Some(days).filter(|days| *days > 0)).ok_or_else(|| Fault::new("out-of-range", message()))
}

fn read_number(number: &Number, value: &Value) -> Result<u64, Fault> {
    let read = value.as_u64().filter(|read| (number.min..=number.max).contains(read));
    read.ok_or_else(|| {
        let code = if value.is_number() { "out-of-range" } else { "wrong-type" };
        Fault::new(code, format!("{} must be a whole number from {} to {}", number.name, number.min, number.max))
    })
}
