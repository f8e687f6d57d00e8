//! The web page: everything under `web/`, embedded into the binary. Debug builds read it from disk, so a reload shows a change.
//!
//! HTML is small and asked for anew each time. All else lies under `/a/<build>/`, where `<build>` changes with any file,
//! and may be kept for ever. The two client libraries have a fixed address, because other pages link to them.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

/// What a page may load and do: only what this server gives it, and no text becomes code.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue athsys";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// Stands in the HTML where the name of the build belongs.
const BUILD_MARK: &str = "{{build}}";

#[derive(RustEmbed)]
#[folder = "web/"]
#[include = "*.html"]
#[include = "*.js"]
#[include = "icon.svg"]
#[include = "css/*"]
#[include = "i18n/*"]
#[include = "vendor/*"]
#[exclude = "node_modules/*"]
#[exclude = "*.d.ts"]
#[exclude = "*.md"]
struct Assets;

/// Names the state of all embedded files.
static BUILD: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Assets::iter().collect();
    names.sort_unstable();
    let mut hasher = Sha256::new();
    for file in names.iter().filter_map(|name| Some((name, Assets::get(name)?))) {
        hasher.update(file.0.as_bytes());
        hasher.update(file.1.metadata.sha256_hash());
    }
    hex(&hasher.finalize()[..8])
});

static ADMIN: LazyLock<Page> = LazyLock::new(|| Page::render("index.html"));
static PUBLIC: LazyLock<Page> = LazyLock::new(|| Page::render("public.html"));
static DOCS: LazyLock<Page> = LazyLock::new(|| Page::render("docs.html"));

/// The pages, their assets and the two client libraries. To be merged into the server's router.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(public))
        .route("/admin", get(admin))
        .route("/admin/", get(admin))
        .route("/admin/{*path}", get(admin_path))
        .route("/admin-pro", get(admin))
        .route("/admin-pro.html", get(admin))
        .route("/setup", get(admin))
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

async fn public(headers: HeaderMap) -> Response {
    page("public.html", &PUBLIC, &headers)
}

async fn admin(headers: HeaderMap) -> Response {
    page("index.html", &ADMIN, &headers)
}

/// The API, drawn from `/api/openapi.json`.
async fn docs(headers: HeaderMap) -> Response {
    page("docs.html", &DOCS, &headers)
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
    file(&path, if current { FOR_EVER } else { ASK_AGAIN }, &headers)
}

fn moved(to: &str, query: Option<String>) -> Response {
    let place = query.map_or_else(|| to.to_owned(), |query| format!("{to}?{query}"));
    (StatusCode::FOUND, [(header::LOCATION, place)]).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response()
}

fn file(path: &str, caching: &'static str, headers: &HeaderMap) -> Response {
    let Some(file) = Assets::get(path) else { return not_found() };
    let etag = quoted(&hex(&file.metadata.sha256_hash()[..16]));
    answer(content_type(path), caching, &etag, headers, || Body::from(file.data))
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

fn page(name: &str, rendered: &'static LazyLock<Page>, headers: &HeaderMap) -> Response {
    if cfg!(debug_assertions) { Page::render(name).answer(headers) } else { rendered.answer(headers) }
}

/// A page of HTML, filled in.
struct Page {
    html: String,
    etag: HeaderValue,
}

impl Page {
    /// Names the build and announces the page's modules, which the browser would otherwise find one after another.
    fn render(name: &str) -> Page {
        let template = text_of(name).expect("the pages are embedded");
        let mut preloads = String::new();
        for module in entry_of(&template).map(modules_of).unwrap_or_default() {
            let _ = writeln!(preloads, "    <link rel=\"modulepreload\" href=\"/a/{BUILD_MARK}/{module}\">");
        }
        let html = template.replacen("  </head>", &format!("{preloads}  </head>"), 1).replace(BUILD_MARK, &BUILD);
        let etag = quoted(&hex(&Sha256::digest(&html)[..16]));
        Page { html, etag }
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
fn entry_of(template: &str) -> Option<&str> {
    let (_, rest) = template.split_once("<script type=\"module\" src=\"/a/{{build}}/")?;
    rest.split_once('"').map(|(entry, _)| entry)
}

/// A module and all it imports, directly or not, nearest first.
fn modules_of(entry: &str) -> Vec<String> {
    let mut found = vec![entry.to_owned()];
    let mut next = 0;
    while let Some(module) = found.get(next).cloned() {
        next += 1;
        let source = text_of(&module).unwrap_or_default();
        for path in imports(&source).map(|import| resolve(&module, import)) {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found
}

/// What a module imports by a relative path. Our modules keep `from '…'` on one line.
fn imports(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let rest = line.strip_prefix("import '").or_else(|| line.split_once(" from '").map(|(_, rest)| rest))?;
        rest.split_once('\'').map(|(path, _)| path).filter(|path| path.starts_with('.'))
    })
}

/// `js/core/html.js` and `../../vendor/htm.module.js` give `vendor/htm.module.js`.
fn resolve(module: &str, import: &str) -> String {
    let mut parts: Vec<&str> = module.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn text_of(path: &str) -> Option<String> {
    String::from_utf8(Assets::get(path)?.data.into_owned()).ok()
}

fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn quoted(tag: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{tag}\"")).expect("hexadecimal digits are ASCII")
}

#[cfg(test)]
mod tests;
