//! What every request must pass before a handler sees it, and what every response carries.
//!
//! Pure checks: a request's head in, a refusal or headers out. They keep a page of some other site, open in
//! an official's browser, from reaching this server: by a name it does not have (DNS rebinding), by a form
//! or script that writes (CSRF), or by a script that reads (CORS).

mod host;
mod request_id;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;

use super::error::ApiError;
use super::tls::Line;

pub use host::{AllowedHosts, check_host, of_request};
pub use request_id::request_id;

/// Longest request target, in bytes.
const MAX_URI: usize = 8 * 1024;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

const ALLOW_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const ALLOW_HEADERS: HeaderValue = HeaderValue::from_static(
    "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Prefer, X-Request-ID",
);
const EXPOSE_HEADERS: HeaderValue = HeaderValue::from_static(
    "Content-Disposition, ETag, Location, Retry-After, X-API-Version, X-Idempotency-Replayed, X-Request-ID, X-Response-Time",
);
/// Seconds a browser may remember the answer to a preflight.
const PREFLIGHT_MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// 414 when the request target is longer than 8 KiB. (Beyond 32 KiB the connection itself answers 431.)
pub fn check_uri(uri: &Uri) -> Result<(), ApiError> {
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    let query = uri.query().map_or(0, |query| query.len() + 1);
    if authority + uri.path().len() + query <= MAX_URI {
        return Ok(());
    }
    let detail = "The address of this request is longer than 8 KiB. Send long values in the body instead";
    Err(ApiError::new(StatusCode::URI_TOO_LONG, "uri-too-long", detail))
}

/// Whose pages may write: our own, and those of the configured CORS origins.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    /// Lower case, without a slash at the end, as browsers send them.
    configured: Vec<String>,
}

impl Origins {
    /// `configured`: origins such as `https://club.example:8443`; case and a slash at the end do not matter.
    pub fn new<S: AsRef<str>>(configured: impl IntoIterator<Item = S>) -> Origins {
        let tidy = |origin: S| origin.as_ref().trim().trim_end_matches('/').to_ascii_lowercase();
        // `null` is the origin of every sandboxed page and must never be trusted.
        let configured = configured.into_iter().map(tidy).filter(|origin| origin.contains("://")).collect();
        Origins { configured }
    }

    fn is_configured(&self, origin: &HeaderValue) -> bool {
        self.configured.iter().any(|known| origin.as_bytes().eq_ignore_ascii_case(known.as_bytes()))
    }

    /// The origin of the page is the address this request came to. On a line without TLS of our own https is also
    /// accepted: then something in front of us has added it. On an encrypted one an http page of the same name is
    /// foreign, because anybody on the network can make one.
    fn is_own(&self, origin: &HeaderValue, parts: &Parts) -> bool {
        let Some((scheme, host)) = origin.to_str().ok().and_then(|text| text.split_once("://")) else { return false };
        let default_port = match scheme {
            "https" => ":443",
            "http" if !Line::of(parts).is_encrypted() => ":80",
            _ => return false,
        };
        let without_port = |host: &str| host.strip_suffix(default_port).unwrap_or(host).to_ascii_lowercase();
        host::of_request(parts).is_some_and(|own| without_port(own) == without_port(host))
    }
}

/// 403 `cross-site` for a write that a page of another site made the browser send.
///
/// Scripts and tools send neither `Origin` nor `Sec-Fetch-Site` and are welcome. A configured CORS origin is
/// allowed although its browser calls the request cross-site.
pub fn check_origin(parts: &Parts, origins: &Origins) -> Result<(), ApiError> {
    if is_read(&parts.method) {
        return Ok(());
    }
    let mut sent = parts.headers.get_all(header::ORIGIN).iter();
    let good = match (sent.next(), sent.next()) {
        (None, _) => is_same_site(&parts.headers),
        (Some(origin), None) => {
            origins.is_configured(origin) || (is_same_site(&parts.headers) && origins.is_own(origin, parts))
        }
        (Some(_), Some(_)) => false,
    };
    if good {
        return Ok(());
    }
    let detail = "This request was sent by a page of another site, which may not change anything here. Open this server's own page";
    Err(ApiError::new(StatusCode::FORBIDDEN, "cross-site", detail))
}

/// `none` is a person (address bar, bookmark); `same-site` is another port or machine of the same domain.
fn is_same_site(headers: &HeaderMap) -> bool {
    let foreign = |site: &HeaderValue| matches!(site.as_bytes(), b"cross-site" | b"same-site");
    !headers.get_all(SEC_FETCH_SITE).iter().any(foreign)
}

/// Whether a method only reads: GET, HEAD or OPTIONS.
pub fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The CORS headers of an ordinary response; `None` while no origin is configured, which is the default.
///
/// No `Access-Control-Allow-Credentials`: other sites use bearer tokens, never our cookie.
pub fn cors_headers(parts: &Parts, origins: &Origins) -> Option<HeaderMap> {
    if origins.configured.is_empty() {
        return None;
    }
    let mut headers = HeaderMap::new();
    // Also where it is not allowed: a cache must not give one site's answer to another.
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = parts.headers.get(header::ORIGIN).filter(|origin| origins.is_configured(origin)) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
    }
    Some(headers)
}

/// The answer to a preflight of a configured origin; `None` for every other request, which then goes its
/// usual way and gets no permission.
pub fn preflight(parts: &Parts, origins: &Origins) -> Option<Response> {
    if parts.method != Method::OPTIONS || !parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let origin = parts.headers.get(header::ORIGIN).filter(|origin| origins.is_configured(origin))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOW_METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOW_HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE);
    let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    Some(response)
}

/// Adds what every response carries. A policy for scripts or caching that the response already has stays.
pub fn security_headers(headers: &mut HeaderMap) {
    const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
    const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(PERMISSIONS, HeaderValue::from_static("camera=(self), microphone=(), geolocation=()"));
    let closed = "default-src 'none'; frame-ancestors 'none'";
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(closed));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// What only an encrypted answer may promise, and only where the server was called by a name: browsers keep such promises
/// per name, and take none from an address.
///
/// `Strict-Transport-Security` comes with a given certificate alone. Who brought one along has a name of their own and
/// means to keep it; with a certificate made here, or on localhost, the promise would lock people out of a server that is
/// started without TLS the next day, and of everything else that has this name. It lasts a month for the same reason.
pub fn transport_headers(parts: &Parts) -> Option<HeaderMap> {
    const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
    let line = Line::of(parts);
    if !line.is_encrypted() || !host::is_name(host::of_request(parts)?) {
        return None;
    }
    let mut headers = HeaderMap::new();
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    if line == Line::Given && !host::is_localhost(host::of_request(parts)?) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=2592000"));
    }
    Some(headers)
}

#[cfg(test)]
mod tests;
