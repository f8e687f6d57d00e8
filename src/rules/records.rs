//! Records and bests: is a mark better, and may it count (section 13). Nothing is awarded here: an official confirms a proposal.

use std::cmp::Ordering;

use super::discipline::{self, Measure};
use super::mark::WindTenths;
use super::timing::Timing;
use super::wind::{self, CombinedWind};

/// A mark beside the record it is compared with. Both marks are official ones in the unit of the event: 1/1000 s, cm, or points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Code of the event: `100`, `LJ`.
    pub event: &'a str,
    pub mark: i64,
    pub record: i64,
    pub timing: Timing,
    /// The official wind; `None` when none was read.
    pub wind: Option<WindTenths>,
    /// Finished, not disqualified, not under protest.
    pub is_valid: bool,
    /// Wind is read outdoors only (TR17 \[P\]).
    pub is_outdoor: bool,
}

/// Why a mark cannot be a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Disqualified or not finished.
    Status,
    /// By hand, in a race up to and including 800 m \[P\].
    Timing,
    /// More than 2.0 m/s behind the athlete \[P\].
    Wind,
    /// No reading where one is needed \[P\].
    NoWindReading,
    /// The average wind of a combined event was above +2.0 m/s \[S\].
    AverageWind,
    /// Fewer than three athletes, or two relay teams, in the event \[P\].
    TooFew,
    /// Women and men in one race \[P\].
    Mixed,
    /// Another weight, or another height of hurdles, than the rules have for the group \[P\].
    Specification,
    /// Not all four names of a relay team are known \[P\].
    RelayNames,
    /// The bar was not measured again \[P\].
    NotRemeasured,
}

impl Reason {
    /// A stable name for programs (section 13 \[C\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::records::Reason::NoWindReading.code(), "no_wind_reading");
    /// ```
    pub fn code(self) -> &'static str {
        match self {
            Reason::Status => "status",
            Reason::Timing => "timing",
            Reason::Wind => "wind",
            Reason::NoWindReading => "no_wind_reading",
            Reason::AverageWind => "average_wind",
            Reason::TooFew => "too_few",
            Reason::Mixed => "mixed",
            Reason::Specification => "specification",
            Reason::RelayNames => "relay_names",
            Reason::NotRemeasured => "not_remeasured",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Reason::Status => "the result is not valid",
            Reason::Timing => "it was timed by hand, which counts only above 800 m",
            Reason::Wind => "the wind was above +2.0",
            Reason::NoWindReading => "no wind was read",
            Reason::AverageWind => "the average wind was above +2.0",
            Reason::TooFew => "fewer than three athletes or two relay teams took part",
            Reason::Mixed => "women and men ran together",
            Reason::Specification => "the implement or the hurdles are not those of the group",
            Reason::RelayNames => "not all four runners are named",
            Reason::NotRemeasured => "the bar was not measured again",
        })
    }
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `Less` is worse than the record, `Greater` is better.
    pub comparison: Ordering,
    pub reasons: Vec<Reason>,
}

impl Proposal {
    /// Nothing stands against it (section 13 \[P\]).
    ///
    /// ```
    /// use athsys::rules::records::Proposal;
    /// assert!(Proposal { comparison: std::cmp::Ordering::Less, reasons: vec![] }.is_eligible());
    /// ```
    pub fn is_eligible(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Better than the record, and it may count (section 13 \[P\]).
    ///
    /// ```
    /// use athsys::rules::records::Proposal;
    /// assert!(Proposal { comparison: std::cmp::Ordering::Greater, reasons: vec![] }.is_new());
    /// ```
    pub fn is_new(&self) -> bool {
        self.is_eligible() && self.comparison == Ordering::Greater
    }

    /// Equals the record, and it may count: shown as `=` (section 13 \[S\]).
    ///
    /// ```
    /// use athsys::rules::records::{Proposal, Reason};
    /// assert!(!Proposal { comparison: std::cmp::Ordering::Equal, reasons: vec![Reason::Wind] }.is_equalled());
    /// ```
    pub fn is_equalled(&self) -> bool {
        self.is_eligible() && self.comparison == Ordering::Equal
    }
}

/// Kinds of records, the highest first: of several the highest is shown (section 13 \[S\]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    World,
    Area,
    National,
    Championship,
    Meet,
    PersonalBest,
    SeasonBest,
}

impl Scope {
    /// As lists show it: `WR`, `AR`, `NR`, `CR`, `MR`, `PB`, `SB` (section 13 \[S\]).
    ///
    /// ```
    /// use athsys::rules::records::Scope;
    /// assert_eq!([Scope::SeasonBest, Scope::National].into_iter().min().unwrap().sign(), "NR");
    /// ```
    pub fn sign(self) -> &'static str {
        match self {
            Scope::World => "WR",
            Scope::Area => "AR",
            Scope::National => "NR",
            Scope::Championship => "CR",
            Scope::Meet => "MR",
            Scope::PersonalBest => "PB",
            Scope::SeasonBest => "SB",
        }
    }
}

