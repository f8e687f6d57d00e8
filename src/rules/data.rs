//! The tables of the sport. What a federation may change is data: every table is built in, and may be replaced as a whole
//! before anything has looked into one. Nothing is read from the disk here: whoever starts the program hands texts over.

use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use super::{age, combined, country, discipline, implement, lanes, plausible, progression, teams};

/// A table, named after its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Events, what is measured in them, and plausible marks.
    Events,
    /// Which events make a combined competition, in their order.
    CombinedEvents,
    /// Coefficients of the points of combined events.
    CombinedPoints,
    /// Weights of implements by age group.
    Implements,
    /// Number, height and distance of hurdles by age group.
    Hurdles,
    /// Schemes of age groups; the first one is used.
    AgeGroups,
    /// Groups of lanes for the draw.
    Lanes,
    /// How many advance from how many heats.
    Progression,
    /// Points of places for teams.
    TeamPoints,
    /// The best marks of the world.
    WorldRecords,
    /// Codes of countries.
    Countries,
    /// Other ways to write countries.
    CountryNames,
}

/// Why a text is no table; prints a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A line that cannot be read, or a value that makes no sense.
    #[error("{file}: {fault}")]
    Wrong {
        /// Name of the table's file.
        file: &'static str,
        /// Where and what.
        fault: String,
    },
    /// The tables are in use already; they are replaced at the start or not at all.
    #[error("the tables of the rules are in use already")]
    InUse,
}

/// The texts that replace built-in ones.
static OWN: OnceLock<Vec<(Table, String)>> = OnceLock::new();

impl Table {
    /// Every table.
    pub const ALL: [Table; 12] = [
        Table::Events,
        Table::CombinedEvents,
        Table::CombinedPoints,
        Table::Implements,
        Table::Hurdles,
        Table::AgeGroups,
        Table::Lanes,
        Table::Progression,
        Table::TeamPoints,
        Table::WorldRecords,
        Table::Countries,
        Table::CountryNames,
    ];

