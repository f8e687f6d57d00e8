//! `/api/auth` and the set-up of the first administrator.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use serde_json::{Map, Value};

use super::check::{check_password, shown, wrong_current};
use super::device_cookie;
use super::guard::{Auth, Input, SignedIn, set_cookie};
use super::policy::{Action, BeSignedIn, Role};
use super::profile::change_me;
use super::second_factor;
use super::sessions::{ACCESS_S, Refreshed, SESSION_MS, revoke};
use crate::audit::{Actor, Entry, Verb};
use crate::db::{DbError, Entity, Tx};
use crate::http::api::{Access, Api, Op, integer, object, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::limits::Kind;
use crate::http::reply::{Reply, ReplyBuilder};
use crate::http::tls::Line;
use crate::records::{self, RecordError, Resource};
use crate::state::{App, password_fault};
use crate::time;
use crate::users::{self, User, UserStatus};

pub fn routes() -> Api {
    let tokens = |op: Op, status| {
        op.answer(
            status,
            "Tokens of a new session; a cookie is set too",
            &[
                ("token", text()),
                ("access_token", text()),
                ("refresh_token", text()),
                ("token_type", text()),
                ("expires_in", integer()),
                ("user", object()),
            ],
        )
    };
    let everyone = Access::Everyone;
    let signed_in = Access::Needs(Action::BeSignedIn);
    Api::new()
        .post("/api/auth/login", login, tokens(Op::new("Sign in", everyone).body_of(&["email", "password"]), 200))
        .post(
            "/api/auth/refresh",
            refresh,
            tokens(
                Op::new("New tokens for a refresh token, which is good once", everyone).body_of(&["refresh_token"]),
                200,
            ),
        )
        .post("/api/auth/logout", logout, Op::new("End this session", signed_in).answer(200, "Signed out", &[]))
        .get("/api/auth/me", me, Op::new("Who I am", signed_in).answer_row::<User>(200))
        .put(
            "/api/auth/me",
            change_me,
            Op::new("Change my name or, with current_password, my email", signed_in)
                .body_in_part::<OwnAccount>()
                .answer_row::<User>(200),
        )
        .post(
            "/api/auth/change-password",
            change_password,
            tokens(
                Op::new("Change one's password; ends every other session", signed_in)
                    .body_of(&["current_password", "new_password"]),
                200,
            ),
        )
        .post(
            "/api/auth/register",
            register,
            tokens(
                Op::new("Make an account, where that is allowed", everyone).body_of(&["name", "email", "password"]),
                201,
            ),
        )
        .post(
            "/api/auth/reset-password",
            ask_for_reset,
            Op::new("Ask an administrator for a new password", everyone).body_of(&["email"]).answer(
                200,
                "Always the same",
                &[],
            ),
        )
        .post(
            "/api/setup",
            setup,
            tokens(Op::new("First administrator", everyone).body_of(&["token", "name", "email", "password"]), 201),
        )
        .merge(super::devices::routes())
        .merge(second_factor::routes())
        .merge(super::confirm::routes())
}

/// What people may change of their own account.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a body that is read member by member")]
struct OwnAccount {
    name: String,
    email: String,
    /// Needed for another email
    current_password: String,
}

/// Text members that must be there, or 400 with the missing ones.
pub(crate) fn required<'m, const N: usize>(
    members: &'m Map<String, Value>,
    names: [&'static str; N],
) -> ApiResult<[&'m str; N]> {
    let found = names.map(|name| members.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()));
    let missing: Vec<&'static str> =
        names.into_iter().zip(found).filter(|(_, f)| f.is_none()).map(|(n, _)| n).collect();
    if missing.is_empty() {
        return Ok(found.map(Option::unwrap_or_default));
    }
    Err(ApiError::bad_request("missing-fields", format!("Please give {}", missing.join(" and ")))
        .with("missing", missing))
}

