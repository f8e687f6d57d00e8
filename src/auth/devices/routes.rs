//! `/api/auth/sessions` for oneself, `/api/admin/users/{id}/sessions` for those who manage accounts.

use axum::extract::{Request, State};

use super::{Device, end, end_others, list};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::guard::{Auth, Input, SignedIn};
use crate::auth::policy::{Action, BeSignedIn, ManageUsers};
use crate::db::{DbError, Tx};
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::{self, RecordError};
use crate::state::App;
use crate::users::{User, refuse_admins, revoke_tokens};

/// No session: of somebody else nothing is the current one.
const NONE: i64 = 0;

pub fn routes() -> Api {
    let signed_in = Access::Needs(Action::BeSignedIn);
    let managers = Access::Needs(Action::ManageUsers);
    let devices =
        |op: Op| op.answer(200, "Every good session, the last used one first", &[("sessions", list_of(object()))]);
    let ended = |op: Op| op.answer(200, "How many were ended", &[("revoked", integer())]);
    Api::new()
        .get("/api/auth/sessions", own, devices(Op::new("Where I am signed in", signed_in)))
        .delete("/api/auth/sessions/{id}", end_own, ended(Op::new("End one of my sessions", signed_in)))
        .post(
            "/api/auth/sessions/revoke-others",
            end_own_others,
            ended(Op::new("End all of my sessions but this one", signed_in)),
        )
        .get("/api/admin/users/{id}/sessions", of_user, devices(Op::new("Where somebody is signed in", managers)))
        .delete("/api/admin/users/{id}/sessions", end_of_user, ended(Op::new("Sign somebody out everywhere", managers)))
}

fn shown(devices: Vec<Device>) -> Reply {
    let count = devices.len();
    let message = if count == 1 { "1 session".to_owned() } else { format!("{count} sessions") };
    Reply::ok(&message).member("sessions", devices).member("count", count).done()
}

async fn own(who: Auth<BeSignedIn>, State(app): State<App>) -> ApiResult<Reply> {
    let SignedIn { id, session, .. } = who.user;
    let handle = app.clone();
    let devices = app.db().read(move |conn| list(conn, handle.sessions(), id, session)).await?;
    Ok(shown(devices))
}

async fn end_own(who: Auth<BeSignedIn>, State(app): State<App>, Id(session): Id) -> ApiResult<Reply> {
    let (actor, user) = (who.actor(), who.user.id);
    let found = app
        .db()
        .write(move |tx| {
            let found = end(tx, user, session)?;
            if found {
                note(tx, &actor, user, &serde_json::json!({ "session": session }))?;
            }
            Ok::<_, DbError>(found)
        })
        .await?;
    if !found {
        return Err(ApiError::not_found("You have no such session any more; it may have ended by itself"));
    }
    Ok(Reply::ok("The session has ended; that device is signed out").member("revoked", 1).done())
}

async fn end_own_others(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(Action::BeSignedIn)).await?;
    let actor = input.visitor.actor();
    let SignedIn { id, session, .. } = input.visitor.require(Action::BeSignedIn)?.clone();
    app.change(input.key, move |tx| {
        let ended = end_others(tx, id, session)?;
        if ended > 0 {
            note(tx, &actor, id, &serde_json::json!({ "sessions": ended }))?;
        }
        Ok(Reply::ok("You are signed out on every other device").member("revoked", ended).done())
    })
    .await
}

async fn of_user(who: Auth<ManageUsers>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let (caller, handle) = (who.user, app.clone());
    let devices = app
        .db()
        .read(move |conn| {
            let user: User = records::get(conn, id)?;
            refuse_admins(&caller, [user.role])?;
            let current = if caller.id == id { caller.session } else { NONE };
            Ok::<_, RecordError>(list(conn, handle.sessions(), id, current)?)
        })
        .await?;
    Ok(shown(devices))
}

async fn end_of_user(who: Auth<ManageUsers>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let (actor, caller) = (who.actor(), who.user);
    let (name, ended) = app
        .db()
        .write(move |tx| {
            let user: User = records::get(tx.conn(), id)?;
            refuse_admins(&caller, [user.role])?;
            let ended = end_others(tx, id, NONE)?;
            revoke_tokens(tx, id)?;
            note(tx, &actor, id, &serde_json::json!({ "sessions": ended }))?;
            Ok::<_, RecordError>((user.name, ended))
        })
        .await?;
    Ok(Reply::ok(&format!("{name} is signed out everywhere")).member("revoked", ended).done())
}

fn note(tx: &mut Tx<'_>, by: &Actor, user: i64, details: &serde_json::Value) -> Result<(), DbError> {
    Entry::about(Verb::Logout, "session").id(user).details(details).write(tx, by)
}
