//! What is wrong with a JSON document, in words for a person.

use std::io;

/// Why a document is no JSON; prints `Line 4, column 7: …`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", sentence(*line, *column, message))]
pub struct JsonFault {
    /// Line of the fault from 1; 0 when it has no place.
    pub line: usize,
    /// Byte in the line from 1.
    pub column: usize,
    /// What is wrong, without the place.
    pub message: String,
}

fn sentence(line: usize, column: usize, message: &str) -> String {
    if line == 0 { message.to_owned() } else { format!("Line {line}, column {column}: {message}") }
}

impl JsonFault {
    /// Our own wording for what the parser found.
    pub(super) fn of(error: serde_json::Error) -> JsonFault {
        let (line, column) = (error.line(), error.column());
        if error.is_io() {
            return JsonFault { line: 0, column: 0, message: "The file could not be read".to_owned() };
        }
        let text = error.to_string();
        let text = text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]);
        if error.is_eof() && line <= 1 && column == 0 {
            return JsonFault { line: 0, column: 0, message: "The file is empty".to_owned() };
        }
        let message = if error.is_eof() {
            "the file ends here in the middle of the data; it seems to be cut off".to_owned()
        } else {
            reworded(text)
        };
        JsonFault { line, column, message }
    }
}

impl From<io::Error> for JsonFault {
    fn from(error: io::Error) -> JsonFault {
        JsonFault::of(serde_json::Error::io(error))
    }
}

fn reworded(text: &str) -> String {
    let known = match text {
        "expected value" => "a value is missing here, or is not written as JSON",
        "expected ident" => "this is not written as JSON; only true, false and null stand without quotes",
        "trailing comma" => "there is a comma too many",
        "trailing characters" => "there is more text behind the end of the data",
        "key must be a string" => "a member name must stand in double quotes",
        "expected `:`" => "a colon is missing between a member and its value",
        "expected `,` or `}`" => "a comma or the closing } of an object is missing",
        "expected `,` or `]`" => "a comma or the closing ] of a list is missing",
        "invalid number" => "this number is not written as JSON",
        "number out of range" => "this number is too large",
        "invalid escape" => "there is an unknown escape behind a backslash",
        "invalid unicode code point" => "the text is not UTF-8 here",
        "recursion limit exceeded" => "lists and objects are nested too deeply",
        _ if text.starts_with("control character") => "a text holds a line break or another control character",
        _ if text.contains("surrogate") || text.contains("hex escape") => "there is half of a \\u escape",
        _ => text,
    };
    known.to_owned()
}
