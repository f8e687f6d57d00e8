//! The outermost layer: gives every request its id, refuses what no route should see, closes every JSON body with
//! `meta`, turns every refusal into problem details, and writes one line of log.

use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use super::error::{ApiError, ApiResult, FieldError, Problem};
use super::guard::{
    check_host, check_origin, check_uri, cors_headers, is_read, preflight, request_id, security_headers,
    transport_headers,
};
use super::limits::Kind;
use super::reply::OpenBody;
use crate::auth::guard::{Caller, Pass, client_ip};
use crate::logs::{self, RequestLabel};
use crate::state::App;
use crate::time;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_RESPONSE_TIME: HeaderName = HeaderName::from_static("x-response-time");
const X_API_VERSION: HeaderName = HeaderName::from_static("x-api-version");

/// What every JSON success carries besides its own members.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Meta {
    /// When it was answered, RFC 3339 in UTC
    #[schema(format = DateTime)]
    timestamp: String,
    request_id: String,
    /// Of the server
    version: &'static str,
}

/// Problem details (RFC 9457) with our additions.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// `urn:athsys:problem:` and the code
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    /// What is wrong and what to do, for a person
    detail: &'a str,
    /// Path of the request
    instance: &'a str,
    /// Stable, kebab-case
    code: &'a str,
    /// As `title`
    error: &'a str,
    /// As `detail`
    message: &'a str,
    request_id: &'a str,
    /// Every invalid member
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(flatten)]
    #[schema(ignore)]
    members: &'a Map<String, Value>,
}

pub fn bearer_scheme() -> SecurityScheme {
    let mut scheme = Http::new(HttpAuthScheme::Bearer);
    scheme.bearer_format = Some("JWT".into());
    SecurityScheme::Http(scheme)
}

/// Marks the answer of a handler that panicked, for the counter.
#[derive(Clone)]
pub struct Panicked;

/// What the shell has to remember of a request until it is answered.
struct Asked {
    id: HeaderValue,
    method: Method,
    path: String,
    route: Option<MatchedPath>,
    started: Instant,
}

impl Asked {
    fn id(&self) -> &str {
        self.id.to_str().unwrap_or_default()
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or("", |route| route.as_str())
    }
}

/// The layer around all routes.
pub async fn shell(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asked = Asked {
        id: request_id(request.headers()),
        method: request.method().clone(),
        path: request.uri().path().to_owned(),
        route: request.extensions().get::<MatchedPath>().cloned(),
        started: Instant::now(),
    };
    let caller = Caller::default();
    request.extensions_mut().insert(caller.clone());
    let in_flight = app.metrics().begin();
    let label = RequestLabel { id: Some(asked.id.clone()), method: asked.method.clone(), route: asked.route.clone() };
    let (answer, beside) = logs::within(label, admit(&app, request, next)).await;
    if answer.extensions().get::<Panicked>().is_some() {
        app.metrics().panicked();
    }
    audit_denied(&app, &answer, &asked, &caller);
    let mut response = finish(answer, &asked).await;
    for (name, value) in &beside {
        response.headers_mut().append(name, value.clone()); // `Vary` may be there already
    }
    let elapsed = asked.started.elapsed();
    let headers = response.headers_mut();
    security_headers(headers);
    headers.insert(X_REQUEST_ID, asked.id.clone());
    headers.insert(X_API_VERSION, HeaderValue::from_static(crate::VERSION));
    let elapsed_ms = elapsed.as_micros() as f64 / 1000.0;
    if let Ok(value) = HeaderValue::from_str(&format!("{elapsed_ms:.2}ms")) {
        headers.insert(X_RESPONSE_TIME, value);
    }
    drop(in_flight);
    let status = response.status();
    app.metrics().record(&asked.method, status, elapsed, time::now_ms());
    tracing::info!(
        id = asked.id(),
        method = asked.method.as_str(),
        path = asked.path,
        route = asked.route(),
        status = status.as_u16(),
        duration_ms = elapsed_ms,
        "request"
    );
    response
}

/// Whoever was refused something for lack of rights, by whatever rule, is in the audit log. Somebody without a token is not.
fn audit_denied(app: &App, answer: &Response, asked: &Asked, caller: &Caller) {
    let denied = answer.extensions().get::<Problem>().is_some_and(|Problem(error)| error.is_denial());
    if denied && let Some(actor) = caller.signed_in() {
        app.note_denied(actor.clone(), format!("{} {}", asked.method, asked.path));
    }
}

