//! Which athletes may be one and the same person. Nobody is compared with everybody: only those who have the words of
//! their names, their birth date, or club and year of birth in common are looked at, so that a hundred thousand athletes
//! are looked through in less than a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::db::{Db, DbError, Entity};
use crate::http::error::ApiResult;
use crate::rules::text;

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

/// The pairs that were found last, good until a commit touches athletes.
#[derive(Default)]
pub struct Duplicates {
    found: Mutex<Option<(u64, Arc<Vec<Pair>>)>>,
}

impl Duplicates {
    /// All pairs, the surest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn pairs(&self, db: &Db) -> ApiResult<Arc<Vec<Pair>>> {
        let generation = db.changes().generation(&[Entity::Athletes]);
        let known = self.found.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, pairs)) = known
            && at == generation
        {
            return Ok(pairs);
        }
        let pairs = Arc::new(db.read(|conn| Ok::<_, DbError>(find(&people(conn)?))).await?);
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = Some((generation, pairs.clone()));
        Ok(pairs)
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
            }
            if self.found.len() > GATHERED {
                self.settle();
                self.found.truncate(GATHERED / 2);
            }
        }
    }

    /// Each pair once, the surest first.
    fn settle(&mut self) {
        self.found.sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.sureness), pair.first, pair.second));
        self.found.dedup();
    }
}
