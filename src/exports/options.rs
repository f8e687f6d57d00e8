//! What an export takes besides the filters of its list.

use super::{ChoiceError, RowSet, Table, Wanted};
use crate::formats::format::Format;
use crate::http::error::{ApiError, ApiResult};
use crate::records::{Sight, pairs};
use crate::rules::text;

/// The query of an export.
#[derive(Debug)]
pub(super) struct Options {
    format: Format,
    bom: bool,
    columns: String,
    /// The rest of the query, for the list.
    rest: String,
    /// The parameters that are not the list's.
    own: &'static [&'static str],
}

impl Options {
    /// Reads a query whose address says the format.
    pub(super) fn of_format(format: Format, query: Option<&str>) -> ApiResult<Options> {
        let own: &[&str] = if format == Format::Csv { &["columns", "bom"] } else { &["columns"] };
        Options::read(format, own, query.unwrap_or_default())
    }

    /// Reads a query that says the format itself; usually CSV.
    pub(super) fn of_any_format(query: Option<&str>) -> ApiResult<Options> {
        Options::read(Format::Csv, &["format", "columns", "bom"], query.unwrap_or_default())
    }

    fn read(format: Format, own: &'static [&'static str], query: &str) -> ApiResult<Options> {
        let mut options = Options { format, bom: false, columns: String::new(), rest: String::new(), own };
        let mut rest = form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs(query) {
            match name.as_str() {
                known if !own.contains(&known) => {
                    rest.append_pair(&name, &value);
                }
                "format" => options.format = Format::from_name(&value).ok_or_else(|| unknown_format(&value))?,
                "bom" => options.bom = truth(&value)?,
                _ => options.columns = value,
            }
        }
        options.rest = rest.finish();
        Ok(options)
    }

    /// What is wanted of one entity by somebody of this sight.
    pub(super) fn wanted<T: Table>(&self, sight: Sight) -> ApiResult<Wanted> {
        let asked = T::LIST.parse_beside(&self.rest, sight == Sight::Full, self.own)?;
        let mut wanted = Wanted::new(const { &RowSet::of::<T>() }, self.format, asked, sight);
        wanted.bom = self.bom;
        Ok(wanted.choose(&self.columns)?)
    }
}

fn unknown_format(word: &str) -> ApiError {
    let known = Format::ALL.map(Format::name);
    let shown = text::excerpt(word, 40);
    let detail = format!("The format '{shown}' is not known; known are {}", known.join(", "));
    ApiError::bad_request("unknown-format", detail).with("known", known)
}

fn truth(word: &str) -> ApiResult<bool> {
    match word {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(ApiError::bad_request("invalid-parameter", "bom must be true or false")),
    }
}

impl From<ChoiceError> for ApiError {
    fn from(error: ChoiceError) -> ApiError {
        let detail = error.to_string();
        match error {
            ChoiceError::Unknown { known, .. } => ApiError::bad_request("unknown-column", detail).with("known", known),
            ChoiceError::Twice(_) => ApiError::bad_request("invalid-parameter", detail),
        }
    }
}
