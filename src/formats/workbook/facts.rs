//! What the parts of a workbook say about themselves, and whether they may be opened.
//!
//! The library that reads the cells believes the workbook: it reserves memory for as many texts as a part announces and
//! copies a font for every cell format. So the numbers are checked here first.

use std::collections::HashMap;

use super::scan::{Scanner, Sink, Tag};

/// The most tags of a name in one part, far above what spreadsheet programs write.
const MOST: [(&[u8], u32); 9] = [
    (b"si", 2_000_000),
    (b"xf", 100_000),
    (b"font", 100_000),
    (b"fill", 100_000),
    (b"border", 100_000),
    (b"numFmt", 100_000),
    (b"Relationship", 100_000),
    (b"definedName", 200_000),
    (b"sheet", 2_000),
];
const SI: usize = 0;
const XF: usize = 1;
/// The longest tag, text or comment, and all that stands in one cell; a cell has at most 32,767 characters.
const LONGEST: usize = 16 << 20;
/// How deep tags may stand in one another.
const DEEPEST: usize = 200;
/// Cell formats times the longest tag: what the copies of fonts and number formats may take.
const FORMATS: usize = 128 << 20;

/// How often something occurs in a sheet, and at which row or cell first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub count: u64,
    pub first: String,
}

impl Count {
    pub fn add(&mut self, place: impl FnOnce() -> String) {
        if self.count == 0 {
            self.first = place();
        }
        self.count += 1;
    }
}

/// What one part says.
#[derive(Default)]
pub(super) struct Part {
    /// Hidden rows that hold a value.
    pub hidden: Count,
    /// Formulas whose result was not stored.
    pub unvalued: Count,
    /// Relationships of the sheets, in the order of the workbook.
    sheets: Vec<String>,
    /// Targets of sheets and of the workbook itself.
    targets: HashMap<String, String>,
    main: Option<String>,
    counts: [u32; MOST.len()],
    is_suspect: bool,
    depth: usize,
    /// Stretches of which the reader of cells keeps all: texts, and whole strings of several texts.
    stretches: [Stretch; 2],
    row: Row,
    cell: Cell,
}

#[derive(Default)]
struct Row {
    number: u64,
    is_hidden: bool,
}

#[derive(Default)]
struct Cell {
    address: Vec<u8>,
    is_text: bool,
    has_formula: bool,
    is_in_value: bool,
    has_value: bool,
}

/// From a tag to its end tag.
#[derive(Default)]
struct Stretch {
    /// Name of the tag; empty outside of one.
    name: Vec<u8>,
    length: usize,
}

impl Stretch {
    fn tag(&mut self, tag: &Tag<'_>, is_wanted: bool) {
        if !self.name.is_empty() {
            self.length += tag.length + 1;
            if tag.is_end && tag.full_name() == self.name {
                *self = Stretch::default();
            }
        } else if is_wanted && !tag.is_end && !tag.is_empty {
            self.name = tag.full_name().to_vec();
        }
    }

    fn add(&mut self, length: usize) {
        if !self.name.is_empty() {
            self.length += length;
        }
    }
}

impl Part {
    /// Whether the part, as far as it was scanned, may be given to the reader of cells.
    pub fn is_sound(&self, scanner: &Scanner) -> bool {
        let formats = scanner.longest_tag.saturating_mul(self.counts[XF] as usize);
        let longest = self.stretches.iter().map(|stretch| stretch.length).fold(scanner.longest, usize::max);
        !self.is_suspect && longest <= LONGEST && formats <= FORMATS && self.depth <= DEEPEST
    }

    fn start_cell(&mut self, tag: &Tag<'_>) {
        self.cell = Cell { address: std::mem::take(&mut self.cell.address), ..Cell::default() };
        self.cell.address.clear();
        self.cell.address.extend_from_slice(tag.attribute(b"r").unwrap_or_default());
        self.cell.is_text = tag.attribute(b"t") == Some(b"str");
    }

    fn end_cell(&mut self) {
        let cell = &self.cell;
        if cell.has_formula && !cell.has_value {
            self.unvalued.add(|| String::from_utf8_lossy(&cell.address).into_owned());
        }
        if cell.has_value && std::mem::take(&mut self.row.is_hidden) {
            self.hidden.add(|| format!("row {}", self.row.number));
        }
    }

    fn start_row(&mut self, tag: &Tag<'_>) {
        let number = tag.attribute(b"r").and_then(|r| std::str::from_utf8(r).ok()?.parse().ok());
        self.row.number = number.unwrap_or(self.row.number + 1);
        self.row.is_hidden = matches!(tag.attribute(b"hidden"), Some(b"1" | b"true"));
    }

    /// Every sheet and the workbook itself must be a part that was checked: XML, and named without tricks.
    fn relationship(&mut self, tag: &Tag<'_>) {
        let is_main = has_value_ending_in(tag, b"relationships/officeDocument");
        self.is_suspect |= tag.is_cut();
        if !is_main && !has_value_ending_in(tag, b"worksheet") {
            return;
        }
        let target = tag.attribute(b"Target").and_then(|target| std::str::from_utf8(target).ok()).unwrap_or_default();
        let target = normal(target);
        let is_plain = target.ends_with(".xml") && !target.contains('&') && !target.contains("customxml");
        // An attribute that is there twice could mean one thing to us and another to the reader of cells.
        let is_target =
            |window: &[u8]| window[0].is_ascii_whitespace() && &window[1..7] == b"Target" && window[7] != b'M';
        let is_single = tag.text.windows(8).filter(|window| is_target(window)).count() == 1;
        self.is_suspect |= !is_plain || !is_single;
        if is_main {
            self.main = Some(target);
        } else if let Some(id) = tag.attribute(b"Id") {
            self.targets.insert(String::from_utf8_lossy(id).into_owned(), target);
        }
    }

