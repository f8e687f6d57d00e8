//! Access tokens (JWT, HS256) and opaque random ones.
//!
//! A token says who, which session and which version of the user's rights; whether the session still lives
//! is asked elsewhere, from memory, with every request. So verifying must be cheap: one HMAC and one small
//! JSON object, a few microseconds.

mod base64url;
mod key_file;

use std::fmt;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use key_file::KeyFile;

/// Whom the tokens are for; a token of another program with the same key is refused.
const AUDIENCE: &str = "athsys";
const KEY_BYTES: usize = 32;

/// What an access token says. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Id of the user.
    pub sub: i64,
    /// Id of the session.
    pub sid: i64,
    /// Version of the user's tokens: sign-out everywhere, a new password or role raise it.
    pub tv: i64,
    pub iat: i64,
    /// The token is no longer good at this second.
    pub exp: i64,
    pub aud: String,
    /// A name of the token itself, 128 random bits.
    pub jti: String,
}

impl Claims {
    /// Valid from `now_s` for `lifetime_s` seconds.
    pub fn new(user: i64, session: i64, token_version: i64, now_s: i64, lifetime_s: i64) -> Claims {
        Claims {
            sub: user,
            sid: session,
            tv: token_version,
            iat: now_s,
            exp: now_s + lifetime_s,
            aud: AUDIENCE.to_owned(),
            jti: base64url::encode(&random::<16>()),
        }
    }
}

/// Why a token is refused: 401 in both cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It was good once; a refresh token gets a new one.
    #[error("the access token has expired")]
    Expired,
    #[error("the access token is not valid")]
    Invalid,
}

/// The signing keys: the current one, and perhaps the one before, whose tokens are still accepted.
pub struct Keys {
    /// Current first; one or two.
    keys: Vec<Key>,
}

struct Key {
    kid: String,
    header: Header,
    /// The first part of every token of this key.
    encoded_header: String,
    signing: EncodingKey,
    verifying: DecodingKey,
}

impl Key {
    fn new(kid: &str, secret: &[u8; KEY_BYTES]) -> Key {
        let signing = EncodingKey::from_secret(secret);
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::HS256) };
        let sample = jsonwebtoken::encode(&header, &(), &signing).expect("an HMAC key signs with HS256");
        let encoded_header = sample.split('.').next().unwrap_or_default().to_owned();
        Key { kid: kid.to_owned(), header, encoded_header, signing, verifying: DecodingKey::from_secret(secret) }
    }
}

impl Keys {
    /// Signs with the current key.
    pub fn sign(&self, claims: &Claims) -> String {
        let current = &self.keys[0];
        jsonwebtoken::encode(&current.header, claims, &current.signing)
            .expect("our claims are JSON and the key is HMAC")
    }

    /// The claims of a token that we signed and that has not expired at `now_s` (Unix seconds).
    ///
    /// The header must be, byte for byte, the one we write: so there is no algorithm to choose and nothing
    /// else in it to believe.
    pub fn verify(&self, token: &str, now_s: i64) -> Result<Claims, TokenError> {
        let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Invalid)?;
        let (header, claims) = message.split_once('.').ok_or(TokenError::Invalid)?;
        let key = self.keys.iter().find(|key| key.encoded_header == header).ok_or(TokenError::Invalid)?;
        let signed = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.verifying, Algorithm::HS256);
        if !signed.is_ok_and(|good| good) {
            return Err(TokenError::Invalid);
        }
        let json = base64url::decode(claims).ok_or(TokenError::Invalid)?;
        let claims: Claims = serde_json::from_slice(&json).map_err(|_| TokenError::Invalid)?;
        if claims.aud != AUDIENCE {
            return Err(TokenError::Invalid);
        }
        if now_s >= claims.exp { Err(TokenError::Expired) } else { Ok(claims) }
    }
}

impl Keys {
    /// A mark under some text that only who holds the keys can make. The text must be nothing a token could begin with.
    pub fn mark(&self, text: &str) -> String {
        jsonwebtoken::crypto::sign(text.as_bytes(), &self.keys[0].signing, Algorithm::HS256)
            .expect("an HMAC key signs with HS256")
    }

    /// Whether one of the keys made this mark under this text.
    pub fn is_mark(&self, mark: &str, text: &str) -> bool {
        let made = |key: &Key| jsonwebtoken::crypto::verify(mark, text.as_bytes(), &key.verifying, Algorithm::HS256);
        self.keys.iter().any(|key| made(key).is_ok_and(|good| good))
    }
}

/// Names the keys only: a key in a log would be a key for everybody who reads it.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.kid)).finish()
    }
}

/// 256 random bits as 43 characters of base64url: refresh tokens, cookies, the set-up link.
pub fn random_token() -> String {
    base64url::encode(&random::<32>())
}

/// SHA-256 in 64 hex digits: what is stored of a random token. A plain hash is enough, as there is nothing
/// to guess in 256 random bits.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has random numbers");
    bytes
}

#[cfg(test)]
mod tests;
