//! JSON success bodies: what a handler says, plus `message` and `meta`.
//!
//! A [`Reply`] holds the text of a JSON object that is still open. [`super::shell`] adds `meta`, which
//! differs for every request, and closes it; so a cached or replayed body is the same bytes each time.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

/// A JSON answer in the making. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    open: Bytes,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    /// An object with `message` as its only member so far.
    pub fn with(status: StatusCode, message: &str) -> ReplyBuilder {
        ReplyBuilder { status, text: b"{".to_vec(), headers: Vec::new() }.member("message", message)
    }

    pub fn ok(message: &str) -> ReplyBuilder {
        Reply::with(StatusCode::OK, message)
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The object's text without its closing brace, as the cache and the idempotency table keep it.
    pub fn open_body(&self) -> &Bytes {
        &self.open
    }

    pub fn header(&self, name: HeaderName) -> Option<&HeaderValue> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// An answer kept from before.
    pub fn from_parts(status: StatusCode, open: Bytes) -> Reply {
        Reply { status, open, headers: Vec::new() }
    }

    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Reply {
        self.headers.push((name, value));
        self
    }
}

pub struct ReplyBuilder {
    status: StatusCode,
    text: Vec<u8>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl ReplyBuilder {
    /// Adds one member. Our own types always serialise: their keys are text and they hold no NaN.
    pub fn member(mut self, name: &str, value: impl Serialize) -> ReplyBuilder {
        self.name(name);
        serde_json::to_writer(&mut self.text, &value).expect("our own types serialise");
        self
    }

    /// Adds one member whose value is JSON already.
    pub fn raw(mut self, name: &str, json: &[u8]) -> ReplyBuilder {
        self.name(name);
        self.text.extend_from_slice(json);
        self
    }

    /// Adds one member that is a list, given its elements with commas between them.
    pub fn raw_list(mut self, name: &str, elements: &[u8]) -> ReplyBuilder {
        self.name(name);
        self.text.push(b'[');
        self.text.extend_from_slice(elements);
        self.text.push(b']');
        self
    }

    fn name(&mut self, name: &str) {
        if self.text.len() > 1 {
            self.text.push(b',');
        }
        serde_json::to_writer(&mut self.text, name).expect("text serialises");
        self.text.push(b':');
    }

    /// Adds every member of a value that serialises as an object.
    pub fn members(mut self, object: impl Serialize) -> ReplyBuilder {
        let text = serde_json::to_vec(&object).expect("our own types serialise");
        let inner = text.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}")).unwrap_or_default();
        if !inner.is_empty() {
            if self.text.len() > 1 {
                self.text.push(b',');
            }
            self.text.extend_from_slice(inner);
        }
        self
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> ReplyBuilder {
        self.headers.push((name, value));
        self
    }

    pub fn location(self, path: &str) -> ReplyBuilder {
        let value = HeaderValue::from_str(path).expect("our own paths are ASCII");
        self.header(header::LOCATION, value)
    }

    pub fn etag(self, tag: &str) -> ReplyBuilder {
        let value = HeaderValue::from_str(tag).expect("our own tags are ASCII");
        self.header(header::ETAG, value)
    }

    pub fn done(self) -> Reply {
        Reply { status: self.status, open: self.text.into(), headers: self.headers }
    }
}

impl From<ReplyBuilder> for Reply {
    fn from(builder: ReplyBuilder) -> Reply {
        builder.done()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().extend(self.headers);
        response.extensions_mut().insert(OpenBody(self.open));
        response
    }
}

impl IntoResponse for ReplyBuilder {
    fn into_response(self) -> Response {
        self.done().into_response()
    }
}

/// Travels in the response's extensions to [`super::shell`], which adds `meta` and closes the object.
#[derive(Clone)]
pub(super) struct OpenBody(pub(super) Bytes);
