//! Team scoring: points for places, and cross country by the sum of places (TR13, TR56; regulations of the meet).

use std::cmp::Reverse;
use std::sync::LazyLock;

use serde::Deserialize;

use super::data::Table;
use super::fraction::Fraction;

/// What places are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// Points of first place, second place, …; nothing beyond.
    pub table: Vec<i64>,
    /// Only the best so many of a team count; those behind the others move up \[C\].
    pub max_scorers: Option<usize>,
    /// Relays often count double.
    pub multiplier: i64,
}

#[derive(Deserialize)]
struct Line {
    scheme: String,
    points: String,
    max_scorers: Option<usize>,
    multiplier: i64,
}

static SCHEMES: LazyLock<Vec<(String, Scheme)>> =
    LazyLock::new(|| parse(Table::TeamPoints.text()).expect("built-in and own tables have been checked"));

/// Reads schemes: points of first place, second place, … with blanks between.
pub(super) fn parse(text: &str) -> Result<Vec<(String, Scheme)>, String> {
    super::data::rows(text, |line: Line| {
        let worth = |text: &str| text.parse::<i64>().map_err(|_| format!("{text} is no number of points"));
        let table = line.points.split_whitespace().map(worth).collect::<Result<Vec<i64>, String>>()?;
        Ok((line.scheme, Scheme { table, max_scorers: line.max_scorers, multiplier: line.multiplier }))
    })
}

/// A scheme by its name: `eight`, `six`, `seven`, `even`, `dual`, `dual-relay`, or a federation's own (TR13; the common ones \[S\],
/// there is no universal one \[K\]).
///
/// ```
/// assert_eq!(athsys::rules::teams::scheme("dual").unwrap().table, [5, 3, 1]);
/// ```
pub fn scheme(name: &str) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|(known, _)| known == name).map(|(_, scheme)| scheme)
}

/// Points of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score<T> {
    pub team: T,
    pub points: Fraction,
    /// How many first places, second places …, for ties \[C\].
    pub places: Vec<u32>,
}

/// Scores the final places of one event, teams in the order in which they first appear. A shared place shares the points of the
/// places it covers (section 12 \[S\]); `None` has no place and no points.
///
/// ```
/// use athsys::rules::fraction::Fraction;
/// use athsys::rules::teams::{Scheme, score};
/// let scheme = Scheme { table: vec![5, 3, 1], max_scorers: None, multiplier: 1 };
/// let scores = score(&scheme, &[("A", Some(1)), ("B", Some(2)), ("C", Some(3)), ("D", Some(3)), ("E", Some(3))]);
/// assert_eq!(scores[2].points, Fraction::new(1, 3));
/// ```
pub fn score<T: PartialEq + Clone>(scheme: &Scheme, placings: &[(T, Option<u32>)]) -> Vec<Score<T>> {
    let mut placed: Vec<(u32, &T)> = placings.iter().filter_map(|(team, place)| Some(((*place)?, team))).collect();
    placed.sort_by_key(|(place, _)| *place);
    let mut counting: Vec<(u32, &T)> = Vec::new();
    for (place, team) in placed {
        let before = counting.iter().filter(|(_, other)| *other == team).count();
        if scheme.max_scorers.is_none_or(|most| before < most) {
            counting.push((place, team));
        }
    }
    let mut scores: Vec<Score<T>> = Vec::new();
    let mut covered = 0;
    for tied in counting.chunk_by(|a, b| a.0 == b.0) {
        let worth = |place: usize| scheme.table.get(place).copied().unwrap_or(0);
        let sum = (covered..covered + tied.len()).map(worth).fold(0_i64, i64::saturating_add);
        let each = Fraction::new(sum.saturating_mul(scheme.multiplier), i64::try_from(tied.len()).unwrap_or(i64::MAX));
        for (_, team) in tied {
            add(&mut scores, team, each, covered);
        }
        covered += tied.len();
    }
    scores
}

