//! Requests and answers.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use reqwest::RequestBuilder;
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::multipart::Form;
use serde_json::Value;

/// A request in the making; awaiting it sends it.
pub struct Call {
    request: RequestBuilder,
}

impl Call {
    pub(super) fn new(request: RequestBuilder) -> Call {
        Call { request }
    }

    pub fn by(self, token: &str) -> Call {
        Call { request: self.request.bearer_auth(token) }
    }

    pub fn json(self, body: &Value) -> Call {
        self.header("content-type", "application/json").body(body.to_string())
    }

    pub fn header(self, name: &str, value: &str) -> Call {
        Call { request: self.request.header(name, value) }
    }

    pub fn form(self, form: Form) -> Call {
        Call { request: self.request.multipart(form) }
    }

    pub fn body(self, body: impl Into<reqwest::Body>) -> Call {
        Call { request: self.request.body(body) }
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async {
            let response = self.request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = response.bytes().await.unwrap().to_vec();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let body = serde_json::from_str(&text).unwrap_or(Value::Null);
            Answer { status, headers, bytes, text, body }
        })
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
    /// `null` when the text is no JSON.
    pub body: Value,
}

impl Answer {
    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let name: HeaderName = name.parse().unwrap();
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The single row of an answer: the member that is an object and not `meta`.
    pub fn row(&self) -> &Value {
        let members = self.body.as_object().unwrap_or_else(|| panic!("no JSON: {}", self.text));
        let mut rows = members.iter().filter(|(name, value)| *name != "meta" && value.is_object());
        rows.next().map(|(_, value)| value).unwrap_or_else(|| panic!("no row in {}", self.text))
    }

    /// The stable code of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// `field` and `code` of every invalid member, in order.
    pub fn faults(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let faults = self.body["errors"].as_array().into_iter().flatten();
        faults.map(|fault| (text(&fault["field"]), text(&fault["code"]))).collect()
    }

    /// Fails unless the answer is a problem with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
    }

    /// Fails unless the answer has this status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Answer {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Fails when the answer tells how things are stored, and where.
    #[track_caller]
    pub fn tells_nothing(&self) {
        let text = self.text.to_lowercase();
        for secret in ["sqlite", "select ", "insert ", "constraint", "/tmp", ".db", "panicked", "src/", "$argon2"] {
            assert!(!text.contains(secret), "{secret} in {}", self.text);
        }
    }
}
