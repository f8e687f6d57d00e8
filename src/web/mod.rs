//! The web pages: everything under `web/`, embedded into the binary. The public ones are written by [`crate::public`].
//!
//! HTML is small and asked for anew each time. All else lies under `/a/<build>/`, where `<build>` changes with any file,
//! and may be kept for ever. The two client libraries have a fixed address, because other pages link to them.

mod assets;
mod bundle;
mod modules;
mod page;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use self::assets::{Assets, BUILD, hex};
use self::page::Page;

pub(crate) use self::assets::text_of;

/// What a page may load and do: only what this server gives it, and no text becomes code.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue athsys";

/// What the script that all tabs share may do: a worker goes by the policy it came with, not by that of a page.
const WORKER_SECURITY_POLICY: &str =
    "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

static ADMIN: LazyLock<Page> = LazyLock::new(|| Page::render("index.html"));
static DOCS: LazyLock<Page> = LazyLock::new(|| Page::render("docs.html"));
static STATION: LazyLock<Page> = LazyLock::new(|| Page::render("station.html"));

/// The pages, their assets and the two client libraries. To be merged into the server's router.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/admin", get(admin))
        .route("/admin/", get(admin))
        .route("/admin/{*path}", get(admin_path))
        .route("/admin-pro", get(admin))
        .route("/admin-pro.html", get(admin))
        .route("/setup", get(admin))
        .route("/station", get(station))
        .route("/api/docs", get(docs))
        .route("/api-service.js", get(api_library))
        .route("/data-import-export.js", get(data_library))
        .route("/favicon.ico", get(icon))
        .route("/favicon.svg", get(icon))
        .route("/a/{build}/{*path}", get(asset))
        .route("/races.html", get(|RawQuery(query): RawQuery| async move { moved("/admin/races", query) }))
        .route("/athletes.html", get(|RawQuery(query): RawQuery| async move { moved("/admin/athletes", query) }))
        .route("/users.html", get(|RawQuery(query): RawQuery| async move { moved("/admin", query) }))
}

async fn admin(headers: HeaderMap) -> Response {
    Page::show("index.html", &ADMIN, &headers)
}

/// The API, drawn from `/api/openapi.json`.
async fn docs(headers: HeaderMap) -> Response {
    Page::show("docs.html", &DOCS, &headers)
}

/// For whoever opens a station link; what stands behind its `#` never comes here.
async fn station(headers: HeaderMap) -> Response {
    Page::show("station.html", &STATION, &headers)
}

/// Screens of the dashboard have no extension; anything that looks like a file is not there.
async fn admin_path(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') { not_found() } else { admin(headers).await }
}

async fn api_library(headers: HeaderMap) -> Response {
    file("api-service.js", ASK_AGAIN, &headers)
}

async fn data_library(headers: HeaderMap) -> Response {
    file("data-import-export.js", ASK_AGAIN, &headers)
}

async fn icon(headers: HeaderMap) -> Response {
    file("icon.svg", ASK_AGAIN, &headers)
}

/// A page of an older build may still ask under its own name after an update: it gets the present file, but may not keep it.
async fn asset(Path((build, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let current = build == *BUILD && !cfg!(debug_assertions);
    if has_extension(&path, "html") {
        return not_found(); // templates, only served filled in
    }
    let mut response = file(&path, if current { FOR_EVER } else { ASK_AGAIN }, &headers);
    if path == bundle::WORKER {
        let policy = HeaderValue::from_static(WORKER_SECURITY_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Where a page finds one of our files. The address changes with the files, so that a browser may keep it for ever.
pub fn address(path: &str) -> String {
    format!("/a/{}/{path}", *BUILD)
}

fn moved(to: &str, query: Option<String>) -> Response {
    let place = query.map_or_else(|| to.to_owned(), |query| format!("{to}?{query}"));
    (StatusCode::FOUND, [(header::LOCATION, place)]).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}

/// What is sent for a path.
#[derive(Clone)]
struct Content {
    data: Bytes,
    hash: [u8; 32],
}

impl Content {
    fn of(path: &str) -> Option<Content> {
        if let Some(text) = bundle::bundled(path) {
            return Some(Content { hash: Sha256::digest(&text).into(), data: Bytes::from(text) });
        }
        let file = Assets::get(path)?;
        let data = match file.data {
            Cow::Borrowed(data) => Bytes::from_static(data),
            Cow::Owned(data) => Bytes::from(data),
        };
        Some(Content { hash: file.metadata.sha256_hash(), data })
    }
}

/// Bundles that were put together already; what is embedded does not change.
static BUNDLES: LazyLock<Mutex<HashMap<String, Arc<Content>>>> = LazyLock::new(Mutex::default);

fn content(path: &str) -> Option<Arc<Content>> {
    if cfg!(debug_assertions) {
        return Content::of(path).map(Arc::new);
    }
    let known = BUNDLES.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
    if known.is_some() {
        return known;
    }
    let content = Arc::new(Content::of(path)?);
    BUNDLES.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), Arc::clone(&content));
    Some(content)
}

fn file(path: &str, caching: &'static str, headers: &HeaderMap) -> Response {
    let Some(content) = content(path) else { return not_found() };
    let etag = quoted(&hex(&content.hash[..16]));
    answer(content_type(path), caching, &etag, headers, || Body::from(content.data.clone()))
}

fn content_type(path: &str) -> HeaderValue {
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    let charset = if mime.type_() == mime_guess::mime::TEXT { "; charset=utf-8" } else { "" };
    HeaderValue::from_str(&format!("{mime}{charset}")).expect("a media type is ASCII")
}

/// The body, or 304 when the client has this very one.
fn answer(
    kind: HeaderValue,
    caching: &'static str,
    etag: &HeaderValue,
    asked: &HeaderMap,
    body: impl FnOnce() -> Body,
) -> Response {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let fresh = known.flat_map(|value| value.split(',')).any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let mut response = if fresh { StatusCode::NOT_MODIFIED.into_response() } else { Response::new(body()) };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if !fresh {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    response
}

fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn quoted(tag: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{tag}\"")).expect("hexadecimal digits are ASCII")
}

#[cfg(test)]
mod tests;
