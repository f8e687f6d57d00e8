//! From bytes to UTF-8: what kind of file it is, which encoding it has, and a streaming decoder.
//!
//! Order of decisions: byte order mark, pattern of NUL bytes (UTF-16 without mark), strict UTF-8 over the whole input,
//! else Windows-1252. MacRoman is only taken when asked for.

use std::io::{self, Read, Seek, SeekFrom};

mod container;
mod decoder;

pub use container::Container;
pub use decoder::Decoder;

/// An encoding that entry lists come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first: "Unicode text" of spreadsheets.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// The western code page of Windows, superset of ISO 8859-1.
    Windows1252,
    /// Old Macintosh; never detected, only chosen.
    MacRoman,
}

impl Encoding {
    /// The name as the report and the preview show it.
    pub fn label(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1252 => "windows-1252",
            Encoding::MacRoman => "macintosh",
        }
    }

    /// The encoding of a name that a person chose: the labels and their usual variants, in any case.
    pub fn from_label(label: &str) -> Option<Encoding> {
        let encoding = match label.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Encoding::Utf8,
            "utf-16le" | "utf-16" | "utf16" | "utf16le" => Encoding::Utf16Le,
            "utf-16be" | "utf16be" => Encoding::Utf16Be,
            "windows-1252" | "cp1252" | "1252" | "latin1" | "latin-1" | "iso-8859-1" | "iso-8859-15" | "ansi" => {
                Encoding::Windows1252
            }
            "macintosh" | "macroman" | "mac" => Encoding::MacRoman,
            _ => return None,
        };
        Some(encoding)
    }
}

impl Encoding {
    /// Appends text as this encoding writes it. A character it does not have becomes `?`.
    pub fn encode(self, text: &str, out: &mut Vec<u8>) {
        let narrow = match self {
            Encoding::Utf8 => return out.extend_from_slice(text.as_bytes()),
            Encoding::Utf16Le => return text.encode_utf16().for_each(|unit| out.extend(unit.to_le_bytes())),
            Encoding::Utf16Be => return text.encode_utf16().for_each(|unit| out.extend(unit.to_be_bytes())),
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
            Encoding::MacRoman => encoding_rs::MACINTOSH,
        };
        let (encoded, _, had_strangers) = narrow.encode(text);
        if !had_strangers {
            return out.extend_from_slice(&encoded);
        }
        for c in text.chars() {
            let mut buffer = [0; 4];
            let (encoded, _, is_stranger) = narrow.encode(c.encode_utf8(&mut buffer));
            out.extend_from_slice(if is_stranger { b"?" } else { &encoded });
        }
    }
}

/// What [`detect`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// The encoding.
    pub encoding: Encoding,
    /// Bytes of the byte order mark, which belongs to no cell.
    pub mark: u64,
    /// Bytes of the input, mark included.
    pub bytes: u64,
}

/// Why a file cannot be read as text; prints a sentence for a person.
#[derive(Debug, thiserror::Error)]
pub enum EncodingError {
    /// Not text at all.
    #[error("{0}")]
    NotText(Container),
    /// Zero bytes, or only a byte order mark.
    #[error("The file is empty")]
    Empty,
    /// Chosen as UTF-8, but is not.
    #[error("The file is not UTF-8: line {line} holds bytes that UTF-8 does not have. Leave the encoding to detection")]
    NotUtf8 {
        /// Physical line of the first wrong byte.
        line: u64,
    },
    /// Mostly UTF-8 with a few bytes of another encoding: reading it as either spoils names.
    #[error(
        "The file mixes two encodings: it is UTF-8, but line {line} is not. Save it again as \"CSV UTF-8\", or choose \
         the encoding windows-1252"
    )]
    Mixed {
        /// Physical line of the first wrong byte.
        line: u64,
    },
    /// The file could not be read.
    #[error("The file could not be read")]
    Io(#[from] io::Error),
}

/// How much of the start is looked at for the kind of file and for NUL bytes.
const HEAD: usize = 4096;

