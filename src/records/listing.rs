//! Lists: `?page=&perPage=&sort=&q=` and a filter per field, from a description of each entity.

use std::fmt::Write as _;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, Row, params_from_iter};

use super::values::{bib_key, read_bib};
use super::{Record, columns};
use crate::db::{DbError, Entity};
use crate::http::error::ApiError;
use crate::rules::text;

/// What a list of one entity offers. Sorts and filters name columns with an index where rows are many.
#[derive(Debug)]
pub struct ListSpec {
    pub entity: Entity,
    pub filters: &'static [Filter],
    /// The first is the order without `sort`.
    pub sorts: &'static [Sort],
    /// Columns, or conditions with one `?`, of which one must be like `q`.
    pub search: &'static [&'static str],
    /// What is offered besides, in terms of what lies beside a row.
    pub beside: Option<&'static Offers>,
}

/// Filters, sorts and search that several lists share.
#[derive(Debug)]
pub struct Offers {
    pub filters: &'static [Filter],
    pub sorts: &'static [Sort],
    pub search: &'static [&'static str],
}

/// One order of a list.
#[derive(Debug)]
pub struct Sort {
    pub name: &'static str,
    /// What to order by: a column, or an expression over the row.
    pub sql: &'static str,
    /// Offered only to those who may read the field: an order tells much of what it orders by.
    pub private: bool,
}

impl Sort {
    pub const fn new(name: &'static str, sql: &'static str) -> Sort {
        Sort { name, sql, private: false }
    }

    pub const fn private(name: &'static str, sql: &'static str) -> Sort {
        Sort { name, sql, private: true }
    }
}

#[derive(Debug)]
pub struct Filter {
    pub name: &'static str,
    /// A condition with one `?`.
    pub sql: &'static str,
    pub kind: Kind,
    /// Offered only to those who may read the field.
    pub private: bool,
}

impl Filter {
    pub const fn new(name: &'static str, sql: &'static str, kind: Kind) -> Filter {
        Filter { name, sql, kind, private: false }
    }

    pub const fn private(name: &'static str, sql: &'static str, kind: Kind) -> Filter {
        Filter { name, sql, kind, private: true }
    }

    fn narrow(&self, value: &str, asked: &mut ListQuery) -> Result<(), ApiError> {
        let value = self.kind.read(value).ok_or_else(|| {
            let shown = text::excerpt(value, 40);
            ApiError::bad_request("invalid-filter", format!("'{shown}' is not a value for the filter {}", self.name))
        })?;
        asked.values.push(value);
        asked.and(self.sql);
        Ok(())
    }
}

/// How the text of a filter becomes a value to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Compared without case and accents.
    Folded,
    /// Upper case, as country codes and genders are stored.
    Upper,
    Lower,
    Integer,
    Boolean,
    Bib,
    /// RFC 3339 or a date; compared as Unix milliseconds.
    Moment,
}

/// One asked-for page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    pub page: u32,
    pub per_page: u32,
    condition: String,
    values: Vec<Sql>,
    order: &'static str,
    descending: bool,
}

const MAX_PER_PAGE: u32 = 500;

