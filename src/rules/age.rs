//! Age groups: by scheme and date (TR3; section 15).

use std::fmt;
use std::sync::{LazyLock, OnceLock};

use jiff::civil::Date;
use serde::Deserialize;

use super::data::Table;
use super::date::Birth;

/// A group of athletes by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AgeGroup {
    /// Under so many years: `U18`.
    Under(u8),
    Senior,
    /// From so many years, in fives: `V50`. Compared as numbers: `V80` is younger than `V100`.
    Masters(u8),
}

impl AgeGroup {
    /// Reads `U18`, `SEN`, and `V50`, `M50` or `W50` (TR3 \[P\] for the groups, section 15 \[C\] for the spellings).
    ///
    /// ```
    /// use athsys::rules::age::AgeGroup;
    /// assert_eq!(AgeGroup::parse("W50"), Some(AgeGroup::Masters(50)));
    /// assert_eq!(AgeGroup::parse("U18").unwrap().to_string(), "U18");
    /// ```
    pub fn parse(text: &str) -> Option<AgeGroup> {
        let text = text.trim().to_ascii_uppercase();
        let number = |rest: &str| rest.parse::<u8>().ok();
        match text.as_str() {
            "SEN" | "SENIOR" | "OPEN" => Some(AgeGroup::Senior),
            _ => match text.split_at_checked(1)? {
                ("U", rest) => number(rest).map(AgeGroup::Under),
                ("V" | "M" | "W", rest) => number(rest).filter(|age| *age >= 30).map(AgeGroup::Masters),
                _ => None,
            },
        }
    }
}

impl fmt::Display for AgeGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AgeGroup::Under(age) => write!(f, "U{age}"),
            AgeGroup::Senior => f.write_str("SEN"),
            AgeGroup::Masters(age) => write!(f, "V{age}"),
        }
    }
}

/// The day on which age is looked at (TR3; section 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// 31 December of the year of the competition.
    YearEnd,
    /// 31 August of that year.
    EndOfAugust,
    /// The day of the competition, of several days the first.
    Day,
}

/// One line of a scheme: this group, for those who are at most so old on the reference day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    pub group: AgeGroup,
    pub reference: Reference,
    pub oldest: u8,
}

/// Age groups of a federation: the first band that fits, else senior, or masters where they have their own bands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Short, as the table names it: `WA`.
    pub code: String,
    pub name: String,
    pub bands: Vec<Band>,
    /// From this age on, looked at on this day. Without it masters are asked for separately, because they also compete as
    /// seniors.
    pub masters: Option<(u8, Reference)>,
    /// Whether younger athletes may start in older groups.
    pub starting_up: bool,
}

#[derive(Deserialize)]
struct Line {
    scheme: String,
    name: String,
    group: String,
    oldest: Option<u8>,
    reference: Reference,
    starting_up: String,
}

static SCHEMES: LazyLock<Vec<Scheme>> =
    LazyLock::new(|| parse(Table::AgeGroups.text()).expect("built-in and own tables have been checked"));

/// Reads schemes of age groups, one line a group, the groups of a scheme from the youngest on.
pub(super) fn parse(text: &str) -> Result<Vec<Scheme>, String> {
    let mut schemes: Vec<Scheme> = Vec::new();
    for (at, line) in super::data::lines::<Line>(text)? {
        let wrong = |fault: String| format!("line {at}: {fault}");
        let group = AgeGroup::parse(&line.group).ok_or_else(|| wrong(format!("{} is no age group", line.group)))?;
        let starting_up = match line.starting_up.as_str() {
            "yes" => true,
            "no" => false,
            other => return Err(wrong(format!("starting_up is yes or no, not {other}"))),
        };
        if schemes.last().is_none_or(|scheme| scheme.code != line.scheme) {
            let (code, name) = (line.scheme, line.name);
            schemes.push(Scheme { code, name, bands: Vec::new(), masters: None, starting_up });
        }
        let scheme = schemes.last_mut().ok_or_else(|| wrong("there is no scheme".to_owned()))?;
        match (group, line.oldest) {
            (AgeGroup::Masters(from), None) => scheme.masters = Some((from, line.reference)),
            (AgeGroup::Senior, None) => {}
            (AgeGroup::Under(_), Some(oldest)) => scheme.bands.push(Band { group, reference: line.reference, oldest }),
            _ => return Err(wrong(format!("{group}: groups of the young have an oldest age, the others have none"))),
        }
    }
    Ok(schemes)
}

/// The scheme with this code: `WA`, `UK`, `SUI`, or one of a federation's own table (section 15; TR3 \[P\], areas and nations
/// \[S\], Switzerland \[P\]).
///
/// ```
/// use athsys::rules::age::scheme;
/// assert_eq!(scheme("WA").unwrap().name, "World Athletics");
/// assert!(scheme("MOON").is_none());
/// ```
pub fn scheme(code: &str) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|scheme| scheme.code.eq_ignore_ascii_case(code))
}

/// The scheme that was chosen at the start.
static USUAL: OnceLock<&'static Scheme> = OnceLock::new();

/// Chooses the scheme of the meets by its code, for the rest of the program's life (TR3; which one is the federation's choice
/// \[C\]).
///
/// ```
/// use athsys::rules::age::{choose_scheme, usual_scheme};
/// assert!(choose_scheme("MOON").is_err());
/// choose_scheme("UK").unwrap();
/// assert_eq!(usual_scheme().code, "UK");
/// ```
///
/// # Errors
/// A sentence: there is no such scheme, or another one is in use already.
pub fn choose_scheme(code: &str) -> Result<(), String> {
    let chosen = scheme(code).ok_or_else(|| {
        let known: Vec<&str> = SCHEMES.iter().map(|scheme| scheme.code.as_str()).collect();
        format!("there is no scheme of age groups {code}; known are {}", known.join(", "))
    })?;
    USUAL.set(chosen).map_err(|_| "a scheme of age groups is in use already".to_owned())
}

