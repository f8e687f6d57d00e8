//! Gender categories of competition and the many ways spreadsheets write them.
//!
//! Some letters mean different things in different languages (`H` homme, hombre; `M` male, mujer; `V` vrouw, varón;
//! `D` dame, divers). One cell cannot tell; the set of values of its column, with the language of the headings, can.

use serde::{Deserialize, Serialize};

use super::language::Language;
use super::text;

/// Gender of an athlete or an event; `X` is mixed or other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Gender {
    /// Men, boys.
    M,
    /// Women, girls.
    F,
    /// Mixed or other.
    X,
}

impl Gender {
    /// The letter: `M`, `F` or `X` (section 15 \[C\]).
    ///
    /// ```
    /// assert_eq!(athsys::rules::gender::Gender::X.as_str(), "X");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Gender::M => "M",
            Gender::F => "F",
            Gender::X => "X",
        }
    }

    /// Reads a single value without knowing its column, in any of the languages we know. The letters of several
    /// meanings take the most common one: `H` M, `W` F, `K` F, `V` F (Dutch), `D` X (German) (section 15 \[C\]).
    ///
    /// `None` when nothing is meant for certain: a guess would put an athlete into the wrong race.
    ///
    /// ```
    /// use athsys::rules::gender::Gender;
    /// assert_eq!(Gender::read("Frauen"), Some(Gender::F));
    /// ```
    pub fn read(value: &str) -> Option<Gender> {
        let value = trim(value);
        match value.as_bytes() {
            [] => None,
            [letter] => from_letter(letter.to_ascii_uppercase()),
            bytes if bytes.len() <= LONGEST && bytes.is_ascii() => {
                let mut lower = [0; LONGEST];
                let lower = &mut lower[..bytes.len()];
                lower.copy_from_slice(bytes);
                lower.make_ascii_lowercase();
                from_word(std::str::from_utf8(lower).expect("ASCII is UTF-8"))
            }
            _ => from_word(&text::fold(value)),
        }
    }
}

impl std::fmt::Display for Gender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// No word of the table is longer.
const LONGEST: usize = 12;

fn trim(value: &str) -> &str {
    let value = value.trim();
    value.strip_suffix('.').unwrap_or(value).trim_end()
}

fn from_letter(upper: u8) -> Option<Gender> {
    match upper {
        b'M' | b'H' => Some(Gender::M),
        b'F' | b'W' | b'V' | b'K' => Some(Gender::F),
        b'X' | b'D' | b'O' => Some(Gender::X),
        _ => None,
    }
}

/// Words as [`text::fold`] writes them (`Mädchen` is `madchen`), or plain lower-case ASCII.
fn from_word(word: &str) -> Option<Gender> {
    let gender = match word {
        // English, French, German, Spanish, Italian, Portuguese, Dutch, Polish, Nordic, Chinese.
        "male" | "man" | "men" | "boy" | "boys" | "mr" => Gender::M,
        "homme" | "hommes" | "masculin" | "garcon" | "garcons" => Gender::M,
        "mannlich" | "maennlich" | "mann" | "manner" | "maenner" | "herr" | "herren" | "junge" | "jungen" => Gender::M,
        "masculino" | "hombre" | "hombres" | "varon" | "varones" | "chico" | "chicos" => Gender::M,
        "maschio" | "maschi" | "uomo" | "uomini" | "homem" | "homens" => Gender::M,
        "mannen" | "jongen" | "jongens" | "mezczyzna" | "mezczyzni" | "mand" | "herrar" | "menn" | "男" => Gender::M,
        "female" | "woman" | "women" | "girl" | "girls" | "ms" | "mrs" => Gender::F,
        "femme" | "femmes" | "feminin" | "fille" | "filles" | "dame" | "dames" => Gender::F,
        "weiblich" | "frau" | "frauen" | "madchen" | "maedchen" | "damen" => Gender::F,
        "femenino" | "mujer" | "mujeres" | "chica" | "chicas" => Gender::F,
        "femmina" | "femmine" | "donna" | "donne" | "mulher" | "mulheres" | "feminino" => Gender::F,
        "vrouw" | "vrouwen" | "meisje" | "meisjes" | "kobieta" | "kobiety" | "kvinde" | "kvinna" | "kvinne" | "女" => {
            Gender::F
        }
        "mixed" | "mixte" | "gemischt" | "mixto" | "other" | "autre" | "divers" | "non-binary" | "nonbinary"
        | "non binary" | "nb" => Gender::X,
        _ => return None,
    };
    Some(gender)
}

/// Collects the distinct one-letter values of a gender column; [`decide`](GenderSurvey::decide) says what they mean.
#[derive(Debug, Clone, Copy, Default)]
pub struct GenderSurvey {
    /// Bit n: the letter `A` + n occurs.
    letters: u32,
}