impl ListSpec {
    pub fn filters(&self) -> impl Iterator<Item = &'static Filter> + Clone {
        self.filters.iter().chain(self.beside.map_or(&[][..], |beside| beside.filters))
    }

    pub fn sorts(&self) -> impl Iterator<Item = &'static Sort> + Clone {
        self.sorts.iter().chain(self.beside.map_or(&[][..], |beside| beside.sorts))
    }

    fn searched(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.search.iter().chain(self.beside.map_or(&[][..], |beside| beside.search)).copied()
    }

    /// Reads a query string. Unknown parameters are refused with the list of known ones.
    pub fn parse(&self, query: &str, private: bool) -> Result<ListQuery, ApiError> {
        self.parse_beside(query, private, &[])
    }

    /// As [`ListSpec::parse`], where the caller has read parameters of its own already; a refusal names them too.
    pub fn parse_beside(&self, query: &str, private: bool, beside: &[&'static str]) -> Result<ListQuery, ApiError> {
        let mut asked = ListQuery {
            page: 1,
            per_page: 50,
            condition: String::new(),
            values: Vec::new(),
            order: self.sorts[0].sql,
            descending: false,
        };
        for (name, value) in pairs(query) {
            match name.as_str() {
                "page" => asked.page = number(&name, &value, u32::MAX)?,
                "perPage" | "per_page" => asked.per_page = number(&name, &value, MAX_PER_PAGE)?,
                "sort" => self.sort(&value, private, &mut asked)?,
                "q" => self.search(&value, &mut asked)?,
                _ => match self.filters().find(|known| known.name == name && (private || !known.private)) {
                    Some(filter) => filter.narrow(&value, &mut asked)?,
                    None => return Err(self.unknown(&name, private, beside)),
                },
            }
        }
        Ok(asked)
    }

    fn sort(&self, value: &str, private: bool, asked: &mut ListQuery) -> Result<(), ApiError> {
        let (name, descending) = value.strip_prefix('-').map_or((value, false), |rest| (rest, true));
        let mut offered = self.sorts().filter(|sort| private || !sort.private);
        let known = offered.clone().find(|sort| sort.name == name);
        let sort = known.ok_or_else(|| {
            let names: Vec<&str> = offered.by_ref().map(|sort| sort.name).collect();
            let shown = text::excerpt(name, 40);
            ApiError::bad_request("unknown-sort", format!("sort knows {}; not {shown}", names.join(", ")))
        })?;
        asked.order = sort.sql;
        asked.descending = descending;
        Ok(())
    }

    fn search(&self, value: &str, asked: &mut ListQuery) -> Result<(), ApiError> {
        let written = text::clean(value);
        // LIKE would take a NUL for the end of the pattern, and so find everything.
        if text::has_control(&written) {
            return Err(ApiError::bad_request("invalid-parameter", "q holds characters that cannot be typed"));
        }
        let folded = text::fold(value);
        if folded.is_empty() || self.searched().next().is_none() {
            return Ok(());
        }
        let like = |part: &str| if part.contains('?') { part.to_owned() } else { format!("{part} LIKE ? ESCAPE '\\'") };
        let any: Vec<String> = self.searched().map(like).collect();
        for part in self.searched() {
            // Keys of names are folded; what is stored as it was written is looked for as it was typed.
            let wanted = if part.contains("name_key") { &folded } else { written.as_ref() };
            let escaped = wanted.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            asked.values.push(Sql::Text(format!("%{escaped}%")));
        }
        asked.and(&format!("({})", any.join(" OR ")));
        Ok(())
    }

    fn unknown(&self, name: &str, private: bool, beside: &[&'static str]) -> ApiError {
        let filters = self.filters().filter(|filter| private || !filter.private).map(|filter| filter.name);
        let shared = ["page", "perPage", "sort", "q"].into_iter();
        let known: Vec<&str> = beside.iter().copied().chain(shared).chain(filters).collect();
        let shown = text::excerpt(name, 40);
        ApiError::bad_request(
            "unknown-parameter",
            format!("{shown} is not a known parameter; known are {}", known.join(", ")),
        )
        .with("known", known)
    }
}

impl Kind {
    fn read(self, text: &str) -> Option<Sql> {
        Some(match self {
            Kind::Text => Sql::Text(text::clean(text).into_owned()),
            Kind::Folded => Sql::Text(text::fold(text)),
            Kind::Upper => Sql::Text(text.trim().to_uppercase()),
            Kind::Lower => Sql::Text(text.trim().to_lowercase()),
            Kind::Integer => Sql::Integer(text.trim().parse().ok()?),
            Kind::Boolean => Sql::Integer(match text.trim() {
                "true" | "1" => 1,
                "false" | "0" => 0,
                _ => return None,
            }),
            Kind::Bib => Sql::Text(bib_key(&read_bib(text).ok()?)),
            Kind::Moment => Sql::Integer(moment(text.trim())?),
        })
    }
}

/// A whole day counts from its first moment in UTC.
fn moment(text: &str) -> Option<i64> {
    match crate::rules::date::parse_iso(text) {
        Some(day) => Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond()),
        None => crate::time::Moment::read(text).map(|moment| moment.0),
    }
}

impl ListQuery {
    /// Everything, by id.
    pub fn everything() -> ListQuery {
        let (condition, values) = (String::new(), Vec::new());
        ListQuery { page: 1, per_page: u32::MAX, condition, values, order: "id", descending: false }
    }

    fn and(&mut self, condition: &str) {
        let glue = if self.condition.is_empty() { " WHERE " } else { " AND " };
        let _ = write!(self.condition, "{glue}{condition}");
    }

