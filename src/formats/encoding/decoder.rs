//! Streaming decoder: any [`Encoding`] in, UTF-8 without mark and without NUL out.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Detected, Encoding, read_some};

/// Reads a source as UTF-8. Memory is constant; the byte order mark is gone, NUL characters are removed and counted.
pub struct Decoder<R> {
    source: R,
    /// `None` for UTF-8, which is handed through.
    wide: Option<Wide>,
    nuls: u64,
    bytes_read: u64,
}

/// Conversion from an encoding that is not UTF-8.
struct Wide {
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    /// Unread part of `input`.
    pending: std::ops::Range<usize>,
    output: Vec<u8>,
    /// Undelivered part of `output`.
    ready: std::ops::Range<usize>,
    is_done: bool,
    had_errors: bool,
}

const CHUNK: usize = 32 * 1024;

impl<R: Read + Seek> Decoder<R> {
    /// Starts at the beginning of the source, behind its mark.
    ///
    /// # Errors
    /// When the source cannot be moved to its start.
    pub fn new(mut source: R, detected: &Detected) -> io::Result<Decoder<R>> {
        source.seek(SeekFrom::Start(detected.mark))?;
        let encoding = match detected.encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252),
            Encoding::MacRoman => Some(encoding_rs::MACINTOSH),
        };
        Ok(Decoder { source, wide: encoding.map(Wide::new), nuls: 0, bytes_read: detected.mark })
    }
}

impl<R> Decoder<R> {
    /// NUL characters removed so far.
    pub fn nuls(&self) -> u64 {
        self.nuls
    }

    /// Bytes taken from the source so far, the mark included; for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Whether something could not be decoded and became U+FFFD (half a UTF-16 pair).
    pub fn had_errors(&self) -> bool {
        self.wide.as_ref().is_some_and(|wide| wide.had_errors)
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let filled = match &mut self.wide {
                None => {
                    let read = read_some(&mut self.source, buffer)?;
                    self.bytes_read += read as u64;
                    read
                }
                Some(wide) => wide.read(&mut self.source, buffer, &mut self.bytes_read)?,
            };
            let kept = remove_nuls(&mut buffer[..filled]);
            self.nuls += (filled - kept) as u64;
            // A chunk of NULs alone must not look like the end of the file.
            if kept > 0 || filled == 0 {
                return Ok(kept);
            }
        }
    }
}

/// Moves everything but NULs to the front; returns how much is left.
fn remove_nuls(bytes: &mut [u8]) -> usize {
    if !bytes.contains(&0) {
        return bytes.len();
    }
    let mut kept = 0;
    for at in 0..bytes.len() {
        if bytes[at] != 0 {
            bytes[kept] = bytes[at];
            kept += 1;
        }
    }
    kept
}

impl Wide {
    fn new(encoding: &'static encoding_rs::Encoding) -> Wide {
        Wide {
            decoder: encoding.new_decoder_without_bom_handling(),
            input: vec![0; CHUNK],
            pending: 0..0,
            output: vec![0; CHUNK],
            ready: 0..0,
            is_done: false,
            had_errors: false,
        }
    }

    fn read(&mut self, source: &mut impl Read, buffer: &mut [u8], bytes_read: &mut u64) -> io::Result<usize> {
        while self.ready.is_empty() && !self.is_done {
            let mut is_last = false;
            if self.pending.is_empty() {
                let read = read_some(source, &mut self.input)?;
                *bytes_read += read as u64;
                self.pending = 0..read;
                is_last = read == 0;
            }
            let input = &self.input[self.pending.clone()];
            let (result, taken, written, replaced) = self.decoder.decode_to_utf8(input, &mut self.output, is_last);
            self.pending.start += taken;
            self.ready = 0..written;
            self.had_errors |= replaced;
            self.is_done = is_last && result == encoding_rs::CoderResult::InputEmpty;
        }
        let length = self.ready.len().min(buffer.len());
        let from = self.ready.start;
        buffer[..length].copy_from_slice(&self.output[from..from + length]);
        self.ready.start += length;
        Ok(length)
    }
}
