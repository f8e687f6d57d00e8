//! Text of people: cleaning what a cell holds, and comparing names as a human would.

use std::borrow::Cow;

use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Trims, turns every run of white space (no-break blanks, tabs and line breaks included) into one blank, removes
/// zero-width U+200B and U+FEFF and what turns the direction of the text after it, and normalises to NFC. Accents, case
/// and apostrophes stay (section 20 \[C\]).
///
/// Borrows when the text is clean already, which nearly every cell is.
///
/// ```
/// # use athsys::rules::text::clean;
/// assert_eq!(clean("  Ada\u{a0}\u{202f} Lovelace\r\n"), "Ada Lovelace");
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if is_clean(trimmed) {
        return Cow::Borrowed(trimmed);
    }
    let mut words = String::with_capacity(trimmed.len());
    let mut gap = false;
    for c in trimmed.chars() {
        if is_unseen(c) {
            continue;
        }
        if c.is_whitespace() {
            gap = !words.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            words.push(' ');
        }
        words.push(c);
    }
    match is_nfc_quick(words.chars()) {
        IsNormalized::Yes => Cow::Owned(words),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(words.nfc().collect()),
    }
}

/// Whether trimmed `text` needs no change: single blanks only, nothing invisible, certainly NFC.
fn is_clean(text: &str) -> bool {
    let mut plain = true;
    let mut last = 0;
    for &byte in text.as_bytes() {
        plain &= (b' '..0x7f).contains(&byte) && !(byte == b' ' && last == b' ');
        last = byte;
    }
    plain || (!text.is_ascii() && is_clean_unicode(text))
}

