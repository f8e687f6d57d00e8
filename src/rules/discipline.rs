//! The events of athletics: what is measured in them, and the categories they are sorted into.
//!
//! The list is `data/events.csv`, or a federation's own. An event that is not in it ("Vortex throw", "Cooper test") is judged by its words.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::data::Table;
use super::mark::scaled_integer;
use super::text;

mod spoken;
mod words;

pub use spoken::{Spoken, read_spoken};

/// What decides an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// A time; the lowest wins.
    Time,
    /// A distance or height; the highest wins.
    Distance,
    /// Points of a combined event; the most win.
    Points,
}

/// The four categories that events are stored under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Category {
    /// Running, hurdles, steeplechase, relays and walks on the track.
    Track,
    /// Jumps and throws.
    Field,
    /// Road, cross country, trail and mountain.
    Road,
    /// Decathlon, heptathlon and the like.
    Combined,
}

impl Category {
    /// Reads a category in free spelling: `Sprint`, `Middle distance`, `Hurdles`, `Jumps`, `Throws`, `Marathon`,
    /// `Decathlon` …, in any case and several languages. `None` when the word says nothing (section 20 \[C\]).
    ///
    /// ```
    /// use athsys::rules::discipline::Category;
    /// assert_eq!(Category::read("Jumps"), Some(Category::Field));
    /// ```
    pub fn read(value: &str) -> Option<Category> {
        words::category_of(&text::fold(value))
    }

    /// The stored name (section 20 \[C\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::discipline::Category::Road.as_str(), "Road");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Category::Track => "Track",
            Category::Field => "Field",
            Category::Road => "Road",
            Category::Combined => "Combined",
        }
    }
}

impl std::fmt::Display for Category {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is measured in an event: the category decides (track and road a time, field a distance, combined points), and
/// where it is silent the name. Runs over a fixed time (`1HR`, `24HR`) are distances whatever their category
/// (TR19, TR25, TR39 \[P\]).
///
/// ```
/// use athsys::rules::discipline::{Category, Measure, measure_of};
/// assert_eq!(measure_of("Open", Some(Category::Field)), Measure::Distance);
/// ```
pub fn measure_of(event_name: &str, category: Option<Category>) -> Measure {
    let listed = find(event_name);
    match category {
        Some(Category::Track | Category::Road) => match listed {
            Some(event) if event.family == "track" || event.family == "road" => event.measure,
            Some(_) | None => Measure::Time,
        },
        Some(Category::Field) => Measure::Distance,
        Some(Category::Combined) => Measure::Points,
        None => match listed {
            Some(event) => event.measure,
            None => words::measure_of(&text::fold(event_name)),
        },
    }
}

/// One line of the list of events.
#[derive(Debug, Clone, PartialEq)]
pub struct Discipline {
    /// Our code: `100`, `110H`, `4x100`, `LJ`.
    pub code: String,
    /// English name.
    pub name: String,
    /// `track`, `hurdles`, `steeple`, `relay`, `walk`, `road`, `cross_country`, `jump_vertical`, `jump_horizontal`,
    /// `throw` or `combined`.
    pub family: String,
    /// What decides it.
    pub measure: Measure,
    /// Whether wind is read in it.
    pub has_wind: bool,
    /// Lanes of a usual track that it is run in; 0 is an event without.
    pub default_lanes: u8,
    /// Smallest plausible mark, in the unit of the measure (1/1000 s, cm, points).
    pub plausible_min: i64,
    /// Largest plausible mark, in the same unit.
    pub plausible_max: i64,
}

impl Discipline {
    /// Whether a mark, in the unit of the measure, is within a tenth of the smallest and ten times the largest
    /// plausible one. Beyond that it is a slip of the hand (section 20 \[C\]).
    ///
    /// ```
    /// use athsys::rules::discipline::find;
    /// assert!(!find("100").unwrap().is_possible(644_000));
    /// ```
    pub fn is_possible(&self, mark: i64) -> bool {
        (self.plausible_min / 10..=self.plausible_max.saturating_mul(10)).contains(&mark)
    }

