//! Good files, and what becomes of them when somebody has had them in their hands.

use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;

use athsys::db::Entity;
use athsys::formats::format::Format;
use athsys::imports::{Dataset, Options};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::Engine;

/// A file that somebody could send, and as what.
#[derive(Debug)]
pub struct Original {
    pub name: String,
    pub dataset: Dataset,
    pub format: Format,
    pub content: Vec<u8>,
}

/// Every sample there is, and an export of every kind of rows in every format.
pub static ORIGINALS: LazyLock<Vec<Original>> = LazyLock::new(|| {
    let mut originals = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["tests/data/athletes", "tests/data/json", "examples/data"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let Some(format) = Format::of_file(&path) else { continue };
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let dataset = Dataset::from_name(name.split(['-', '.']).next().unwrap());
            let dataset = dataset.unwrap_or(Dataset::Rows(Entity::Athletes));
            originals.push(Original { name, dataset, format, content: std::fs::read(path).unwrap() });
        }
    }
    let engine = Engine::start();
    assert!(athsys::demo::load(&engine.db).unwrap());
    for entity in Entity::DATA {
        for format in Format::ALL {
            let name = format!("{}.{}", entity.table(), format.name());
            originals.push(Original {
                name,
                dataset: Dataset::Rows(entity),
                format,
                content: engine.export(entity, format),
            });
        }
    }
    originals.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(originals.len() > 50, "the samples are found");
    originals
});

/// What happens to a file.
#[derive(Debug, Clone)]
pub enum Edit {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Delete(Index, usize),
    Duplicate(Index, usize),
    Cut(Index),
    DoubleLine(Index),
    DropLine(Index),
    SwapLines(Index, Index),
    /// A piece of another file.
    Splice(Index, Index, Index, usize),
    /// Every occurrence of one byte becomes another.
    Exchange(u8, u8),
    Utf16(bool),
}

