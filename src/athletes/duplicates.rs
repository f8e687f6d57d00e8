//! Which athletes may be one and the same person. Nobody is compared with everybody: only those who have the words of
//! their names, their birth date, or club and year of birth in common are looked at, so that a hundred thousand athletes
//! are looked through in less than a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use crate::db::{Db, DbError, Entity};
use crate::http::error::ApiResult;
use crate::rules::text;
use crate::state::App;

mod likeness;
mod routes;
#[cfg(test)]
mod tests;

pub use likeness::{Pair, Person, Reason};
pub use routes::routes;

use likeness::likeness;

/// In a group of at most so many everybody is compared with everybody.
const WHOLE: usize = 200;
/// In a larger one with so many who come next in order.
const WINDOW: usize = 20;
/// Pairs that are kept, the surest first.
const MOST: usize = 10_000;
/// Pairs that are gathered before the least sure are let go.
const GATHERED: usize = 20 * MOST;

/// How long an answer that tells of the pairs by the way waits for them.
const PATIENCE: Duration = Duration::from_millis(250);
/// While athletes come in one after another, a search that takes longer than [`PATIENCE`] rests so many times as long.
const REST: u32 = 20;

/// The pairs that were found last, good until a commit touches athletes.
#[derive(Default)]
pub struct Duplicates {
    found: Mutex<Option<Found>>,
    /// One search at a time: whoever comes meanwhile waits for it and takes what it found.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Clone)]
struct Found {
    generation: u64,
    pairs: Arc<Vec<Pair>>,
    ended: Instant,
    took: Duration,
}

impl Found {
    fn rests(&self) -> bool {
        self.took > PATIENCE && self.ended.elapsed() < self.took * REST
    }
}

impl Duplicates {
    /// All pairs, the surest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn pairs(&self, db: &Db) -> ApiResult<Arc<Vec<Pair>>> {
        if let Some(pairs) = self.fresh(db) {
            return Ok(pairs);
        }
        let turn = self.turn.clone().lock_owned().await;
        self.search(db, turn).await
    }

    fn last(&self) -> Option<Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fresh(&self, db: &Db) -> Option<Arc<Vec<Pair>>> {
        let generation = db.changes().generation(&[Entity::Athletes]);
        self.last().filter(|found| found.generation == generation).map(|found| found.pairs)
    }

    async fn search(&self, db: &Db, turn: OwnedMutexGuard<()>) -> ApiResult<Arc<Vec<Pair>>> {
        if let Some(pairs) = self.fresh(db) {
            return Ok(pairs); // found while this one waited
        }
        let started = Instant::now();
        let generation = db.changes().generation(&[Entity::Athletes]);
        let people = db.read(people).await?;
        // Not on a connection: others can read meanwhile. The turn goes along, as a caller may leave before the end.
        let comparing = tokio::task::spawn_blocking(move || (find(&people), turn));
        let (pairs, _turn) = comparing.await.map_err(|_| DbError::Panicked)?;
        let pairs = Arc::new(pairs);
        let (ended, took) = (Instant::now(), started.elapsed());
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Found { generation, pairs: pairs.clone(), ended, took });
        Ok(pairs)
    }
}

/// The pairs as far as they are known soon: those of this moment, or after a short wait those that were found last,
/// while the search goes on by itself. `None` before the first search has ended.
pub async fn pairs_soon(app: &App) -> Option<Arc<Vec<Pair>>> {
    let known = app.duplicates();
    if let Some(pairs) = known.fresh(app.db()) {
        return Some(pairs);
    }
    let last = || known.last().map(|found| found.pairs);
    if known.last().is_some_and(|found| found.rests()) {
        return last();
    }
    let Ok(turn) = timeout(PATIENCE, known.turn.clone().lock_owned()).await else { return last() };
    let searching = app.clone();
    let search = tokio::spawn(async move { searching.duplicates().search(searching.db(), turn).await });
    match timeout(PATIENCE, search).await {
        Ok(Ok(Ok(pairs))) => Some(pairs),
        // An error is told where the pairs themselves are asked for.
        Ok(Ok(Err(_)) | Err(_)) | Err(_) => last(),
    }
}