async fn login(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let browser = Browser::of(&request);
    let input = Input::read(request, &app, None).await?;
    let actor = input.visitor.actor();
    let user = match input.members.get("challenge").and_then(Value::as_str) {
        Some(challenge) => second_factor::user_of(&app, challenge).await?,
        None => {
            let [email, password] = required(&input.members, ["email", "password"])?;
            check_password(&app, &input, email, password).await?
        }
    };
    if user.status != UserStatus::Active {
        let detail = "This account is not active. Ask an administrator to activate it";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "account-not-active", detail));
    }
    second_factor::second_step(&app, &input, &user).await?;
    let actor = Actor { user_id: Some(user.id), name: user.name.clone(), ..actor };
    open_session(&app, actor, user, browser, StatusCode::OK, "You are signed in").await
}

async fn open_session(
    app: &App,
    by: Actor,
    user: User,
    browser: Browser,
    status: StatusCode,
    message: &'static str,
) -> ApiResult<Reply> {
    let handle = app.clone();
    let (tokens, user) = app
        .db()
        .write(move |tx| {
            let tokens = handle.sessions().open(tx, &by, &user, browser.agent.as_deref())?;
            tx.conn()
                .prepare_cached("UPDATE users SET last_login = ?2 WHERE id = ?1")
                .and_then(|mut update| update.execute((user.id, tx.now_ms())))
                .map_err(DbError::from)?;
            tx.touch(Entity::Users);
            Entry::about(Verb::Login, "session").id(user.id).write(tx, &by)?;
            let user: User = records::get(tx.conn(), user.id)?;
            Ok::<_, RecordError>((tokens, user))
        })
        .await?;
    let body = tokens_body(Reply::with(status, message), &tokens.access, &tokens.refresh, &user);
    let account = User::email_key(&user.email);
    let device = device_cookie::set(browser.line, app.sessions().keys(), &account, time::now_ms() / 1000);
    let cookie = set_cookie(browser.line, &tokens.cookie, SESSION_MS / 1000);
    Ok(body.header(header::SET_COOKIE, cookie).header(header::SET_COOKIE, device).done())
}

fn tokens_body(reply: ReplyBuilder, access: &str, refresh: &str, user: &User) -> ReplyBuilder {
    reply
        .member("token", access)
        .member("access_token", access)
        .member("refresh_token", refresh)
        .member("token_type", "Bearer")
        .member("expires_in", ACCESS_S)
        .member("user", user)
}

/// What a session is opened with.
struct Browser {
    /// What it calls itself.
    agent: Option<String>,
    line: Line,
}

impl Browser {
    fn of(request: &Request) -> Browser {
        let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let agent = agent.map(|agent| crate::rules::text::excerpt(agent, 200).into_owned());
        Browser { agent, line: request.extensions().get().copied().unwrap_or_default() }
    }
}

async fn refresh(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, None).await?;
    let [token] = required(&input.members, ["refresh_token"])?;
    let (token, handle) = (token.to_owned(), app.clone());
    let outcome = app.db().write(move |tx| handle.sessions().refresh(tx, &token)).await?;
    let refused = || ApiError::unauthorized("invalid-refresh-token", "This session has ended; sign in again");
    match outcome {
        Refreshed::Unknown => Err(refused()),
        Refreshed::Reused(user) => {
            tracing::warn!(user, "a refresh token was used twice; its session was ended");
            Err(refused())
        }
        Refreshed::Done { user, access, refresh } => {
            let user: User = app.db().read(move |conn| records::get(conn, user)).await?;
            Ok(tokens_body(Reply::ok("Your session goes on"), &access, &refresh, &user).done())
        }
    }
}

async fn logout(line: Line, who: Auth<BeSignedIn>, State(app): State<App>) -> ApiResult<Reply> {
    let (actor, SignedIn { id, session, .. }) = (who.actor(), who.user);
    app.db()
        .write(move |tx| {
            revoke(tx, session)?;
            Entry::about(Verb::Logout, "session").id(id).write(tx, &actor)
        })
        .await?;
    Ok(Reply::ok("You are signed out").header(header::SET_COOKIE, set_cookie(line, "", 0)).done())
}

async fn me(who: Auth<BeSignedIn>, State(app): State<App>) -> ApiResult<Reply> {
    let user: User = app.db().read(move |conn| records::get(conn, who.user.id)).await?;
    Ok(Reply::ok("Who you are").member("user", user).done())
}

