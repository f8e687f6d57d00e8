//! Whose private fields somebody sees.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::auth::guard::Visitor;
use crate::auth::policy::{Action, Role};
use crate::db::DbError;

/// How much of athletes a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Name, country, gender, club and bib.
    Public,
    /// Everything.
    Full,
    /// Everything of these athletes, public fields of the others.
    Own(BTreeSet<i64>),
}

/// The athletes of one user: their own person, or those an administrator linked to a coach. One `?`, used twice.
pub const OWN_ATHLETES: &str = "SELECT id FROM athletes WHERE user_id = ?1
    UNION SELECT athlete_id FROM user_athletes WHERE user_id = ?1";

impl Sight {
    /// What a visitor sees, as far as the role alone decides; `None` when stored links decide.
    pub fn by_role(visitor: &Visitor) -> Option<Sight> {
        match &visitor.user {
            None => Some(Sight::Public),
            Some(user) if user.role.may(Action::ReadPrivateFields) => Some(Sight::Full),
            Some(user) => match user.role {
                Role::Athlete | Role::Coach => None,
                Role::Admin
                | Role::ChiefRegistrar
                | Role::Registrar
                | Role::Official
                | Role::Starter
                | Role::Viewer => Some(Sight::Public),
            },
        }
    }

    /// What somebody sees of a row they have written, or that stood in their way. Nobody writes because of a link.
    pub fn of_writer(role: Role) -> Sight {
        if role.may(Action::ReadPrivateFields) { Sight::Full } else { Sight::Public }
    }

    pub fn of(conn: &Connection, visitor: &Visitor) -> Result<Sight, DbError> {
        match (Sight::by_role(visitor), &visitor.user) {
            (Some(sight), _) => Ok(sight),
            (None, Some(user)) => {
                let mut statement = conn.prepare_cached(OWN_ATHLETES)?;
                let ids = statement.query_map([user.id], |row| row.get(0))?;
                Ok(Sight::Own(ids.collect::<rusqlite::Result<_>>()?))
            }
            (None, None) => Ok(Sight::Public),
        }
    }

    pub fn sees(&self, athlete: i64) -> bool {
        match self {
            Sight::Public => false,
            Sight::Full => true,
            Sight::Own(ids) => ids.contains(&athlete),
        }
    }
}
