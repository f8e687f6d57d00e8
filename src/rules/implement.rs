//! Implements and hurdles by age group (section 16).

use std::sync::LazyLock;

use serde::Deserialize;

use super::age::AgeGroup;
use super::combined::Sex;
use super::data::Table;
use super::mark::scaled_integer;

/// An implement's weight as the rules write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weight {
    /// In grams.
    pub grams: u32,
    /// Whether it is written in grams (javelin) and not in kilograms.
    in_grams: bool,
}

impl std::fmt::Display for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.in_grams {
            true => write!(f, "{} g", self.grams),
            false => write!(f, "{}.{:02} kg", self.grams / 1000, self.grams % 1000 / 10),
        }
    }
}

#[derive(Deserialize)]
struct Line {
    gender: Sex,
    event: String,
    from: String,
    to: String,
    weight: String,
    unit: String,
}

pub(super) struct Row {
    sex: Sex,
    event: String,
    from: AgeGroup,
    to: Option<AgeGroup>,
    weight: Weight,
}

static WEIGHTS: LazyLock<Vec<Row>> =
    LazyLock::new(|| parse_weights(Table::Implements.text()).expect("built-in and own tables have been checked"));

/// Reads weights, a line for an event and a span of age groups; without an end it goes on for ever.
pub(super) fn parse_weights(text: &str) -> Result<Vec<Row>, String> {
    super::data::rows(text, |line: Line| {
        let in_grams = match line.unit.as_str() {
            "g" => true,
            "kg" => false,
            other => return Err(format!("the unit is kg or g, not {other}")),
        };
        let grams = scaled_integer(&line.weight, if in_grams { 0 } else { 3 });
        let grams = grams.and_then(|grams| u32::try_from(grams).ok()).filter(|grams| *grams > 0);
        let group = |text: &str| AgeGroup::parse(text).ok_or_else(|| format!("{text} is no age group"));
        Ok(Row {
            sex: line.gender,
            event: line.event,
            from: group(&line.from)?,
            to: if line.to.is_empty() { None } else { Some(group(&line.to)?) },
            weight: Weight { grams: grams.ok_or_else(|| format!("{} is no weight", line.weight))?, in_grams },
        })
    })
}

/// The weight for a throw (`SP`, `DT`, `HT`, `JT`) in an age group; `None` where the table has none. U14 and U16 vary by federation
/// (section 16.1 \[S\]).
///
/// ```
/// use athsys::rules::age::AgeGroup;
/// use athsys::rules::combined::Sex;
/// use athsys::rules::implement::weight;
/// assert_eq!(weight(Sex::Men, "SP", AgeGroup::Senior).unwrap().to_string(), "7.26 kg");
/// assert_eq!(weight(Sex::Women, "JT", AgeGroup::Masters(100)).unwrap().to_string(), "400 g");
/// ```
pub fn weight(sex: Sex, event: &str, group: AgeGroup) -> Option<&'static Weight> {
    let fits = |row: &&Row| {
        let below = row.to.is_none_or(|to| group <= to);
        row.sex == sex && row.event == event && row.from <= group && below
    };
    // A group between two lines, such as U23, throws as the next older one.
    let exact = WEIGHTS.iter().find(fits);
    let older = || WEIGHTS.iter().find(|row| row.sex == sex && row.event == event && row.from >= group);
    exact.or_else(older).map(|row| &row.weight)
}

/// The weight that the rules have, where another one is used (section 16.1 \[S\]); `None` when all is well or nothing is known.
///
/// ```
/// use athsys::rules::age::AgeGroup;
/// use athsys::rules::combined::Sex;
/// use athsys::rules::implement::objection;
/// assert_eq!(objection(Sex::Men, "SP", AgeGroup::Under(18), 4000).unwrap().to_string(), "5.00 kg");
/// assert_eq!(objection(Sex::Men, "SP", AgeGroup::Senior, 7260), None);
/// ```
pub fn objection(sex: Sex, event: &str, group: AgeGroup, grams: u32) -> Option<&'static Weight> {
    weight(sex, event, group).filter(|usual| usual.grams != grams)
}

/// The weight in the name or the code of an event, in grams (section 16.1 \[S\]): `Shot Put 4 kg`, `SP7.26K`, `JT700`.
///
/// ```
/// use athsys::rules::implement::weight_in;
/// assert_eq!(["Kugel (7,26 kg)", "DT1.5K", "Javelin 600g", "JT700"].map(weight_in), [Some(7260), Some(1500), Some(600), Some(700)]);
/// assert_eq!(["100m", "Shot Put U18", "4x100"].map(weight_in), [None, None, None]);
/// ```
pub fn weight_in(name: &str) -> Option<u32> {
    let plain = name.to_lowercase().replace(',', ".");
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut rest = plain.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let (number, behind) = number.split_at(number.find(|c| !is_number(c)).unwrap_or(number.len()));
        let unit: String = behind.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
        let places = match unit.as_str() {
            "kg" | "k" => Some(3),
            "g" | "gr" => Some(0),
            "" if before.ends_with("jt") => Some(0),
            _ => None,
        };
        let grams =
            places.and_then(|places| scaled_integer(number, places)).and_then(|grams| u32::try_from(grams).ok());
        if grams.is_some() {
            return grams;
        }
        rest = behind;
    }
    None
}

/// How hurdles stand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Hurdles {
    gender: Sex,
    event: String,
    group: String,
    pub count: u8,
    pub height_mm: u16,
    pub to_first_cm: u16,
    pub between_cm: u16,
}

static HURDLES: LazyLock<Vec<Hurdles>> =
    LazyLock::new(|| parse_hurdles(Table::Hurdles.text()).expect("built-in and own tables have been checked"));

/// Reads hurdles, a line for an event and an age group.
pub(super) fn parse_hurdles(text: &str) -> Result<Vec<Hurdles>, String> {
    super::data::rows(text, |line: Hurdles| match AgeGroup::parse(&line.group) {
        Some(_) => Ok(line),
        None => Err(format!("{} is no age group", line.group)),
    })
}

/// The hurdles of an event (`110H`, `100H`, `400H`, `60H`) for U18, U20 and seniors (section 16.2 \[P\]).
///
/// ```
/// use athsys::rules::age::AgeGroup;
/// use athsys::rules::combined::Sex;
/// use athsys::rules::implement::hurdles;
/// assert_eq!(hurdles(Sex::Men, "110H", AgeGroup::Senior).unwrap().height_mm, 1067);
/// ```
pub fn hurdles(sex: Sex, event: &str, group: AgeGroup) -> Option<&'static Hurdles> {
    let name = group.to_string();
    HURDLES.iter().find(|line| line.gender == sex && line.event == event && line.group == name)
}
