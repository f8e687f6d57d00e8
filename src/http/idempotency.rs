//! `Idempotency-Key`: a request repeated with the same key is applied once.
//!
//! The first answer is kept by the very transaction that made the change, so there is no moment at which one
//! exists without the other, and the single writer decides between two that arrive together.

use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use rusqlite::{Connection, OptionalExtension, named_params};
use sha2::{Digest, Sha256};

use super::error::{ApiError, ApiResult};
use super::reply::Reply;
use crate::db::{DbError, Tx};
use crate::records::RecordError;

pub const REPLAYED: HeaderName = HeaderName::from_static("x-idempotency-replayed");
const KEY: &str = "idempotency-key";
/// Kept this long, across restarts.
pub const KEEP_MS: i64 = 24 * 3600 * 1000;

/// A key, whose it is, and the digest of the request it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    scope: String,
    key: String,
    digest: String,
}

impl RequestKey {
    /// The key of a request, when it has one. `scope` says whose it is.
    pub fn from_parts(parts: &Parts, scope: String, body: &[u8]) -> ApiResult<Option<RequestKey>> {
        let Some(value) = parts.headers.get(KEY) else { return Ok(None) };
        let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len())).ok_or_else(|| {
            ApiError::bad_request(
                "invalid-idempotency-key",
                "Idempotency-Key must be 1 to 255 visible ASCII characters",
            )
        })?;
        let mut hasher = Sha256::new();
        hasher.update(parts.method.as_str());
        hasher.update([0]);
        hasher.update(parts.uri.path_and_query().map_or("", |path| path.as_str()));
        hasher.update([0]);
        hasher.update(body);
        Ok(Some(RequestKey { scope, key: key.to_owned(), digest: crate::audit::hex(&hasher.finalize()) }))
    }

    /// The key of a form, which has no header for one: the same form twice is the same request. A hidden member that is
    /// drawn anew with each page tells two alike ones apart.
    pub fn of_form(scope: String, path: &str, body: &[u8]) -> RequestKey {
        let mut hasher = Sha256::new();
        hasher.update(path);
        hasher.update([0]);
        hasher.update(body);
        let digest = crate::audit::hex(&hasher.finalize());
        RequestKey { scope, key: digest.clone(), digest }
    }

    /// The same key for a body whose digest is already known, such as an upload spooled to disk.
    pub fn with_body_digest(mut self, digest: &str) -> RequestKey {
        self.digest = format!("{}+{digest}", self.digest);
        self
    }
}

/// The answer given before to this key. Another request under the same key is refused.
pub fn replay(tx: &Tx<'_>, key: &RequestKey) -> Result<Option<Reply>, RecordError> {
    kept(tx.conn(), tx.now_ms(), key)
}

/// As [`replay`], for a reader.
pub fn kept(conn: &Connection, now_ms: i64, key: &RequestKey) -> Result<Option<Reply>, RecordError> {
    let sql = "
        SELECT digest, status, body, headers FROM idempotency_keys
        WHERE scope = :scope AND key = :key AND created_at > :oldest";
    let stored = conn.prepare_cached(sql)?.query_row(
        named_params! { ":scope": key.scope, ":key": key.key, ":oldest": now_ms - KEEP_MS },
        |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, u16>(1)?, row.get::<_, Vec<u8>>(2)?, row.get::<_, String>(3)?))
        },
    );
    let Some((digest, status, body, headers)) = stored.optional()? else { return Ok(None) };
    if digest != key.digest {
        return Err(RecordError::KeyReused);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let reply = Reply::from_parts(status, body.into()).with_header(REPLAYED, HeaderValue::from_static("true"));
    Ok(Some(headers.lines().filter_map(|line| line.split_once(": ")).fold(reply, with_header)))
}

fn with_header(reply: Reply, (name, value): (&str, &str)) -> Reply {
    match (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        (Ok(name), Ok(value)) => reply.with_header(name, value),
        _ => reply,
    }
}

/// Keeps an answer for the same key to come again.
pub fn keep(tx: &Tx<'_>, key: &RequestKey, reply: &Reply) -> Result<(), DbError> {
    let header = |name: HeaderName| {
        let value = reply.header(name.clone())?.to_str().ok()?;
        Some(format!("{name}: {value}\n"))
    };
    let headers: String = [header::LOCATION, header::ETAG].into_iter().filter_map(header).collect();
    let sql = "
        INSERT INTO idempotency_keys (scope, key, digest, status, body, headers, created_at)
        VALUES (:scope, :key, :digest, :status, :body, :headers, :now)
        ON CONFLICT (scope, key) DO UPDATE SET
            digest = excluded.digest, status = excluded.status, body = excluded.body,
            headers = excluded.headers, created_at = excluded.created_at";
    tx.conn().prepare_cached(sql)?.execute(named_params! {
        ":scope": key.scope, ":key": key.key, ":digest": key.digest, ":status": reply.status().as_u16(),
        ":body": reply.open_body().as_ref(), ":headers": headers, ":now": tx.now_ms(),
    })?;
    Ok(())
}

/// Forgets keys older than a day.
pub fn prune(tx: &Tx<'_>) -> Result<usize, DbError> {
    let sql = "DELETE FROM idempotency_keys WHERE created_at <= ?1";
    Ok(tx.conn().prepare_cached(sql)?.execute([tx.now_ms() - KEEP_MS])?)
}
