//! What would mend a refused value: only proposed, never done by itself.

use rusqlite::Connection;
use serde::Serialize;

use crate::db::DbError;
use crate::rules::bib::Bib;
use crate::rules::contact;
use crate::rules::country::{Country, CountryError};
use crate::rules::gender::Gender;
use crate::rules::text::fold;

/// What the rest of the file suggests.
#[derive(Debug, Clone, Default)]
pub struct Usual {
    /// The country that nearly all rows of the file have.
    pub country: Option<Country>,
}

/// A repair, ready to be sent with the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Proposal {
    /// What it does, in words
    pub text: String,
    /// What to add to the parameter `repairs`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<Repair>,
    /// A parameter of the import to set instead
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<Parameter>,
}

/// One mended cell, or every cell of a column with this text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Repair {
    pub column: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
}

/// A parameter of the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Parameter {
    pub name: &'static str,
    pub value: &'static str,
}

/// What would mend a value that was refused with `code`, if anything is likely to.
pub fn propose(
    conn: &Connection,
    usual: &Usual,
    code: &str,
    column: Option<&str>,
    value: &str,
    rows: &[u64],
) -> Result<Option<Proposal>, DbError> {
    let parameter = |text: &str, name, value| Proposal {
        text: text.to_owned(),
        repairs: Vec::new(),
        parameter: Some(Parameter { name, value }),
    };
    match code {
        "duplicate_row" => {
            return Ok(Some(parameter("Update the stored rows with what the file says", "on_duplicate", "update")));
        }
        "unknown_athlete" => {
            return Ok(Some(parameter("Create the athletes that are missing", "create_athletes", "true")));
        }
        _ => {}
    }
    let Some(column) = column else { return Ok(None) };
    let everywhere = |to: &str, text: String| Proposal {
        text,
        repairs: vec![Repair { column: column.into(), row: None, from: Some(value.into()), to: to.into() }],
        parameter: None,
    };
    Ok(match code {
        "invalid_country" => country(value).map(|to| everywhere(to.as_str(), format!("{} is {to}", to.name()))),
        "missing_country" => usual
            .country
            .map(|to| everywhere(to.as_str(), format!("Fill in {to}, as nearly all the others have ({})", to.name()))),
        "invalid_gender" => Some(gender(value).map_or_else(
            || everywhere("", "Leave it blank".into()),
            |to| everywhere(to.as_str(), format!("Read it as {to}")),
        )),
        "invalid_email" => Some(email(value).map_or_else(
            || everywhere("", "Leave it blank".into()),
            |to| everywhere(&to, format!("Write it as {to}")),
        )),
        "invalid_bib" => Some(bib(value).map_or_else(
            || everywhere("", "Leave it blank".into()),
            |to| everywhere(&to, format!("Write it as {to}")),
        )),
        // The first one with this bib keeps it.
        "duplicate_bib" => Some(Proposal {
            text: "Import them without a bib".into(),
            repairs: rows
                .iter()
                .map(|row| Repair { column: column.into(), row: Some(*row), from: None, to: String::new() })
                .collect(),
            parameter: None,
        }),
        "invalid_date" | "invalid_phone" => Some(everywhere("", "Leave it blank".into())),
        "unknown_event" => nearest(conn, "SELECT DISTINCT name FROM events", value)?
            .map(|to| everywhere(&to, format!("{to} is meant"))),
        "unknown_race" => {
            nearest(conn, "SELECT DISTINCT name FROM races", value)?.map(|to| everywhere(&to, format!("{to} is meant")))
        }
        _ => None,
    })
}

fn country(value: &str) -> Option<Country> {
    match Country::read(value) {
        Ok(reading) => Some(reading.country),
        Err(CountryError::Unknown { suggestion, .. }) => suggestion,
        Err(CountryError::Required) => None,
    }
}

/// A slip of the pen in a usual word.
fn gender(value: &str) -> Option<Gender> {
    const WORDS: [(&str, Gender); 8] = [
        ("male", Gender::M),
        ("man", Gender::M),
        ("boy", Gender::M),
        ("female", Gender::F),
        ("woman", Gender::F),
        ("girl", Gender::F),
        ("mixed", Gender::X),
        ("other", Gender::X),
    ];
    let key = fold(value);
    let near = |word: &str| strsim::normalized_damerau_levenshtein(&key, word);
    let (word, gender) = WORDS.into_iter().max_by(|a, b| near(a.0).total_cmp(&near(b.0)))?;
    (near(word) >= 0.6).then_some(gender)
}

/// Blanks taken out, `(at)` and a comma for a dot put right.
fn email(value: &str) -> Option<String> {
    let lower = value.to_lowercase();
    let plain = ["(at)", "[at]", " at "].iter().fold(lower, |text, at| text.replace(at, "@"));
    let plain: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace(',', ".").replace("..", ".").replace("@@", "@");
    let plain = plain.trim_end_matches('.');
    contact::read_email(plain).ok().map(|(email, _)| email).filter(|email| email != value)
}

fn bib(value: &str) -> Option<String> {
    let plain: String = value.chars().filter(|c| c.is_alphanumeric() || "-_/.".contains(*c)).collect();
    Bib::read_cell(&plain).ok().map(String::from).filter(|bib| bib != value)
}

fn nearest(conn: &Connection, sql: &str, value: &str) -> Result<Option<String>, DbError> {
    let key = fold(value);
    let mut statement = conn.prepare_cached(sql)?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut best: Option<(f64, String)> = None;
    for name in names {
        let name = name?;
        let near = strsim::jaro_winkler(&key, &fold(&name));
        if near >= 0.8 && best.as_ref().is_none_or(|(score, _)| near > *score) {
            best = Some((near, name));
        }
    }
    Ok(best.map(|(_, name)| name))
}

#[cfg(test)]
mod tests;