/// What is known of the competition besides the mark; `None` where nobody has looked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances {
    /// Athletes, or relay teams, in the event.
    pub starters: Option<u32>,
    /// Women and men in one race.
    pub is_mixed: Option<bool>,
    /// Weight or hurdles are those of the group.
    pub has_right_specification: Option<bool>,
    /// Named runners of a relay team.
    pub named_runners: Option<u8>,
    pub bar_is_remeasured: Option<bool>,
    /// The wind of a combined event.
    pub combined_wind: Option<CombinedWind>,
}

/// Further reasons that the circumstances of the competition give (section 13 \[P\]; combined wind TR39 \[S\]). How many took part
/// matters for world records only.
///
/// ```
/// use athsys::rules::records::{Circumstances, Reason, Scope, objections};
/// let alone = Circumstances { starters: Some(2), ..Circumstances::default() };
/// assert_eq!(objections(Scope::World, "100", &alone), [Reason::TooFew]);
/// assert_eq!(objections(Scope::Meet, "100", &alone), []);
/// ```
pub fn objections(scope: Scope, event: &str, known: &Circumstances) -> Vec<Reason> {
    let family = discipline::find(event).map_or("", |event| event.family.as_str());
    let least = if family == "relay" { 2 } else { 3 };
    let conditions = [
        (scope == Scope::World && known.starters.is_some_and(|starters| starters < least), Reason::TooFew),
        (scope == Scope::World && known.is_mixed == Some(true), Reason::Mixed),
        (known.has_right_specification == Some(false), Reason::Specification),
        (family == "relay" && known.named_runners.is_some_and(|named| named < 4), Reason::RelayNames),
        (family == "jump_vertical" && known.bar_is_remeasured == Some(false), Reason::NotRemeasured),
        (known.combined_wind.is_some_and(|wind| !wind.is_within_average()), Reason::AverageWind),
    ];
    conditions.into_iter().filter_map(|(holds, reason)| holds.then_some(reason)).collect()
}

/// What an official is asked before a record is confirmed, because no server can know it (section 13 \[P\]).
///
/// ```
/// use athsys::rules::records::{Scope, checklist};
/// assert!(checklist(Scope::World, "100").contains(&"start information system in use"));
/// assert!(!checklist(Scope::Meet, "100").contains(&"doping control done"));
/// ```
pub fn checklist(scope: Scope, event: &str) -> Vec<&'static str> {
    let listed = discipline::find(event);
    let family = listed.map_or("", |event| event.family.as_str());
    let is_sprint = family != "relay" && discipline::metres(event).is_some_and(|metres| metres <= 400);
    let is_world = scope == Scope::World;
    let is_timed = listed.is_some_and(|event| event.measure == Measure::Time);
    let questions = [
        (true, "track and equipment certified"),
        (family == "throw", "implement weighed and measured after the attempt"),
        (family == "hurdles" || family == "steeple", "hurdles of the right height"),
        (family == "jump_vertical", "bar measured again"),
        (family == "relay", "all four runners named"),
        (is_world, "doping control done"),
        (is_world && is_timed, "zero test of the photo finish kept"),
        (is_world && is_timed && is_sprint, "start information system in use"),
    ];
    questions.into_iter().filter_map(|(asked, question)| asked.then_some(question)).collect()
}

/// Compares at official precision and looks at every condition that a server can know (section 13 \[P\]).
///
/// ```
/// use athsys::rules::mark::WindTenths;
/// use athsys::rules::records::{Candidate, Reason, propose};
/// use athsys::rules::timing::Timing;
/// let candidate = Candidate { event: "100", mark: 10_210, record: 10_250, timing: Timing::Photo,
///     wind: Some(WindTenths(21)), is_valid: true, is_outdoor: true };
/// assert_eq!(propose(&candidate).reasons, [Reason::Wind]);
/// ```
pub fn propose(candidate: &Candidate<'_>) -> Proposal {
    let listed = discipline::find(candidate.event);
    let measure = listed.map_or(Measure::Time, |event| event.measure);
    let comparison = match measure {
        Measure::Time => candidate.record.cmp(&candidate.mark),
        Measure::Distance | Measure::Points => candidate.mark.cmp(&candidate.record),
    };
    let mut reasons = Vec::new();
    if !candidate.is_valid {
        reasons.push(Reason::Status);
    }
    let is_short = discipline::metres(candidate.event).is_none_or(|metres| metres <= 800);
    if measure == Measure::Time && is_short && candidate.timing != Timing::Photo {
        reasons.push(Reason::Timing);
    }
    if candidate.is_outdoor && listed.is_some_and(|event| event.has_wind) {
        match candidate.wind {
            None => reasons.push(Reason::NoWindReading),
            Some(speed) if !wind::is_legal(speed) => reasons.push(Reason::Wind),
            Some(_) => {}
        }
    }
    Proposal { comparison, reasons }
}
