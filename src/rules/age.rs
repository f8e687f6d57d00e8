//! Age groups: by scheme and date (TR3; section 15).

use std::fmt;

use jiff::civil::Date;

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
    /// Reads `U18`, `SEN`, and `V50`, `M50` or `W50`.
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

/// The day on which age is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// 31 December of the year of the competition.
    EndOfYear,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    pub name: &'static str,
    pub bands: &'static [Band],
    /// From this age on, by the day of the competition.
    pub masters_from: Option<u8>,
}

const fn under(age: u8, reference: Reference) -> Band {
    Band { group: AgeGroup::Under(age), reference, oldest: age - 1 }
}

/// World Athletics \[P\], with the bands below U18 and U23 as area and national rules have them \[S\]. Masters are asked for
/// separately, because they also compete as seniors.
pub const WORLD: Scheme = Scheme {
    name: "World Athletics",
    bands: &[
        under(10, Reference::EndOfYear),
        under(12, Reference::EndOfYear),
        under(14, Reference::EndOfYear),
        under(16, Reference::EndOfYear),
        under(18, Reference::EndOfYear),
        under(20, Reference::EndOfYear),
        under(23, Reference::EndOfYear),
    ],
    masters_from: None,
};

/// Track and field in the United Kingdom until 2025 \[S\].
pub const UNITED_KINGDOM: Scheme = Scheme {
    name: "United Kingdom, track and field",
    bands: &[
        under(11, Reference::EndOfAugust),
        under(13, Reference::EndOfAugust),
        under(15, Reference::EndOfAugust),
        under(17, Reference::EndOfAugust),
        under(20, Reference::EndOfYear),
    ],
    masters_from: Some(35),
};

/// Whole years on a day. Who was born on 29 February gets older on 1 March in a common year \[C\].
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
    /// The group of somebody on the day of a competition. A group is never guessed: without a date of birth there is none.
    ///
    /// ```
    /// use athsys::rules::age::{AgeGroup, UNITED_KINGDOM, WORLD};
    /// use jiff::civil::date;
    /// let (birth, day) = (date(2010, 1, 1), date(2026, 6, 1));
    /// assert_eq!(WORLD.group_of(birth, day), AgeGroup::Under(18));
    /// assert_eq!(UNITED_KINGDOM.group_of(birth, day), AgeGroup::Under(17));
    /// ```
    pub fn group_of(&self, birth: Date, day: Date) -> AgeGroup {
        let age = |reference| match reference {
            Reference::EndOfYear => day.year() - birth.year(),
            Reference::EndOfAugust => age_on(birth, Date::constant(day.year(), 8, 31)),
            Reference::Day => age_on(birth, day),
        };
        let fits = |band: &&Band| age(band.reference) <= i16::from(band.oldest);
        if let Some(band) = self.bands.iter().find(fits) {
            return band.group;
        }
        let masters = masters_band(birth, day).filter(|band| self.masters_from.is_some_and(|from| *band >= from));
        masters.map_or(AgeGroup::Senior, AgeGroup::Masters)
    }

    /// Whether somebody of `own` may start in `group`: in one's own and in older ones; masters also as seniors (starting up, section
    /// 15.3 \[P\] for Switzerland; a scheme that forbids it does not ask).
    ///
    /// ```
    /// use athsys::rules::age::{AgeGroup, WORLD};
    /// assert!(WORLD.may_start(AgeGroup::Under(16), AgeGroup::Under(18)));
    /// assert!(!WORLD.may_start(AgeGroup::Senior, AgeGroup::Under(18)));
    /// ```
    pub fn may_start(&self, own: AgeGroup, group: AgeGroup) -> bool {
        match (own, group) {
            (AgeGroup::Masters(own), AgeGroup::Masters(asked)) => asked <= own,
            (_, AgeGroup::Masters(_)) => false,
            (own, asked) => own <= asked || matches!((own, asked), (AgeGroup::Masters(_), AgeGroup::Senior)),
        }
    }
}

/// The band of five years from 35, by age on the day (TR3 \[P\]); `None` below. Some federations start at 30 \[S\].
///
/// ```
/// use athsys::rules::age::masters_band;
/// use jiff::civil::date;
/// assert_eq!(masters_band(date(1991, 6, 1), date(2026, 6, 1)), Some(35));
/// ```
pub fn masters_band(birth: Date, day: Date) -> Option<u8> {
    let age = age_on(birth, day);
    let band = u8::try_from(age / 5 * 5).ok()?;
    (age >= 35).then_some(band)
}
