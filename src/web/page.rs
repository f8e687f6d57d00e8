//! The HTML pages, filled in.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use sha2::{Digest, Sha256};

use super::assets::{BUILD, hex, text_of};
use super::bundle::closure;
use super::{ASK_AGAIN, CONTENT_SECURITY_POLICY, answer, quoted};

/// Stands in the HTML where the name of the build belongs.
pub const BUILD_MARK: &str = "{{build}}";

/// A page of HTML, filled in.
pub struct Page {
    pub html: String,
    etag: HeaderValue,
}

impl Page {
    /// Names the build and announces the page's modules, which the browser would otherwise find one after another.
    pub fn render(name: &str) -> Page {
        let template = text_of(name).expect("the pages are embedded");
        let mut preloads = String::new();
        for module in entry_of(&template).map(requested).unwrap_or_default() {
            let _ = writeln!(preloads, "    <link rel=\"modulepreload\" href=\"/a/{BUILD_MARK}/{module}\">");
        }
        let html = template.replacen("  </head>", &format!("{preloads}  </head>"), 1).replace(BUILD_MARK, &BUILD);
        let etag = quoted(&hex(&Sha256::digest(&html)[..16]));
        Page { html, etag }
    }

    /// The page as an answer: in release builds the one that was rendered first, else as it is on the disk.
    pub fn show(name: &str, rendered: &'static LazyLock<Page>, headers: &HeaderMap) -> Response {
        if cfg!(debug_assertions) { Page::render(name).answer(headers) } else { rendered.answer(headers) }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        let mut response = answer(kind, ASK_AGAIN, &self.etag, headers, || Body::from(self.html.clone()));
        let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }
}

/// Path of the module a page starts with.
pub fn entry_of(template: &str) -> Option<&str> {
    let (_, rest) = template.split_once("<script type=\"module\" src=\"/a/{{build}}/")?;
    rest.split_once('"').map(|(entry, _)| entry)
}

/// The files a page's modules come in: the bundle, and what is vendored.
fn requested(entry: &str) -> Vec<String> {
    closure(entry).into_iter().filter(|module| module.starts_with("vendor/") || module == entry).collect()
}
