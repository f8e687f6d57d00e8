//! Dates with a month in words: `14 Mar 2008`, `Mar 14, 2008`, `14-mars-08`, `14. März 2008`, `14 de marzo de 2008`.

use super::digits;
use crate::rules::text::fold;

/// Year as written (two or four digits), month 1 to 12, day; `None` when the text is not of this kind.
pub(super) fn read(text: &str) -> Option<(u32, u8, u32)> {
    if text.len() > 40 {
        return None;
    }
    let folded = fold(text);
    let words =
        folded.split([' ', '-', '/', '.', ',']).filter(|word| !matches!(*word, "" | "de" | "of" | "den" | "del"));
    let mut parts = [""; 3];
    for (index, word) in words.enumerate() {
        *parts.get_mut(index)? = word;
    }
    match (number_of(parts[0]), month_of(parts[0])) {
        (Some(first), None) if parts[0].len() == 4 && digits(parts[0].as_bytes()).is_some() => {
            Some((first, month_of(parts[1])?, day_of(parts[2])?))
        }
        (Some(_), None) => Some((year_of(parts[2])?, month_of(parts[1])?, day_of(parts[0])?)),
        (None, Some(month)) => Some((year_of(parts[2])?, month, day_of(parts[1])?)),
        (None, None) | (Some(_), Some(_)) => None,
    }
}

fn number_of(word: &str) -> Option<u32> {
    let digits_end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, rest) = word.split_at(digits_end);
    matches!(rest, "" | "st" | "nd" | "rd" | "th" | "er").then(|| digits(number.as_bytes()))?
}

fn day_of(word: &str) -> Option<u32> {
    number_of(word).filter(|&day| (1..=31).contains(&day))
}

fn year_of(word: &str) -> Option<u32> {
    let is_year = match word.len() {
        2 => true,
        4 => !word.starts_with("00"),
        _ => false,
    };
    is_year.then(|| digits(word.as_bytes()))?
}

/// Month 1 to 12 of a folded name or abbreviation in the languages of entry lists.
fn month_of(word: &str) -> Option<u8> {
    let month = match word {
        "jan" | "january" | "janv" | "janvier" | "januar" | "janner" | "ene" | "enero" | "gen" | "gennaio"
        | "janeiro" | "januari" | "janvi" | "sty" | "styczen" => 1,
        "feb" | "february" | "fev" | "fevr" | "fevrier" | "februar" | "febrero" | "febbraio" | "fevereiro"
        | "februari" | "lut" | "luty" => 2,
        "mar" | "march" | "mars" | "marz" | "mrz" | "mrt" | "maart" | "mart" | "marzo" | "marco" | "marzec" => 3,
        "apr" | "april" | "avr" | "avril" | "abr" | "abril" | "aprile" | "kwi" | "kwiecien" => 4,
        "may" | "mai" | "mayo" | "mag" | "maggio" | "maio" | "mei" | "maj" => 5,
        "jun" | "june" | "juin" | "juni" | "junio" | "giu" | "giugno" | "junho" | "cze" | "czerwiec" => 6,
        "jul" | "july" | "juil" | "juillet" | "juli" | "julio" | "lug" | "luglio" | "julho" | "lip" | "lipiec" => 7,
        "aug" | "august" | "aou" | "aout" | "ago" | "agosto" | "augustus" | "augusti" | "sie" | "sierpien" => 8,
        "sep" | "sept" | "september" | "septembre" | "septiembre" | "set" | "settembre" | "setembro" | "wrz"
        | "wrzesien" => 9,
        "oct" | "october" | "octobre" | "okt" | "oktober" | "octubre" | "ott" | "ottobre" | "out" | "outubro"
        | "paz" | "pazdziernik" => 10,
        "nov" | "november" | "novembre" | "noviembre" | "novembro" | "lis" | "listopad" => 11,
        "dec" | "december" | "decembre" | "dez" | "dezember" | "dic" | "diciembre" | "dicembre" | "dezembro"
        | "des" | "desember" | "gru" | "grudzien" => 12,
        _ => return None,
    };
    Some(month)
}
