//! Accounts against the stored rows. Secrets go in and out by functions of their own.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::User;
use crate::audit::Actor;
use crate::auth::policy::Action;
use crate::db::{DbError, Entity, Tx};
use crate::records::{self, Aliases, Fields, Filter, Kind, ListSpec, RecordError, Resource, Sight, Sort, find_where};

/// What answers add to an account. The password itself is told to nobody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountFacts {
    /// Without one nobody can sign in with it
    pub has_password: bool,
    /// The athletes linked to a coach; in single answers only
    #[serde(skip_serializing_if = "Option::is_none")]
    pub athlete_ids: Option<Vec<i64>>,
}

impl Resource for User {
    type Beside = AccountFacts;

    const LIST: ListSpec = ListSpec {
        entity: Entity::Users,
        filters: &[
            Filter::new("name", "name = ?", Kind::Text),
            Filter::new("email", "email_key = ?", Kind::Lower),
            Filter::new("role", "role = ?", Kind::Lower),
            Filter::new("status", "status = ?", Kind::Lower),
            Filter::new(
                "hasPassword",
                "id IN (SELECT user_id FROM user_secrets WHERE password_hash IS NOT NULL) = ?",
                Kind::Boolean,
            ),
        ],
        sorts: &[
            Sort::new("id", "id"),
            Sort::new("name", "name"),
            Sort::new("email", "email_key"),
            Sort::new("role", "role"),
            Sort::new("lastLogin", "last_login"),
        ],
        search: &["name", "email_key"],
        beside: None,
    };
    const ALIASES: Aliases = &[];
    const READ: Option<Action> = Some(Action::ManageUsers);
    const CREATE: Action = Action::ManageUsers;

    fn blank() -> User {
        User::blank_user()
    }

    fn fill(&mut self, fields: &mut Fields<'_>) {
        self.fill_from(fields);
    }

    fn beside(&self, conn: &Connection, _sight: &Sight, alone: bool) -> Result<Option<AccountFacts>, DbError> {
        let (hash, _) = secrets(conn, self.id)?;
        let athlete_ids = if alone { Some(linked_athletes(conn, self.id)?) } else { None };
        Ok(Some(AccountFacts { has_password: hash.is_some(), athlete_ids }))
    }

    fn check(&self, conn: &Connection, _before: Option<&User>) -> Result<(), RecordError> {
        match by_email(conn, &self.email)? {
            Some(other) if other.id != self.id => {
                let detail = format!("There is already a user with the email {}", other.email);
                Err(RecordError::conflict("email-taken", "email", detail))
            }
            _ => Ok(()),
        }
    }
}

/// A password that was checked and hashed already: an argon2id PHC string.
#[derive(Debug, Clone)]
pub struct NewPassword(pub String);

pub fn by_email(conn: &Connection, email: &str) -> Result<Option<User>, DbError> {
    find_where(conn, "email_key = ?1", User::email_key(email))
}

/// How many active administrators there are.
pub fn active_admins(conn: &Connection) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active'";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Creates an account, able to sign in when a password comes along.
pub fn insert_with_password(
    tx: &mut Tx<'_>,
    by: &Actor,
    user: &mut User,
    password: Option<&NewPassword>,
) -> Result<(), RecordError> {
    user.check(tx.conn(), None)?;
    records::create(tx, by, user)?;
    add_secrets(tx.conn(), user.id, password.map(|password| password.0.as_str()))?;
    Ok(())
}

/// Every account has a row of secrets, with or without a password.
pub fn add_secrets(conn: &Connection, user: i64, hash: Option<&str>) -> Result<(), DbError> {
    let sql = "INSERT INTO user_secrets (user_id, password_hash) VALUES (?1, ?2)";
    conn.prepare_cached(sql)?.execute((user, hash))?;
    Ok(())
}

/// Sets a password and ends every session of the user.
pub fn set_password(tx: &mut Tx<'_>, user: i64, password: &NewPassword) -> Result<(), DbError> {
    let sql = "UPDATE user_secrets SET password_hash = ?2, token_version = token_version + 1 WHERE user_id = ?1";
    tx.conn().prepare_cached(sql)?.execute((user, &password.0))?;
    end_sessions(tx, user)
}

/// Ends every session of the user, as their rights have changed.
pub fn revoke_tokens(tx: &mut Tx<'_>, user: i64) -> Result<(), DbError> {
    let sql = "UPDATE user_secrets SET token_version = token_version + 1 WHERE user_id = ?1";
    tx.conn().prepare_cached(sql)?.execute([user])?;
    end_sessions(tx, user)
}

/// The token version ends the access tokens; refresh tokens and cookies hang on the session itself.
fn end_sessions(tx: &mut Tx<'_>, user: i64) -> Result<(), DbError> {
    let sql = "UPDATE sessions SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL";
    tx.conn().prepare_cached(sql)?.execute((user, tx.now_ms()))?;
    tx.touch(Entity::Users);
    tx.touch(Entity::Sessions);
    Ok(())
}

/// The password hash (if any) and the token version of a user.
pub fn secrets(conn: &Connection, user: i64) -> Result<(Option<String>, i64), DbError> {
    let sql = "SELECT password_hash, token_version FROM user_secrets WHERE user_id = ?1";
    let found = conn.prepare_cached(sql)?.query_row([user], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.unwrap_or((None, 0)))
}

/// For the console, where nobody is signed in: disables or enables an account.
pub fn set_status(tx: &mut Tx<'_>, by: &Actor, user: &User, status: super::UserStatus) -> Result<User, RecordError> {
    let mut after = user.clone();
    after.status = status;
    records::change(tx, by, user, &mut after)?;
    keep_an_admin(tx.conn(), user)?;
    revoke_tokens(tx, user.id)?;
    Ok(after)
}

/// Refuses, after a change, to be left without anybody who can administer.
pub fn keep_an_admin(conn: &Connection, before: &User) -> Result<(), RecordError> {
    if before.is_active_admin() && active_admins(conn)? == 0 {
        let detail = "This is the last active administrator. Make somebody else administrator first";
        return Err(RecordError::conflict("last-admin", "role", detail));
    }
    Ok(())
}

/// The athletes that an administrator linked to a user, by id.
pub fn linked_athletes(conn: &Connection, user: i64) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT athlete_id FROM user_athletes WHERE user_id = ?1 ORDER BY athlete_id";
    let mut statement = conn.prepare_cached(sql)?;
    let ids = statement.query_map([user], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}
