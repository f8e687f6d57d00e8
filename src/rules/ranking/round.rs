//! The places of one round of an event from the results that are stored of it, and in words why (TR21, TR25, TR26, TR39; CR25).
//!
//! A result holds one mark, not the series or the card behind it, and perhaps the place that a judge gave. What the marks leave
//! open is decided by that place, or it stays a tie that a person is asked about.

use super::race::{Timed, timed_final};
use super::{Status, in_order, ordinal, places};
use crate::rules::discipline::{Discipline, Measure};
use crate::rules::mark::{Centimetres, Points, TimeMs};
use crate::rules::timing::{Timing, Venue, official};

/// What an event is decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contest {
    /// Times in thousandths of a second; relays too (TR21, TR24).
    Race(Venue),
    /// Distances in centimetres (TR25).
    Distance,
    /// Heights in centimetres (TR26).
    Height,
    /// Points in hundredths (TR39).
    Points,
}

impl Contest {
    /// Of an event in the list, or of one that is not by what is measured in it (TR19 for the venue \[S\]).
    ///
    /// ```
    /// use athsys::rules::discipline::{Measure, find};
    /// use athsys::rules::ranking::round::Contest;
    /// assert_eq!(Contest::of(find("HJ"), Measure::Distance), Contest::Height);
    /// assert_eq!(Contest::of(None, Measure::Points), Contest::Points);
    /// ```
    pub fn of(event: Option<&Discipline>, measure: Measure) -> Contest {
        match (measure, event) {
            (Measure::Time, event) => Contest::Race(event.map_or(Venue::Track, Venue::of)),
            (Measure::Distance, Some(event)) if event.family == "jump_vertical" => Contest::Height,
            (Measure::Distance, _) => Contest::Distance,
            (Measure::Points, _) => Contest::Points,
        }
    }
}

/// One stored result of the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub status: Status,
    /// In the unit of the contest; `None` when none is stored.
    pub mark: Option<i64>,
    /// The place that was entered.
    pub place: Option<u32>,
    /// Number of the heat; 0 is the only one.
    pub heat: u32,
}

/// Why somebody has a place, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Ahead by the mark, and by so much ahead of the next; `None` when nobody is behind.
    Mark { lead: Option<i64> },
    /// Equal marks, in the order that was entered: the judges saw more than the mark says.
    Judges,
    /// Equal marks and no other order: the place is shared with so many others.
    Shared { others: u32 },
    /// Not everybody has a mark: the entered places stand.
    EnteredPlace,
    /// A status without a place.
    Status(Status),
    /// Finished, but neither mark nor place is stored.
    NothingStored,
}

impl Reason {
    /// A stable name for programs (section 5 \[C\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::ranking::round::Reason::Judges.code(), "judges");
    /// ```
    pub fn code(self) -> &'static str {
        match self {
            Reason::Mark { lead: Some(_) } => "mark",
            Reason::Mark { lead: None } => "last-mark",
            Reason::Judges => "judges",
            Reason::Shared { .. } => "shared",
            Reason::EnteredPlace => "entered-place",
            Reason::Status(_) => "status",
            Reason::NothingStored => "nothing-stored",
        }
    }
}

/// A place with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub place: Option<u32>,
    pub reason: Reason,
    contest: Contest,
}

impl std::fmt::Display for Placed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(place) = self.place {
            write!(f, "{}: ", ordinal(place))?;
        }
        let mark = match self.contest {
            Contest::Race(_) => "time",
            Contest::Distance => "mark",
            Contest::Height => "height",
            Contest::Points => "total",
        };
        match self.reason {
            Reason::Mark { lead: Some(lead) } => write!(f, "{} better than the next", self.contest.amount(lead)),
            Reason::Mark { lead: None } => write!(f, "nobody with a {mark} is behind"),
            Reason::Judges => write!(f, "the same {mark} as another; the order of the judges stands"),
            Reason::Shared { others } => write!(f, "the same {mark} as {others} more; the place is shared"),
            Reason::EnteredPlace => f.write_str("the place as it was entered; not everybody has a mark"),
            Reason::Status(status) => write!(f, "no place: {}", status.in_words()),
            Reason::NothingStored => f.write_str("no place: neither a mark nor a place is stored"),
        }
    }
}