impl GenderSurvey {
    /// Takes one value of the column, as written (section 15 \[C\]).
    ///
    /// ```
    /// let mut survey = athsys::rules::gender::GenderSurvey::default();
    /// survey.feed("W");
    /// assert!(!survey.is_ambiguous());
    /// ```
    pub fn feed(&mut self, value: &str) {
        if let [letter] = trim(value).as_bytes()
            && letter.is_ascii_alphabetic()
        {
            self.letters |= 1 << (letter.to_ascii_uppercase() - b'A');
        }
    }

    /// Whether the rest of the column may matter: a letter with several meanings has occurred, or `M` without any letter
    /// for women (section 15 \[C\]).
    ///
    /// ```
    /// let mut survey = athsys::rules::gender::GenderSurvey::default();
    /// ["H", "M"].into_iter().for_each(|cell| survey.feed(cell));
    /// assert!(survey.is_ambiguous());
    /// ```
    pub fn is_ambiguous(&self) -> bool {
        let women = [b'F', b'W', b'K'].into_iter().any(|letter| self.has(letter));
        [b'H', b'V', b'D'].into_iter().any(|letter| self.has(letter)) || (self.has(b'M') && !women)
    }

    fn has(&self, letter: u8) -> bool {
        self.letters & (1 << (letter - b'A')) != 0
    }

    /// Decides the meaning of the letters for the column, given the language of the table's headings
    /// (section 15 \[C\]).
    ///
    /// | values in the column | meaning |
    /// |---|---|
    /// | H and M, neither F nor W | Spanish headings: M is mujer; otherwise M stays open (masculin or mujer) |
    /// | V and M | Spanish headings: V is varón, M mujer; otherwise V is vrouw |
    /// | V and F | V is varón |
    /// | H and D, neither F nor W | D is dame, damer |
    /// | M and D, neither F nor W | French headings: dame; German headings: divers; otherwise D stays open |
    ///
    /// ```
    /// use athsys::rules::{gender::{Gender, GenderSurvey}, language::Language};
    /// let mut survey = GenderSurvey::default();
    /// ["H", "M"].into_iter().for_each(|cell| survey.feed(cell));
    /// assert_eq!(survey.decide(Language::Spanish).read("M"), Some(Gender::F));
    /// ```
    pub fn decide(&self, language: Language) -> GenderLetters {
        let [h, m, v, d] = [b'H', b'M', b'V', b'D'].map(|letter| self.has(letter));
        let women = self.has(b'F') || self.has(b'W') || self.has(b'K');
        let spanish = language == Language::Spanish;
        let mut letters = GenderLetters::default();
        if m && h && !women {
            letters.m = if spanish { Some(Gender::F) } else { None };
        }
        if v {
            letters.v = Some(if women || (m && spanish) { Gender::M } else { Gender::F });
            if m && spanish && !women {
                letters.m = Some(Gender::F);
            }
        }
        if d && !women {
            letters.d = match language {
                _ if h => Some(Gender::F),
                Language::French => Some(Gender::F),
                Language::German => Some(Gender::X),
                Language::English | Language::Spanish | Language::Other => None,
            };
        }
        letters
    }
}

/// What the letters of one column mean; the default is the meaning they have alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenderLetters {
    m: Option<Gender>,
    v: Option<Gender>,
    d: Option<Gender>,
}

impl Default for GenderLetters {
    fn default() -> GenderLetters {
        GenderLetters { m: Some(Gender::M), v: Some(Gender::F), d: Some(Gender::X) }
    }
}

impl GenderLetters {
    /// Leaves the letters open that need the whole column and have not occurred in the part that was surveyed: a `V` that
    /// turns up later must be an error, not a guess (section 15 \[C\]).
    ///
    /// ```
    /// use athsys::rules::gender::{GenderLetters, GenderSurvey};
    /// let letters = GenderLetters::default().without_unseen(&GenderSurvey::default());
    /// assert_eq!(letters.read("V"), None);
    /// ```
    pub fn without_unseen(mut self, survey: &GenderSurvey) -> GenderLetters {
        self.v = self.v.filter(|_| survey.has(b'V'));
        self.d = self.d.filter(|_| survey.has(b'D'));
        self
    }

    /// Reads a value of the column; `None` when it is unknown or stays open (section 15 \[C\]).
    ///
    /// ```
    /// use athsys::rules::gender::{Gender, GenderLetters};
    /// assert_eq!(GenderLetters::default().read("Frau"), Some(Gender::F));
    /// ```
    pub fn read(&self, value: &str) -> Option<Gender> {
        match trim(value) {
            "M" | "m" => self.m,
            "V" | "v" => self.v,
            "D" | "d" => self.d,
            other => Gender::read(other),
        }
    }
}

#[cfg(test)]
mod tests;
