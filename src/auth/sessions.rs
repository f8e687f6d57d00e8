//! Who is signed in: kept in the database, answered from memory.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::guard::{Pass, SignedIn};
use super::policy::Role;
use super::remembered::Remembered;
use super::token::{Claims, Keys, TokenError, random_token, token_hash};
use crate::audit::Actor;
use crate::db::{Db, DbError, Entity, Tx};
use crate::http::error::{ApiError, ApiResult};
use crate::records::values::parsed;
use crate::time::{self, Moment};
use crate::users::{User, UserStatus};

/// An access token lives one hour.
pub const ACCESS_S: i64 = 3600;
/// A session lives seven days after its last refresh.
pub const SESSION_MS: i64 = 7 * 24 * 3600 * 1000;
const DEPENDS_ON: [Entity; 2] = [Entity::Users, Entity::Sessions];

/// The sessions of this server.
pub struct Sessions {
    keys: Keys,
    known: Remembered<Key, State>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Id(i64),
    Cookie(String),
}

/// A session and its user as stored.
#[derive(Debug, Clone)]
struct State {
    session: i64,
    user: i64,
    name: String,
    role: Role,
    status: UserStatus,
    token_version: i64,
    expires_at: i64,
    revoked: bool,
    confirmed_at: i64,
}

/// The secrets of a session, shown once.
#[derive(Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub cookie: String,
}

impl Sessions {
    pub fn new(keys: Keys) -> Sessions {
        Sessions { keys, known: Remembered::new(&DEPENDS_ON, load) }
    }

    /// The signing keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The user of a bearer token.
    ///
    /// # Errors
    /// 401 for an expired, forged or revoked one.
    pub async fn by_token(&self, db: &Db, token: &str) -> ApiResult<SignedIn> {
        let claims = self.keys.verify(token, time::now_ms() / 1000).map_err(|error| match error {
            TokenError::Expired => ApiError::unauthorized("token-expired", "Your session has expired; sign in again"),
            TokenError::Invalid => ApiError::unauthorized("invalid-token", "This token is not valid; sign in again"),
        })?;
        let state = self.known.find(db, Key::Id(claims.sid)).await?;
        let state = state.filter(|state| state.user == claims.sub && state.token_version == claims.tv);
        state.and_then(|state| self.admit(state)).ok_or_else(|| {
            ApiError::unauthorized("token-revoked", "You were signed out, or your account has changed; sign in again")
        })
    }

    /// The user of a cookie; none when it is not good any more, as pages are public.
    pub async fn by_cookie(&self, db: &Db, secret: &str) -> ApiResult<Option<SignedIn>> {
        let state = self.known.find(db, Key::Cookie(token_hash(secret))).await?;
        Ok(state.and_then(|state| self.admit(state)))
    }

    /// The session that a request says it belongs to, from memory alone and without asking whether it is still good: for
    /// what has to cost nothing, such as counting requests. A cookie that was not looked at yet is nobody's.
    pub fn recognise(&self, pass: &Pass) -> Option<i64> {
        match pass {
            Pass::Nothing => None,
            Pass::Token(token) => self.keys.verify(token, time::now_ms() / 1000).ok().map(|claims| claims.sid),
            Pass::Cookie(secret) => self.known.last_found(&Key::Cookie(token_hash(secret))).map(|state| state.session),
        }
    }

    fn admit(&self, state: State) -> Option<SignedIn> {
        let user = state.signed_in()?;
        self.known.saw(user.session);
        Some(user)
    }

    /// When this process last saw somebody in a session.
    pub fn last_seen(&self, session: i64) -> Option<Moment> {
        self.known.last_seen(session)
    }

    /// Opens a session: its row, its first refresh token, its cookie.
    pub fn open(&self, tx: &mut Tx<'_>, by: &Actor, user: &User, agent: Option<&str>) -> Result<Tokens, DbError> {
        let cookie = random_token();
        let sql = "
            INSERT INTO sessions (user_id, cookie_hash, user_agent, ip_address, created_at, expires_at)
            VALUES (:user, :cookie, :agent, :ip, :now, :expires)";
        tx.conn().prepare_cached(sql)?.execute(named_params! {
            ":user": user.id, ":cookie": token_hash(&cookie), ":agent": agent,
            ":ip": by.ip.map(|ip| ip.to_string()), ":now": tx.now_ms(), ":expires": tx.now_ms() + SESSION_MS,
        })?;
        let session = tx.conn().last_insert_rowid();
        let refresh = add_refresh_token(tx, session)?;
        tx.touch(Entity::Sessions);
        Ok(Tokens { access: self.access_token(tx, user.id, session)?, refresh, cookie })
    }

    fn access_token(&self, tx: &Tx<'_>, user: i64, session: i64) -> Result<String, DbError> {
        let (_, token_version) = crate::users::secrets(tx.conn(), user)?;
        let now_s = tx.now_ms() / 1000;
        Ok(self.keys.sign(&Claims::new(user, session, token_version, now_s, ACCESS_S)))
    }

