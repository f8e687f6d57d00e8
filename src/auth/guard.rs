//! Extractors that say who calls: [`Visitor`] (anybody), [`Auth`] (somebody who may), [`Input`] (somebody who
//! sends a JSON body). Authentication comes before the body is read.

use std::marker::PhantomData;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::{HeaderValue, Method, StatusCode, header, request::Parts};
use serde_json::{Map, Value};

use super::confirm::FRESH_MS;
use super::device_cookie;
use super::policy::{Action, Permit, Rights, Role};
use super::visits::AtStation;
use crate::audit::Actor;
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract;
use crate::http::idempotency::RequestKey;
use crate::http::tls::Line;
use crate::state::App;
use crate::time;

/// Name of the cookie that authorises GET and HEAD, so that downloads and pages work by plain links.
const COOKIE: &str = "athsys_session";
/// Its name on an encrypted connection. A browser takes a cookie of this name from nobody else, and leaves the one of the
/// plain connection, which anybody on the network could have set, where it is.
const SECURE_COOKIE: &str = "__Host-athsys_session";

/// What belongs behind `Set-Cookie` to keep a secret for so many seconds, or to forget it with 0.
pub fn set_cookie(line: Line, secret: &str, age_s: i64) -> HeaderValue {
    let (name, secure) = if line.is_encrypted() { (SECURE_COOKIE, "; Secure") } else { (COOKIE, "") };
    let text = format!("{name}={secret}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).expect("a base64url secret is ASCII")
}

/// A user who is signed in, as the session says at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub id: i64,
    pub name: String,
    pub role: Role,
    pub session: i64,
    /// When they gave their password last, in Unix milliseconds.
    pub confirmed_at: i64,
}

/// Anybody; with a user when a valid token or cookie came along. An invalid token is refused, not ignored.
///
/// Who came by a station link is no user: whatever asks for one treats them as it treats the public. The few places that
/// let them do something ask for their [`Rights`].
#[derive(Debug, Clone)]
pub struct Visitor {
    pub user: Option<SignedIn>,
    pub station: Option<AtStation>,
    pub ip: IpAddr,
    /// Whether others on the network could listen.
    pub is_overheard: bool,
}

impl Visitor {
    /// Somebody of whom nothing is known yet.
    fn nobody(parts: &Parts) -> Visitor {
        let ip = client_ip(parts);
        Visitor { user: None, station: None, ip, is_overheard: !ip.is_loopback() && !Line::of(parts).is_encrypted() }
    }

    pub fn may(&self, action: Action) -> bool {
        self.user.as_ref().is_some_and(|user| user.role.may(action))
    }

    /// The user, when they may do this; 401 or 403 otherwise.
    pub fn require(&self, action: Action) -> ApiResult<&SignedIn> {
        if self.station.is_some() {
            return Err(ApiError::forbidden(
                "A station link opens its own event and nothing else; this needs an account",
            ));
        }
        let user = self
            .user
            .as_ref()
            .ok_or_else(|| ApiError::unauthorized("authentication-required", "Sign in first: this needs an account"))?;
        if user.role.may(action) {
            return Ok(user);
        }
        Err(ApiError::forbidden(Rights::of(user.role).refusal(action)))
    }

    /// Refuses what asks for the password again, see [`super::confirm`].
    pub fn require_password(&self) -> ApiResult<()> {
        let since = time::now_ms() - FRESH_MS;
        if !self.is_overheard || self.user.as_ref().is_some_and(|user| user.confirmed_at > since) {
            return Ok(());
        }
        let detail = "Others on this network could listen: give your password again, then repeat this";
        Err(ApiError::new(StatusCode::FORBIDDEN, "password-needed", detail))
    }

    /// What they may do and where, when they may do this somewhere; whoever asks must still ask about the event.
    pub fn rights(&self, action: Action) -> ApiResult<Rights> {
        let Some(station) = &self.station else { return Ok(Rights::of(self.require(action)?.role)) };
        let rights = Rights::at_event(station.role, station.event);
        if rights.may(action, Some(station.event)) {
            Ok(rights)
        } else {
            Err(ApiError::forbidden(rights.refusal(action)))
        }
    }

    /// Whoever came by a station link; 401 or 403 for others.
    pub fn require_station(&self) -> ApiResult<&AtStation> {
        self.station.as_ref().ok_or_else(|| match &self.user {
            Some(user) => {
                let role = user.role.as_str();
                ApiError::forbidden(format!("Your role ({role}) has the whole dashboard; this is for station links"))
            }
            None => ApiError::unauthorized("authentication-required", "Open a station link first"),
        })
    }

    /// Whose `Idempotency-Key`s these are.
    fn scope(&self) -> String {
        match (&self.user, &self.station) {
            (Some(user), _) => format!("user {}", user.id),
            (None, Some(station)) => format!("station visit {}", station.visit),
            (None, None) => format!("address {}", self.ip),
        }
    }

    pub fn actor(&self) -> Actor {
        let (user_id, name) = match (&self.user, &self.station) {
            (Some(user), _) => (Some(user.id), user.name.clone()),
            (None, Some(station)) => (None, station.name()),
            (None, None) => (None, "anonymous".into()),
        };
        Actor { user_id, name, ip: Some(self.ip) }
    }
}

/// Who sent a request, for the shell around all rooms, which audits the refusals of every one of them. It travels in
/// the request's extensions and is filled in where a [`Visitor`] is recognised.
#[derive(Debug, Clone, Default)]
pub struct Caller(Arc<OnceLock<Actor>>);