/// What the comparison needs of every athlete.
fn people(conn: &Connection) -> Result<Vec<Person>, DbError> {
    let sql = "SELECT id, name_key, date_of_birth, year_of_birth, gender, country, club_team FROM athletes ORDER BY id";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let (mut people, mut clubs) = (Vec::new(), Clubs::default());
    while let Some(row) = rows.next()? {
        let mut person = Person::new(row.get(0)?, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        person.birth = row.get_ref(2)?.as_str_or_null().map_err(rusqlite::Error::from)?.and_then(day);
        person.year = person.birth.map(|birth| birth / 10_000).or(row.get(3)?);
        person.gender = first_letter(row.get_ref(4)?.as_str_or_null().map_err(rusqlite::Error::from)?);
        person.country = clubs.number(row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?);
        person.club = row.get_ref(6)?.as_str_or_null().map_err(rusqlite::Error::from)?.map(|club| clubs.number(club));
        people.push(person);
    }
    Ok(people)
}

/// `YYYY-MM-DD` as the number YYYYMMDD.
fn day(text: &str) -> Option<u32> {
    text.bytes().filter(|byte| *byte != b'-').try_fold(0_u32, |number, byte| {
        byte.is_ascii_digit().then(|| number.wrapping_mul(10).wrapping_add(u32::from(byte - b'0')))
    })
}

fn first_letter(text: Option<&str>) -> Option<u8> {
    text.and_then(|text| text.bytes().next())
}

/// Numbers for clubs and countries, the same for the same name without case and accents.
#[derive(Default)]
struct Clubs {
    written: HashMap<String, u32>,
    folded: HashMap<String, u32>,
}

impl Clubs {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.written.get(name) {
            return *number;
        }
        let next = u32::try_from(self.folded.len()).unwrap_or(u32::MAX);
        let number = *self.folded.entry(text::fold(name)).or_insert(next);
        self.written.insert(name.to_owned(), number);
        number
    }
}

/// The pairs of people who may be one, the surest first.
pub fn find(people: &[Person]) -> Vec<Pair> {
    let mut search = Search { people, found: Vec::new() };
    search.groups(|person| Some(person.words.as_str()));
    search.groups(|person| person.birth);
    search.groups(|person| person.club.zip(person.year));
    search.settle();
    search.found.truncate(MOST);
    search.found
}

struct Search<'p> {
    people: &'p [Person],
    found: Vec<Pair>,
}

impl<'p> Search<'p> {
    /// Compares those who have the same key. Who has none is in no group.
    fn groups<K: Ord>(&mut self, key: impl Fn(&'p Person) -> Option<K>) {
        let mut keyed: Vec<(K, &'p Person)> =
            self.people.iter().filter_map(|person| Some((key(person)?, person))).collect();
        // Within a group by name, then by birth: of a large group only neighbours are compared.
        keyed.sort_by(|(a, one), (b, other)| {
            a.cmp(b)
                .then_with(|| one.name.cmp(&other.name))
                .then(one.birth.cmp(&other.birth))
                .then(one.id.cmp(&other.id))
        });
        for group in keyed.chunk_by(|(a, _), (b, _)| a == b) {
            let reach = if group.len() <= WHOLE { group.len() } else { WINDOW };
            for (at, (_, one)) in group.iter().enumerate() {
                let others = group[at + 1..].iter().take(reach);
                self.found.extend(others.filter_map(|(_, other)| likeness(one, other)));
                if self.found.len() > GATHERED {
                    self.settle();
                    self.found.truncate(GATHERED / 2);
                }
            }
        }
    }

    /// Each pair once, the surest first.
    fn settle(&mut self) {
        self.found.sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.sureness), pair.first, pair.second));
        self.found.dedup();
    }
}
