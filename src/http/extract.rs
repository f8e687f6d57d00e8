//! Extractors whose refusals are problem details.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use http_body_util::BodyExt;
use serde_json::{Map, Value};

use super::error::{ApiError, ApiResult};

/// Largest JSON body of an entity, in bytes.
pub const MAX_JSON: usize = 1024 * 1024;
const BODY_TIME: Duration = Duration::from_secs(10);
/// Bytes of a refused body that are still read.
const DRAIN: usize = 8 * 1024 * 1024;

/// The `{id}` of a path: a whole number from 1. Anything else is no row.
#[derive(Debug, Clone, Copy)]
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Id, ApiError> {
        let missing = || ApiError::not_found("There is no such row: ids are whole numbers from 1");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| missing())?;
        let text = params.iter().find(|(name, _)| *name == "id").map(|(_, value)| value).unwrap_or_default();
        let number = text.parse::<i64>().ok().filter(|id| *id > 0 && text.bytes().all(|byte| byte.is_ascii_digit()));
        number.map(Id).ok_or_else(missing)
    }
}

/// The `{id}` of a path where it is a name.
#[derive(Debug, Clone)]
pub struct Word(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Word {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Word, ApiError> {
        let missing = || ApiError::not_found("There is nothing of this name");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| missing())?;
        params.iter().find(|(name, _)| *name == "id").map(|(_, value)| Word(value.to_owned())).ok_or_else(missing)
    }
}

/// True when the headers say JSON, or say nothing.
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let media_type = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_lowercase();
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

pub fn not_json() -> ApiError {
    let detail = "Send the body as JSON, with the header Content-Type: application/json";
    ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-not-accepted", detail)
}

/// The whole body of a request that should be small.
///
/// # Errors
/// 408 when it does not arrive in time, 413 when it is larger than [`MAX_JSON`].
pub async fn small_body(body: Body) -> ApiResult<Vec<u8>> {
    body_of(body, MAX_JSON).await
}

/// The whole body of a request, of at most `most` bytes.
///
/// # Errors
/// 408 when it does not arrive in time, 413 when it is larger.
pub async fn body_of(mut body: Body, most: usize) -> ApiResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let reading = async {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| unreadable())?;
            if let Some(data) = frame.data_ref() {
                if bytes.len() + data.len() > most {
                    return Err(too_large(most as u64));
                }
                bytes.extend_from_slice(data);
            }
        }
        Ok(())
    };
    match tokio::time::timeout(BODY_TIME, reading).await {
        Err(_) => Err(too_slow()),
        Ok(Err(error)) => {
            drain(body).await;
            Err(error)
        }
        Ok(Ok(())) => Ok(bytes),
    }
}

/// Reads a little more of a body that was refused, so that the client comes to read the answer.
pub async fn drain(mut body: Body) {
    let reading = async {
        let mut left = DRAIN;
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, |data| data.len()));
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(2), reading).await;
}

pub fn too_slow() -> ApiError {
    ApiError::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "The request did not arrive in time. Please send it again")
}

pub fn unreadable() -> ApiError {
    ApiError::bad_request("unreadable-body", "The body of the request could not be read to its end")
}

pub fn too_large(most: u64) -> ApiError {
    let shown = match most {
        0..=9999 => format!("{most} bytes"),
        10_000..=1_048_575 => format!("{} KiB", most / 1024),
        _ => format!("{} MiB", most / 1024 / 1024),
    };
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("This is too large; the most is {shown}"))
}

/// A body that is one JSON object; none at all counts as an empty one.
pub fn object(bytes: &[u8]) -> ApiResult<Map<String, Value>> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => {
            Err(ApiError::bad_request("not-an-object", "The body must be one JSON object, such as {\"name\": \"…\"}"))
        }
        Err(error) => Err(ApiError::bad_request(
            "invalid-json",
            format!("The body is not valid JSON: line {}, column {}", error.line(), error.column()),
        )),
    }
}
