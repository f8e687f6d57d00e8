//! The address of a station link, and its code for cameras.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{HeaderMap, header};

use crate::venue::addresses::{self, Kind};
use crate::venue::qr::Qr;

/// The page that opens a link. The secret stands behind the `#`: browsers keep that part to themselves, so it is in no
/// log and in no `Referer`.
const PAGE: &str = "/station#";

/// An address of this server for phones: the one that the asking browser uses, or on this computer itself the best
/// there is. The host was checked before: it is one of ours.
pub fn origin(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let (name, port) =
        host.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse().ok()?))).unwrap_or((host, 80));
    let ip = name.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_here = name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback());
    let all = addresses::of_server((Ipv4Addr::UNSPECIFIED, port).into(), addresses::of_this_computer(), &[], false);
    match all.first() {
        Some(best) if is_here && best.kind == Kind::Network => best.best_url().to_owned(),
        _ => format!("http://{host}"),
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
