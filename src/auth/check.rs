//! Whether a password is right: looked at no faster than the throttle allows, and told in the audit log when it is not.

use std::borrow::Cow;
use std::time::Instant;

use axum::http::StatusCode;

use super::device_cookie;
use super::guard::Input;
use crate::audit::{Actor, Entry, Verb};
use crate::db::{DbError, Entity};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::state::App;
use crate::time;
use crate::users::{self, User};

/// The user behind an email and a password; every failure looks and lasts the same, and slows the next one down.
pub(super) async fn check_password(app: &App, input: &Input, email: &str, password: &str) -> ApiResult<User> {
    let ip = input.visitor.ip;
    let account = User::email_key(email);
    let (keys, now) = (app.sessions().keys(), Instant::now());
    let device = input.device.as_deref();
    let known = device.and_then(|cookie| device_cookie::device(keys, cookie, &account, time::now_ms() / 1000));
    let attempt = match known {
        Some(device) => app.throttle().check_known(&account, device, ip, now),
        None => app.throttle().check(&account, ip, now),
    };
    let attempt = attempt.map_err(|wait| {
        let detail = format!("Too many wrong passwords. Try again in {} seconds", wait.seconds);
        ApiError::too_many("too-many-attempts", detail, wait.seconds)
    })?;
    let wanted = account.clone();
    let found = app
        .db()
        .read(move |conn| {
            let user = users::by_email(conn, &wanted)?;
            let hash = user.as_ref().map(|user| users::secrets(conn, user.id)).transpose()?.and_then(|(hash, _)| hash);
            Ok::<_, DbError>((user, hash))
        })
        .await?;
    let (user, hash) = found;
    let verdict = app.verify_password(password, hash).await?;
    match user {
        Some(user) if verdict.ok => {
            attempt.succeeded();
            if verdict.needs_rehash {
                app.rehash(user.id, password.to_owned());
            }
            Ok(user)
        }
        other => {
            let remaining = attempt.failed(Instant::now());
            note_failure(app, input.visitor.actor(), other.map(|user| user.id), &account).await?;
            Err(ApiError::unauthorized("wrong-credentials", "The email or the password is wrong")
                .with("attempts_remaining", remaining))
        }
    }
}

pub(super) async fn note_failure(app: &App, by: Actor, user: Option<i64>, account: &str) -> ApiResult<()> {
    let details = serde_json::json!({ "email": shown(account) });
    app.db()
        .write(move |tx| {
            let entry = Entry::new(Verb::LoginFailed, Entity::Users).details(&details);
            match user {
                Some(id) => entry.id(id).write(tx, &by),
                None => entry.write(tx, &by),
            }
        })
        .await?;
    Ok(())
}

/// What anybody may write into the audit log without an account is kept short.
pub(super) fn shown(email: &str) -> Cow<'_, str> {
    crate::rules::text::excerpt(email, crate::rules::contact::MAX_EMAIL)
}

/// A wrong password of somebody who is signed in is a wrong field, not a missing right.
pub(super) fn wrong_current(error: ApiError) -> ApiError {
    match error.status() {
        StatusCode::UNAUTHORIZED => ApiError::invalid(vec![FieldError::new(
            "current_password",
            "wrong-password",
            "The current password is wrong",
        )]),
        _ => error,
    }
}
