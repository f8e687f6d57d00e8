//! The language of who reads: `web/i18n/<language>/public.json`, English where a text is missing.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::time::Moment;
use crate::web;

/// Every text of these pages has a name of this subject.
const SUBJECT: &str = "public.";

/// A language of the pages: its code, and its name in itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    pub code: &'static str,
    pub name: &'static str,
    place: usize,
}

const fn language(place: usize, code: &'static str, name: &'static str) -> Language {
    Language { code, name, place }
}

const LANGUAGES: [Language; 4] = [
    language(0, "en", "English"),
    language(1, "fr", "Français"),
    language(2, "es", "Español"),
    language(3, "sw", "Kiswahili"),
];

type Table = HashMap<String, String>;

/// The tables in the order of [`LANGUAGES`]; empty where nobody has translated yet.
static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| LANGUAGES.iter().map(|known| table_of(*known)).collect());

fn table_of(language: Language) -> Table {
    let text = web::text_of(&format!("i18n/{}/public.json", language.code)).unwrap_or_default();
    let texts: Table = serde_json::from_str(&text).unwrap_or_default();
    let own = texts.into_iter().filter_map(|(key, text)| Some((key.strip_prefix(SUBJECT)?.to_owned(), text)));
    own.collect()
}

impl Language {
    pub const ENGLISH: Language = LANGUAGES[0];

    /// Those that are translated.
    pub fn all() -> impl Iterator<Item = Language> {
        LANGUAGES.into_iter().filter(|language| !TABLES[language.place].is_empty())
    }

    pub fn of_code(code: &str) -> Option<Language> {
        let main = code.split(['-', '_']).next().unwrap_or_default();
        Language::all().find(|language| language.code.eq_ignore_ascii_case(main))
    }

    /// The language a browser likes most among those offered: `fr-CH, fr;q=0.9, en;q=0.8`.
    pub fn of_browser(accepted: &str, offered: &[Language]) -> Option<Language> {
        let mut liked: Vec<(f32, Language)> = accepted
            .split(',')
            .filter_map(|part| {
                let (code, weight) = part.split_once(";q=").unwrap_or((part, "1"));
                let weight: f32 = weight.trim().parse().ok().filter(|weight| *weight > 0.0)?;
                let language = Language::of_code(code.trim()).filter(|language| offered.contains(language))?;
                Some((weight, language))
            })
            .collect();
        // A stable sort: what stands first wins among equals.
        liked.sort_by(|a, b| b.0.total_cmp(&a.0));
        liked.first().map(|(_, language)| *language)
    }
}

/// The texts in one language, and how it writes numbers and dates.
#[derive(Debug, Clone, Copy)]
pub struct Texts {
    pub language: Language,
}

impl Texts {
    pub fn get(self, key: &str) -> &'static str {
        self.find(key).unwrap_or_default()
    }

    pub fn find(self, key: &str) -> Option<&'static str> {
        let known = |place: usize| TABLES[place].get(key).map(String::as_str);
        known(self.language.place).or_else(|| known(Language::ENGLISH.place))
    }

    /// A text with `{name}` replaced by what is given for it.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        let text = self.get(key).to_owned();
        values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// `key.one` or `key.other` with the number for `{n}`.
    pub fn count(self, key: &str, n: i64) -> String {
        // French says "0 résultat".
        let one = n == 1 || (n == 0 && self.language.code == "fr");
        let form = if one { "one" } else { "other" };
        self.fill(&format!("{key}.{form}"), &[("n", &self.number(n))])
    }

    pub fn number(self, n: i64) -> String {
        let digits = n.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + 4);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
                text.push_str(self.get("thousands"));
            }
            text.push(digit);
        }
        text
    }

    /// `14 June 2026`.
    pub fn date(self, date: Date) -> String {
        let (day, month) = (date.day().to_string(), self.month(date));
        self.fill("date", &[("day", &day), ("month", month), ("year", &date.year().to_string())])
    }

    /// `Sunday, 14 June`.
    pub fn day(self, date: Date) -> String {
        let weekday = self.get(&format!("weekday{}", date.weekday().to_monday_one_offset()));
        self.fill("day", &[("weekday", weekday), ("day", &date.day().to_string()), ("month", self.month(date))])
    }

    pub fn month(self, date: Date) -> &'static str {
        self.get(&format!("month{}", date.month()))
    }

    pub fn short_month(self, date: Date) -> &'static str {
        self.get(&format!("shortMonth{}", date.month()))
    }
}

/// Day and time of a moment on the wall of the venue.
pub fn local(moment: Moment) -> Option<(Date, String)> {
    let zoned = Timestamp::from_millisecond(moment.0).ok()?.to_zoned(TimeZone::system());
    Some((zoned.date(), format!("{:02}:{:02}", zoned.hour(), zoned.minute())))
}

#[cfg(test)]
mod tests;
