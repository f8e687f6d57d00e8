//! Countries as the sport writes them: three-letter World Athletics codes.
//!
//! The codes come from `data/countries.csv`, the other ways to write a country (ISO 3166 alpha-2, local names) from
//! `data/country_names.csv`. A sport code always wins over an ISO code that means another country: `BRN` is Bahrain.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::data::Table;
use super::text;

/// A country, team or federation by its World Athletics code: three capital letters that are in the table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 3]);

/// What [`Country::read`] made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountryReading {
    /// The country.
    pub country: Country,
    /// Present when the text was not a code of the sport: `Kenya read as KEN`.
    pub note: Option<String>,
}

/// Why a text is no country; prints a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountryError {
    /// Nothing was written.
    #[error("Country required")]
    Required,
    /// The text is no code and no name that we know.
    #[error("Country '{}' is not known{}", text::excerpt(value, 40), did_you_mean(*suggestion))]
    Unknown {
        /// The text, cleaned, whole.
        value: String,
        /// The country with the nearest name, where one is near.
        suggestion: Option<Country>,
    },
}

fn did_you_mean(suggestion: Option<Country>) -> String {
    suggestion.map_or_else(String::new, |country| format!("; did you mean {} ({country})?", country.name()))
}

/// A placeholder until a country is read; never stored.
impl Default for Country {
    fn default() -> Country {
        Country(*b"---")
    }
}

impl Country {
    /// The country of an exact code of the sport, in any case: `KEN`, `ger`. Former and ISO codes are not taken here
    /// (section 19 \[S\]).
    ///
    /// ```
    /// use athsys::rules::country::Country;
    /// assert_eq!(Country::from_code("ken").unwrap().as_str(), "KEN");
    /// assert!(Country::from_code("DEU").is_none());
    /// ```
    pub fn from_code(code: &str) -> Option<Country> {
        let mut letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters.make_ascii_uppercase();
        let known = TABLE.entries.binary_search_by_key(&letters, |entry| entry.code).is_ok();
        known.then_some(Country(letters))
    }

    /// Reads a code of the sport, a former one, an ISO 3166 alpha-3 or alpha-2 code, or a name in English or a local
    /// language (compared without case and accents), in this order (section 19 \[S\]).
    ///
    /// ```
    /// use athsys::rules::country::Country;
    /// assert_eq!(Country::read("DEU").unwrap().country.as_str(), "GER");
    /// assert_eq!(Country::read("BRN").unwrap().country.name(), "Bahrain");
    /// ```
    ///
    /// # Errors
    /// [`CountryError`], whose text may be shown as it is.
    pub fn read(value: &str) -> Result<CountryReading, CountryError> {
        if let Some(country) = Country::from_code(value) {
            return Ok(CountryReading { country, note: None });
        }
        let value = text::clean(value);
        if value.is_empty() {
            return Err(CountryError::Required);
        }
        if let Some(country) = Country::from_code(&value) {
            return Ok(CountryReading { country, note: None });
        }
        let key = key_of(&value);
        match TABLE.by_key.get(key.as_str()) {
            Some(&country) => Ok(CountryReading { country, note: Some(format!("{value} read as {country}")) }),
            None => {
                let suggestion = nearest(&key);
                Err(CountryError::Unknown { value: value.into_owned(), suggestion })
            }
        }
    }

    /// The code, three capital letters (section 19 \[S\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::country::Country::from_code("sui").unwrap().as_str(), "SUI");
    /// ```
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a code is three ASCII letters")
    }

    /// The English name; empty for the placeholder (section 19 \[S\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::country::Country::from_code("NIG").unwrap().name(), "Niger");
    /// ```
    pub fn name(self) -> &'static str {
        let at = TABLE.entries.binary_search_by_key(&self.0, |entry| entry.code);
        at.map_or("", |at| &TABLE.entries[at].name)
    }

    /// The code for international output: the home nations compete as GBR, all others as themselves (section 19 \[S\]).
    ///
    /// ```
    /// use athsys::rules::country::Country;
    /// assert_eq!(Country::from_code("SCO").unwrap().international().as_str(), "GBR");
    /// ```
    pub fn international(self) -> Country {
        match &self.0 {
            b"ENG" | b"SCO" | b"WAL" | b"NIR" => Country(*b"GBR"),
            _ => self,
        }
    }

    /// Every country with its English name, by code; for choice lists and templates (section 19 \[S\]).
    ///
    /// ```
    /// assert!(athsys::rules::country::Country::all().any(|(code, _)| code.as_str() == "KEN"));
    /// ```
    pub fn all() -> impl Iterator<Item = (Country, &'static str)> {
        TABLE.entries.iter().map(|entry| (Country(entry.code), entry.name.as_str()))
    }
}

struct Entry {
    code: [u8; 3],
    name: String,
}

struct Codes {
    /// Sorted by code.
    entries: Vec<Entry>,
    /// Former codes, ISO codes and names by [`key_of`].
    by_key: HashMap<String, Country>,
    /// The keys of more than three letters by their first letter, for suggestions.
    names: Vec<Name>,
}

struct Name {
    first: char,
    key: String,
    letters: u32,
    country: Country,
}

impl Name {
    fn of(key: &str, country: Country) -> Option<Name> {
        let first = key.chars().next()?;
        Some(Name { first, key: key.to_owned(), letters: letter_set(key), country })
    }
}