    /// Exchanges a refresh token for new ones. A token that was used before revokes its whole session, as one of
    /// its two holders is a thief.
    pub fn refresh(&self, tx: &mut Tx<'_>, token: &str) -> Result<Refreshed, DbError> {
        let hash = token_hash(token);
        let sql = "SELECT session_id, used_at FROM refresh_tokens WHERE token_hash = ?1";
        let found: Option<(i64, Option<i64>)> =
            tx.conn().prepare_cached(sql)?.query_row([&hash], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((session, used_at)) = found else { return Ok(Refreshed::Unknown) };
        let Some(state) = load(tx.conn(), &Key::Id(session))? else { return Ok(Refreshed::Unknown) };
        if used_at.is_some() {
            revoke(tx, session)?;
            return Ok(Refreshed::Reused(state.user));
        }
        let user = state.user;
        if state.signed_in().is_none() {
            return Ok(Refreshed::Unknown);
        }
        let conn = tx.conn();
        conn.prepare_cached("UPDATE refresh_tokens SET used_at = ?2 WHERE token_hash = ?1")?
            .execute((&hash, tx.now_ms()))?;
        conn.prepare_cached("UPDATE sessions SET expires_at = ?2, last_used_at = ?3 WHERE id = ?1")?.execute((
            session,
            tx.now_ms() + SESSION_MS,
            tx.now_ms(),
        ))?;
        tx.touch(Entity::Sessions);
        let refresh = add_refresh_token(tx, session)?;
        Ok(Refreshed::Done { user, access: self.access_token(tx, user, session)?, refresh })
    }
}

/// What became of a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    Done { user: i64, access: String, refresh: String },
    Reused(i64),
    Unknown,
}

impl State {
    fn signed_in(self) -> Option<SignedIn> {
        let good = !self.revoked && self.status == UserStatus::Active && self.expires_at > time::now_ms();
        good.then_some(SignedIn {
            id: self.user,
            name: self.name,
            role: self.role,
            session: self.session,
            confirmed_at: self.confirmed_at,
        })
    }
}

fn load(conn: &Connection, key: &Key) -> Result<Option<State>, DbError> {
    let condition = match key {
        Key::Id(_) => "s.id = ?1",
        Key::Cookie(_) => "s.cookie_hash = ?1",
    };
    let sql = format!(
        "SELECT s.id, u.id, u.name, u.role, u.status, p.token_version, s.expires_at, s.revoked_at IS NOT NULL,
            coalesce(s.confirmed_at, s.created_at)
        FROM sessions s JOIN users u ON u.id = s.user_id JOIN user_secrets p ON p.user_id = u.id
        WHERE {condition}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(State {
            session: row.get(0)?,
            user: row.get(1)?,
            name: row.get(2)?,
            role: parsed(row, 3, Role::from_word)?,
            status: parsed(row, 4, UserStatus::read)?,
            token_version: row.get(5)?,
            expires_at: row.get(6)?,
            revoked: row.get(7)?,
            confirmed_at: row.get(8)?,
        })
    };
    let found = match key {
        Key::Id(id) => statement.query_row([id], read),
        Key::Cookie(hash) => statement.query_row([hash], read),
    };
    Ok(found.optional()?)
}

fn add_refresh_token(tx: &mut Tx<'_>, session: i64) -> Result<String, DbError> {
    let token = random_token();
    let sql = "INSERT INTO refresh_tokens (token_hash, session_id) VALUES (?1, ?2)";
    tx.conn().prepare_cached(sql)?.execute((token_hash(&token), session))?;
    Ok(token)
}

/// Ends one session: its tokens and its cookie stop working with this COMMIT.
pub fn revoke(tx: &mut Tx<'_>, session: i64) -> Result<(), DbError> {
    let sql = "UPDATE sessions SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    tx.conn().prepare_cached(sql)?.execute((session, tx.now_ms()))?;
    tx.touch(Entity::Sessions);
    Ok(())
}

/// The newest version that the tokens of anybody have.
pub fn newest_token_version(conn: &Connection) -> Result<i64, DbError> {
    let sql = "SELECT coalesce(max(token_version), 0) FROM user_secrets";
    Ok(conn.query_row(sql, [], |row| row.get(0))?)
}

/// Ends every session and station link there is, and makes tokens of all versions up to `newest` worthless.
pub fn end_all(tx: &mut Tx<'_>, newest: i64) -> Result<(), DbError> {
    tx.conn().execute("DELETE FROM sessions", [])?;
    // A link that was revoked since must not open again: the file that came back does not know of it.
    tx.conn().execute("UPDATE stations SET revoked_at = ?1 WHERE revoked_at IS NULL", [tx.now_ms()])?;
    tx.conn().execute("UPDATE user_secrets SET token_version = max(token_version, ?1) + 1", [newest])?;
    tx.touch(Entity::Sessions);
    tx.touch(Entity::Users);
    Ok(())
}

/// Forgets sessions that ended more than a day ago.
pub fn prune(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let day_ago = tx.now_ms() - 24 * 3600 * 1000;
    let sql = "DELETE FROM sessions WHERE expires_at < ?1 OR revoked_at < ?1";
    Ok(tx.conn().prepare_cached(sql)?.execute([day_ago])?)
}
