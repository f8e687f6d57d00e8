//! A browser that has signed in to an account before is known again by a cookie that only this server can make. Whoever
//! guesses at the account from elsewhere then slows this browser down in nothing: its wrong passwords have a counter of
//! their own. It opens no door.

use axum::http::HeaderValue;

use super::token::{Keys, random_token};
use crate::http::tls::Line;

/// Name of the cookie.
pub const COOKIE: &str = "athsys_device";
/// A browser is known for half a year after its last sign-in.
const AGE_S: i64 = 180 * 24 * 3600;

/// What belongs behind `Set-Cookie` for a browser that has just signed in. Only the doors themselves need it.
pub fn set(line: Line, keys: &Keys, account: &str, now_s: i64) -> HeaderValue {
    let (nonce, until) = (random_token(), now_s + AGE_S);
    let mark = keys.mark(&signed(account, &nonce, until));
    let secure = if line.is_encrypted() { "; Secure" } else { "" };
    let kept = format!("Path=/api/auth; Max-Age={AGE_S}; HttpOnly; SameSite=Strict{secure}");
    let text = format!("{COOKIE}={nonce}.{until}.{mark}; {kept}");
    HeaderValue::from_str(&text).expect("base64url and digits are ASCII")
}

/// The browser that a cookie names, when this server made it for this account and it is not too old.
pub fn device<'c>(keys: &Keys, cookie: &'c str, account: &str, now_s: i64) -> Option<&'c str> {
    let mut parts = cookie.splitn(3, '.');
    let (nonce, until, mark) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    (until > now_s && keys.is_mark(mark, &signed(account, nonce, until))).then_some(nonce)
}

/// What is signed; no token begins like this.
fn signed(account: &str, nonce: &str, until: i64) -> String {
    format!("device {nonce} {until} {account}")
}

#[cfg(test)]
mod tests;