impl Contest {
    fn amount(self, units: i64) -> String {
        match self {
            Contest::Race(_) => format!("{} s", TimeMs(units).to_decimal()),
            Contest::Distance | Contest::Height => format!("{} m", Centimetres(units).to_decimal()),
            Contest::Points => format!("{} points", Points(units)),
        }
    }

    /// Smaller is better.
    fn key(self, mark: i64) -> i64 {
        match self {
            Contest::Race(_) => mark,
            Contest::Distance | Contest::Height | Contest::Points => mark.saturating_neg(),
        }
    }
}

/// What a person has to look at: the marks do not decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open {
    /// These share a place; the series, the card, the photo finish or a draw may part them. `jump_off`: it is for first place in a
    /// vertical jump, where a jump-off decides unless it is waived (TR26.8 \[P\]).
    Tie { place: u32, among: Vec<usize>, jump_off: bool },
    /// These have the same mark and stand in the order in which they were entered (TR21 \[P, D\]).
    Judged { place: u32, among: Vec<usize> },
    /// These finished, and nothing is stored that could place them.
    NothingStored { among: Vec<usize> },
}

impl std::fmt::Display for Open {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Open::Tie { place, among, jump_off: true } => {
                write!(f, "{} share 1st place: a jump-off decides it, unless it is waived (place {place})", among.len())
            }
            Open::Tie { place, among, jump_off: false } => {
                write!(f, "{} share {} place: what is stored does not part them", among.len(), ordinal(*place))
            }
            Open::Judged { place, among } => {
                write!(f, "{} from {} place on have the same mark and stand as entered", among.len(), ordinal(*place))
            }
            Open::NothingStored { among } => write!(f, "{} finished without a mark or a place", among.len()),
        }
    }
}

/// The places of a round, each with its reason, and what is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ranking {
    /// In the order of the rows given.
    pub placed: Vec<Placed>,
    pub open: Vec<Open>,
}

/// Ranks the results of one list: a heat, or a round with one result.
///
/// - Within one heat times count as read, with thousandths; equal ones keep the order of the entered places (TR21 \[P, D\]).
/// - Across heats official times count, and equal ones share the place (section 5.4 \[C\]).
/// - Distances, heights and totals that are equal keep the order of the entered places, as the judges have the series and the cards
///   (TR25.22 \[S, D\], TR26.8 \[P\]); without one they share the place. Totals that are equal are a tie in any case (TR39 \[P 2026\]).
/// - Who has a status has no place (CR25 \[K\]).
///
/// ```
/// use athsys::rules::ranking::{Status, round::{Contest, Row, rank}};
/// use athsys::rules::timing::Venue;
/// let row = |ms| Row { status: Status::Finished, mark: Some(ms), place: None, heat: 1 };
/// let ranking = rank(Contest::Race(Venue::Track), &[row(11_520), row(11_340)]);
/// assert_eq!(ranking.placed[1].to_string(), "1st: 0.18 s better than the next");
/// assert_eq!(ranking.placed[0].place, Some(2));
/// ```
pub fn rank(contest: Contest, rows: &[Row]) -> Ranking {
    let marked = |row: &Row| row.mark.filter(|_| row.status == Status::Finished);
    // Judges may place more than they could time: a list in which everybody has a place is theirs.
    let is_judged = rows.iter().any(|row| row.status == Status::Finished && row.mark.is_none() && row.place.is_some())
        && rows.iter().all(|row| marked(row).is_none() || row.place.is_some());
    if is_judged || !rows.iter().any(|row| marked(row).is_some()) {
        return as_entered(contest, rows);
    }
    let heat = rows.iter().find_map(|row| marked(row).map(|_| row.heat));
    let is_one_race = rows.iter().all(|row| marked(row).is_none() || Some(row.heat) == heat);
    let counted: Vec<Option<i64>> =
        rows.iter().map(|row| marked(row).map(|mark| contest.counts(mark, is_one_race))).collect();
    let timed: Vec<Timed> = rows
        .iter()
        .zip(&counted)
        .map(|(row, key)| Timed {
            race: if matches!(contest, Contest::Race(_)) { row.heat } else { 0 },
            place: row.place.filter(|_| contest != Contest::Points),
            time: key.map(TimeMs),
        })
        .collect();
    let by_mark = places(&counted, Option::is_some, Ord::cmp);
    let overall = timed_final(&timed);
    explain(contest, rows, &counted, &by_mark, &overall)
}