    /// The name of its file (section 20 \[C\]).
    ///
    /// ```
    /// use athsys::rules::data::Table;
    /// assert_eq!(Table::AgeGroups.file(), "age_groups.csv");
    /// ```
    pub fn file(self) -> &'static str {
        match self {
            Table::Events => "events.csv",
            Table::CombinedEvents => "combined_events.csv",
            Table::CombinedPoints => "combined_points.csv",
            Table::Implements => "implements.csv",
            Table::Hurdles => "hurdles.csv",
            Table::AgeGroups => "age_groups.csv",
            Table::Lanes => "lanes.csv",
            Table::Progression => "progression.csv",
            Table::TeamPoints => "team_points.csv",
            Table::WorldRecords => "world_records.csv",
            Table::Countries => "countries.csv",
            Table::CountryNames => "country_names.csv",
        }
    }

    /// The table of a file name (section 20 \[C\]).
    ///
    /// ```
    /// use athsys::rules::data::Table;
    /// assert_eq!(Table::of_file("lanes.csv"), Some(Table::Lanes));
    /// assert_eq!(Table::of_file("notes.csv"), None);
    /// ```
    pub fn of_file(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.file() == name)
    }

    /// The text that the program comes with, to begin an own table from (section 20 \[C\]).
    ///
    /// ```
    /// use athsys::rules::data::Table;
    /// assert!(Table::Lanes.built_in().starts_with("table,class,lanes,groups"));
    /// ```
    pub fn built_in(self) -> &'static str {
        match self {
            Table::Events => include_str!("data/events.csv"),
            Table::CombinedEvents => include_str!("data/combined_events.csv"),
            Table::CombinedPoints => include_str!("data/combined_points.csv"),
            Table::Implements => include_str!("data/implements.csv"),
            Table::Hurdles => include_str!("data/hurdles.csv"),
            Table::AgeGroups => include_str!("data/age_groups.csv"),
            Table::Lanes => include_str!("data/lanes.csv"),
            Table::Progression => include_str!("data/progression.csv"),
            Table::TeamPoints => include_str!("data/team_points.csv"),
            Table::WorldRecords => include_str!("data/world_records.csv"),
            Table::Countries => include_str!("data/countries.csv"),
            Table::CountryNames => include_str!("data/country_names.csv"),
        }
    }

    /// Looks at a text that is meant to replace this table (section 20 \[C\]).
    ///
    /// ```
    /// use athsys::rules::data::Table;
    /// assert!(Table::Lanes.check("table,class,lanes,groups\nown,straight,4,2 3|1 4\n").is_ok());
    /// let error = Table::Lanes.check("table,class,lanes,groups\nown,straight,4,2 3|3 4\n").unwrap_err();
    /// assert_eq!(error.to_string(), "lanes.csv: line 2: lane 3 stands in it twice");
    /// ```
    ///
    /// # Errors
    /// [`TableError::Wrong`] with the line and what is wrong in it.
    pub fn check(self, text: &str) -> Result<(), TableError> {
        let checked = match self {
            Table::Events => discipline::parse(text).map(drop),
            Table::CombinedEvents => combined::parse_orders(text).map(drop),
            Table::CombinedPoints => combined::parse_formulas(text).map(drop),
            Table::Implements => implement::parse_weights(text).map(drop),
            Table::Hurdles => implement::parse_hurdles(text).map(drop),
            Table::AgeGroups => age::parse(text).map(drop),
            Table::Lanes => lanes::parse(text).map(drop),
            Table::Progression => progression::parse(text).map(drop),
            Table::TeamPoints => teams::parse(text).map(drop),
            Table::WorldRecords => plausible::parse(text).map(drop),
            Table::Countries => country::check_codes(text),
            Table::CountryNames => country::check_names(text),
        };
        checked.map_err(|fault| TableError::Wrong { file: self.file(), fault })
    }

    /// The text in force.
    pub(super) fn text(self) -> &'static str {
        let own = OWN.get_or_init(Vec::new).iter().find(|(table, _)| *table == self);
        own.map_or(self.built_in(), |(_, text)| text.as_str())
    }
}

/// Replaces tables for the rest of the program's life, all of them or none (section 20 \[C\]).
///
/// ```
/// use athsys::rules::data::{Table, replace};
/// use athsys::rules::teams;
/// replace(vec![(Table::TeamPoints, "scheme,points,max_scorers,multiplier\nclub,3 2 1,,1\n".into())]).unwrap();
/// assert_eq!(teams::scheme("club").unwrap().table, [3, 2, 1]);
/// assert!(replace(Vec::new()).is_err());
/// ```
///
/// # Errors
/// [`TableError`]: a table is wrong, or the tables have been looked into already.
pub fn replace(own: Vec<(Table, String)>) -> Result<(), TableError> {
    for (table, text) in &own {
        table.check(text)?;
    }
    OWN.set(own).map_err(|_| TableError::InUse)
}

/// The lines of a table with their numbers, or the first that cannot be read.
pub(super) fn lines<L: DeserializeOwned>(text: &str) -> Result<Vec<(u64, L)>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.deserialize() {
        let at = lines.len() as u64 + 2;
        lines.push((at, record.map_err(|error| format!("line {at}: {}", reason(&error)))?));
    }
    if lines.is_empty() { Err("there is no line below the headings".to_owned()) } else { Ok(lines) }
}

/// Every line made into something; `make` says what is wrong with one.
pub(super) fn rows<L: DeserializeOwned, T>(
    text: &str,
    make: impl Fn(L) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let made = |(at, line)| make(line).map_err(|fault| format!("line {at}: {fault}"));
    lines::<L>(text)?.into_iter().map(made).collect()
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} values where the headings are {expected_len}")
        }
        _ => "this is no line of a CSV table".to_owned(),
    }
}

#[cfg(test)]
mod tests;