fn is_clean_unicode(text: &str) -> bool {
    let mut last = 'x';
    let mut far = false;
    for c in text.chars() {
        let wrong = if c < '\u{80}' {
            !(' '..'\u{7f}').contains(&c) || (c == ' ' && last == ' ')
        } else {
            c.is_whitespace() || is_unseen(c)
        };
        if wrong {
            return false;
        }
        // Everything below U+0300 is NFC by itself; only what lies beyond needs the tables.
        far |= c >= '\u{300}';
        last = c;
    }
    !far || is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// Characters without a shape that belong to no name. Those that embed, override or isolate a direction come along when
/// numbers are copied from a telephone, or turn what stands behind a name round to make it read as something else.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether the text holds a control character (NUL, escape, line break …). After [`clean`] line breaks and tabs are
/// gone, so what is left never belongs in a name, a club or a note of one line (section 20 \[C\]).
///
/// ```
/// assert!(athsys::rules::text::has_control("a\u{7}b"));
/// ```
pub fn has_control(text: &str) -> bool {
    if text.is_ascii() {
        text.bytes().any(|byte| byte < b' ' || byte == 0x7f)
    } else {
        text.chars().any(char::is_control)
    }
}

/// The blanks that people write into optional cells: nothing, `-`, `--`, `n/a`, `NA`, `none`, `null`, `#N/A`, `?`
/// (section 20 \[C\]).
///
/// Not for names (Na is a surname) and not for countries (NA is Namibia).
///
/// ```
/// assert!(athsys::rules::text::blank("n/a") && !athsys::rules::text::blank("Nairobi"));
/// ```
pub fn blank(text: &str) -> bool {
    let text = text.trim();
    match text.len() {
        0 => true,
        1..=4 => {
            matches!(text, "-" | "--" | "?" | "–" | "—")
                || ["na", "n/a", "none", "null", "#n/a"].iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// At most `max` characters of the text for a message, the last of them `…` where something was cut (section 20 \[C\]).
///
/// ```
/// assert_eq!(athsys::rules::text::excerpt("short", 10), "short");
/// ```
pub fn excerpt(text: &str, max: usize) -> Cow<'_, str> {
    if text.len() <= max || text.chars().nth(max).is_none() {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(max.saturating_sub(1)).map_or(0, |(end, _)| end);
    Cow::Owned(format!("{}…", &text[..end]))
}

/// The comparison key of a name: two names that a human takes for the same have the same key. See [`fold_into`]
/// (section 20 \[C\]).
///
/// ```
/// assert_eq!(athsys::rules::text::fold("Mädchen"), "madchen");
/// ```
pub fn fold(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    fold_into(text, &mut key);
    key
}

/// Appends the comparison key of `text` to `key`, so that one buffer can serve a whole import (section 20 \[C\]).
///
/// Compatibility decomposition, accents dropped, lower case, `ß→ss ø→o đ→d ł→l æ→ae œ→oe ı→i þ→th ð→d`, all apostrophes
/// alike, all hyphens alike, blanks collapsed. Then the transliterations `ae oe ue aa` become `a o u a`, so that
/// *Müller*, *Mueller* and *Muller* share one key. All three must: lists from systems without accents drop them
/// (Muller), passports spell them out (Mueller), and equality has to be transitive to be a key.
///
/// A digraph is left alone where it is rarely an umlaut, because there it would make two people one:
/// at the end of a word (Xue and Xu, Doe and Do), `ue` after a vowel or q (Bauer and Baur, Quentin), final `-ael`
/// (Michael and Michal). What remains equal by accident (Aaron and Aron) still needs the same bib, birth date or club.
///
/// Marks that make another letter rather than an accent are kept: kana voicing, Indic nukta, virama and vowel signs.
///
/// ```
/// let mut key = String::new();
/// athsys::rules::text::fold_into("Müller", &mut key);
/// assert_eq!(key, athsys::rules::text::fold("Mueller"));
/// ```
pub fn fold_into(text: &str, key: &mut String) {
    let start = key.len();
    let mut digraph = false;
    let mut last = b' ';
    for c in text.chars() {
        if c.is_ascii() {
            let byte = (c as u8).to_ascii_lowercase();
            if byte.is_ascii_whitespace() || byte == 0x0b {
                if last != b' ' {
                    key.push(' ');
                }
                last = b' ';
                continue;
            }
            let byte = if byte == b'`' { b'\'' } else { byte };
            digraph |= (byte == b'e' && matches!(last, b'a' | b'o' | b'u')) || (byte == b'a' && last == b'a');
            key.push(char::from(byte));
            last = byte;
        } else {
            fold_char(c, key, start);
            digraph = true; // perhaps: æ, or a letter beside one; shorten() looks closely
            last = if key.len() == start { b' ' } else { key.as_bytes()[key.len() - 1] };
        }
    }
    if key.len() > start && key.ends_with(' ') {
        key.pop();
    }
    if digraph {
        shorten_digraphs(key, start);
    }
}

fn fold_char(c: char, key: &mut String, start: usize) {
    if is_unseen(c) {
        return;
    }
    if c.is_whitespace() {
        if key.len() > start && !key.ends_with(' ') {
            key.push(' ');
        }
        return;
    }
    // U+00B4 would decompose to a blank and a mark.
    if matches!(c, '\u{b4}' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{2032}') {
        key.push('\'');
        return;
    }
    decompose_compatible(c, |part| {
        if is_accent(part) {
            return;
        }
        for lower in part.to_lowercase() {
            match lower {
                'ß' => key.push_str("ss"),
                'æ' => key.push_str("ae"),
                'œ' => key.push_str("oe"),
                'þ' => key.push_str("th"),
                'ø' => key.push('o'),
                'đ' | 'ð' => key.push('d'),
                'ł' => key.push('l'),
                'ı' => key.push('i'),
                'ħ' => key.push('h'),
                'ŧ' => key.push('t'),
                '\u{2010}'..='\u{2015}' | '\u{2212}' => key.push('-'),
                '`' | '\u{2bc}' | '\u{2018}' | '\u{2019}' | '\u{2032}' => key.push('\''),
                ' ' if key.len() == start || key.ends_with(' ') => {}
                mark if is_accent(mark) => {}
                letter => key.push(letter),
            }
        }
    });
}

/// Accents of alphabets. The classes 7 (nukta), 8 (kana voicing), 9 (virama) and those between 36 and 199 (vowel and
/// tone signs of Thai, Lao, Tibetan …) tell letters apart and stay.
fn is_accent(c: char) -> bool {
    c >= '\u{300}' && matches!(canonical_combining_class(c), 1 | 10..=35 | 200..=240)
}

fn shorten_digraphs(key: &mut String, start: usize) {
    let mut bytes = std::mem::take(key).into_bytes();
    let mut kept = start;
    for at in start..bytes.len() {
        let byte = bytes[at];
        let done = &bytes[start..kept];
        if is_second_of_digraph(done, byte, &bytes[at + 1..]) {
            continue;
        }
        bytes[kept] = byte;
        kept += 1;
    }
    bytes.truncate(kept);
    *key = String::from_utf8(bytes).expect("only whole ASCII letters were taken out");
}

/// Whether `byte` is the part of ae, oe, ue, aa that goes, given what was kept before it and what follows.
fn is_second_of_digraph(done: &[u8], byte: u8, rest: &[u8]) -> bool {
    let Some(&first) = done.last() else { return false };
    let before = done.len().checked_sub(2).map(|at| done[at]);
    let pair = match (first, byte) {
        (b'a', b'a' | b'e') | (b'o', b'e') => true,
        (b'u', b'e') => !matches!(before, Some(b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'q')),
        _ => false,
    };
    let ends_word = |rest: &[u8]| rest.first().is_none_or(|next| next.is_ascii() && !next.is_ascii_alphanumeric());
    let is_ael = (first, byte) == (b'a', b'e') && rest.first() == Some(&b'l') && ends_word(&rest[1..]);
    pair && !ends_word(rest) && !is_ael
}

#[cfg(test)]
mod tests;
