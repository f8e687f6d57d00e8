//! The names this server answers to.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::request::Parts;
use axum::http::{StatusCode, Version, header};

use crate::http::error::ApiError;

/// Names besides IP addresses, `localhost` and `*.localhost`.
///
/// A page of `evil.example` can let that name point to this machine and would then be "same origin" with it;
/// only the `Host` it sends gives it away.
#[derive(Debug, Clone)]
pub struct AllowedHosts {
    names: Vec<String>,
}

impl AllowedHosts {
    /// Case, a port and a dot at the end do not matter. The machine's own name is allowed only when it is
    /// given here.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> AllowedHosts {
        let tidy = |name: S| host_name(name.as_ref().trim()).map(str::to_ascii_lowercase);
        AllowedHosts { names: names.into_iter().filter_map(tidy).collect() }
    }

    /// Whether `host`, a `Host` value without its port, is an address or a name of ours.
    fn allows(&self, host: &str) -> bool {
        is_address(host) || is_local(host) || self.names.iter().any(|name| host.eq_ignore_ascii_case(name))
    }
}

impl Default for AllowedHosts {
    fn default() -> AllowedHosts {
        AllowedHosts::new(["meet.local"])
    }
}

/// 421 `unknown-host` unless the request was sent to an address or a name of this server; 400 `bad-host`
/// for none (HTTP/1.1), several or an unreadable one.
pub fn check_host(parts: &Parts, allowed: &AllowedHosts) -> Result<(), ApiError> {
    let mut fields = parts.headers.get_all(header::HOST).iter();
    let several = fields.next().is_some() && fields.next().is_some();
    let Some(host) = of_request(parts).filter(|_| !several) else {
        // HTTP/1.0 knows no Host, and no browser that could be misled still speaks it.
        if parts.version <= Version::HTTP_10 && !parts.headers.contains_key(header::HOST) {
            return Ok(());
        }
        return Err(ApiError::bad_request("bad-host", "The request must name exactly one host in its Host header"));
    };
    match host_name(host) {
        None => Err(ApiError::bad_request("bad-host", "The Host header of this request is not readable")),
        Some(name) if allowed.allows(name) => Ok(()),
        Some(_) => {
            let detail = "This server does not have the host name it was called by. Use its IP address, or start it with --host-name and that name";
            Err(ApiError::new(StatusCode::MISDIRECTED_REQUEST, "unknown-host", detail))
        }
    }
}

/// The host and port a request was sent to. A target with an authority outweighs the header (RFC 9112 3.2.2).
pub fn of_request(parts: &Parts) -> Option<&str> {
    match parts.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => parts.headers.get(header::HOST)?.to_str().ok(),
    }
}

/// `host` without its port, brackets and the dot at the end; `None` when it is not a host.
fn host_name(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']')?;
            (address, if rest.is_empty() { "" } else { rest.strip_prefix(':')? })
        }
        None => host.split_once(':').unwrap_or((host, "")),
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_bracketed = host.starts_with('[');
    let known =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte) || (is_bracketed && b":%".contains(&byte));
    let good = !name.is_empty() && name.bytes().all(known) && port.bytes().all(|byte| byte.is_ascii_digit());
    good.then_some(name)
}

/// Whether a request called the server by a name and not by an address.
pub(super) fn is_name(host: &str) -> bool {
    host_name(host).is_some_and(|name| !is_address(name))
}

pub(super) fn is_localhost(host: &str) -> bool {
    host_name(host).is_some_and(is_local)
}

fn is_local(name: &str) -> bool {
    name.eq_ignore_ascii_case("localhost") || ends_with_ignore_case(name, ".localhost")
}

/// A link-local IPv6 address may carry its interface (`fe80::1%eth0`).
fn is_address(host: &str) -> bool {
    host.parse::<Ipv4Addr>().is_ok()
        || host.split('%').next().is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}

fn ends_with_ignore_case(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    text.len() > end.len() && text[text.len() - end.len()..].eq_ignore_ascii_case(end)
}
