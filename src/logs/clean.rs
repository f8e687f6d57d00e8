//! Lines of the log without what may be a person's: only members that are known to be harmless, and messages without
//! what is quoted in them, addresses and paths.

use serde_json::{Map, Value, json};

use super::Line;

/// Texts that this program made itself.
const OWN_WORDS: [&str; 7] = ["method", "route", "code", "table", "status", "setting", "reasons"];
/// What stands around a text that came from elsewhere.
const QUOTES: [(char, char); 4] = [('\'', '\''), ('"', '"'), ('`', '`'), ('“', '”')];

/// A line as it may go out.
pub fn line(line: &Line) -> Value {
    let fields: Map<String, Value> = serde_json::from_str(line.fields.get()).unwrap_or_default();
    let fields: Map<String, Value> = fields.into_iter().filter(|(name, value)| is_harmless(name, value)).collect();
    json!({
        "seq": line.seq, "time": line.time, "level": line.level.as_str().to_lowercase(), "target": line.target,
        "message": text(&line.message), "fields": fields,
    })
}

/// Numbers are; a request's id is when it is one of ours and not of the caller's choice.
fn is_harmless(name: &str, value: &Value) -> bool {
    match value {
        Value::Number(_) | Value::Bool(_) => true,
        Value::String(id) if name == "id" => id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
        Value::String(_) => OWN_WORDS.contains(&name),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// A sentence without quoted texts, addresses and paths.
pub fn text(message: &str) -> String {
    let unquoted = without_quoted(message);
    let words: Vec<&str> = unquoted.split(' ').collect();
    // A drive, a folder of the system, or a folder within one. Folders have blanks in their names, so that what stands
    // between two such words may be a part of one path.
    let is_path = |word: &&str| word.contains(['/', '\\']) && !word.contains('@');
    let (Some(first), Some(last)) = (words.iter().position(is_path), words.iter().rposition(is_path)) else {
        return words.into_iter().map(harmless_word).collect::<Vec<_>>().join(" ");
    };
    let (before, after) = (&words[..first], &words[last + 1..]);
    let harmless = before.iter().copied().chain(["<path>"]).chain(after.iter().copied());
    harmless.map(harmless_word).collect::<Vec<_>>().join(" ")
}

fn harmless_word(word: &str) -> &str {
    if word.contains('@') { "<address>" } else { word }
}

/// Puts `<text>` in place of what is quoted, also of what is quoted to the end.
fn without_quoted(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        // An apostrophe within a word quotes nothing.
        let closing =
            QUOTES.iter().find(|(open, _)| *open == first && !before.is_alphanumeric()).map(|(_, close)| *close);
        rest = match closing {
            Some(close) => {
                out.push_str("<text>");
                before = close;
                after.find(close).map_or("", |end| &after[end + close.len_utf8()..])
            }
            None => {
                out.push(first);
                before = first;
                after
            }
        };
    }
    out
}

#[cfg(test)]
mod tests;
