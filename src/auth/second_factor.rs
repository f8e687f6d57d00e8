//! The second factor of an account: six digits that change every 30 seconds (TOTP, RFC 6238), and codes for a lost phone.
//!
//! A code is taken once: the step it belongs to is remembered, and older ones are refused with it. One step of clock
//! drift to each side is forgiven. Nothing here is in a list, an export or an audit row.

mod base32;
mod routes;
mod sign_in;

use rusqlite::{Connection, OptionalExtension};
use totp_rs::{Builder, Totp};

use super::made_up_password;
use super::token::{random, token_hash};
use crate::audit::Actor;
use crate::db::{DbError, Entity, Tx};
use crate::records::{self, RecordError};
use crate::users::User;

pub use routes::routes;
pub use sign_in::{Challenges, second_step, user_of};

/// Bytes of a secret, as RFC 4226 recommends.
const SECRET: usize = 20;
/// Codes for a lost phone, made together.
const BACKUP_CODES: usize = 10;
/// What an app for codes shows beside them.
const ISSUER: &str = "athsys";

fn totp(secret: [u8; SECRET]) -> Totp {
    Builder::new().with_secret(secret).build().expect("20 bytes, 6 digits and 30 seconds are what the RFC wants")
}

/// The step of a code that is good at this second, one step of drift to each side.
fn step_of(secret: [u8; SECRET], code: &str, now_s: u64) -> Option<i64> {
    totp(secret).check(code, now_s).and_then(|step| i64::try_from(step).ok())
}

/// A secret in the making: what an app for codes has to know.
pub struct Started {
    /// In base 32, to be typed in.
    pub secret: String,
    /// The same as a link, to be scanned.
    pub link: String,
}

/// Gives an account a secret that counts for nothing until its first code comes. One that was begun before is forgotten.
pub fn start(tx: &mut Tx<'_>, user: &User) -> Result<Started, RecordError> {
    if user.two_factor_enabled {
        return Err(RecordError::conflict("second-factor-on", "code", "This account has a second factor already"));
    }
    let secret: [u8; SECRET] = random();
    let sql = "
        INSERT INTO second_factors (user_id, secret, is_on, last_step) VALUES (?1, ?2, 0, 0)
        ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, is_on = 0, last_step = 0";
    tx.conn().prepare_cached(sql)?.execute((user.id, &secret[..]))?;
    let secret = base32::encode(&secret);
    let account: String = form_urlencoded::byte_serialize(user.email.as_bytes()).collect();
    let link = format!("otpauth://totp/{ISSUER}:{account}?secret={secret}&issuer={ISSUER}&digits=6&period=30");
    Ok(Started { secret, link })
}

/// Switches it on with a first code, so that nobody is locked out by a secret that no app has. Answers the codes for a
/// lost phone; none when the code is wrong.
pub fn switch_on(tx: &mut Tx<'_>, by: &Actor, user: &User, code: &str) -> Result<Option<Vec<String>>, RecordError> {
    if !take_digits(tx, user.id, code, false)? {
        return Ok(None);
    }
    tx.conn().execute("UPDATE second_factors SET is_on = 1 WHERE user_id = ?1", [user.id])?;
    let codes = new_backup_codes(tx, user.id)?;
    set_flag(tx, by, user, true)?;
    Ok(Some(codes))
}

/// Takes it off an account, with its codes. Doing it again changes nothing.
pub fn switch_off(tx: &mut Tx<'_>, by: &Actor, user: &User) -> Result<(), RecordError> {
    tx.conn().execute("DELETE FROM second_factors WHERE user_id = ?1", [user.id])?;
    if user.two_factor_enabled {
        set_flag(tx, by, user, false)?;
    }
    Ok(())
}

fn set_flag(tx: &mut Tx<'_>, by: &Actor, user: &User, is_on: bool) -> Result<(), RecordError> {
    let mut after = user.clone();
    after.two_factor_enabled = is_on;
    records::change(tx, by, user, &mut after)?;
    tx.touch(Entity::Users);
    Ok(())
}

/// New codes for a lost phone; the former ones are worthless.
pub fn new_backup_codes(tx: &mut Tx<'_>, user: i64) -> Result<Vec<String>, DbError> {
    tx.conn().execute("DELETE FROM backup_codes WHERE user_id = ?1", [user])?;
    let codes: Vec<String> = (0..BACKUP_CODES).map(|_| made_up_password()).collect();
    let mut insert = tx.conn().prepare_cached("INSERT INTO backup_codes (user_id, code) VALUES (?1, ?2)")?;
    for code in &codes {
        insert.execute((user, token_hash(&bare(code))))?;
    }
    Ok(codes)
}

/// How many codes for a lost phone are left.
pub fn backup_codes_left(conn: &Connection, user: i64) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM backup_codes WHERE user_id = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([user], |row| row.get(0))?)
}

/// Whether this is a good code of the account, from the app or for a lost phone. It is used up by that.
pub fn take(tx: &mut Tx<'_>, user: i64, code: &str) -> Result<bool, DbError> {
    let code = bare(code);
    if code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return take_digits(tx, user, &code, true);
    }
    let sql = "DELETE FROM backup_codes WHERE user_id = ?1 AND code = ?2";
    Ok(tx.conn().prepare_cached(sql)?.execute((user, token_hash(&code)))? == 1)
}

/// A code as people copy it: in capitals, with blanks or hyphens between its groups.
fn bare(code: &str) -> String {
    code.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').flat_map(char::to_lowercase).collect()
}

fn take_digits(tx: &mut Tx<'_>, user: i64, code: &str, is_on: bool) -> Result<bool, DbError> {
    let sql = "SELECT secret, last_step FROM second_factors WHERE user_id = ?1 AND is_on = ?2";
    let found: Option<([u8; SECRET], i64)> =
        tx.conn().prepare_cached(sql)?.query_row((user, is_on), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((secret, last_step)) = found else { return Ok(false) };
    let now_s = u64::try_from(tx.now_ms() / 1000).unwrap_or_default();
    let Some(step) = step_of(secret, &bare(code), now_s).filter(|step| *step > last_step) else { return Ok(false) };
    tx.conn().execute("UPDATE second_factors SET last_step = ?2 WHERE user_id = ?1", [user, step])?;
    Ok(true)
}

#[cfg(test)]
mod tests;
