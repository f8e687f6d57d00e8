//! How much speaks for two athletes being one person.

use serde::Serialize;

/// What is compared of an athlete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: i64,
    /// Without case and accents
    pub name: String,
    /// The words of the name in the order of the alphabet
    pub words: String,
    /// Which letters the name has, a bit each
    pub(super) letters: u32,
    /// YYYYMMDD
    pub birth: Option<u32>,
    pub year: Option<u32>,
    pub gender: Option<u8>,
    pub country: u32,
    pub club: Option<u32>,
}

impl Person {
    /// Somebody of whom only the name is known, folded.
    pub fn new(id: i64, name: &str) -> Person {
        let mut words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.sort_unstable();
        let letters = name.bytes().filter(u8::is_ascii_lowercase).fold(0, |bits, byte| bits | 1 << (byte - b'a'));
        Person {
            id,
            name: name.to_owned(),
            words: words.join(" "),
            letters,
            birth: None,
            year: None,
            gender: None,
            country: 0,
            club: None,
        }
    }
}

/// Why two athletes may be one. The words are API contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    SameName,
    /// The same words in another order
    TurnedName,
    /// A few letters differ, or one name has a word more
    SimilarName,
    SameBirthDate,
    SameBirthYear,
    SameClub,
}

/// Two athletes who may be one person; `first` has the lower id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub first: i64,
    pub second: i64,
    pub reasons: Vec<Reason>,
    /// 1 to 99: how much speaks for it
    pub sureness: u8,
}

/// Compares two athletes; `None` when they are two.
pub fn likeness(one: &Person, other: &Person) -> Option<Pair> {
    if both_and_differ(one.birth, other.birth) || both_and_differ(one.year, other.year) {
        return None;
    }
    let same = |a: Option<u32>, b: Option<u32>| a.is_some() && a == b;
    let (same_day, same_year) = (same(one.birth, other.birth), same(one.year, other.year));
    let same_club = same(one.club, other.club);
    let (name, mut sureness) = if one.name == other.name {
        (Reason::SameName, 55)
    } else if one.words == other.words {
        (Reason::TurnedName, 50)
    } else if (same_day || (same_year && same_club)) && are_similar(one, other) {
        (Reason::SimilarName, 35)
    } else {
        return None;
    };
    let mut reasons = vec![name];
    if same_day {
        (sureness, _) = (sureness + 40, reasons.push(Reason::SameBirthDate));
    } else if same_year {
        (sureness, _) = (sureness + 20, reasons.push(Reason::SameBirthYear));
    }
    if same_club {
        (sureness, _) = (sureness + 10, reasons.push(Reason::SameClub));
    }
    sureness -= contradictions(one, other, same_club);
    let (first, second) = (one.id.min(other.id), one.id.max(other.id));
    Some(Pair { first, second, reasons, sureness: u8::try_from(sureness.clamp(1, 99)).unwrap_or(1) })
}

/// What speaks against it without excluding it: people move, and lists have mistakes.
fn contradictions(one: &Person, other: &Person, same_club: bool) -> i32 {
    let gender = if both_and_differ(one.gender, other.gender) { 30 } else { 0 };
    let country = if one.country == other.country { 0 } else { 15 };
    let club = if one.club.is_some() && other.club.is_some() && !same_club { 5 } else { 0 };
    gender + country + club
}

fn both_and_differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// Names a few letters apart: one for every six, three at most. Or one has all words of the other, and more.
fn are_similar(one: &Person, other: &Person) -> bool {
    // Cheap first: which letters there are, and how many.
    let (only_one, only_other) = (one.letters & !other.letters, other.letters & !one.letters);
    let (short, long) = if one.words.len() <= other.words.len() { (one, other) } else { (other, one) };
    if (only_one == 0 || only_other == 0) && has_all_words(&long.words, &short.words) {
        return true;
    }
    let most = (short.words.len() / 6).clamp(1, 3);
    let far = only_one.count_ones().max(only_other.count_ones()) as usize > most;
    if far || long.words.len() - short.words.len() > most {
        return false;
    }
    strsim::osa_distance(&one.name, &other.name) <= most || strsim::osa_distance(&one.words, &other.words) <= most
}

/// At least two words, and every one of them is among the others.
fn has_all_words(long: &str, short: &str) -> bool {
    let mut known = long.split(' ');
    short.contains(' ') && long.len() > short.len() && short.split(' ').all(|word| known.any(|other| other == word))
}
