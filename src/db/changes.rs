//! Which tables changed, counted. A cache entry made at one count is stale at the next.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

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

    pub fn from_table(name: &str) -> Option<Entity> {
        Entity::TABLES.into_iter().find(|entity| entity.table() == name)
    }
}

/// The tables one job touched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched(u16);

impl Touched {
    /// Every table.
    pub(super) const EVERYTHING: Touched = Touched((1 << COUNT) - 1);

    pub fn add(&mut self, entity: Entity) {
        self.0 |= 1 << entity as u16;
    }

    pub fn has(self, entity: Entity) -> bool {
        self.0 & (1 << entity as u16) != 0
    }
}

/// A counter for every table, raised after the COMMIT and before anybody is told of it.
#[derive(Debug, Default)]
pub struct Changes {
    counts: [AtomicU64; COUNT],
}

impl Changes {
    pub(super) fn publish(&self, touched: Touched) {
        for (bit, count) in self.counts.iter().enumerate() {
            if touched.0 & (1 << bit) != 0 {
                count.fetch_add(1, Ordering::Release);
            }
        }
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
