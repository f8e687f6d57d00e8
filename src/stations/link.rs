//! The address of a station link, and its code for cameras.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

use crate::http::tls::Line;
use crate::state::App;
use crate::venue::addresses::Kind;
use crate::venue::qr::Qr;

/// The page that opens a link. The secret stands behind the `#`: browsers keep that part to themselves, so it is in no
/// log and in no `Referer`.
const PAGE: &str = "/station#";

/// An address of this server for phones: the one that the asking browser uses, or on this computer itself the best
/// there is. The host was checked before: it is one of ours.
pub fn origin(app: &App, line: Line, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let ip = name.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_here = name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback());
    let is_encrypted = line.is_encrypted();
    match app.venue().best().filter(|best| is_here && best.kind != Kind::ThisComputer) {
        Some(best) if is_encrypted => best.best_url().to_owned(),
        Some(best) => best.url,
        None if is_encrypted => format!("https://{host}"),
        None => format!("http://{host}"),
    }
}

/// The link with this secret under an origin such as `http://192.168.1.20:5000`.
pub fn to(origin: &str, secret: &str) -> String {
    format!("{origin}{PAGE}{secret}")
}

/// The link as a picture of a code, in SVG.
pub fn code(link: &str) -> String {
    Qr::of(link).expect("a link is far shorter than a code may be").svg()
}
