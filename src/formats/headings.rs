//! What the headings of a table mean, in the languages of entry lists.
//!
//! The table is `data/headings.csv`. A heading is normalised ([`normalise`]) and looked up exactly; nothing is guessed
//! from a part of it. Headings of several meanings are settled later, by their neighbours and contents
//! ([`super::table`]).

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::rules::language::Language;
use crate::rules::text;

/// Columns that are known and of no use (time stamps, payments).
pub const IGNORE: &str = "ignore";

/// How the names in a column of full names are ordered, as far as its heading says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum NameOrder {
    /// The heading says nothing (`Name`): the text stays as it is.
    #[default]
    AsWritten,
    /// First name first (`Vorname Name`): the text stays as it is.
    FirstLast,
    /// Last name first (`Nom Prénom`): the text is turned round where its parts can be told apart.
    LastFirst,
}

/// One meaning of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Canonical field: `name`, `country`, `bib_number` …
    pub field: &'static str,
    /// Order of names, for the field `name`.
    pub order: NameOrder,
    /// A language in which the heading has this meaning.
    pub language: Language,
}

/// All meanings of a heading as written, the most usual first; none when it is unknown.
pub fn meanings(heading: &str) -> &'static [Meaning] {
    TABLE.get(normalise(heading).as_str()).map_or(&[], Vec::as_slice)
}

/// The meanings and the number of a heading that counts: `Event 2`, `Mark 2`.
pub fn numbered(heading: &str) -> Option<(&'static [Meaning], u32)> {
    let key = normalise(heading);
    let word = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = key[word.len()..].parse().ok()?;
    let known = meanings(word);
    (!known.is_empty()).then_some((known, number))
}

/// The canonical field of this name, if there is one.
pub fn field(name: &str) -> Option<&'static str> {
    TABLE.values().flatten().map(|meaning| meaning.field).find(|&field| field == name && field != IGNORE)
}

/// The field that a person has chosen by name, and the order of names: `name`, `name:last_first`.
pub fn chosen(name: &str) -> Option<(&'static str, NameOrder)> {
    let (name, order) = match name.split_once(':') {
        Some((name @ "name", "last_first")) => (name, NameOrder::LastFirst),
        Some((name @ "name", "first_last")) => (name, NameOrder::FirstLast),
        Some(_) => return None,
        None => (name, NameOrder::AsWritten),
    };
    Some((field(name)?, order))
}

/// The nearest known heading among the `wanted` fields, for a question such as "Did you mean name?". Never for headings
/// of three letters or fewer, which are near to everything.
pub fn nearest(heading: &str, wanted: &[&'static str]) -> Option<&'static str> {
    const NEAR: f64 = 0.6;
    // Longer ones are near to nothing in the table, and comparing them takes long.
    const LONGEST: usize = 80;
    let key = normalise(heading);
    if !(3..=LONGEST).contains(&key.chars().count()) {
        return None;
    }
    let is_wanted = |meaning: &Meaning| wanted.contains(&meaning.field);
    let candidates = TABLE.iter().filter(|(known, meanings)| known.len() > 3 && meanings.iter().any(is_wanted));
    let near = candidates.flat_map(|(known, meanings)| {
        let score = strsim::normalized_damerau_levenshtein(&key, known);
        meanings.iter().filter(|meaning| is_wanted(meaning)).map(move |meaning| (score, meaning.field))
    });
    let best = near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))?;
    (best.0 >= NEAR).then_some(best.1)
}

/// The form in which headings are compared: folded, what stands in brackets taken out, signs as blanks, and without the
/// words athlete, competitor, participant or runner in front. `bibNumber` is read as two words.
pub fn normalise(heading: &str) -> String {
    let plain: String = split_camel_case(heading).replace(['°', 'º'], "o");
    let folded = text::fold(&without_brackets(&plain));
    let is_sign = |c: char| matches!(c, ' ' | '*' | ':' | '_' | '-' | '.' | '/' | ',' | '"');
    let mut words: Vec<&str> = folded.split(is_sign).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && matches!(words[0], "athlete" | "athletes" | "competitor" | "participant" | "runner") {
        // "athlete id" and "athlete bib" are in the table as a whole.
        if words.len() == 2 && matches!(words[1], "id" | "bib") {
            break;
        }
        words.remove(0);
    }
    words.join(" ")
}

fn split_camel_case(heading: &str) -> String {
    let mut split = String::with_capacity(heading.len() + 4);
    let mut after_lower = false;
    for c in heading.chars() {
        if after_lower && c.is_uppercase() {
            split.push(' ');
        }
        after_lower = c.is_lowercase();
        split.push(c);
    }
    split
}

/// `Né(e) le` is `Né le`; brackets that do not close stay.
fn without_brackets(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let Some(length) = rest[open..].find(')') else { break };
        plain.push_str(&rest[..open]);
        plain.push(' ');
        rest = &rest[open + length + 1..];
    }
    // A heading that is nothing but a bracket keeps its content.
    if plain.trim().is_empty() && rest.trim().is_empty() { text.replace(['(', ')'], " ") } else { plain + rest }
}

#[derive(Deserialize)]
struct Line {
    field: String,
    language: String,
    headings: String,
}

static HEADINGS: &str = include_str!("data/headings.csv");
static TABLE: LazyLock<HashMap<String, Vec<Meaning>>> = LazyLock::new(parse_table);

fn parse_table() -> HashMap<String, Vec<Meaning>> {
    let mut table: HashMap<String, Vec<Meaning>> = HashMap::new();
    let mut reader = csv::Reader::from_reader(HEADINGS.as_bytes());
    for line in reader.deserialize() {
        let line: Line = line.expect("the built-in table is well-formed");
        let language = language_of(&line.language);
        let (field, order) = field_of(line.field);
        for heading in line.headings.split('|') {
            table.entry(normalise(heading)).or_default().push(Meaning { field, order, language });
        }
    }
    table
}

fn language_of(code: &str) -> Language {
    match code {
        "en" => Language::English,
        "fr" => Language::French,
        "de" => Language::German,
        "es" => Language::Spanish,
        _ => Language::Other,
    }
}

/// Field names live as long as the program: the table is parsed once.
fn field_of(written: String) -> (&'static str, NameOrder) {
    let (order, field) = match written.strip_suffix(":last_first") {
        Some(field) => (NameOrder::LastFirst, field.to_owned()),
        None => match written.strip_suffix(":first_last") {
            Some(field) => (NameOrder::FirstLast, field.to_owned()),
            None => (NameOrder::AsWritten, written),
        },
    };
    (field.leak(), order)
}

#[cfg(test)]
mod tests;