impl Caller {
    /// The caller, when they are signed in or came by a station link.
    pub fn signed_in(&self) -> Option<&Actor> {
        self.0.get()
    }
}

/// What a request shows to say who sends it: a bearer token or, where nothing is changed, the cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    Nothing,
    Token(String),
    Cookie(String),
}

impl Pass {
    pub fn of(parts: &Parts) -> ApiResult<Pass> {
        let cookie = || if matches!(parts.method, Method::GET | Method::HEAD) { cookie(parts) } else { None };
        Ok(match bearer(parts)? {
            Some(token) => Pass::Token(token.to_owned()),
            None => cookie().map_or(Pass::Nothing, |secret| Pass::Cookie(secret.to_owned())),
        })
    }

    /// Whose it is at this moment. An invalid token is refused; a cookie that is not good any more is nobody's.
    pub async fn user(&self, app: &App) -> ApiResult<Option<SignedIn>> {
        match self {
            Pass::Nothing => Ok(None),
            Pass::Token(token) => app.sessions().by_token(app.db(), token).await.map(Some),
            Pass::Cookie(secret) => app.sessions().by_cookie(app.db(), secret).await,
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Visitor, ApiError> {
        let mut visitor = Visitor::nobody(parts);
        match Pass::of(parts)? {
            Pass::Token(token) if AtStation::is_token(&token) => {
                visitor.station = Some(app.visits().by_token(app.db(), &token).await?);
            }
            pass => visitor.user = pass.user(app).await?,
        }
        if (visitor.user.is_some() || visitor.station.is_some())
            && let Some(caller) = parts.extensions.get::<Caller>()
        {
            let _ = caller.0.set(visitor.actor());
        }
        Ok(visitor)
    }
}

/// Somebody who may do `A`.
#[derive(Debug)]
pub struct Auth<A> {
    pub user: SignedIn,
    pub visitor: Visitor,
    pub key: Option<RequestKey>,
    action: PhantomData<A>,
}

impl<A: Permit> Auth<A> {
    pub fn actor(&self) -> Actor {
        self.visitor.actor()
    }
}

impl<A: Permit> FromRequestParts<App> for Auth<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Auth<A>, ApiError> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let user = visitor.require(A::ACTION)?.clone();
        let key = RequestKey::from_parts(parts, visitor.scope(), b"")?;
        Ok(Auth { user, visitor, key, action: PhantomData })
    }
}

/// Anybody's JSON object, with who sent it. What the caller may do is for the handler to ask.
#[derive(Debug)]
pub struct Input {
    pub visitor: Visitor,
    pub members: Map<String, Value>,
    pub key: Option<RequestKey>,
    /// The cookie of a browser that has signed in before, not looked at yet.
    pub device: Option<String>,
}

impl Input {
    /// Reads the caller first, then whether they may do this, then the body. Where no action is asked for, as when
    /// signing in, a token that comes along is not looked at: it may be the expired one that is to be renewed.
    pub async fn read(request: Request, app: &App, action: Option<Action>) -> ApiResult<Input> {
        let (mut parts, body) = request.into_parts();
        let visitor = match action {
            Some(action) => {
                let visitor = Visitor::from_request_parts(&mut parts, app).await?;
                visitor.require(action)?;
                visitor
            }
            None => Visitor::nobody(&parts),
        };
        Input::of(visitor, &parts, body).await
    }

    /// As [`Input::read`], for what asks for the password again.
    pub async fn read_confirmed(request: Request, app: &App, action: Action) -> ApiResult<Input> {
        let input = Input::read(request, app, Some(action)).await?;
        input.visitor.require_password()?;
        Ok(input)
    }

    /// As [`Input::read`], also for a station link that may do this at its event. Whether it is that event is for the
    /// handler to ask, of the [`Rights`] that come along.
    pub async fn read_with_rights(request: Request, app: &App, action: Action) -> ApiResult<(Input, Rights)> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let rights = visitor.rights(action)?;
        Ok((Input::of(visitor, &parts, body).await?, rights))
    }

    async fn of(visitor: Visitor, parts: &Parts, body: Body) -> ApiResult<Input> {
        let bytes = extract::small_body(body).await?;
        if !bytes.is_empty() && !extract::is_json(&parts.headers) {
            return Err(extract::not_json());
        }
        let members = extract::object(&bytes)?;
        let key = RequestKey::from_parts(parts, visitor.scope(), &bytes)?;
        let device = named_cookie(parts, device_cookie::COOKIE).map(str::to_owned);
        Ok(Input { visitor, members, key, device })
    }
}

/// The address of the other end of the connection.
pub fn client_ip(parts: &Parts) -> IpAddr {
    let connection = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    connection.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(address)| address.ip().to_canonical())
}

fn bearer(parts: &Parts) -> ApiResult<Option<&str>> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(ApiError::unauthorized("invalid-token", "The Authorization header must read: Bearer <token>")),
    }
}

/// The secret of our cookie, when the browser sent one.
pub fn cookie(parts: &Parts) -> Option<&str> {
    named_cookie(parts, if Line::of(parts).is_encrypted() { SECURE_COOKIE } else { COOKIE })
}

fn named_cookie<'p>(parts: &'p Parts, name: &str) -> Option<&'p str> {
    let all = parts.headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