/// Refuses what no route should see, or hands the request on. Also answers the headers it deserves by where it came from
/// and how.
async fn admit(app: &App, request: Request, next: Next) -> (Response, HeaderMap) {
    let (parts, body) = request.into_parts();
    app.venue().reached().note(client_ip(&parts), &parts.headers, time::now());
    let mut beside = transport_headers(&parts).unwrap_or_default();
    if let Some(answer) = preflight(&parts, app.origins()) {
        return (answer, beside);
    }
    beside.extend(cors_headers(&parts, app.origins()).unwrap_or_default());
    let refused = refuse(app, &parts).err();
    let response = match refused {
        Some(error) => error.into_response(),
        None => next.run(Request::from_parts(parts, body)).await,
    };
    (response, beside)
}

fn refuse(app: &App, parts: &axum::http::request::Parts) -> ApiResult<()> {
    check_uri(&parts.uri)?;
    check_host(parts, app.hosts())?;
    check_origin(parts, app.origins())?;
    let kind = if is_read(&parts.method) { Kind::Read } else { Kind::Write };
    let device = || app.sessions().recognise(&Pass::of(parts).ok()?);
    app.limits().check_device(kind, client_ip(parts), device, Instant::now())
}

/// Gives a response its body: closes an open one, writes a problem, or leaves it as it is.
async fn finish(mut response: Response, asked: &Asked) -> Response {
    if let Some(OpenBody(open)) = response.extensions_mut().remove() {
        return with_json(response, "application/json", close(&open, asked));
    }
    if let Some(Problem(error)) = response.extensions_mut().remove() {
        return with_json(response, "application/problem+json", problem(&error, asked));
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || is_described(&response) {
        return response;
    }
    // A library refused: its plain text never reaches a client.
    let error = plain_refusal(status, response, asked).await;
    let mut answer = error.into_response();
    match answer.extensions_mut().remove() {
        Some(Problem(error)) => with_json(answer, "application/problem+json", problem(&error, asked)),
        None => answer,
    }
}

fn is_described(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| media_type.contains("json") || media_type.starts_with("text/html"))
}

async fn plain_refusal(status: StatusCode, response: Response, asked: &Asked) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::not_found("There is nothing at this address"),
        StatusCode::METHOD_NOT_ALLOWED => {
            // The router itself adds `Allow`, later than this layer: one set here would keep it away.
            let detail = format!("This address does not know {}; the header Allow names what it knows", asked.method);
            ApiError::new(status, "method-not-allowed", detail)
        }
        StatusCode::PAYLOAD_TOO_LARGE => super::extract::too_large(super::extract::MAX_JSON as u64),
        StatusCode::INTERNAL_SERVER_ERROR => {
            let text = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            ApiError::internal(String::from_utf8_lossy(&text).into_owned())
        }
        _ => ApiError::new(status, "refused", status.canonical_reason().unwrap_or("Refused")),
    }
}

/// The object's text, `meta`, and the brace that closes it.
fn close(open: &Bytes, asked: &Asked) -> Vec<u8> {
    let meta = Meta { timestamp: time::now().to_string(), request_id: asked.id().to_owned(), version: crate::VERSION };
    let mut body = Vec::with_capacity(open.len() + 160);
    body.extend_from_slice(open);
    body.extend_from_slice(b",\"meta\":");
    serde_json::to_writer(&mut body, &meta).expect("text serialises");
    body.push(b'}');
    body
}

fn problem(error: &ApiError, asked: &Asked) -> Vec<u8> {
    let title = error.title.or(error.status.canonical_reason()).unwrap_or("Problem");
    let body = ProblemBody {
        kind: format!("urn:athsys:problem:{}", error.code),
        title,
        status: error.status.as_u16(),
        detail: &error.detail,
        instance: &asked.path,
        code: error.code,
        error: title,
        message: &error.detail,
        request_id: asked.id(),
        errors: &error.fields,
        members: &error.members,
    };
    serde_json::to_vec(&body).expect("our own types serialise")
}

fn with_json(mut response: Response, media_type: &'static str, body: Vec<u8>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
    response
}
