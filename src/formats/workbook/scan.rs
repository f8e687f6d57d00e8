//! The tags of an XML part, found while it is inflated and without keeping it.
//!
//! Tags begin and end here exactly where they do for the parser that reads the workbook afterwards, so that nothing can
//! be hidden from the checks: quotes count in tags, comments and CDATA end where theirs do. A DOCTYPE, which no
//! workbook has, is refused rather than understood.

/// Of a longer tag only the start is kept; nothing that is looked at is longer.
const KEPT: usize = 16 * 1024;

/// Receives what a part consists of.
pub(super) trait Sink {
    /// A tag.
    fn tag(&mut self, tag: &Tag<'_>);
    /// Some text between two tags; it may come in several pieces.
    fn text(&mut self, length: usize);
    /// A comment or an instruction.
    fn other(&mut self, length: usize);
    /// A document type declaration, behind which nothing is certain.
    fn doctype(&mut self);
}

/// `<x:row r="1">`, `</row>` or `<row/>`.
pub(super) struct Tag<'a> {
    /// What stands between the angle brackets, without the slashes; cut when it is very long.
    pub text: &'a [u8],
    pub is_end: bool,
    pub is_empty: bool,
    /// Its length, also when it is cut.
    pub length: usize,
}

impl<'a> Tag<'a> {
    /// The name as it is written. What stands behind the name of an end tag belongs to it.
    pub fn full_name(&self) -> &'a [u8] {
        if self.is_end {
            return self.text.trim_ascii_end();
        }
        let end = self.text.iter().position(u8::is_ascii_whitespace).unwrap_or(self.text.len());
        &self.text[..end]
    }

    /// The name without its prefix.
    pub fn name(&self) -> &'a [u8] {
        let name = self.full_name();
        name.iter().position(|&byte| byte == b':').map_or(name, |colon| &name[colon + 1..])
    }

    /// The text of an attribute as it is written. A prefix belongs to the name of the attribute.
    pub fn attribute(&self, name: &[u8]) -> Option<&'a [u8]> {
        let mut rest = self.text;
        loop {
            let equals = rest.iter().position(|&byte| byte == b'=')?;
            let key = rest[..equals].trim_ascii_end();
            let key = key.rsplit(u8::is_ascii_whitespace).next().unwrap_or(key);
            let value = rest[equals + 1..].trim_ascii_start();
            let quote = *value.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
            let length = value[1..].iter().position(|&byte| byte == quote)?;
            if key == name {
                return Some(&value[1..=length]);
            }
            rest = &value[length + 2..];
        }
    }

    pub fn is_cut(&self) -> bool {
        self.length > self.text.len() + 2
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// Behind `<`.
    Opened,
    /// Behind `<!`.
    Bang,
    /// In a tag, and in which quotes.
    Tag(Option<u8>),
    Comment,
    CData,
    Instruction,
    /// Behind a DOCTYPE.
    Lost,
}

/// Takes a part in pieces.
pub(super) struct Scanner {
    state: State,
    tag: Vec<u8>,
    /// Bytes since `<`, that one not counted.
    length: usize,
    /// The two bytes before.
    last: [u8; 2],
    text: usize,
    /// The longest tag, text or comment so far.
    pub longest: usize,
    /// The longest tag.
    pub longest_tag: usize,
}

impl Scanner {
    pub fn new() -> Scanner {
        Scanner { state: State::Text, tag: Vec::new(), length: 0, last: [0; 2], text: 0, longest: 0, longest_tag: 0 }
    }

    /// Takes the next piece.
    pub fn feed(&mut self, piece: &[u8], sink: &mut impl Sink) {
        let mut rest = piece;
        while !rest.is_empty() {
            if self.state == State::Text {
                let length = rest.iter().position(|&byte| byte == b'<').unwrap_or(rest.len());
                if length > 0 {
                    sink.text(length);
                    self.text += length;
                    self.longest = self.longest.max(self.text);
                }
                rest = &rest[length..];
                if let Some(behind) = rest.get(1..) {
                    self.open();
                    rest = behind;
                }
                continue;
            }
            self.markup(rest[0], sink);
            rest = &rest[1..];
        }
    }

    fn open(&mut self) {
        self.state = State::Opened;
        self.tag.clear();
        self.length = 0;
        self.last = [0; 2];
        self.text = 0;
    }

    /// One byte behind `<`.
    fn markup(&mut self, byte: u8, sink: &mut impl Sink) {
        self.length += 1;
        self.longest = self.longest.max(self.length);
        self.state = match (self.state, byte) {
            (State::Opened, b'!') => State::Bang,
            (State::Opened, b'?') => State::Instruction,
            (State::Bang, b'-') => State::Comment,
            (State::Bang, b'[') => State::CData,
            (State::Bang | State::Lost, _) => {
                sink.doctype();
                State::Lost
            }
            (State::Opened | State::Tag(None), b'>') => {
                self.close(sink);
                State::Text
            }
            (State::Opened | State::Tag(None), b'"' | b'\'') => {
                self.keep(byte);
                State::Tag(Some(byte))
            }
            (State::Opened, _) => {
                self.keep(byte);
                State::Tag(None)
            }
            (State::Tag(quote), _) => {
                self.keep(byte);
                State::Tag(quote.filter(|&quote| quote != byte))
            }
            (State::Comment, b'>') if self.last == *b"--" && self.length > 5 => {
                sink.other(self.length);
                State::Text
            }
            (State::CData, b'>') if self.last == *b"]]" => {
                // Text in disguise.
                sink.text(self.length);
                State::Text
            }
            (State::Instruction, b'>') if self.last[1] == b'?' => {
                sink.other(self.length);
                State::Text
            }
            (state, _) => state,
        };
        self.last = [self.last[1], byte];
    }

    fn keep(&mut self, byte: u8) {
        if self.tag.len() < KEPT {
            self.tag.push(byte);
        }
    }

    fn close(&mut self, sink: &mut impl Sink) {
        self.longest_tag = self.longest_tag.max(self.length);
        let text = self.tag.as_slice();
        let (text, is_end) = text.strip_prefix(b"/").map_or((text, false), |rest| (rest, true));
        let (text, is_empty) = text.strip_suffix(b"/").map_or((text, false), |rest| (rest, true));
        sink.tag(&Tag { text, is_end, is_empty, length: self.length });
    }
}
