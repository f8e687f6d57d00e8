//! `POST /api/auth/confirm`: the password once more, before what an overheard token must not be enough for.
//!
//! Plain http can be listened to by anybody on the same network. Accounts, also those in an imported file, restores,
//! what is erased for good, imports that are taken back and deletions in numbers therefore ask for the password again,
//! unless it was given within [`FRESH_MS`], the line is encrypted, or the request comes from this computer itself.

use axum::extract::{Request, State};
use axum::http::StatusCode;

use super::check::check_password;
use super::guard::Input;
use super::policy::Action;
use super::routes::required;
use crate::db::{DbError, Entity};
use crate::http::api::{Access, Api, Op, integer};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::reply::Reply;
use crate::records;
use crate::state::App;
use crate::users::User;

/// How long a password counts.
pub const FRESH_MS: i64 = 15 * 60 * 1000;

pub fn routes() -> Api {
    let summary = "Give the password once more, where an action was refused with password-needed";
    let op = Op::new(summary, Access::Needs(Action::BeSignedIn)).body_of(&["password"]);
    Api::new().post("/api/auth/confirm", confirm, op.answer(200, "Good for some minutes", &[("expires_in", integer())]))
}

async fn confirm(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(Action::BeSignedIn)).await?;
    let [password] = required(&input.members, ["password"])?;
    let caller = input.visitor.require(Action::BeSignedIn)?.clone();
    let user: User = app.db().read(move |conn| records::get(conn, caller.id)).await?;
    check_password(&app, &input, &user.email, password).await.map_err(wrong)?;
    app.db()
        .write(move |tx| {
            let sql = "UPDATE sessions SET confirmed_at = ?2 WHERE id = ?1";
            tx.conn().prepare_cached(sql)?.execute((caller.session, tx.now_ms()))?;
            tx.touch(Entity::Sessions);
            Ok::<_, DbError>(())
        })
        .await?;
    Ok(Reply::ok("Thank you; go on").member("expires_in", FRESH_MS / 1000).done())
}

/// A wrong password of somebody who is signed in is a wrong field, not a missing right.
fn wrong(error: ApiError) -> ApiError {
    match error.status() {
        StatusCode::UNAUTHORIZED => {
            ApiError::invalid(vec![FieldError::new("password", "wrong-password", "The password is wrong")])
        }
        _ => error,
    }
}
