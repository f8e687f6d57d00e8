//! `/api/auth/second-factor`: switched on and off by its owner; for somebody else by whoever manages accounts.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::StatusCode;

use super::{backup_codes_left, new_backup_codes, start, switch_off, switch_on};
use crate::audit::{Entry, Verb};
use crate::auth::check::{check_password, wrong_current};
use crate::auth::guard::{Auth, Input};
use crate::auth::policy::{Action, BeSignedIn, ManageUsers};
use crate::auth::routes::required;
use crate::db::Entity;
use crate::http::api::{Access, Api, Op, boolean, integer, list_of, text};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::{self, RecordError};
use crate::state::App;
use crate::users::{User, refuse_admins};
use crate::venue::qr::Qr;

const BASE: &str = "/api/auth/second-factor";

pub fn routes() -> Api {
    let mine = Access::Needs(Action::BeSignedIn);
    let codes = ("backup_codes", list_of(text()));
    let password = |summary: &str| Op::new(summary, mine).body_of(&["current_password"]);
    let state = [("enabled", boolean()), ("backup_codes_left", integer())];
    Api::new()
        .get(BASE, show, Op::new("Whether my account has a second factor", mine).answer(200, "Its state", &state))
        .post(
            BASE,
            begin,
            password("Begin a second factor: a secret for an app, which counts once its first code came").answer(
                200,
                "The secret, shown this once",
                &[("secret", text()), ("link", text()), ("qr", text())],
            ),
        )
        .post(
            "/api/auth/second-factor/confirm",
            confirm,
            Op::new("Switch the second factor on with its first code", mine).body_of(&["code"]).answer(
                200,
                "Ten codes for a lost phone, shown this once, each good once",
                std::slice::from_ref(&codes),
            ),
        )
        .post(
            "/api/auth/second-factor/backup-codes",
            renew,
            password("New codes for a lost phone; the former ones are worthless").answer(
                200,
                "Ten codes, shown this once",
                &[codes],
            ),
        )
        .post(
            "/api/auth/second-factor/off",
            end,
            password("Switch my second factor off").answer(200, "Switched off", &[]),
        )
        .post(
            "/api/admin/users/{id}/second-factor/off",
            switch_off_for,
            Op::new(
                "Switch somebody's second factor off, when phone and codes are lost",
                Access::Needs(Action::ManageUsers),
            )
            .answer(200, "Switched off", &[]),
        )
}

async fn show(who: Auth<BeSignedIn>, State(app): State<App>) -> ApiResult<Reply> {
    let id = who.user.id;
    let (user, left) = app
        .db()
        .read(move |conn| Ok::<_, RecordError>((records::get::<User>(conn, id)?, backup_codes_left(conn, id)?)))
        .await?;
    let message =
        if user.two_factor_enabled { "Your account has a second factor" } else { "A password is all it needs" };
    Ok(Reply::ok(message).member("enabled", user.two_factor_enabled).member("backup_codes_left", left).done())
}

/// The caller with what they sent, once they have given their password again.
async fn with_password(app: &App, request: Request) -> ApiResult<(Input, i64)> {
    let input = Input::read(request, app, Some(Action::BeSignedIn)).await?;
    let [password] = required(&input.members, ["current_password"])?;
    let id = input.visitor.require(Action::BeSignedIn)?.id;
    let user: User = app.db().read(move |conn| records::get(conn, id)).await?;
    check_password(app, &input, &user.email, password).await.map_err(wrong_current)?;
    Ok((input, id))
}

async fn begin(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let (_, id) = with_password(&app, request).await?;
    let started = app
        .db()
        .write(move |tx| {
            let user: User = records::get(tx.conn(), id)?;
            start(tx, &user)
        })
        .await?;
    let code = Qr::of(&started.link).map(|code| code.svg());
    Ok(Reply::ok("Scan the code with an app for codes, then give the first one")
        .member("secret", started.secret)
        .member("link", started.link)
        .member("qr", code)
        .done())
}

async fn confirm(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(Action::BeSignedIn)).await?;
    let [code] = required(&input.members, ["code"])?;
    let (code, actor) = (code.to_owned(), input.visitor.actor());
    let id = input.visitor.require(Action::BeSignedIn)?.id;
    let attempt = app.attempt_code(id, input.visitor.ip)?;
    let codes = app
        .db()
        .write(move |tx| {
            let user: User = records::get(tx.conn(), id)?;
            switch_on(tx, &actor, &user, &code)
        })
        .await?;
    match codes {
        Some(codes) => {
            attempt.succeeded();
            Ok(Reply::ok("Your account has a second factor now").member("backup_codes", codes).done())
        }
        None => {
            attempt.failed(Instant::now());
            let message =
                "This is not the code of this moment. Check that the phone's clock is right, and give the next one";
            Err(ApiError::invalid(vec![FieldError::new("code", "wrong-code", message)]))
        }
    }
}

async fn renew(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let (input, id) = with_password(&app, request).await?;
    let actor = input.visitor.actor();
    let codes = app
        .db()
        .write(move |tx| {
            let user: User = records::get(tx.conn(), id)?;
            if !user.two_factor_enabled {
                return Err(RecordError::conflict("second-factor-off", "code", "This account has no second factor"));
            }
            let details = serde_json::json!({ "backup_codes": "made anew" });
            Entry::new(Verb::Update, Entity::Users).id(id).details(&details).write(tx, &actor)?;
            Ok(new_backup_codes(tx, id)?)
        })
        .await?;
    Ok(Reply::ok("These codes take the place of the former ones").member("backup_codes", codes).done())
}

async fn end(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let (input, id) = with_password(&app, request).await?;
    let actor = input.visitor.actor();
    app.db()
        .write(move |tx| {
            let user: User = records::get(tx.conn(), id)?;
            switch_off(tx, &actor, &user)
        })
        .await?;
    Ok(Reply::ok("Your account has no second factor any more").done())
}

/// For somebody else, whose phone and codes are lost.
async fn switch_off_for(who: Auth<ManageUsers>, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    who.visitor.require_password()?;
    if who.user.id == id {
        let detail = "Switch your own second factor off under your account, which asks for your password";
        return Err(ApiError::new(StatusCode::CONFLICT, "own-account", detail));
    }
    let (actor, caller) = (who.actor(), who.user);
    let name = app
        .db()
        .write(move |tx| {
            let user: User = records::get(tx.conn(), id)?;
            refuse_admins(&caller, [user.role])?;
            switch_off(tx, &actor, &user)?;
            Ok::<_, RecordError>(user.name)
        })
        .await?;
    Ok(Reply::ok(&format!("{name} signs in with the password alone now")).done())
}