    /// The category it belongs to (section 20 \[C\]).
    ///
    /// ```
    /// use athsys::rules::discipline::{Category, find};
    /// assert_eq!(find("DEC").unwrap().category(), Category::Combined);
    /// ```
    pub fn category(&self) -> Category {
        match self.family.as_str() {
            "road" | "cross_country" => Category::Road,
            "walk" if self.name.contains("(road)") => Category::Road,
            "jump_vertical" | "jump_horizontal" | "throw" => Category::Field,
            "combined" => Category::Combined,
            _ => Category::Track,
        }
    }
}

/// The discipline with this code or English name, compared without case, blanks and the unit: `100 m`, `100m`,
/// `110mH`, `4 x 100 m`, `long jump`, `LJ` (section 20 \[C\]).
///
/// ```
/// assert_eq!(athsys::rules::discipline::find("110m hurdles").unwrap().code, "110H");
/// ```
pub fn find(event_name: &str) -> Option<&'static Discipline> {
    TABLE.by_key.get(&key_of(event_name)).map(|&index| &TABLE.list[index])
}

/// The discipline of an event as meets name theirs: from the list, or from its words (`U18 Girls 100m`, `Weitsprung`); section 20
/// \[C\].
///
/// ```
/// use athsys::rules::discipline::of_event;
/// assert_eq!(of_event("U18 Girls 100m").unwrap().code, "100");
/// assert!(of_event("Sack race").is_none());
/// ```
pub fn of_event(name: &str) -> Option<&'static Discipline> {
    find(name).or_else(|| read_spoken(name).map(|spoken| spoken.discipline))
}

/// The distance that an event's code begins with: 110 for `110H`, 10000 for `10000W`; `None` for `LJ` and relays
/// (section 20 \[C\]).
///
/// ```
/// use athsys::rules::discipline::metres;
/// assert_eq!((metres("110H"), metres("LJ"), metres("4x100")), (Some(110), None, None));
/// ```
pub fn metres(code: &str) -> Option<u32> {
    let end = code.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(code.len());
    if code[end..].starts_with('x') { None } else { code[..end].parse().ok() }
}

/// All disciplines, in the order of the list (section 20 \[C\]).
///
/// ```
/// assert!(athsys::rules::discipline::all().len() >= 90);
/// ```
pub fn all() -> &'static [Discipline] {
    &TABLE.list
}

pub(super) struct List {
    list: Vec<Discipline>,
    by_key: HashMap<String, usize>,
}

/// One line of `data/events.csv`, as far as it is used here.
#[derive(Deserialize)]
struct Line {
    code: String,
    name: String,
    family: String,
    measure: String,
    unit: String,
    wind_reading: String,
    default_lanes: u8,
    plausible_min: String,
    plausible_max: String,
}

static TABLE: LazyLock<List> =
    LazyLock::new(|| parse(Table::Events.text()).expect("built-in and own tables have been checked"));

/// Reads the list of events.
pub(super) fn parse(text: &str) -> Result<List, String> {
    let list: Vec<Discipline> = super::data::rows(text, discipline_of)?;
    let mut by_key = HashMap::new();
    for (index, event) in list.iter().enumerate() {
        by_key.entry(key_of(&event.code)).or_insert(index);
        by_key.entry(key_of(&event.name)).or_insert(index);
    }
    Ok(List { list, by_key })
}

fn discipline_of(line: Line) -> Result<Discipline, String> {
    let measure = match line.measure.as_str() {
        "time" => Measure::Time,
        "points" => Measure::Points,
        "distance" | "height" => Measure::Distance,
        other => return Err(format!("the measure is time, distance, height or points, not {other}")),
    };
    let places = match line.unit.as_str() {
        "s" => 3,
        "m" => 2,
        "points" => 0,
        other => return Err(format!("the unit is s, m or points, not {other}")),
    };
    let limit = |text: &str| scaled_integer(text, places).ok_or_else(|| format!("{text} is no limit"));
    Ok(Discipline {
        measure,
        has_wind: line.wind_reading == "yes",
        default_lanes: line.default_lanes,
        plausible_min: limit(&line.plausible_min)?,
        plausible_max: limit(&line.plausible_max)?,
        code: line.code,
        name: line.name,
        family: line.family,
    })
}

/// Key of an event name: folded, without blanks, commas, remarks in brackets and the word metres.
fn key_of(name: &str) -> String {
    let folded = text::fold(name);
    let plain = folded.split('(').next().unwrap_or("").replace("metres", "m").replace("meters", "m");
    let plain = plain.replace("hurdles", "h").replace("steeplechase", "sc").replace("race walk", "w");
    let mut key: String = plain.chars().filter(|c| !matches!(c, ' ' | ',' | '.' | '-')).collect();
    // 100m and 110mh lose the unit; 1m is one mile on the road, and m alone is no unit.
    if let Some(at) = key.rfind('m')
        && key[..at].len() >= 2
        && key[..at].ends_with(|c: char| c.is_ascii_digit())
    {
        key.remove(at);
    }
    key.replace("relay", "")
}

#[cfg(test)]
mod tests;
