//! Implements and hurdles by age group (section 16).

use std::sync::LazyLock;

use serde::Deserialize;

use super::age::AgeGroup;
use super::combined::Sex;

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

struct Row {
    sex: Sex,
    event: String,
    from: AgeGroup,
    to: Option<AgeGroup>,
    weight: Weight,
}

static WEIGHTS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_str!("data/implements.csv").as_bytes());
    let lines = reader.deserialize().map(|line| line.expect("the built-in table is well-formed"));
    lines
        .map(|line: Line| {
            let in_grams = line.unit == "g";
            let places = if in_grams { 0 } else { 3 };
            let grams = super::mark::scaled_integer(&line.weight, places).and_then(|grams| u32::try_from(grams).ok());
            Row {
                sex: line.gender,
                event: line.event,
                from: AgeGroup::parse(&line.from).expect("a built-in group"),
                to: AgeGroup::parse(&line.to),
                weight: Weight { grams: grams.expect("a built-in weight"), in_grams },
            }
        })
        .collect()
});

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

static HURDLES: LazyLock<Vec<Hurdles>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_str!("data/hurdles.csv").as_bytes());
    reader.deserialize().map(|line| line.expect("the built-in table is well-formed")).collect()
});

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
