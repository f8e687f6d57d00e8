//! The audit log: one row for every change, in the same transaction, chained by hashes.
//!
//! `hash = SHA-256(previous hash || seq || created_at || actor || action || entity || digest of the payload)`, each
//! part preceded by its length in four bytes, big-endian. The payload (before, after, details, address) lies in a
//! table of its own: it can be erased without breaking the chain. The chain shows accidents and casual edits;
//! somebody who owns the file can recompute it, so print its head on paper.

mod chain;
mod checked;
mod history;
mod routes;
mod store;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::db::{DbError, Entity, Tx};

pub use chain::{ChainReport, Head, head, hex, verify};
pub use checked::{ChainState, Checked};
pub use history::{Change, history};
pub use routes::routes;

/// Who did something: a user, the console, or nobody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub user_id: Option<i64>,
    pub name: String,
    pub ip: Option<IpAddr>,
}

impl Actor {
    /// Somebody at the command line.
    pub fn console() -> Actor {
        Actor { user_id: None, name: "console".into(), ip: None }
    }

    /// The server itself, for what it does unasked.
    pub fn server() -> Actor {
        Actor { user_id: None, name: "server".into(), ip: None }
    }
}

/// What was done. The words are API contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Create,
    Update,
    Delete,
    Login,
    LoginFailed,
    Logout,
    Import,
    Export,
    Undo,
    Backup,
    Restore,
    PermissionDenied,
    Setting,
}

impl Verb {
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
            Verb::Login => "login",
            Verb::LoginFailed => "login_failed",
            Verb::Logout => "logout",
            Verb::Import => "import",
            Verb::Export => "export",
            Verb::Undo => "undo",
            Verb::Backup => "backup",
            Verb::Restore => "restore",
            Verb::PermissionDenied => "permission_denied",
            Verb::Setting => "setting",
        }
    }
}

/// One audit row in the making.
pub struct Entry {
    verb: Verb,
    entity: &'static str,
    id: Option<i64>,
    before: Option<String>,
    after: Option<String>,
    details: Option<String>,
}

impl Entry {
    pub fn new(verb: Verb, entity: Entity) -> Entry {
        Entry::about(verb, entity.singular())
    }

    /// For what is not a row of ours: `session`, `all`.
    pub fn about(verb: Verb, entity: &'static str) -> Entry {
        Entry { verb, entity, id: None, before: None, after: None, details: None }
    }

    pub fn id(mut self, id: i64) -> Entry {
        self.id = Some(id);
        self
    }

    pub fn before(mut self, row: &impl Serialize) -> Entry {
        self.before = Some(text(row));
        self
    }

    pub fn after(mut self, row: &impl Serialize) -> Entry {
        self.after = Some(text(row));
        self
    }

    pub fn details(mut self, details: &impl Serialize) -> Entry {
        self.details = Some(text(details));
        self
    }

    /// Appends the row to the chain, inside the transaction of the change it tells of.
    pub fn write(self, tx: &mut Tx<'_>, by: &Actor) -> Result<(), DbError> {
        chain::append(tx, by, self)
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own types serialise")
}

#[cfg(test)]
mod tests;