/// Finds the encoding of a whole input, reading it once from its start with constant memory. A `chosen` encoding is
/// believed, but a file that is no text is refused, and UTF-8 is checked.
///
/// # Errors
/// [`EncodingError`].
pub fn detect<S: Read + Seek>(source: &mut S, chosen: Option<Encoding>) -> Result<Detected, EncodingError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::with_capacity(HEAD);
    source.take(HEAD as u64).read_to_end(&mut head)?;
    let bytes = source.seek(SeekFrom::End(0))?;
    let (marked, mark) = match head.as_slice() {
        [0xef, 0xbb, 0xbf, ..] => (Some(Encoding::Utf8), 3),
        [0xff, 0xfe, ..] => (Some(Encoding::Utf16Le), 2),
        [0xfe, 0xff, ..] => (Some(Encoding::Utf16Be), 2),
        _ => (None, 0),
    };
    let head = &head[mark as usize..];
    if head.is_empty() {
        return Err(EncodingError::Empty);
    }
    let wide = marked.filter(|&encoding| encoding != Encoding::Utf8).or_else(|| wide_by_nuls(head));
    if wide.is_none()
        && let Some(container) = Container::of(head)
    {
        return Err(EncodingError::NotText(container));
    }
    let mark = if chosen.is_none() || chosen == marked { mark } else { 0 };
    let detected = |encoding| Detected { encoding, mark, bytes };
    match chosen.or(wide) {
        Some(Encoding::Utf8) | None => {}
        Some(encoding) => return Ok(detected(encoding)),
    }
    source.seek(SeekFrom::Start(mark))?;
    let verdict = check_utf8(source, mark)?;
    match verdict.first_wrong {
        None => Ok(detected(Encoding::Utf8)),
        Some(at) if chosen.is_some() => Err(EncodingError::NotUtf8 { line: line_at(source, at)? }),
        Some(at) if marked.is_some() || verdict.is_mostly_utf8() => {
            Err(EncodingError::Mixed { line: line_at(source, at)? })
        }
        Some(_) => Ok(detected(Encoding::Windows1252)),
    }
}

/// UTF-16 without a mark: of the letters we know every other byte is NUL.
fn wide_by_nuls(head: &[u8]) -> Option<Encoding> {
    let pairs = head.len() / 2;
    if pairs < 2 {
        return None;
    }
    let nuls_at = |parity: usize| head.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second) = (nuls_at(0), nuls_at(1));
    let (many, few) = (pairs * 3 / 10, pairs / 50);
    if second > many && first <= few {
        Some(Encoding::Utf16Le)
    } else if first > many && second <= few {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

#[derive(Default)]
struct Verdict {
    /// Byte of the source at which the first wrong sequence starts.
    first_wrong: Option<u64>,
    /// Sequences of two to four bytes that are UTF-8.
    sequences: u64,
    wrong: u64,
}

impl Verdict {
    /// Windows-1252 text has hardly a sequence that happens to be UTF-8.
    fn is_mostly_utf8(&self) -> bool {
        self.sequences >= 3 && self.sequences >= 4 * self.wrong
    }
}

fn check_utf8(source: &mut impl Read, start: u64) -> io::Result<Verdict> {
    let mut verdict = Verdict::default();
    let mut buffer = vec![0; 64 * 1024];
    let mut kept = 0;
    // Where the buffer starts in the source.
    let mut offset = start;
    loop {
        let read = read_some(source, &mut buffer[kept..])?;
        let filled = kept + read;
        let tail = verdict.take(&buffer[..filled], offset, read == 0);
        if read == 0 {
            return Ok(verdict);
        }
        // At most three bytes of a cut sequence wait for the next chunk.
        buffer.copy_within(filled - tail..filled, 0);
        offset += (filled - tail) as u64;
        kept = tail;
    }
}

impl Verdict {
    /// Judges a chunk; returns how many bytes at its end are the start of a sequence.
    fn take(&mut self, chunk: &[u8], offset: u64, is_last: bool) -> usize {
        let mut rest = chunk;
        loop {
            let Err(error) = std::str::from_utf8(rest) else {
                self.count_sequences(rest);
                return 0;
            };
            let (valid, behind) = rest.split_at(error.valid_up_to());
            self.count_sequences(valid);
            match error.error_len() {
                None if !is_last => return behind.len(),
                length => {
                    self.wrong += 1;
                    self.first_wrong.get_or_insert(offset + (chunk.len() - behind.len()) as u64);
                    rest = &behind[length.unwrap_or(behind.len())..];
                }
            }
        }
    }

    fn count_sequences(&mut self, valid: &[u8]) {
        self.sequences += valid.iter().filter(|&&byte| byte >= 0xc0).count() as u64;
    }
}

/// The physical line that holds a byte of the source; lines end in CRLF, LF or CR.
fn line_at<S: Read + Seek>(source: &mut S, at: u64) -> io::Result<u64> {
    source.seek(SeekFrom::Start(0))?;
    let mut line = 1;
    let mut after_cr = false;
    for byte in io::BufReader::new(source).take(at).bytes() {
        let byte = byte?;
        line += u64::from(byte == b'\r' || (byte == b'\n' && !after_cr));
        after_cr = byte == b'\r';
    }
    Ok(line)
}

/// One read that is repeated when a signal interrupts it.
pub(super) fn read_some(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests;
