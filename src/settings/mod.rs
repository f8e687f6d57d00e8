//! What an administrator may decide while the server runs: names, languages, who may register, limits. What
//! `athsys.toml` says holds and cannot be changed here; what is stored comes next, then the default.

mod logo;
mod model;
mod routes;
mod store;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::Connection;
use serde_json::Value;

use crate::config::Config;
use crate::db::{Db, DbError};

pub use model::{LANGUAGES, Settings, Source};
pub use routes::routes;

/// The settings of one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Current {
    pub values: Settings,
    pub sources: BTreeMap<&'static str, Source>,
    /// Digest of the logo, when there is one
    pub logo: Option<String>,
}

impl Current {
    /// Where the logo is found; another one has another address.
    pub fn logo_address(&self) -> Option<String> {
        self.logo.as_deref().map(|digest| format!("/api/logo?v={}", version(digest)))
    }
}

/// The part of a digest that an address carries.
fn version(digest: &str) -> &str {
    digest.get(..16).unwrap_or(digest)
}

/// The settings of the running server. A change is stored first and read back then, so that they are always those of
/// the file.
pub struct Live {
    usual: Usual,
    now: RwLock<Arc<Current>>,
    /// Who reads last has read the newest.
    turn: tokio::sync::Mutex<()>,
}

/// What holds before anything is stored, and which of it nobody can change here.
#[derive(Debug, Clone)]
struct Usual {
    values: Settings,
    pinned: Vec<&'static str>,
}

impl Usual {
    fn is_pinned(&self, name: &str) -> bool {
        self.pinned.contains(&name)
    }

    /// These values with the stored ones over them.
    fn with(&self, stored: &BTreeMap<String, Value>) -> Settings {
        let mut values = self.values.clone();
        for (name, value) in stored.iter().filter(|(name, _)| !self.is_pinned(name)) {
            if let Err(fault) = values.set(name, value) {
                tracing::warn!(setting = name, "a stored setting is not used: {}", fault.message);
            }
        }
        values.agree();
        values
    }

    fn current(&self, conn: &Connection) -> Result<Current, DbError> {
        let stored = store::all(conn)?;
        let source = |name: &'static str| match (self.is_pinned(name), stored.contains_key(name)) {
            (true, _) => Source::File,
            (false, true) => Source::Stored,
            (false, false) => Source::Default,
        };
        let sources = model::names().map(|name| (name, source(name))).collect();
        Ok(Current { values: self.with(&stored), sources, logo: store::picture_digest(conn)? })
    }
}

impl Live {
    /// Reads what is stored. A file in which that cannot be read is served all the same, with the usual settings.
    pub fn open(db: &Db, config: &Config) -> Live {
        let usual = Usual { values: Settings::of(config), pinned: config.set_in_file.clone() };
        let now = db.read_blocking(|conn| usual.current(conn)).unwrap_or_else(|error| {
            tracing::warn!("the stored settings cannot be read, so the usual ones hold: {error}");
            Current { values: usual.values.clone(), sources: BTreeMap::new(), logo: None }
        });
        Live { usual, now: RwLock::new(Arc::new(now)), turn: tokio::sync::Mutex::new(()) }
    }

    pub fn now(&self) -> Arc<Current> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the stored settings again, after a change of them or another database file. `then` lets them act, before
    /// anybody reads them another time.
    ///
    /// # Errors
    /// Those of the database; the settings are then as before.
    pub async fn reload(&self, db: &Db, then: impl FnOnce(&Current)) -> Result<Arc<Current>, DbError> {
        let _turn = self.turn.lock().await;
        let usual = self.usual.clone();
        let current = Arc::new(db.read(move |conn| usual.current(conn)).await?);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = current.clone();
        then(&current);
        Ok(current)
    }
}