    /// Narrows the list to what one person may see. `condition` holds one `?`.
    pub fn narrow(&mut self, condition: &str, value: i64) {
        self.values.push(Sql::Integer(value));
        self.and(condition);
    }

    fn ordering(&self) -> String {
        let direction = if self.descending { "DESC" } else { "ASC" };
        match self.order {
            "id" => format!(" ORDER BY id {direction}"),
            column => format!(" ORDER BY {column} {direction} NULLS LAST, id {direction}"),
        }
    }

    /// Reads one page and hands each row to `each`. Its ids come first, so that whatever has to be put in order for
    /// them carries no whole rows along.
    pub fn page<R: Record>(
        &self,
        conn: &Connection,
        mut each: impl FnMut(R) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let offset = u64::from(self.page - 1) * u64::from(self.per_page);
        let sql = format!("SELECT {} FROM {} WHERE id = ?1", columns::<R>(), R::ENTITY.table());
        let mut statement = conn.prepare_cached(&sql)?;
        for id in self.ids(conn, R::ENTITY, self.per_page, offset)? {
            each(statement.query_row([id], R::from_row)?)?;
        }
        Ok(())
    }

    /// The ids of the rows that match, in the order of the list, from `offset` on and `most` of them.
    pub fn ids(&self, conn: &Connection, entity: Entity, most: u32, offset: u64) -> Result<Vec<i64>, DbError> {
        let (table, condition, order) = (entity.table(), &self.condition, self.ordering());
        let sql = format!("SELECT id FROM {table}{condition}{order} LIMIT {most} OFFSET {offset}");
        let mut statement = conn.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(&self.values), |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// Reads every row that matches, whatever page was asked for; `each` may stop it by an error.
    pub fn each<R: Record, E: From<DbError>>(
        &self,
        conn: &Connection,
        mut each: impl FnMut(R) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_of(conn, R::ENTITY, &columns::<R>(), |row| each(R::from_row(row).map_err(DbError::from)?))
    }

    /// As [`ListQuery::each`], with columns of the caller's choice.
    pub fn each_of<E: From<DbError>>(
        &self,
        conn: &Connection,
        entity: Entity,
        columns: &str,
        mut each: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {columns} FROM {}{}{}", entity.table(), self.condition, self.ordering());
        let mut statement = conn.prepare(&sql).map_err(DbError::from)?;
        let mut rows = statement.query(params_from_iter(&self.values)).map_err(DbError::from)?;
        while let Some(row) = rows.next().map_err(DbError::from)? {
            each(row)?;
        }
        Ok(())
    }

    /// How many rows match on all pages.
    pub fn total(&self, conn: &Connection, entity: Entity) -> Result<i64, DbError> {
        let sql = format!("SELECT count(*) FROM {}{}", entity.table(), self.condition);
        Ok(conn.prepare_cached(&sql)?.query_row(params_from_iter(&self.values), |row| row.get(0))?)
    }

    /// Same for queries whose total is the same, whatever page they ask for.
    pub fn total_key(&self) -> String {
        format!("{}{:?}", self.condition, self.values)
    }
}

/// The decoded pairs of a query string.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned()
}

/// `page` and `perPage` of a list that knows no other parameters.
///
/// # Errors
/// 400 for anything else, with the list of known ones.
pub fn paging(query: Option<&str>) -> Result<(u32, u32), ApiError> {
    let (mut page, mut per_page) = (1, 50);
    for (name, value) in pairs(query.unwrap_or_default()) {
        match name.as_str() {
            "page" => page = number(&name, &value, u32::MAX)?,
            "perPage" | "per_page" => per_page = number(&name, &value, MAX_PER_PAGE)?,
            _ => {
                let shown = text::excerpt(&name, 40);
                let detail = format!("{shown} is not a known parameter; known are page and perPage");
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["page", "perPage"]));
            }
        }
    }
    Ok((page, per_page))
}

fn number(name: &str, value: &str, most: u32) -> Result<u32, ApiError> {
    value.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(|| {
        let shown = text::excerpt(value, 40);
        let bounds = if most == u32::MAX { "1 or more".to_owned() } else { format!("from 1 to {most}") };
        ApiError::bad_request("invalid-parameter", format!("{name} must be a whole number {bounds}; not '{shown}'"))
    })
}

#[cfg(test)]
mod tests;
