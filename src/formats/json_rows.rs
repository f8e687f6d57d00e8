//! JSON documents that hold lists of rows: `{"races": [...]}`, a bare list, or an export `{"data": {"users": [...]}}`.
//!
//! [`check`] reads the whole document once, validates it and says what is in it; [`each`] streams the elements of one
//! list. Neither holds the file in memory. Lines and columns in faults count from 1, columns in bytes.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use serde_json::Value;

use super::encoding::{Decoder, Detected, Encoding};

mod fault;
mod skim;
mod stream;

pub use fault::JsonFault;

/// What a document holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A bare list with so many elements.
    List(usize),
    /// An object with these members, in order; those of an object `data` follow it.
    Object(Vec<Section>),
    /// Anything else: `a text`, `a number`, …
    Other(&'static str),
}

/// A member of the top-level object, or of its member `data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The key.
    pub name: String,
    /// Whether it is a member of `data`.
    pub is_under_data: bool,
    /// What it holds.
    pub content: Content,
}

/// What a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A list with so many elements.
    List(usize),
    /// No list: `a text`, `a number`, `an object`, `null` …
    NotAList(&'static str),
}

impl Shape {
    /// The section of this name, at the top or under `data`.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections().iter().find(|section| section.name == name)
    }

    /// All sections; none for a bare list.
    pub fn sections(&self) -> &[Section] {
        match self {
            Shape::Object(sections) => sections,
            Shape::List(_) | Shape::Other(_) => &[],
        }
    }

    /// Names of the sections that are none of `known`, the wrapper `data` aside.
    pub fn unknown<'a>(&'a self, known: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let is_wrapper = |section: &Section| {
            section.name == "data" && !section.is_under_data && section.content == Content::NotAList(skim::OBJECT)
        };
        let others = self.sections().iter().filter(move |section| !is_wrapper(section));
        others.map(|section| section.name.as_str()).filter(|name| !known.contains(name))
    }
}

/// Why the rows of a document were not all given out.
#[derive(Debug, thiserror::Error)]
pub enum EachError<E> {
    /// The document is not JSON.
    #[error(transparent)]
    Json(#[from] JsonFault),
    /// The receiver of the rows stopped.
    #[error("{0}")]
    Row(E),
}

/// Validates a whole document (syntax, encoding, nesting, no member twice in one object) and says what it holds.
///
/// # Errors
/// [`JsonFault`] with line, column and a plain sentence.
pub fn check<S: Read + Seek>(source: &mut S) -> Result<Shape, JsonFault> {
    let mut parser = serde_json::Deserializer::from_reader(text_of(source)?);
    let shape = skim::shape(&mut parser).and_then(|shape| parser.end().map(|()| shape));
    shape.map_err(JsonFault::of)
}

/// Gives the elements of one list to `f` with their index from 0: of the section with this name (at the top or one level
/// down under `data`), or of a bare list without a name. Returns how many there were; a section that does not exist, or
/// is no list, has none ([`check`] says which).
///
/// # Errors
/// [`EachError::Row`] when `f` stops, [`EachError::Json`] when the document is broken, which a document that passed
/// [`check`] is not.
pub fn each<S, E>(
    source: &mut S,
    section: Option<&str>,
    f: impl FnMut(usize, Value) -> Result<(), E>,
) -> Result<usize, EachError<E>>
where
    S: Read + Seek,
{
    let text = text_of(source)?;
    stream::each(text, section, f)
}

/// The document as UTF-8 without a byte order mark. NUL bytes of a UTF-8 document stay: they are a fault in JSON.
fn text_of<S: Read + Seek>(source: &mut S) -> Result<BufReader<Box<dyn Read + '_>>, JsonFault> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::with_capacity(3);
    source.take(3).read_to_end(&mut head)?;
    let wide = match head.as_slice() {
        [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
        _ => None,
    };
    let reader: Box<dyn Read + '_> = match wide {
        Some(encoding) => Box::new(decoder(source, encoding)?),
        None => {
            let mark = if head == [0xef, 0xbb, 0xbf] { 3 } else { 0 };
            source.seek(SeekFrom::Start(mark))?;
            Box::new(source)
        }
    };
    Ok(BufReader::with_capacity(64 * 1024, reader))
}

fn decoder<S: Read + Seek>(source: &mut S, encoding: Encoding) -> io::Result<Decoder<&mut S>> {
    Decoder::new(source, &Detected { encoding, mark: 2, bytes: 0 })
}

#[cfg(test)]
mod tests;