fn add<T: PartialEq + Clone>(scores: &mut Vec<Score<T>>, team: &T, points: Fraction, place: usize) {
    let at = scores.iter().position(|score| score.team == *team).unwrap_or_else(|| {
        scores.push(Score { team: team.clone(), points: Fraction::ZERO, places: Vec::new() });
        scores.len() - 1
    });
    let score = &mut scores[at];
    score.points = score.points.plus(points);
    score.places.resize(score.places.len().max(place + 1), 0);
    score.places[place] += 1;
}

/// Adds the scores of several events up, the leading team first: more points, then more first places, then second … \[C\]
/// (TR13).
///
/// ```
/// use athsys::rules::teams::{Scheme, score, table};
/// let scheme = Scheme { table: vec![2, 1], max_scorers: None, multiplier: 1 };
/// let events = [score(&scheme, &[("A", Some(1)), ("B", Some(2))]), score(&scheme, &[("B", Some(2))])];
/// assert_eq!(table(&events).iter().map(|one| one.team).collect::<Vec<_>>(), ["B", "A"]);
/// ```
pub fn table<T: PartialEq + Clone>(events: &[Vec<Score<T>>]) -> Vec<Score<T>> {
    let mut totals: Vec<Score<T>> = Vec::new();
    for score in events.iter().flatten() {
        match totals.iter_mut().find(|total| total.team == score.team) {
            Some(total) => {
                total.points = total.points.plus(score.points);
                total.places.resize(total.places.len().max(score.places.len()), 0);
                total.places.iter_mut().zip(&score.places).for_each(|(all, more)| *all += more);
            }
            None => totals.push(score.clone()),
        }
    }
    totals.sort_by(|a, b| (Reverse(a.points), Reverse(&a.places)).cmp(&(Reverse(b.points), Reverse(&b.places))));
    totals
}

/// How a cross country or road team is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrossCountry {
    /// So many finishers count.
    pub scorers: usize,
    /// So many more push others back; `None`: all do.
    pub displacers: Option<usize>,
    /// Whether the runners of teams that are too small are taken out before counting.
    pub remove_incomplete: bool,
}

/// A team of a cross country race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossTeam<T> {
    pub team: T,
    pub score: usize,
    /// Places that count, from 1.
    pub positions: Vec<usize>,
}

impl<T> CrossTeam<T> {
    fn last_scorer(&self) -> usize {
        self.positions.last().copied().unwrap_or(usize::MAX)
    }
}

/// Ranks the teams of a finish order by the lowest sum; a tie goes to the better last scorer (TR56 \[S\]). Runners without a team are
/// left out by the caller. Teams with too few finishers have no score.
///
/// ```
/// use athsys::rules::teams::{CrossCountry, cross_country};
/// let rule = CrossCountry { scorers: 2, displacers: None, remove_incomplete: false };
/// let ranking = cross_country(&["A", "B", "B", "A"], rule);
/// assert_eq!((ranking[0].team, ranking[0].score), ("B", 5));
/// ```
pub fn cross_country<T: PartialEq + Clone>(finish: &[T], rule: CrossCountry) -> Vec<CrossTeam<T>> {
    let size = |team: &T| finish.iter().filter(|other| *other == team).count();
    let mut counted: Vec<&T> = Vec::new();
    for team in finish {
        let before = counted.iter().filter(|other| **other == team).count();
        let surplus = rule.displacers.is_some_and(|displacers| before >= rule.scorers.saturating_add(displacers));
        let removed = rule.remove_incomplete && size(team) < rule.scorers;
        if !surplus && !removed {
            counted.push(team);
        }
    }
    let mut teams: Vec<CrossTeam<T>> = Vec::new();
    for (at, team) in counted.into_iter().enumerate() {
        match teams.iter_mut().find(|known| known.team == *team) {
            Some(known) if known.positions.len() < rule.scorers => known.positions.push(at + 1),
            Some(_) => {}
            None => teams.push(CrossTeam { team: team.clone(), score: 0, positions: vec![at + 1] }),
        }
    }
    teams.retain(|team| team.positions.len() >= rule.scorers.max(1));
    for team in &mut teams {
        team.score = team.positions.iter().sum();
    }
    teams.sort_by_key(|team| (team.score, team.last_scorer()));
    teams
}
