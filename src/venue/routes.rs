//! `/api/admin/network`: how the server can be reached, and who has; `/api/join/qr.svg`: an address as a picture.

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Venue;
use super::addresses::{self, Address};
use super::certificates::Certificates;
use super::qr::Qr;
use crate::auth::guard::Auth;
use crate::auth::policy::{Action, Administer};
use crate::http::api::{Access, Api, Op, boolean, list_of, object, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::records::pairs;
use crate::state::App;
use crate::time::Moment;

pub fn routes() -> Api {
    let network = Op::new(
        "How the server can be reached, and by which devices it was",
        Access::Needs(Action::Administer),
    )
    .answer(
        200,
        "Addresses, the most useful one first; the name on the network; certificate; devices, the last heard of first",
        &[
            ("addresses", list_of(object())),
            ("local_only", boolean()),
            ("name", object()),
            ("tls", object()),
            ("system", text()),
            ("device_reached", boolean()),
            ("devices", list_of(object())),
        ],
    );
    let picture = Op::new("The page /join of an address of this server, as a QR code", Access::Everyone)
        .query("host", "one of the server's addresses, as in the address line; the best one otherwise")
        .answer_raw(200, "A picture", Some("image/svg+xml"));
    Api::new().get("/api/admin/network", network_now, network).get("/api/join/qr.svg", qr, picture)
}

/// An address with what its code leads to.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    address: Address,
    join_url: String,
}

#[derive(Serialize)]
struct Device {
    ip: String,
    user_agent: Option<String>,
    first_seen: Moment,
    last_seen: Moment,
    requests: u64,
    joined: bool,
    this_computer: bool,
}

async fn network_now(_who: Auth<Administer>, State(app): State<App>) -> Reply {
    let venue = app.venue();
    let found = addresses::of_this_computer();
    let shown = venue.addresses_among(found.clone()).into_iter();
    let shown: Vec<Shown> = shown.map(|address| Shown { join_url: venue.join_url(&address), address }).collect();
    let devices = venue.reached().list().into_iter().map(|device| Device {
        this_computer: Venue::is_own(device.ip, &found),
        ip: device.ip.to_string(),
        user_agent: device.user_agent,
        first_seen: device.first_seen,
        last_seen: device.last_seen,
        requests: device.requests,
        joined: device.joined,
    });
    let devices: Vec<Device> = devices.collect();
    Reply::ok("How the server can be reached")
        .member("local_only", venue.is_local_only())
        .member("addresses", shown)
        .member("name", venue.announced())
        .member("tls", tls(venue.certificates()))
        .member("system", std::env::consts::OS)
        .member("device_reached", devices.iter().any(|device| !device.this_computer))
        .member("devices", devices)
        .done()
}

fn tls(certificates: Option<&Certificates>) -> serde_json::Value {
    let Some(certificates) = certificates else { return serde_json::json!({ "mode": tls_mode(None) }) };
    let current = certificates.current();
    serde_json::json!({
        "mode": tls_mode(Some(certificates)),
        "fingerprint": current.facts.fingerprint,
        "authority_fingerprint": current.authority.as_ref().map(|authority| &authority.facts.fingerprint),
        "names": current.facts.names,
        "ips": current.facts.ips,
        "not_after": current.facts.not_after,
    })
}

/// `off`, `made` or `given`, as the API says it.
fn tls_mode(certificates: Option<&Certificates>) -> &'static str {
    match certificates {
        None => "off",
        Some(certificates) if certificates.is_given() => "given",
        Some(_) => "made",
    }
}

async fn qr(State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Response> {
    let wanted = pairs(query.as_deref().unwrap_or_default()).find(|(name, _)| name == "host").map(|(_, host)| host);
    let venue = app.venue();
    let address = match &wanted {
        Some(host) => venue.addresses().into_iter().find(|address| address.host == *host),
        None => venue.best(),
    };
    let code = address.and_then(|address| Qr::of(&venue.join_url(&address)));
    let code = code.ok_or_else(|| ApiError::not_found("This server has no such address at the moment"))?;
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, code.svg()).into_response())
}
