//! Files that are no plain text, by their first bytes. The name of a file is never trusted.

use std::fmt;

/// What a file is instead of plain text. Prints a sentence that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Container {
    /// A zip archive: xlsx, ods, docx, or a plain zip.
    Zip,
    /// An Excel workbook before 2007, or another OLE file.
    OldExcel,
    /// PDF.
    Pdf,
    /// A web page, often saved with the extension `.xls`.
    Html,
    /// XML, such as an Excel 2003 XML sheet.
    Xml,
    /// Rich text.
    Rtf,
    /// An image, a database, an archive: anything full of control characters.
    Binary,
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Container::Zip => {
                "This is an Excel workbook or another zip file, not CSV. Choose the Excel import, or save the sheet as CSV UTF-8"
            }
            Container::OldExcel => "This is an old Excel workbook (.xls). Save it as .xlsx or as CSV UTF-8",
            Container::Pdf => "This is a PDF document. Ask for the list as a spreadsheet or CSV",
            Container::Html => "This is a web page, not a spreadsheet. Open it in a spreadsheet program and save it as CSV UTF-8",
            Container::Xml => "This is an XML file. Open it in a spreadsheet program and save it as CSV UTF-8",
            Container::Rtf => "This is a text document (RTF). Save the list as CSV UTF-8",
            Container::Binary => "This is a binary file, not text. Save the list as CSV UTF-8",
        })
    }
}

impl Container {
    /// Judges the first bytes of a file (behind a byte order mark) that is not UTF-16. `None`: it looks like text.
    pub fn of(head: &[u8]) -> Option<Container> {
        const MAGIC: [(&[u8], Container); 9] = [
            (b"PK\x03\x04", Container::Zip),
            (b"PK\x05\x06", Container::Zip),
            (b"\xd0\xcf\x11\xe0", Container::OldExcel),
            (b"%PDF", Container::Pdf),
            (b"{\\rtf", Container::Rtf),
            (b"\x1f\x8b", Container::Binary),
            (b"\x89PNG", Container::Binary),
            (b"\xff\xd8\xff", Container::Binary),
            (b"SQLite format 3", Container::Binary),
        ];
        let known = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
        known
            .map(|&(_, container)| container)
            .or_else(|| markup(head))
            .or_else(|| is_binary(head).then_some(Container::Binary))
    }
}

fn markup(head: &[u8]) -> Option<Container> {
    let text = head.trim_ascii_start();
    let starts = |tag: &str| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
    if ["<html", "<!doctype html", "<table", "<head", "<meta"].into_iter().any(starts) {
        Some(Container::Html)
    } else if starts("<?xml") {
        Some(Container::Xml)
    } else {
        None
    }
}

/// Text has hardly any control characters. Stray NULs are a known damage of exports and allowed in small numbers.
fn is_binary(head: &[u8]) -> bool {
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b);
    let controls = head.iter().filter(|&&byte| is_control(byte)).count();
    let nuls = head.iter().filter(|&&byte| byte == 0).count();
    controls * 20 > head.len() || nuls * 3 > head.len()
}
