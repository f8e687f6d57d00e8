//! Where the codes on the wall lead: proof that the phone has reached the server, and what to do next.

use axum::http::StatusCode;
use maud::{Markup, html};

use crate::public::frame::{Content, View};
use crate::public::texts::{Texts, local};
use crate::time::Moment;
use crate::venue::addresses::Address;

/// What the page says of the connection.
pub struct Join {
    /// As the address line has it.
    pub host: String,
    pub ip: String,
    pub now: Moment,
    pub is_encrypted: bool,
    /// Fingerprint of the authority that can be installed.
    pub authority: Option<String>,
}

/// Systems that install an authority in a way of their own: what each is called, and its steps.
const SYSTEMS: [(&str, &str); 5] = [
    ("saferIphone", "saferIphoneText"),
    ("saferAndroid", "saferAndroidText"),
    ("saferWindows", "saferWindowsText"),
    ("saferMac", "saferMacText"),
    ("saferFirefox", "saferFirefoxText"),
];

pub fn draw(view: &View, join: &Join) -> Content {
    let t = view.t;
    let name = view.site.name.as_deref().unwrap_or(t.get("brand"));
    let main = html! {
        div.head {
            p { span.badge.ok { (t.get("joinReached")) } }
            h1 { (t.fill("joinTitle", &[("name", name)])) }
            p.soft { (t.get("joinText")) }
        }
        p.acts {
            a.btn.primary.large href="/" { (t.get("joinResults")) }
            a.btn.large href="/admin" { (t.get("signIn")) }
        }
        section.block {
            h2 { (t.get("joinConnection")) }
            dl.sheet {
                div { dt { (t.get("joinAddress")) } dd { (join.host) } }
                div { dt { (t.get("joinDevice")) } dd { (join.ip) } }
                div { dt { (t.get("joinTime")) } dd { (local(join.now).map_or_else(String::new, |(_, clock)| clock)) } }
                div { dt { (t.get("joinLine")) } dd { (t.get(if join.is_encrypted { "joinEncrypted" } else { "joinPlain" })) } }
            }
        }
        section.block {
            h2 { (t.get("joinStay")) }
            p.pad.soft { (t.get("joinStayText")) }
        }
        @if let Some(fingerprint) = &join.authority { (safer(t, view.safer.as_deref(), fingerprint)) }
    };
    Content::new(t.get("joinShort"), main).still()
}

/// How an official's phone comes to trust this server.
fn safer(t: Texts, safer: Option<&str>, fingerprint: &str) -> Markup {
    html! {
        section.block #safer {
            h2 { (t.get("safer")) }
            p.pad.soft { (t.get("saferText")) }
            p.acts {
                a.btn.primary href="/join/certificate" { (t.get("saferGet")) }
                @if let Some(address) = safer { a.btn href={ (address) "/join" } { (t.get("saferOpen")) } }
            }
            dl.sheet { div { dt { (t.get("saferFingerprint")) } dd.fingerprint { (fingerprint) } } }
            @for (system, steps) in SYSTEMS {
                details.pad { summary { (t.get(system)) } p.soft { (t.get(steps)) } }
            }
            p.pad.soft { (t.get("saferAfter")) }
        }
    }
}

/// A sheet for the wall: one code, as large as the paper allows.
pub fn sheet(view: &View, address: &Address, url: &str) -> Content {
    let t = view.t;
    let name = view.site.name.as_deref().unwrap_or(t.get("brand"));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("host", &address.host);
    let main = html! {
        div.join-sheet {
            h1 { (name) }
            p { (t.get("sheetText")) }
            img src={ "/api/join/qr.svg?" (query.finish()) } alt=(t.fill("sheetCode", &[("address", url)])) width="480" height="480";
            p.address { (url) }
            ol {
                li { (t.get("sheetWifi")) }
                li { (t.get("sheetCamera")) }
                li { (t.get("sheetStay")) }
            }
        }
    };
    Content::new(t.get("sheetTitle"), main).still()
}

/// There is no certificate to install.
pub fn no_certificate(view: &View) -> Content {
    let t = view.t;
    let main = html! { div.empty { h1 { (t.get("noCertificate")) } p { (t.get("noCertificateText")) } } };
    Content::new(t.get("noCertificate"), main).still().status(StatusCode::NOT_FOUND)
}
