//! Values made of whole tables, kept until a commit touches one of them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Changes, Entity};

/// How far every table was at one moment. Take it before the first SELECT of a transaction: what is read afterwards is
/// then at least as new.
#[derive(Debug, Clone)]
pub struct Moment {
    counts: Vec<u64>,
}

impl Moment {
    pub fn of(changes: &Changes) -> Moment {
        Moment { counts: changes.counts() }
    }

    fn of_tables(&self, tables: &[Entity]) -> u64 {
        tables.iter().map(|table| self.counts[*table as usize]).sum()
    }
}

/// Some named values of one kind.
#[derive(Debug)]
pub struct Memo<T> {
    kept: Mutex<HashMap<&'static str, (u64, i64, T)>>,
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo { kept: Mutex::default() }
    }
}

impl<T: Clone> Memo<T> {
    /// The value `name`, made anew when one of its tables has changed, or `beside` (a day, for what depends on it).
    pub fn get<E>(
        &self,
        name: &'static str,
        at: &Moment,
        tables: &[Entity],
        beside: i64,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let generation = at.of_tables(tables);
        let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if let Some((_, _, value)) =
            known.filter(|(made_at, for_what, _)| (*made_at, *for_what) == (generation, beside))
        {
            return Ok(value);
        }
        let value = make()?;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(name, (generation, beside, value.clone()));
        Ok(value)
    }
}

#[cfg(test)]
mod tests;