/// One line of `data/countries.csv`.
#[derive(Deserialize)]
struct CountryLine {
    code: String,
    name: String,
    iso_alpha3: String,
    former_codes: String,
    kind: String,
}

/// One line of `data/country_names.csv`; the names are separated by `|`.
#[derive(Deserialize)]
struct NamesLine {
    code: String,
    alpha2: String,
    names: String,
}

static TABLE: LazyLock<Codes> = LazyLock::new(parse_tables);

fn parse_tables() -> Codes {
    let mut entries: Vec<Entry> = Vec::new();
    let keys = all_keys(&mut entries);
    entries.sort_unstable_by_key(|entry| entry.code);
    let mut by_key = HashMap::with_capacity(keys.len());
    for (_, key, country) in keys {
        if !key.is_empty() {
            by_key.entry(key).or_insert(country);
        }
    }
    let long = by_key.iter().filter(|(key, _)| key.len() > 3);
    let mut names: Vec<Name> = long.filter_map(|(key, &country)| Name::of(key, country)).collect();
    names.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    Codes { entries, by_key, names }
}

/// Every key with its rank, best rank first: a former code of the sport, then ISO codes and names of today's countries,
/// then those of countries of history and of the home nations (ISO DEU is Germany, not West Germany; the word England
/// means the team GBR, only the code ENG the home nation).
fn all_keys(entries: &mut Vec<Entry>) -> Vec<(u8, String, Country)> {
    let mut keys = Vec::new();
    for line in codes(Table::Countries.text()).expect(CHECKED) {
        let country = Country(letters_of(&line.code));
        let rank = if line.kind == "historical" || line.kind == "subnational" { 2 } else { 1 };
        keys.push((0, key_of(&line.former_codes), country));
        keys.push((rank, key_of(&line.iso_alpha3), country));
        keys.push((rank, key_of(&line.name), country));
        entries.push(Entry { code: country.0, name: line.name });
    }
    for line in names(Table::CountryNames.text()).expect(CHECKED) {
        let country = Country(letters_of(&line.code));
        keys.push((1, key_of(&line.alpha2), country));
        keys.extend(line.names.split('|').map(|name| (1, key_of(name), country)));
    }
    keys.sort_by_key(|&(rank, _, _)| rank);
    keys
}

const CHECKED: &str = "built-in and own tables have been checked";

fn codes(text: &str) -> Result<Vec<CountryLine>, String> {
    super::data::rows(text, |line: CountryLine| known_shape(&line.code).map(|()| line))
}

fn names(text: &str) -> Result<Vec<NamesLine>, String> {
    super::data::rows(text, |line: NamesLine| known_shape(&line.code).map(|()| line))
}

/// Whether a text is a table of codes.
pub(super) fn check_codes(text: &str) -> Result<(), String> {
    codes(text).map(drop)
}

/// Whether a text is a table of other names.
pub(super) fn check_names(text: &str) -> Result<(), String> {
    names(text).map(drop)
}

fn known_shape(code: &str) -> Result<(), String> {
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { Ok(()) } else { Err(format!("{code} is no code of three capital letters")) }
}

fn letters_of(code: &str) -> [u8; 3] {
    code.as_bytes().try_into().expect("codes are checked to have three letters")
}

/// Comparison key of a country: folded, without dots and brackets, hyphens and commas as blanks, `&` as `and`.
fn key_of(value: &str) -> String {
    let folded = text::fold(value);
    let mut key = String::with_capacity(folded.len());
    for word in folded.split([' ', '-', ',', '/']).filter(|word| !word.is_empty()) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.extend(word.chars().filter(|c| !matches!(c, '.' | '(' | ')' | '*')));
        if key.ends_with('&') {
            key.truncate(key.len() - 1);
            key.push_str("and");
        }
    }
    key
}

/// The country whose name is nearest to a key of more than three letters, if one is near enough to be a slip. Names that
/// share too few letters are passed over: an import may hold 100,000 unknown countries.
fn nearest(key: &str) -> Option<Country> {
    const NEAR: f64 = 0.9;
    const LONGEST: usize = 60;
    let first = key.chars().next()?;
    if key.chars().count() <= 3 || key.len() > LONGEST {
        return None;
    }
    let letters = letter_set(key);
    let may_be_near = |name: &Name| {
        let shared = (name.letters & letters).count_ones();
        shared * 3 >= 2 * name.letters.count_ones().max(letters.count_ones())
    };
    let from = TABLE.names.partition_point(|name| name.first < first);
    let alike = TABLE.names[from..].iter().take_while(|name| name.first == first);
    let scored =
        alike.filter(|name| may_be_near(name)).map(|name| (strsim::jaro_winkler(key, &name.key), name.country));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    (best.0 >= NEAR).then_some(best.1)
}

/// Which of the letters a to z occur, one bit each.
fn letter_set(key: &str) -> u32 {
    let letters = key.bytes().filter(u8::is_ascii_lowercase);
    letters.fold(0, |set, letter| set | 1 << (letter - b'a'))
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Reads what [`Country::read`] reads; the note is lost, so an importer that wants it reads the text itself.
impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Country, D::Error> {
        let text = String::deserialize(deserializer)?;
        Country::read(&text).map(|reading| reading.country).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
