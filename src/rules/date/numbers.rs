//! Dates of three numbers: `14/03/2008`, `2008.3.14`, `14. 3. 08`.

use super::digits;

/// Three numbers with one kind of separator between them.
pub(super) struct Numbers {
    pub parts: [u32; 3],
    pub separator: u8,
    /// The first number has four digits.
    pub year_first: bool,
}

impl Numbers {
    pub(super) fn of(text: &str) -> Option<Numbers> {
        let separator = text.bytes().find(|byte| !byte.is_ascii_digit())?;
        if !matches!(separator, b'/' | b'-' | b'.' | b' ') {
            return None;
        }
        // "14. 3. 2008" has blanks after its dots.
        let mut parts = text.split(char::from(separator)).map(str::trim);
        let texts = [parts.next()?, parts.next()?, parts.next()?];
        if parts.any(|more| !more.is_empty()) {
            return None;
        }
        let year_first = texts[0].len() == 4;
        let (year, others) =
            if year_first { (texts[0], [texts[1], texts[2]]) } else { (texts[2], [texts[0], texts[1]]) };
        // "01/01/0008" must not become 2008.
        let year_fits = year.len() == 2 || (year.len() == 4 && !year.starts_with("00"));
        let lengths_fit = year_fits && others.iter().all(|part| matches!(part.len(), 1 | 2));
        if !lengths_fit {
            return None;
        }
        let mut numbers = [0; 3];
        for (number, text) in numbers.iter_mut().zip(texts) {
            *number = digits(text.as_bytes())?;
        }
        Some(Numbers { parts: numbers, separator, year_first })
    }
}