    fn count(&mut self, tag: &Tag<'_>, name: &[u8]) {
        let Some(index) = MOST.iter().position(|(known, _)| *known == name) else { return };
        self.counts[index] += 1;
        self.is_suspect |= self.counts[index] > MOST[index].1;
        match name {
            b"Relationship" => self.relationship(tag),
            b"sheet" => {
                let id = tag.attribute(b"r:id").or_else(|| id_of(tag)).unwrap_or_default();
                self.sheets.push(String::from_utf8_lossy(id).into_owned());
            }
            _ => {}
        }
    }

    /// The number of texts that a part announces, for which memory is reserved unseen.
    fn announced(&mut self, tag: &Tag<'_>) {
        let most = u64::from(MOST[SI].1);
        let digits = tag.text.windows(11).enumerate().filter(|(_, window)| *window == b"uniqueCount").map(|(at, _)| {
            let behind = &tag.text[at + 11..];
            let start = behind.iter().position(|byte| (b'1'..=b'9').contains(byte)).unwrap_or(behind.len());
            let end = behind[start..].iter().position(|byte| !byte.is_ascii_digit());
            &behind[start..end.map_or(behind.len(), |length| start + length)]
        });
        let is_high =
            |digits: &[u8]| std::str::from_utf8(digits).is_ok_and(|text| text.parse().is_ok_and(|n: u64| n > most));
        let is_endless = |digits: &[u8]| digits.len() > 12;
        self.is_suspect |= tag.is_cut() || digits.into_iter().any(|digits| is_high(digits) || is_endless(digits));
    }
}

impl Sink for Part {
    fn tag(&mut self, tag: &Tag<'_>) {
        let name = tag.name();
        let [text, string] = &mut self.stretches;
        text.tag(tag, matches!(name, b"t" | b"v" | b"definedName"));
        string.tag(tag, matches!(name, b"si" | b"is"));
        self.depth = match (tag.is_end, tag.is_empty) {
            (true, _) => self.depth.saturating_sub(1),
            (false, true) => self.depth,
            (false, false) => self.depth + 1,
        };
        match (name, tag.is_end) {
            (b"c", false) => self.start_cell(tag),
            (b"c", true) => self.end_cell(),
            (b"v", is_end) => {
                self.cell.is_in_value = !is_end && !tag.is_empty;
                // An empty text is a value, an empty number is none.
                self.cell.has_value |= self.cell.is_text;
            }
            (b"f", false) => self.cell.has_formula = true,
            (b"is", false) => self.cell.has_value = true,
            (b"row", false) => self.start_row(tag),
            (b"sst", false) => self.announced(tag),
            (_, false) => self.count(tag, name),
            (_, true) => {}
        }
    }

    fn other(&mut self, length: usize) {
        self.stretches.iter_mut().for_each(|stretch| stretch.add(length));
    }

    fn text(&mut self, length: usize) {
        self.other(length);
        self.cell.has_value |= self.cell.is_in_value && length > 0;
    }

    fn doctype(&mut self) {
        self.is_suspect = true;
    }
}

/// `id` with any prefix.
fn id_of<'a>(tag: &Tag<'a>) -> Option<&'a [u8]> {
    let at = tag.text.windows(4).position(|window| window == b":id=")?;
    let value = &tag.text[at + 4..];
    let quote = *value.first()?;
    value[1..].split(|&byte| byte == quote).next()
}

/// Whether the value of any attribute ends so.
fn has_value_ending_in(tag: &Tag<'_>, end: &[u8]) -> bool {
    let is_value = |window: &[u8]| window.starts_with(end) && matches!(window[end.len()], b'"' | b'\'');
    tag.text.windows(end.len() + 1).any(is_value)
}

/// The name of a part as it is looked up: without case, with slashes.
pub(super) fn normal(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// All parts of a workbook, by their normal names.
#[derive(Default)]
pub(super) struct Facts {
    pub parts: HashMap<String, Part>,
}

impl Facts {
    /// The part of a sheet, by its place in the workbook. `None` where it cannot be found; then there is nothing to tell.
    pub fn of_sheet(&self, index: usize) -> Option<&Part> {
        let main = self.main()?;
        let (folder, name) = main.rsplit_once('/').map_or(("", main), |(folder, name)| (folder, name));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let id = self.parts.get(main)?.sheets.get(index)?;
        let target = self.parts.get(&format!("{folder}_rels/{name}.rels"))?.targets.get(id)?;
        let path = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
        self.parts.get(&path)
    }

    /// The part that lists the sheets.
    fn main(&self) -> Option<&str> {
        let target = self.parts.get("_rels/.rels")?.main.as_deref()?;
        Some(target.strip_prefix('/').unwrap_or(target))
    }
}
