//! Heats: how many, who runs in which, and how athletes of one team are kept apart (TR20.1 to TR20.3).

use super::discipline;

/// Heats that hold `entries` with at most `capacity` each; no heat for nobody (TR20.1 \[P\]).
///
/// ```
/// use athsys::rules::heats::number_of_heats;
/// assert_eq!(number_of_heats(17, 8), 3);
/// assert_eq!(number_of_heats(8, 8), 1);
/// ```
pub fn number_of_heats(entries: usize, capacity: usize) -> usize {
    entries.div_ceil(capacity.max(1))
}

/// How many run in one race of an event: its lanes, or the usual field without lanes (section 2.1 \[K\]); `lanes` are those of the track.
/// `None` where everybody runs together.
///
/// ```
/// use athsys::rules::heats::race_size;
/// assert_eq!([race_size("100", 9), race_size("1500", 8), race_size("10000", 8)], [Some(9), Some(15), None]);
/// ```
pub fn race_size(event: &str, lanes: u8) -> Option<usize> {
    let event = discipline::find(event)?;
    match (event.default_lanes, discipline::metres(&event.code)) {
        (1.., _) => Some(usize::from(lanes.max(1))),
        (0, Some(..=3000)) if event.family == "track" || event.family == "steeple" => Some(15),
        (0, Some(3001..=5000)) if event.family == "track" => Some(20),
        (0, _) => None,
    }
}

/// Sizes of `parts` heats, flights or groups that differ by at most one, the larger ones first (section 2.1, section 8 \[K\]).
///
/// ```
/// use athsys::rules::heats::even_sizes;
/// assert_eq!(even_sizes(17, 3), [6, 6, 5]);
/// ```
pub fn even_sizes(entries: usize, parts: usize) -> Vec<usize> {
    let Some(least) = entries.checked_div(parts) else { return Vec::new() };
    (0..parts).map(|part| least + usize::from(part < entries % parts)).collect()
}

/// Flights of a field event in the drawn order, at most `most` in each (section 8.6 \[K\]: twelve at one apparatus); by position.
///
/// ```
/// use athsys::rules::heats::flights;
/// assert_eq!(flights(5, 3), [vec![0, 1, 2], vec![3, 4]]);
/// ```
pub fn flights(entries: usize, most: usize) -> Vec<Vec<usize>> {
    in_turn(even_sizes(entries, number_of_heats(entries, most)))
}

/// Races of a timed final: seeded by rank with the fastest together, the slowest race first (section 2.6 \[P\] for the regulations of
/// the meet); ranks from 0.
///
/// ```
/// use athsys::rules::heats::timed_final_races;
/// assert_eq!(timed_final_races(5, 3), [vec![3, 4], vec![0, 1, 2]]);
/// ```
pub fn timed_final_races(entries: usize, capacity: usize) -> Vec<Vec<usize>> {
    let mut races = in_turn(even_sizes(entries, number_of_heats(entries, capacity)));
    races.reverse();
    races
}

fn in_turn(sizes: Vec<usize>) -> Vec<Vec<usize>> {
    let mut next = 0;
    let part = |size: usize| {
        next += size;
        (next - size..next).collect()
    };
    sizes.into_iter().map(part).collect()
}

/// Deals `entries` ranks (0 is the best) to heats in a zigzag: A, B, C, C, B, A, A … (TR20.3 \[P, D\]). The letters are labels; in
/// which order the heats run is drawn afterwards.
///
/// ```
/// use athsys::rules::heats::zigzag;
/// assert_eq!(zigzag(6, 2), [vec![0, 3, 4], vec![1, 2, 5]]);
/// ```
pub fn zigzag(entries: usize, heats: usize) -> Vec<Vec<usize>> {
    let mut dealt = vec![Vec::new(); heats];
    if heats == 0 {
        return dealt;
    }
    for rank in 0..entries {
        let step = rank % (2 * heats);
        let heat = if step < heats { step } else { 2 * heats - 1 - step };
        dealt[heat].push(rank);
    }
    dealt
}

/// What keeping teams apart has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Separation {
    /// Ranks by heat, from 0.
    pub heats: Vec<Vec<usize>>,
    /// Exchanges in the order they were made: who was moved, and who came instead.
    pub swaps: Vec<(usize, usize)>,
    /// Ranks that share a heat with a better one of their team, where no exchange helps.
    pub conflicts: Vec<usize>,
}

/// Places athletes of one team in different heats whenever possible, by exchanges within a seeding level (TR20.3 \[P\]; which
/// exchange is a convention \[C\] that reproduces the women's 100 m hurdles semi-finals of Rio 2016). `teams[rank]` is a team,
/// or `None` for an athlete without one.
///
/// ```
/// use athsys::rules::heats::{separate, zigzag};
/// let teams = ["A", "B", "C", "D", "A", "E"].map(Some);
/// let separated = separate(zigzag(6, 2), &teams);
/// assert_eq!(separated.heats, [vec![0, 3, 5], vec![1, 2, 4]]);
/// assert_eq!(separated.swaps, [(4, 5)]);
/// ```
pub fn separate<T: PartialEq>(heats: Vec<Vec<usize>>, teams: &[Option<T>]) -> Separation {
    let mut separation = Separation { heats, swaps: Vec::new(), conflicts: Vec::new() };
    let rows = separation.heats.iter().map(Vec::len).max().unwrap_or(0);
    for row in 1..rows {
        for heat in 0..separation.heats.len() {
            separation.settle(row, heat, teams);
        }
    }
    separation
}

impl Separation {
    /// Looks at one athlete: exchanged, left, or reported.
    fn settle<T: PartialEq>(&mut self, row: usize, heat: usize, teams: &[Option<T>]) {
        let Some(&rank) = self.heats[heat].get(row) else { return };
        if !self.meets_own_team(rank, row, heat, teams) {
            return;
        }
        let candidates = (0..self.heats.len()).filter(|other| *other != heat).filter_map(|other| {
            let candidate = *self.heats[other].get(row)?;
            let fits =
                !self.meets_own_team(candidate, row, heat, teams) && !self.meets_own_team(rank, row, other, teams);
            fits.then_some((rank.abs_diff(candidate), candidate, other))
        });
        match candidates.min() {
            Some((_, candidate, other)) => {
                self.heats[heat][row] = candidate;
                self.heats[other][row] = rank;
                self.swaps.push((rank, candidate));
            }
            None => self.conflicts.push(rank),
        }
    }

    /// Whether this athlete would find the own team in a higher row of the heat.
    fn meets_own_team<T: PartialEq>(&self, rank: usize, row: usize, heat: usize, teams: &[Option<T>]) -> bool {
        let team = |rank: usize| teams.get(rank).and_then(Option::as_ref);
        let Some(own) = team(rank) else { return false };
        self.heats[heat][..row].iter().any(|above| team(*above) == Some(own))
    }
}

#[cfg(test)]
mod tests;