pub fn edit() -> impl Strategy<Value = Edit> {
    let any = any::<Index>;
    let trap = select(vec![
        &b"\""[..],
        b"\"\"",
        b",",
        b";",
        b"\t",
        b"|",
        b"\r",
        b"\n",
        b"\r\n",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xe9",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"null",
        b"1e999",
        b"-0",
        b"\\u0000",
        b"\\ud800",
        b"99999999999999999999",
        b"sep=;\n",
        b"=cmd|' /C calc'!A0",
        b"2001-02-30",
        b"39521",
        b"<!DOCTYPE x>",
        b"<v>",
        b"</row>",
        b"&#0;",
        b"&lt;",
        b"_x0000_",
    ]);
    let trap = prop_oneof![3 => trap.prop_map(<[u8]>::to_vec), 1 => vec(proptest::num::u8::ANY, 1..8)];
    prop_oneof![
        4 => (any(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip(at, bit)),
        4 => (any(), trap).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        2 => (any(), 1..64_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        2 => (any(), 1..5_000_usize).prop_map(|(at, length)| Edit::Duplicate(at, length)),
        1 => any().prop_map(Edit::Cut),
        2 => any().prop_map(Edit::DoubleLine),
        2 => any().prop_map(Edit::DropLine),
        1 => (any(), any()).prop_map(|(one, other)| Edit::SwapLines(one, other)),
        1 => (any(), any(), any(), 1..2_000_usize).prop_map(|(file, from, to, length)| Edit::Splice(file, from, to, length)),
        1 => (select(b",;\t|\"'\n\r 0M:{".to_vec()), select(b",;\t|\"'\n\r 9:[\0".to_vec()))
            .prop_map(|(from, to)| Edit::Exchange(from, to)),
        1 => proptest::bool::ANY.prop_map(Edit::Utf16),
    ]
}

impl Edit {
    pub fn apply(&self, content: &mut Vec<u8>) {
        // Places for an insertion; one behind the last byte is one too.
        let length = content.len();
        let place = |at: &Index| at.index(length + 1);
        match self {
            Edit::Flip(at, bit) if length > 0 => content[at.index(length)] ^= 1 << bit,
            Edit::Insert(at, bytes) => drop(content.splice(place(at)..place(at), bytes.iter().copied())),
            Edit::Delete(at, count) => drop(content.drain(place(at)..(place(at) + count).min(length))),
            Edit::Duplicate(at, count) => {
                let piece = content[place(at)..(place(at) + count).min(length)].to_vec();
                content.splice(place(at)..place(at), piece);
            }
            Edit::Cut(at) => content.truncate(place(at)),
            Edit::DoubleLine(_) | Edit::DropLine(_) | Edit::SwapLines(..) => self.apply_to_lines(content),
            Edit::Splice(file, from, to, count) => {
                let other = &file.get(&ORIGINALS[..]).content;
                let from = from.index(other.len() + 1);
                let piece = other[from..(from + count).min(other.len())].to_vec();
                content.splice(place(to)..place(to), piece);
            }
            Edit::Exchange(from, to) => content.iter_mut().filter(|byte| *byte == from).for_each(|byte| *byte = *to),
            Edit::Utf16(is_little) => {
                let text = String::from_utf8_lossy(content).into_owned();
                let units = std::iter::once(0xfeff).chain(text.encode_utf16());
                *content =
                    units.flat_map(|unit| if *is_little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
            }
            Edit::Flip(..) => {}
        }
    }

    fn apply_to_lines(&self, content: &mut Vec<u8>) {
        let mut lines: Vec<Vec<u8>> = content.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let count = lines.len();
        match self {
            _ if count == 0 => {}
            Edit::DoubleLine(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
            Edit::DropLine(at) => drop(lines.remove(at.index(count))),
            Edit::SwapLines(one, other) => lines.swap(one.index(count), other.index(count)),
            _ => unreachable!("it is about lines"),
        }
        *content = lines.concat();
    }
}

/// The same edits inside one part of a workbook: those to the zip itself are noticed by its check sums.
pub fn edit_inside(workbook: &[u8], part: &Index, edits: &[Edit]) -> Vec<u8> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(workbook)) else { return workbook.to_vec() };
    let chosen = part.index(archive.len().max(1));
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if index == chosen {
            edits.iter().for_each(|edit| edit.apply(&mut content));
        }
        let name = entry.name().unwrap().into_owned();
        packed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        packed.write_all(&content).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

/// How an import is asked for, as the parameters of a request.
pub fn parameters() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let of = |name: &'static str, values: &'static [&'static str]| {
        proptest::option::weighted(0.25, select(values).prop_map(move |value| (name, value.to_owned())))
    };
    let parameters = (
        of("mode", &["atomic", "partial"]),
        of("on_duplicate", &["skip", "update", "error"]),
        of("encoding", &["utf-8", "utf-16le", "utf-16be", "windows-1252"]),
        of("delimiter", &[",", ";", "tab", "|", " ", ".", "'", "-", "\u{0}", "\u{1}", "\n", "\r"]),
        of(
            "mapping",
            &[
                "{}",
                "{\"name\": \"last_name\"}",
                "{\"Name\": \"name:last_first\", \"country\": null}",
                "{\"\": \"name\"}",
            ],
        ),
        of(
            "repairs",
            &[
                "[{\"column\": \"country\", \"from\": \"\", \"to\": \"KEN\"}]",
                "[{\"column\": \"name\", \"row\": 3, \"to\": null}]",
            ],
        ),
        of("create_athletes", &["true"]),
        of("race_id", &["1", "9223372036854775807"]),
    );
    parameters.prop_map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h].into_iter().flatten().collect())
}

/// The options that the API makes of parameters; those it refuses are left out.
pub fn options(parameters: &[(&'static str, String)]) -> Options {
    let mut options = Options::default();
    for (name, value) in parameters {
        let _ = options.set(name, value);
    }
    options
}
