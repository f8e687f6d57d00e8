//! Words that tell what kind of event is meant, as [`fold`](crate::rules::text::fold) writes them.

use super::{Category, Measure};

/// Parts of words; the first list with a match decides, so that "hammer" is not taken for a "ham" and a marathon not
/// for a combined event.
const COMBINED: [&str; 14] = [
    "decathlon",
    "heptathlon",
    "pentathlon",
    "octathlon",
    "quadrathlon",
    "icosathlon",
    "combined",
    "multi",
    "mehrkampf",
    "zehnkampf",
    "siebenkampf",
    "funfkampf",
    "epreuves comb",
    "combinad",
];
const ROAD: [&str; 12] = [
    "marathon",
    "maraton",
    "road",
    "strasse",
    "route",
    "ruta",
    "cross country",
    "cross-country",
    "trail",
    "mountain",
    "ultra",
    "berglauf",
];
const FIELD: [&str; 41] = [
    "field",
    "jump",
    "throw",
    "vault",
    "shot",
    "discus",
    "javelin",
    "hammer",
    "saut",
    "lancer",
    "concours",
    "longueur",
    "hauteur",
    "perche",
    "poids",
    "disque",
    "javelot",
    "marteau",
    "sprung",
    "wurf",
    "stoss",
    "kugel",
    "diskus",
    "speer",
    "weit",
    "hoch",
    "stab",
    "technik",
    "salto",
    "lanzamiento",
    "longitud",
    "altura",
    "pertiga",
    "garrocha",
    "jabalina",
    "martillo",
    "triple",
    "dreisp",
    "salti",
    "lanci",
    "put",
];
const TRACK: [&str; 33] = [
    "track",
    "sprint",
    "distance",
    "hurdle",
    "steeple",
    "relay",
    "run",
    "walk",
    "dash",
    "mile",
    "piste",
    "course",
    "fond",
    "haies",
    "relais",
    "marche",
    "lauf",
    "bahn",
    "hurden",
    "staffel",
    "gehen",
    "hindernis",
    "pista",
    "carrera",
    "vallas",
    "obstaculos",
    "relevo",
    "marcha",
    "velocidad",
    "vitesse",
    "corsa",
    "corse",
    "metres",
];

/// The category that a free spelling means.
pub(super) fn category_of(word: &str) -> Option<Category> {
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match word {
        "cross" | "xc" | "mar" | "hm" | "10k" | "5k" | "half" => return Some(Category::Road),
        "dec" | "hep" | "pen" | "triathlon" => return Some(Category::Combined),
        "lj" | "tj" | "hj" | "pv" | "sp" | "dt" | "jt" | "ht" => return Some(Category::Field),
        _ => {}
    }
    if has(&COMBINED) {
        Some(Category::Combined)
    } else if has(&ROAD) {
        Some(Category::Road)
    } else if has(&FIELD) {
        Some(Category::Field)
    } else if has(&TRACK) {
        Some(Category::Track)
    } else {
        super::find(word).map(|event| event.category())
    }
}

/// What an event of this name measures; a name that says nothing is a race.
pub(super) fn measure_of(name: &str) -> Measure {
    match category_of(name) {
        Some(Category::Combined) => Measure::Points,
        Some(Category::Field) => Measure::Distance,
        Some(Category::Track | Category::Road) | None => Measure::Time,
    }
}