async fn change_password(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let browser = Browser::of(&request);
    let input = Input::read(request, &app, Some(Action::BeSignedIn)).await?;
    let [current, new] = required(&input.members, ["current_password", "new_password"])?;
    let id = input.visitor.require(Action::BeSignedIn)?.id;
    let user: User = app.db().read(move |conn| records::get(conn, id)).await?;
    check_password(&app, &input, &user.email, current).await.map_err(wrong_current)?;
    let password = app.hash_new_password("new_password", new).await?;
    let actor = input.visitor.actor();
    let by = actor.clone();
    app.db()
        .write(move |tx| {
            users::set_password(tx, id, &password)?;
            let details = serde_json::json!({ "password": "changed" });
            Entry::new(Verb::Update, Entity::Users).id(id).details(&details).write(tx, &by)
        })
        .await?;
    open_session(&app, actor, user, browser, StatusCode::OK, "Your password is changed; other sessions have ended")
        .await
}

async fn register(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let browser = Browser::of(&request);
    let input = Input::read(request, &app, None).await?;
    if !app.settings().values.self_registration {
        let detail = "Accounts are made by an administrator of this meet. Please ask one";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "registration-off", detail));
    }
    app.limits().check(Kind::Registration, input.visitor.ip, Instant::now())?;
    let [_, _, password] = required(&input.members, ["name", "email", "password"])?;
    let user = new_account(&app, &input, Role::Viewer, password, None).await?;
    let actor = Actor { user_id: Some(user.id), name: user.name.clone(), ip: Some(input.visitor.ip) };
    open_session(&app, actor, user, browser, StatusCode::CREATED, "Your account is made, and you are signed in").await
}

/// Makes an account from `name`, `email` and a password. With `only_first` just when nobody administers yet.
async fn new_account(app: &App, input: &Input, role: Role, password: &str, only_first: Option<()>) -> ApiResult<User> {
    let mut members = input.members.clone();
    members.retain(|name, _| name == "name" || name == "email");
    let mut user = User::blank();
    let mut fields = records::Fields::new(&members, User::ALIASES, records::Purpose::Create);
    user.fill(&mut fields);
    user.role = role;
    let mut faults = fields.finish().err().unwrap_or_default();
    faults.extend(password_fault("password", password));
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    let password = app.hash_new_password("password", password).await?;
    let actor = input.visitor.actor();
    app.db()
        .write(move |tx: &mut Tx<'_>| {
            if only_first.is_some() && users::active_admins(tx.conn())? > 0 {
                return Err(ApiError::not_found("This server is set up already"));
            }
            users::insert_with_password(tx, &actor, &mut user, Some(&password))?;
            Ok(user)
        })
        .await
}

async fn ask_for_reset(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, None).await?;
    let [email] = required(&input.members, ["email"])?;
    app.limits().check(Kind::Registration, input.visitor.ip, Instant::now())?;
    let details = serde_json::json!({ "password": "asked for a new one", "email": shown(&User::email_key(email)) });
    let (email, actor) = (email.to_owned(), input.visitor.actor());
    app.db()
        .write(move |tx| {
            let entry = Entry::new(Verb::Update, Entity::Users).details(&details);
            match users::by_email(tx.conn(), &email)? {
                Some(user) => entry.id(user.id).write(tx, &actor),
                None => entry.write(tx, &actor),
            }
        })
        .await?;
    Ok(Reply::ok("An administrator of this meet was asked for a new password. Please go and see one").done())
}

pub(crate) fn wrong_setup_token() -> ApiError {
    let detail = "This set-up link is not the newest one. Use the link that the server printed when it started";
    ApiError::new(StatusCode::FORBIDDEN, "wrong-setup-token", detail)
}

async fn setup(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let browser = Browser::of(&request);
    let input = Input::read(request, &app, None).await?;
    if !app.needs_setup().await? {
        return Err(ApiError::not_found("This server is set up already"));
    }
    let [token, _, _, password] = required(&input.members, ["token", "name", "email", "password"])?;
    if !app.is_setup_token(token) {
        return Err(wrong_setup_token());
    }
    let user = new_account(&app, &input, Role::Admin, password, Some(())).await?;
    let actor = Actor { user_id: Some(user.id), name: user.name.clone(), ip: Some(input.visitor.ip) };
    open_session(&app, actor, user, browser, StatusCode::CREATED, "The first administrator is set up").await
}
