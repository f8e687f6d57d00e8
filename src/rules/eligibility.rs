//! Who may start in an event: by gender, by age group, with which implement (TR3; sections 15 and 16). Objections are told, an
//! official decides.

use jiff::civil::Date;

use super::age::{AgeGroup, Scheme, masters_band};
use super::date::Birth;
use super::gender::Gender;

/// What is known of an athlete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entrant {
    pub gender: Option<Gender>,
    pub birth: Option<Birth>,
}

/// What an event asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conditions {
    pub gender: Option<Gender>,
    pub group: Option<AgeGroup>,
    /// First day of the meet.
    pub day: Date,
}

/// Why somebody may not start, or why nobody can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// The event is for another gender.
    Gender { own: Gender, event: Gender },
    /// Too old, or below the age of a group of masters.
    Group { own: AgeGroup, event: AgeGroup },
    /// Younger, where the scheme lets nobody start up.
    StartingUp { own: AgeGroup, event: AgeGroup },
    /// Without a date of birth the group is not known, and it is not guessed.
    AgeUnknown { event: AgeGroup },
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Objection::Gender { own, event } => write!(f, "the event is for {event}, the athlete is {own}"),
            Objection::Group { own, event } => write!(f, "the event is for {event}, the athlete is {own} on the day"),
            Objection::StartingUp { own, event } => {
                write!(f, "the event is for {event}, and {own} may not start in an older group")
            }
            Objection::AgeUnknown { event } => {
                write!(f, "the event is for {event}, and without the date of birth the age group is not known")
            }
        }
    }
}

/// Everything that stands against a start (TR3 \[P\]; starting up and missing dates of birth, section 15.3 \[P, C\]).
///
/// ```
/// use athsys::rules::age::{AgeGroup, scheme};
/// use athsys::rules::date::Birth;
/// use athsys::rules::eligibility::{Conditions, Entrant, objections};
/// use athsys::rules::gender::Gender;
/// use jiff::civil::date;
/// let entrant = Entrant { gender: Some(Gender::F), birth: Some(Birth::Year(2001)) };
/// let event = Conditions { gender: Some(Gender::F), group: Some(AgeGroup::Under(18)), day: date(2026, 6, 1) };
/// let against = objections(&entrant, &event, scheme("WA").unwrap());
/// assert_eq!(against[0].to_string(), "the event is for U18, the athlete is SEN on the day");
/// ```
pub fn objections(entrant: &Entrant, event: &Conditions, scheme: &Scheme) -> Vec<Objection> {
    let mut against = Vec::new();
    if let (Some(own), Some(asked)) = (entrant.gender, event.gender)
        && own != asked
        && asked != Gender::X
    {
        against.push(Objection::Gender { own, event: asked });
    }
    let Some(asked) = event.group.filter(|group| *group != AgeGroup::Senior) else { return against };
    match own_group(entrant, asked, event.day, scheme) {
        None => against.push(Objection::AgeUnknown { event: asked }),
        Some(own) if scheme.may_start(own, asked) => {}
        Some(own @ AgeGroup::Under(_)) if own < asked && matches!(asked, AgeGroup::Under(_)) => {
            against.push(Objection::StartingUp { own, event: asked });
        }
        Some(own) => against.push(Objection::Group { own, event: asked }),
    }
    against
}

/// The group that is compared: among masters the band of five years, which a scheme may not have by itself.
fn own_group(entrant: &Entrant, asked: AgeGroup, day: Date, scheme: &Scheme) -> Option<AgeGroup> {
    let birth = entrant.birth?;
    let group = scheme.group_of_birth(birth, day);
    let AgeGroup::Masters(_) = asked else { return group };
    let band = |birth: Date| masters_band(birth, day);
    let band = match birth {
        Birth::Day(birth) => band(birth),
        Birth::Year(year) => {
            let (first, last) = (band(Date::new(year, 1, 1).ok()?), band(Date::new(year, 12, 31).ok()?));
            if first != last {
                return None;
            }
            first
        }
    };
    band.map(AgeGroup::Masters).or(group)
}

#[cfg(test)]
mod tests;
