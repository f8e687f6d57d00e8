//! Who hears of what: those who may read a row hear of it.

use crate::auth::guard::SignedIn;
use crate::auth::policy::{Action, Role};
use crate::db::{Change, Deed, Entity};

/// How somebody hears of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hearing {
    Nothing,
    /// That it changed, and not which row.
    Table,
    Rows,
}

fn hearing(user: Option<&SignedIn>, entity: Entity) -> Hearing {
    let whole_for =
        |action: Action| if user.is_some_and(|user| user.role.may(action)) { Hearing::Rows } else { Hearing::Nothing };
    match entity {
        Entity::Athletes | Entity::Races | Entity::Events | Entity::Results => Hearing::Rows,
        Entity::Registrations => match user {
            // Coaches and athletes read those of their own only, and a message does not say whose it is.
            Some(user)
                if user.role.may(Action::ReadRegistrations) && !matches!(user.role, Role::Coach | Role::Athlete) =>
            {
                Hearing::Rows
            }
            // The start lists that everybody reads are made of them.
            _ => Hearing::Table,
        },
        Entity::Users => whole_for(Action::ManageUsers),
        Entity::AuditLogs | Entity::Imports | Entity::Sessions | Entity::Settings => whole_for(Action::Administer),
    }
}

/// A change as somebody hears of it.
pub(super) fn heard_by(user: Option<&SignedIn>, change: Change) -> Option<Change> {
    match hearing(user, change.entity) {
        Hearing::Nothing => None,
        Hearing::Table => Some(Change { id: None, deed: Deed::Reload, ..change }),
        Hearing::Rows => Some(change),
    }
}