/// The scheme of the meets: the one that was chosen, or the first of the table (TR3; which one is the federation's choice \[C\]).
///
/// ```
/// assert_eq!(athsys::rules::age::usual_scheme().code, "WA");
/// ```
pub fn usual_scheme() -> &'static Scheme {
    USUAL.get_or_init(|| SCHEMES.first().expect("a table of schemes has at least one line"))
}

/// Whole years on a day (TR3 \[P\] for masters). Who was born on 29 February gets older on 1 March in a common year \[C\].
///
/// ```
/// use athsys::rules::age::age_on;
/// use jiff::civil::date;
/// assert_eq!(age_on(date(1976, 2, 29), date(2026, 2, 28)), 49);
/// assert_eq!(age_on(date(1976, 2, 29), date(2026, 3, 1)), 50);
/// ```
pub fn age_on(birth: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(!had_birthday)
}

impl Scheme {
    /// The group of somebody on the day of a competition (TR3 \[P\], national schemes \[S\]). A group is never guessed: without
    /// a date of birth there is none.
    ///
    /// ```
    /// use athsys::rules::age::{AgeGroup, scheme};
    /// use jiff::civil::date;
    /// let (birth, day) = (date(2010, 1, 1), date(2026, 6, 1));
    /// assert_eq!(scheme("WA").unwrap().group_of(birth, day), AgeGroup::Under(18));
    /// assert_eq!(scheme("UK").unwrap().group_of(birth, day), AgeGroup::Under(17));
    /// ```
    pub fn group_of(&self, birth: Date, day: Date) -> AgeGroup {
        let fits = |band: &&Band| age_at(birth, day, band.reference) <= i16::from(band.oldest);
        if let Some(band) = self.bands.iter().find(fits) {
            return band.group;
        }
        match self.masters {
            Some((from, reference)) => {
                band_from(from, age_at(birth, day, reference)).map_or(AgeGroup::Senior, AgeGroup::Masters)
            }
            None => AgeGroup::Senior,
        }
    }

    /// The group of somebody of whom perhaps only the year of birth is known: `None` where the day would decide (TR3; section
    /// 15.3 \[C\]).
    ///
    /// ```
    /// use athsys::rules::age::{AgeGroup, scheme};
    /// use athsys::rules::date::Birth;
    /// use jiff::civil::date;
    /// let day = date(2026, 6, 1);
    /// assert_eq!(scheme("WA").unwrap().group_of_birth(Birth::Year(2010), day), Some(AgeGroup::Under(18)));
    /// assert_eq!(scheme("UK").unwrap().group_of_birth(Birth::Year(2011), day), None);
    /// ```
    pub fn group_of_birth(&self, birth: Birth, day: Date) -> Option<AgeGroup> {
        match birth {
            Birth::Day(birth) => Some(self.group_of(birth, day)),
            Birth::Year(year) => {
                let first = self.group_of(Date::new(year, 1, 1).ok()?, day);
                let last = self.group_of(Date::new(year, 12, 31).ok()?, day);
                (first == last).then_some(first)
            }
        }
    }

    /// Whether somebody of `own` may start in `group`: in one's own and, where the scheme lets athletes start up, in older
    /// ones; masters also as seniors and in younger bands of masters (section 15.3 \[P\] for Switzerland).
    ///
    /// ```
    /// use athsys::rules::age::{AgeGroup, scheme};
    /// let world = scheme("WA").unwrap();
    /// assert!(world.may_start(AgeGroup::Under(16), AgeGroup::Under(18)));
    /// assert!(!world.may_start(AgeGroup::Senior, AgeGroup::Under(18)));
    /// ```
    pub fn may_start(&self, own: AgeGroup, group: AgeGroup) -> bool {
        match (own, group) {
            (AgeGroup::Masters(own), AgeGroup::Masters(asked)) => asked <= own,
            (AgeGroup::Masters(_), AgeGroup::Senior) => true,
            (_, AgeGroup::Masters(_)) => false,
            (own, asked) => own == asked || (self.starting_up && own < asked),
        }
    }
}

/// Age on the reference day of a competition.
fn age_at(birth: Date, day: Date, reference: Reference) -> i16 {
    match reference {
        Reference::YearEnd => day.year() - birth.year(),
        Reference::EndOfAugust => age_on(birth, Date::constant(day.year(), 8, 31)),
        Reference::Day => age_on(birth, day),
    }
}

/// The band of five years from an age on.
fn band_from(from: u8, age: i16) -> Option<u8> {
    let band = u8::try_from(age / 5 * 5).ok()?;
    (age >= i16::from(from)).then_some(band)
}

/// The band of five years from 35, by age on the day (TR3 \[P\]); `None` below. Some federations start at 30 \[S\]: that is in
/// their scheme.
///
/// ```
/// use athsys::rules::age::masters_band;
/// use jiff::civil::date;
/// assert_eq!(masters_band(date(1991, 6, 1), date(2026, 6, 1)), Some(35));
/// ```
pub fn masters_band(birth: Date, day: Date) -> Option<u8> {
    band_from(35, age_on(birth, day))
}

#[cfg(test)]
mod tests;
