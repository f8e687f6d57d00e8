//! What a client reads when something is refused: RFC 9457 problem details.
//!
//! A handler returns an [`ApiError`]; its JSON body is written by [`super::shell`], which alone knows
//! the request's id and path. No SQL, file path or stack trace ever gets into one: the cause of a 5xx is
//! logged and stays here.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

pub type ApiResult<T> = Result<T, ApiError>;
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The code of every refusal for lack of rights.
const FORBIDDEN: &str = "forbidden";

/// One invalid member of a request body or query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// Name of the member, as the client must send it (`dateOfBirth`).
    pub field: Cow<'static, str>,
    /// Stable kebab-case code (`required`, `too-long`, `unknown-field` …).
    pub code: Cow<'static, str>,
    /// A sentence for a person.
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<Cow<'static, str>>, code: &'static str, message: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), code: code.into(), message: message.into() }
    }
}

/// A refusal: status, stable code, and a sentence that says what is wrong and what to do.
#[derive(Debug)]
pub struct ApiError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) detail: String,
    /// What `error` says instead of the status's name, where old clients look for certain words.
    pub(super) title: Option<&'static str>,
    pub(super) fields: Vec<FieldError>,
    pub(super) members: Map<String, Value>,
    retry_after: Option<u64>,
    cause: Option<BoxError>,
}

impl ApiError {
    /// `code` is API contract: kebab-case, never reused for another meaning.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> ApiError {
        ApiError {
            status,
            code,
            detail: detail.into(),
            title: None,
            fields: Vec::new(),
            members: Map::new(),
            retry_after: None,
            cause: None,
        }
    }

    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, code, detail)
    }

    pub fn unauthorized(code: &'static str, detail: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, code, detail)
    }

    pub fn forbidden(detail: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::FORBIDDEN, FORBIDDEN, detail)
    }

    pub fn not_found(detail: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::CONFLICT, code, detail)
    }

    /// 422 with every invalid field named.
    pub fn invalid(fields: Vec<FieldError>) -> ApiError {
        let detail = match fields.as_slice() {
            [only] => only.message.clone(),
            several => format!("{} fields are not valid: {}", several.len(), names(several)),
        };
        let mut error = ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-fields", detail);
        error.fields = fields;
        error
    }

    /// 500. The cause is logged once, here, and never sent.
    pub fn internal(cause: impl Into<BoxError>) -> ApiError {
        let detail = "The server could not do this. The log names the reason under this request's id.";
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error", detail).caused_by(cause)
    }

    /// 503 with `Retry-After`.
    pub fn unavailable(code: &'static str, detail: impl Into<String>, retry_after_s: u64) -> ApiError {
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(retry_after_s)
    }

    /// 429 with `Retry-After`.
    pub fn too_many(code: &'static str, detail: impl Into<String>, retry_after_s: u64) -> ApiError {
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, code, detail).retry_after(retry_after_s)
    }

    /// Seconds after which the client may try again.
    pub fn retry_after(mut self, seconds: u64) -> ApiError {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// Replaces `title` and `error`.
    pub fn titled(mut self, title: &'static str) -> ApiError {
        self.title = Some(title);
        self
    }

    /// An extra member of the body, such as the current row of a stale edit.
    pub fn with(mut self, member: &str, value: impl Serialize) -> ApiError {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.members.insert(member.to_owned(), value);
        self
    }

    pub fn caused_by(mut self, cause: impl Into<BoxError>) -> ApiError {
        self.cause = Some(cause.into());
        self
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Members besides those that every problem has.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Whether it says that somebody lacks the right.
    pub(super) fn is_denial(&self) -> bool {
        self.code == FORBIDDEN
    }
}

fn names(fields: &[FieldError]) -> String {
    fields.iter().map(|field| field.field.as_ref()).collect::<Vec<_>>().join(", ")
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.detail)
    }
}

impl std::error::Error for ApiError {}

impl IntoResponse for ApiError {
    fn into_response(mut self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(cause) = self.cause.take() {
            tracing::error!(code = self.code, "{cause}");
        }
        response.extensions_mut().insert(Problem(std::sync::Arc::new(self)));
        response
    }
}

/// Travels in the response's extensions to [`super::shell`], which writes the body.
#[derive(Clone)]
pub(super) struct Problem(pub(super) std::sync::Arc<ApiError>);
