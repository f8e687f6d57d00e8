//! The look into the zip before anything else opens it: every entry is inflated through a counter, once.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::facts::{Facts, Part, normal};
use super::scan::Scanner;
use super::{Deadline, Limits, WorkbookError};
use crate::formats::encoding::{Container, read_some};

const PIECE: usize = 64 * 1024;
/// Entries below this size may be packed as well as they like.
const SMALL: u64 = 1 << 20;
/// Starts an entry in the list of entries at the end of a zip.
const LISTED: &[u8] = b"PK\x01\x02";
/// The stream of a workbook with a password, in the UTF-16 of an OLE directory.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// Refuses what is no workbook and what would take too much memory; says what is worth knowing about the parts.
pub(super) fn check<S: Read + Seek>(
    source: &mut S,
    limits: &Limits,
    deadline: &Deadline,
) -> Result<Facts, WorkbookError> {
    container(source)?;
    // The zip library keeps a record of every entry, so an absurd number of them is refused before it looks. A workbook
    // may hold other documents, whose entries are seen here too.
    if occurrences(source, LISTED, limits.entries * 20)? >= limits.entries * 20 {
        return Err(WorkbookError::TooManyParts { max: limits.entries });
    }
    source.seek(SeekFrom::Start(0))?;
    let mut archive = ZipArchive::new(source)?;
    if archive.len() > limits.entries {
        return Err(WorkbookError::TooManyParts { max: limits.entries });
    }
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index)?;
        if entry.encrypted() {
            return Err(WorkbookError::Protected);
        }
        names.push(normal(&entry.name()?));
    }
    kind(&names)?;
    unpack(&mut archive, names, limits, deadline)
}

/// Judges the first bytes.
fn container<S: Read + Seek>(source: &mut S) -> Result<(), WorkbookError> {
    source.seek(SeekFrom::Start(0))?;
    let mut head = Vec::with_capacity(4096);
    source.take(4096).read_to_end(&mut head)?;
    match Container::of(&head) {
        Some(Container::Zip) => Ok(()),
        Some(Container::OldExcel) if occurrences(source, ENCRYPTED, 1)? > 0 => Err(WorkbookError::Protected),
        Some(Container::OldExcel) => Err(WorkbookError::OldExcel),
        Some(other) => Err(WorkbookError::Foreign(other)),
        None if head.is_empty() => Err(WorkbookError::Empty),
        None => Err(WorkbookError::Text),
    }
}

/// How often some bytes occur in the whole source, counted up to `most`.
fn occurrences<S: Read + Seek>(source: &mut S, wanted: &[u8], most: usize) -> io::Result<usize> {
    source.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; PIECE];
    let (mut kept, mut count) = (0, 0);
    loop {
        let read = read_some(source, &mut buffer[kept..])?;
        let filled = kept + read;
        if read == 0 || count >= most {
            return Ok(count);
        }
        count += buffer[..filled].windows(wanted.len()).filter(|window| *window == wanted).count();
        // An occurrence may lie across two pieces; one byte less of it cannot be counted twice.
        let tail = filled.min(wanted.len() - 1);
        buffer.copy_within(filled - tail..filled, 0);
        kept = tail;
    }
}

/// Which kind of zip it is, by the names in it.
fn kind(names: &[String]) -> Result<(), WorkbookError> {
    let has = |name: &str| names.iter().any(|other| other == name);
    let has_folder = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    if has("mimetype") && has("content.xml") {
        Err(WorkbookError::OpenDocument)
    } else if has("xl/workbook.bin") {
        Err(WorkbookError::BinaryExcel)
    } else if has_folder("word/") || has_folder("ppt/") {
        Err(WorkbookError::Document)
    } else if !has("[content_types].xml") || !has("_rels/.rels") {
        Err(WorkbookError::PlainZip)
    } else {
        Ok(())
    }
}

fn unpack<S: Read + Seek>(
    archive: &mut ZipArchive<&mut S>,
    names: Vec<String>,
    limits: &Limits,
    deadline: &Deadline,
) -> Result<Facts, WorkbookError> {
    let mut facts = Facts::default();
    let mut total = 0;
    let mut buffer = vec![0; PIECE];
    for (index, name) in names.into_iter().enumerate() {
        let mut entry = archive.by_index(index)?;
        // What is in the list twice would be checked as one and read as the other.
        if facts.parts.contains_key(&name) {
            return Err(WorkbookError::Damaged);
        }
        let is_xml = (name.ends_with(".xml") || name.ends_with(".rels")) && !name.starts_with("customxml");
        let mut size = 0;
        let mut part = Part::default();
        let mut scanner = Scanner::new();
        loop {
            let read = read_some(&mut entry, &mut buffer)?;
            if read == 0 {
                break;
            }
            size += read as u64;
            total += read as u64;
            let is_bomb = size > SMALL && size / limits.ratio.max(1) > entry.compressed_size();
            if is_bomb || total > limits.unpacked_bytes {
                return Err(WorkbookError::TooLarge);
            }
            if is_xml {
                scanner.feed(&buffer[..read], &mut part);
                if !part.is_sound(&scanner) {
                    return Err(WorkbookError::Damaged);
                }
            }
            deadline.check()?;
        }
        facts.parts.insert(name, part);
    }
    Ok(facts)
}
