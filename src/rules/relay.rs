//! Relay teams: who may run, in which order, and how many substitutes (TR24). Teams are ranked as runners are: see
//! [`super::ranking::race`] and [`super::ranking::round`].

use super::gender::Gender;

/// Runners of a team.
pub const LEGS: usize = 4;

/// What the regulations ask of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayRule {
    /// Genders in running order, for mixed relays.
    pub order: Option<[Gender; LEGS]>,
    /// Runners beyond the first four that a team may use in a competition.
    pub substitutes: usize,
}

impl RelayRule {
    /// Four runners of one gender, up to four substitutes (TR24.10, text of 2024 \[P\]; two in older texts and at championships from
    /// 2026 \[S\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::relay::RelayRule::usual().substitutes, 4);
    /// ```
    pub fn usual() -> RelayRule {
        RelayRule { order: None, substitutes: 4 }
    }

    /// Mixed 4x400 m: man, woman, man, woman (TR24 \[S\]).
    ///
    /// ```
    /// use athsys::rules::gender::Gender::{F, M};
    /// assert_eq!(athsys::rules::relay::RelayRule::mixed().order, Some([M, F, M, F]));
    /// ```
    pub fn mixed() -> RelayRule {
        let order = [Gender::M, Gender::F, Gender::M, Gender::F];
        RelayRule { order: Some(order), ..RelayRule::usual() }
    }
}

/// What is wrong with a team; breaking these rules is a disqualification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault<T> {
    /// Not four runners.
    NotFour(usize),
    /// Somebody runs more than one leg.
    Twice(T),
    /// Somebody is not entered in the competition, for whatever event.
    NotEntered(T),
    /// This leg (from 1) is for the other gender.
    Order { leg: usize, asked: Gender },
    /// More runners than the first four and the substitutes.
    Substitutes { used: usize, most: usize },
}

impl<T: std::fmt::Display> std::fmt::Display for Fault<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::NotFour(runners) => write!(f, "a team has four runners, not {runners}"),
            Fault::Twice(who) => write!(f, "{who} runs more than one leg"),
            Fault::NotEntered(who) => write!(f, "{who} is not entered in this competition"),
            Fault::Order { leg, asked } => write!(f, "leg {leg} is for {asked}"),
            Fault::Substitutes { used, most } => write!(f, "{used} substitutes were used, the most is {most}"),
        }
    }
}

/// Looks at a team in its running order. `entered` are those who may run, `earlier` the teams of the rounds before (TR24 \[P\]).
///
/// ```
/// use athsys::rules::gender::Gender::{F, M};
/// use athsys::rules::relay::{Fault, RelayRule, faults};
/// let team = [("Ana", F), ("Bo", M), ("Cy", M), ("Di", F)];
/// let found = faults(&RelayRule::mixed(), &team, &["Ana", "Bo", "Cy", "Di"], &[]);
/// assert_eq!(found[0], Fault::Order { leg: 1, asked: M });
/// ```
pub fn faults<T: PartialEq + Clone>(
    rule: &RelayRule,
    team: &[(T, Gender)],
    entered: &[T],
    earlier: &[Vec<T>],
) -> Vec<Fault<T>> {
    let mut found = Vec::new();
    if team.len() != LEGS {
        found.push(Fault::NotFour(team.len()));
    }
    for (at, (runner, gender)) in team.iter().enumerate() {
        let before = team[..at].iter().filter(|(other, _)| other == runner).count();
        if before == 1 {
            found.push(Fault::Twice(runner.clone()));
        }
        if before == 0 && !entered.contains(runner) {
            found.push(Fault::NotEntered(runner.clone()));
        }
        if let Some(asked) = rule.order.and_then(|order| order.get(at).copied()).filter(|asked| asked != gender) {
            found.push(Fault::Order { leg: at + 1, asked });
        }
    }
    let mut all: Vec<&T> = Vec::new();
    for runner in earlier.iter().flatten().chain(team.iter().map(|(runner, _)| runner)) {
        if !all.contains(&runner) {
            all.push(runner);
        }
    }
    let first = earlier.first().map_or(LEGS, Vec::len);
    let used = all.len().saturating_sub(first);
    if used > rule.substitutes && !earlier.is_empty() {
        found.push(Fault::Substitutes { used, most: rule.substitutes });
    }
    found
}

#[cfg(test)]
mod tests;
