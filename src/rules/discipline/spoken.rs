//! Events as entry lists write them: `Women 100m`, `U18 Girls LJ`, `Weitsprung`, `110 m haies`, `4 x 100m relais`.

use std::sync::LazyLock;

use super::{Discipline, find};
use crate::rules::gender::Gender;
use crate::rules::text;

/// What an event in somebody's own words means.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    pub discipline: &'static Discipline,
    pub gender: Option<Gender>,
    /// `U18`, in capitals.
    pub age_group: Option<String>,
}

/// Field and combined events by the words they are called by, at the beginning.
const WORDS: &[(&str, &[&str])] = &[
    ("TJ", &["triple", "dreisprung", "drei", "triple saut"]),
    ("LJ", &["long jump", "longueur", "weitsprung", "weit", "longitud", "lungo", "verspringen"]),
    ("HJ", &["high jump", "hauteur", "hochsprung", "hoch", "altura", "alto", "hoogspringen"]),
    ("PV", &["pole vault", "pole", "perche", "stabhochsprung", "stab", "pertiga", "garrocha", "asta"]),
    ("SP", &["shot put", "shot", "poids", "kugelstossen", "kugel", "peso", "bala"]),
    ("DT", &["discus", "disque", "diskuswurf", "diskus", "disco"]),
    ("JT", &["javelin", "javelot", "speerwurf", "speer", "jabalina", "giavellotto"]),
    ("HT", &["hammer throw", "hammer", "marteau", "hammerwurf", "martillo", "martello"]),
    ("BT", &["ball throw", "ballwurf", "schlagball"]),
    ("DEC", &["decathlon", "zehnkampf", "decatlon"]),
    ("HEP", &["heptathlon", "siebenkampf", "heptatlon"]),
    ("PEN", &["pentathlon", "funfkampf", "pentatlon"]),
    ("HM", &["half marathon", "semi marathon", "halbmarathon", "media maraton"]),
    ("MAR", &["marathon", "maraton"]),
    ("XC", &["cross country", "cross", "crosslauf", "campo a traves"]),
];

/// What follows the metres of a run.
const KINDS: &[(&str, &[&str])] = &[
    ("H", &["h", "mh", "hurdles", "hurdle", "haies", "hurden", "huerden", "vallas", "ostacoli"]),
    ("SC", &["sc", "st", "steeple", "steeplechase", "hindernis", "obstaculos", "siepi"]),
    ("W", &["w", "walk", "race walk", "marche", "gehen", "marcha", "marcia"]),
    ("", &["", "m", "metres", "meters", "metros", "meter", "metri", "run", "lauf", "dash", "sprint", "flat", "plat"]),
];

/// A kind of event by the word for it, as [`text::fold`] writes it.
type Folded = Vec<(String, &'static str)>;

static NAMED: LazyLock<Folded> = LazyLock::new(|| folded(WORDS));
static SUFFIXES: LazyLock<Folded> = LazyLock::new(|| folded(KINDS));

fn folded(table: &'static [(&'static str, &'static [&'static str])]) -> Folded {
    table.iter().flat_map(|(code, words)| words.iter().map(move |word| (text::fold(word), *code))).collect()
}

const RELAYS: [&str; 6] = ["relay", "relais", "staffel", "relevo", "relevos", "staffetta"];

/// Reads an event; `None` when no discipline can be made out. A lone `H` is none: it begins hammer and hurdles
/// (section 20 \[C\]).
///
/// ```
/// use athsys::rules::discipline::read_spoken;
/// assert_eq!(read_spoken("Weitsprung").unwrap().discipline.code, "LJ");
/// ```
pub fn read_spoken(written: &str) -> Option<Spoken> {
    if let Some(discipline) = find(written) {
        return Some(Spoken { discipline, gender: None, age_group: None });
    }
    let folded = text::fold(written).replace(['_', '/', ':'], " ");
    let plain = folded.split('(').next().unwrap_or_default();
    let (mut gender, mut age_group, mut rest) = (None, None, Vec::new());
    for word in plain.split_whitespace() {
        if is_age_group(word) {
            age_group = Some(word.to_uppercase());
        } else if word.len() >= 3
            && let Some(read) = Gender::read(word.trim_end_matches("'s"))
        {
            gender = Some(read);
        } else {
            rest.push(word);
        }
    }
    let discipline = of_words(&rest.join(" "))?;
    Some(Spoken { discipline, gender, age_group })
}

fn is_age_group(word: &str) -> bool {
    let digits = word.strip_prefix(['u', 'm', 'w']).filter(|rest| rest.len() == 2);
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) && !word.starts_with("m1")
        || matches!(word, "senior" | "seniors" | "junior" | "juniors" | "masters" | "cadets" | "minimes" | "benjamines")
}

fn of_words(words: &str) -> Option<&'static Discipline> {
    if words.is_empty() {
        return None;
    }
    find(words).or_else(|| relay(words)).or_else(|| run(words)).or_else(|| named(words))
}

fn named(words: &str) -> Option<&'static Discipline> {
    let starts = |word: &str| words.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    let (_, code) = NAMED.iter().find(|(word, _)| starts(word))?;
    find(code)
}

/// `4x100`, `4 * 100 m`, `Staffel 4 x 400`.
fn relay(words: &str) -> Option<&'static Discipline> {
    let plain: String = words.split_whitespace().filter(|word| !RELAYS.contains(word)).collect();
    let plain = plain.replace(['*', '×'], "x");
    let (legs, distance) = plain.split_once('x')?;
    let distance = distance.trim_end_matches('m');
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (are_digits(legs) && are_digits(distance)).then(|| find(&format!("{legs}x{distance}"))).flatten()
}

/// `100`, `1.500 m`, `110 m Hürden`, `3000 steeple`.
fn run(words: &str) -> Option<&'static Discipline> {
    let end = words.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.' | ' ')))?;
    let (number, rest) = if end == 0 { return None } else { words.split_at(end) };
    let number: String = number.chars().filter(char::is_ascii_digit).collect();
    let rest =
        rest.strip_prefix("metres").or(rest.strip_prefix("meters")).or(rest.strip_prefix("metros")).unwrap_or(rest);
    let trimmed = rest.trim();
    let behind_unit = trimmed.strip_prefix("m ").map_or(trimmed, str::trim);
    let (_, suffix) = SUFFIXES.iter().find(|(word, _)| word == trimmed || word == behind_unit)?;
    find(&format!("{number}{suffix}"))
}
