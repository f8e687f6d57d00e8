//! Which new passwords are good enough.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Fewest and most characters of a new password.
pub const MIN_CHARS: usize = 8;
pub const MAX_CHARS: usize = 128;

/// The passwords that are tried first everywhere, lower case, one a line.
static WORST: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("../data/worst_passwords.txt").lines().collect());

/// Why a new password is refused, in words for the person who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("The password must have at least {MIN_CHARS} characters")]
    TooShort,
    #[error("The password must have at most {MAX_CHARS} characters")]
    TooLong,
    #[error(
        "This password is one of the first that others would try; choose another, for example three unrelated words."
    )]
    Common,
}

impl WeakPassword {
    /// The stable code for the `errors` of an answer.
    pub fn code(self) -> &'static str {
        match self {
            WeakPassword::TooShort => "too-short",
            WeakPassword::TooLong => "too-long",
            WeakPassword::Common => "common-password",
        }
    }
}

/// Length and the list of worst passwords; no rules about kinds of characters, which only make people add
/// `1!`. Not asked of the demo accounts, whose published passwords are on the list.
pub fn check_new_password(password: &str) -> Result<(), WeakPassword> {
    // Even written as four combining characters of four bytes each; saves normalising a megabyte.
    if password.len() > MAX_CHARS * 4 * 4 {
        return Err(WeakPassword::TooLong);
    }
    let normal: String = password.nfc().collect();
    match normal.chars().count() {
        ..MIN_CHARS => Err(WeakPassword::TooShort),
        MIN_CHARS..=MAX_CHARS if WORST.contains(normal.to_lowercase().trim()) => Err(WeakPassword::Common),
        MIN_CHARS..=MAX_CHARS => Ok(()),
        _ => Err(WeakPassword::TooLong),
    }
}