impl Contest {
    /// The mark as it is compared; smaller is better.
    fn counts(self, mark: i64, is_one_race: bool) -> i64 {
        match self {
            Contest::Race(venue) if !is_one_race => official(TimeMs(mark), Timing::Photo, venue).0,
            _ => self.key(mark),
        }
    }
}

/// A list that the marks do not order: the entered places stand.
fn as_entered(contest: Contest, rows: &[Row]) -> Ranking {
    let mut missing = Vec::new();
    let placed = rows.iter().enumerate().map(|(at, row)| {
        let (place, reason) = match (row.status, row.place) {
            (Status::Finished, Some(place)) => (Some(place), Reason::EnteredPlace),
            (Status::Finished, None) => {
                missing.push(at);
                (None, Reason::NothingStored)
            }
            (status, _) => (None, Reason::Status(status)),
        };
        Placed { place, reason, contest }
    });
    let placed = placed.collect();
    let open = if missing.is_empty() { Vec::new() } else { vec![Open::NothingStored { among: missing }] };
    Ranking { placed, open }
}

fn explain(
    contest: Contest,
    rows: &[Row],
    counted: &[Option<i64>],
    by_mark: &[Option<u32>],
    overall: &[Option<u32>],
) -> Ranking {
    let missing: Vec<usize> =
        (0..rows.len()).filter(|at| rows[*at].status == Status::Finished && counted[*at].is_none()).collect();
    let unplaced = |row: &Row| match row.status {
        Status::Finished => Reason::NothingStored,
        status => Reason::Status(status),
    };
    let mut placed: Vec<Placed> =
        rows.iter().map(|row| Placed { place: None, reason: unplaced(row), contest }).collect();
    let mut open = Vec::new();
    let order = in_order(by_mark);
    let mut behind = order.len();
    // From the last place on, so that everybody knows who is behind.
    for tied in order.chunk_by(|a, b| by_mark[*a] == by_mark[*b]).rev() {
        let next = order.get(behind).and_then(|at| counted[*at]);
        let others = u32::try_from(tied.len() - 1).unwrap_or(u32::MAX);
        let is_judged = tied.len() > 1 && tied.iter().any(|at| overall[*at] != by_mark[*at]);
        for at in tied {
            let lead = next.zip(counted[*at]).map(|(next, own)| next.saturating_sub(own));
            let reason = match (others, is_judged) {
                (0, _) => Reason::Mark { lead },
                (_, true) => Reason::Judges,
                (others, false) => Reason::Shared { others },
            };
            placed[*at] = Placed { place: overall[*at], reason, contest };
        }
        if let (Some(place), true) = (by_mark[tied[0]], tied.len() > 1) {
            let among = tied.to_vec();
            let jump_off = contest == Contest::Height && place == 1;
            open.push(if is_judged { Open::Judged { place, among } } else { Open::Tie { place, among, jump_off } });
        }
        behind -= tied.len();
    }
    open.reverse();
    if !missing.is_empty() {
        open.push(Open::NothingStored { among: missing });
    }
    Ranking { placed, open }
}

/// Divides the rows of a round into the lists that are ranked, by position: each heat by itself, or all together (TR20.8, section
/// 5.4 \[C\]). Field events and combined events are ranked together whatever the group (TR25 \[S\]).
///
/// ```
/// use athsys::rules::ranking::{Status, round::{Contest, Row, lists}};
/// use athsys::rules::timing::Venue;
/// let row = |heat| Row { status: Status::Finished, mark: None, place: None, heat };
/// let rows = [row(2), row(1), row(2)];
/// assert_eq!(lists(Contest::Race(Venue::Track), &rows, false), [vec![1], vec![0, 2]]);
/// assert_eq!(lists(Contest::Race(Venue::Track), &rows, true), [vec![0, 1, 2]]);
/// ```
pub fn lists(contest: Contest, rows: &[Row], together: bool) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if together || !matches!(contest, Contest::Race(_)) {
        return if order.is_empty() { Vec::new() } else { vec![order] };
    }
    order.sort_by_key(|at| rows[*at].heat);
    order.chunk_by(|a, b| rows[*a].heat == rows[*b].heat).map(<[usize]>::to_vec).collect()
}

#[cfg(test)]
mod tests;
