//! Which tables changed, counted, and which of their rows. A cache entry made at one count is stale at the next.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use super::news::{Change, Deed, News};

/// The tables that lists, caches and the audit log speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Entity {
    Users,
    Athletes,
    Races,
    Events,
    Registrations,
    Results,
    AuditLogs,
    Imports,
    Sessions,
    Settings,
}

const COUNT: usize = Entity::Settings as usize + 1;

impl Entity {
    /// All of them.
    pub(super) const ALL: [Entity; COUNT] = [
        Entity::Users,
        Entity::Athletes,
        Entity::Races,
        Entity::Events,
        Entity::Registrations,
        Entity::Results,
        Entity::AuditLogs,
        Entity::Imports,
        Entity::Sessions,
        Entity::Settings,
    ];

    /// The tables every user asks about, in the order their rows depend on one another.
    pub const TABLES: [Entity; 7] = [
        Entity::Users,
        Entity::Athletes,
        Entity::Races,
        Entity::Events,
        Entity::Registrations,
        Entity::Results,
        Entity::AuditLogs,
    ];

    /// Those of [`Entity::TABLES`] that hold a meet's data and go in and out by import and export.
    pub const DATA: [Entity; 6] =
        [Entity::Users, Entity::Athletes, Entity::Races, Entity::Events, Entity::Registrations, Entity::Results];

    /// Table name, and the plural in JSON.
    pub fn table(self) -> &'static str {
        match self {
            Entity::Users => "users",
            Entity::Athletes => "athletes",
            Entity::Races => "races",
            Entity::Events => "events",
            Entity::Registrations => "registrations",
            Entity::Results => "results",
            Entity::AuditLogs => "audit_logs",
            Entity::Imports => "imports",
            Entity::Sessions => "sessions",
            Entity::Settings => "settings",
        }
    }

    /// One row of it, as JSON members, audit rows and sentences name it.
    pub fn singular(self) -> &'static str {
        match self {
            Entity::Users => "user",
            Entity::Athletes => "athlete",
            Entity::Races => "race",
            Entity::Events => "event",
            Entity::Registrations => "registration",
            Entity::Results => "result",
            Entity::AuditLogs => "audit_log",
            Entity::Imports => "import",
            Entity::Sessions => "session",
            Entity::Settings => "setting",
        }
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }

    pub fn from_table(name: &str) -> Option<Entity> {
        Entity::TABLES.into_iter().find(|entity| entity.table() == name)
    }
}

/// How many rows of a job are told one by one.
const ROWS: usize = 64;

/// The tables one job touched, and the rows as far as it named them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    tables: u16,
    /// Those of which rows were touched that are not named.
    whole: u16,
    rows: Vec<Change>,
}

impl Touched {
    pub fn add(&mut self, entity: Entity) {
        self.tables |= entity.bit();
        self.whole |= entity.bit();
    }

    pub fn add_row(&mut self, entity: Entity, id: i64, deed: Deed) {
        self.tables |= entity.bit();
        if self.rows.len() < ROWS {
            self.rows.push(Change { entity, id: Some(id), deed });
        } else {
            // Of so many it is shorter to say that the table changed.
            self.whole |= entity.bit();
        }
    }

    pub fn has(&self, entity: Entity) -> bool {
        self.tables & entity.bit() != 0
    }

    /// What there is to tell: the rows, and the tables whose rows are not named.
    fn into_changes(self) -> impl Iterator<Item = Change> {
        let whole = self.whole;
        let is_whole = move |entity: Entity| whole & entity.bit() != 0;
        let tables = Entity::ALL.into_iter().filter(move |entity| is_whole(*entity));
        let tables = tables.map(|entity| Change { entity, id: None, deed: Deed::Reload });
        self.rows.into_iter().filter(move |row| !is_whole(row.entity)).chain(tables)
    }
}

/// A counter for every table, raised after the COMMIT and before anybody is told of it.
#[derive(Debug, Default)]
pub struct Changes {
    counts: [AtomicU64; COUNT],
    news: News,
}

impl Changes {
    pub(super) fn publish(&self, touched: Touched) {
        if touched.tables == 0 {
            return;
        }
        for entity in Entity::ALL.into_iter().filter(|entity| touched.has(*entity)) {
            self.counts[entity as usize].fetch_add(1, Ordering::Release);
        }
        self.news.add(touched.into_changes());
    }

    /// Other data takes the place of all tables.
    pub(super) fn all_changed(&self) {
        for count in &self.counts {
            count.fetch_add(1, Ordering::Release);
        }
    }

    /// The changes one by one, as they happen.
    pub fn news(&self) -> &News {
        &self.news
    }

    /// The counters of all tables, in the order of [`Entity`].
    pub(super) fn counts(&self) -> Vec<u64> {
        self.counts.iter().map(|count| count.load(Ordering::Acquire)).collect()
    }

    /// A number that differs whenever any of these tables has changed since.
    pub fn generation(&self, entities: &[Entity]) -> u64 {
        entities.iter().map(|entity| self.counts[*entity as usize].load(Ordering::Acquire)).sum()
    }
}
