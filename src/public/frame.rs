//! What lies around every public page, and how a page is answered: by its tag, or as one that says what is wrong.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::parts;
use super::site::Site;
use super::texts::{Language, Texts};
use crate::auth::guard::{client_ip, cookie};
use crate::db::DbError;
use crate::http::error::ApiError;
use crate::http::guard::of_request;
use crate::http::tls::Line;
use crate::records::pairs;
use crate::state::App;
use crate::{audit, time, web};

/// Name of the cookie that keeps the chosen language.
const LANGUAGE_COOKIE: &str = "lang";
const YEAR_S: u32 = 365 * 24 * 3600;

/// What a request says about who reads and how.
#[derive(Debug, Clone)]
pub struct Visit {
    pub ip: IpAddr,
    /// Host and port of the server, as the reader's address line has them.
    pub host: String,
    pub line: Line,
    /// Path of the page.
    pub path: String,
    /// What stands behind the ?, without the language.
    pub query: Vec<(String, String)>,
    /// By the address of this page.
    chosen: Option<Language>,
    /// Chosen before.
    kept: Option<Language>,
    signed_in: bool,
    pub headers: HeaderMap,
}

impl Visit {
    fn of(parts: &Parts) -> Visit {
        let mut query: Vec<_> = pairs(parts.uri.query().unwrap_or_default()).collect();
        let chosen = query.iter().find(|(name, _)| name == "lang").and_then(|(_, code)| Language::of_code(code));
        query.retain(|(name, _)| name != "lang");
        let header = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let cookie_language = || {
            let cookies = header(header::COOKIE)?.split(';');
            let code =
                cookies.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == LANGUAGE_COOKIE)?.1;
            Language::of_code(code)
        };
        Visit {
            ip: client_ip(parts),
            host: of_request(parts).unwrap_or_default().to_owned(),
            line: Line::of(parts),
            path: parts.uri.path().to_owned(),
            chosen,
            kept: cookie_language(),
            signed_in: cookie(parts).is_some(),
            headers: parts.headers.clone(),
            query,
        }
    }

    /// The value of a parameter, empty when it is not there.
    pub fn asked(&self, name: &str) -> &str {
        self.query.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// What is wished, as far as the organiser offers it.
    fn language(&self, site: &Site) -> Language {
        let offered = |language: &Language| site.languages.contains(language);
        let accepted = self.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let liked = || accepted.and_then(|accepted| Language::of_browser(accepted, &site.languages));
        self.chosen.filter(offered).or_else(|| self.kept.filter(offered)).or_else(liked).unwrap_or(site.language)
    }

    /// This page in another language.
    fn in_language(&self, language: Language) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query).append_pair("lang", language.code);
        format!("{}?{}", self.path, query.finish())
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Infallible> {
        Ok(Visit::of(parts))
    }
}

/// The part of the address that names a row; empty, which names none, where it is no text.
#[derive(Debug, Clone)]
pub struct Part(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Part {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Part, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Part(path.map(|Path(part)| part).unwrap_or_default()))
    }
}

/// What a page is drawn with.
#[derive(Debug)]
pub struct View {
    pub t: Texts,
    pub site: Site,
    pub today: Date,
    /// This server's address with https, for a reader who came without.
    pub safer: Option<String>,
}

impl View {
    pub fn of(app: &App, visit: &Visit, site: Site) -> View {
        let is_safe = visit.line.is_encrypted();
        let safer = if is_safe { None } else { app.venue().secure_base(&visit.host) };
        View { t: Texts { language: visit.language(&site) }, site, today: time::today(), safer }
    }
}

/// The part of a page that is its own.
pub struct Content {
    pub title: String,
    pub main: Markup,
    pub status: StatusCode,
    /// Whether the script may read it again by itself.
    pub is_fresh: bool,
}

impl Content {
    pub fn new(title: impl Into<String>, main: Markup) -> Content {
        Content { title: title.into(), main, status: StatusCode::OK, is_fresh: true }
    }

    /// A page that is only made once, such as a form.
    pub fn still(self) -> Content {
        Content { is_fresh: false, ..self }
    }

    pub fn status(self, status: StatusCode) -> Content {
        Content { status, ..self }
    }
}

/// Reads what a page shows, all of it at one moment, and answers it. `None` is a page that is not there.
pub async fn show<T, R, D>(app: &App, visit: &Visit, read: R, draw: D) -> Response
where
    T: Send + 'static,
    R: FnOnce(&Connection) -> Result<Option<T>, DbError> + Send + 'static,
    D: FnOnce(&View, T) -> Content,
{
    let settings = app.settings();
    let read = app.db().read(move |conn| Ok::<_, DbError>((Site::read(conn, &settings)?, read(conn)?))).await;
    match read {
        Ok((site, found)) => {
            let view = View::of(app, visit, site);
            let content = found.map_or_else(|| missing(view.t), |found| draw(&view, found));
            answer(visit, &view, content)
        }
        Err(error) => trouble(app, visit, error.into()),
    }
}

pub fn missing(t: Texts) -> Content {
    let main = html! {
        div.empty {
            (parts::track())
            h1 { (t.get("missing")) }
            p { (t.get("missingText")) }
            p.acts { a.btn.primary href="/" { (t.get("toStart")) } a.btn href="/find" { (t.get("find")) } }
        }
    };
    Content::new(t.get("missing"), main).still().status(StatusCode::NOT_FOUND)
}

/// A page for what the server could not do. The reason is logged once, and never shown.
pub fn trouble(app: &App, visit: &Visit, error: ApiError) -> Response {
    let refusal = error.into_response();
    let view = View::of(app, visit, Site::of(&app.settings()));
    let t = view.t;
    let main = html! {
        div.empty {
            (parts::track())
            h1 { (t.get("trouble")) }
            p { (t.get("troubleText")) }
            p.acts { a.btn.primary href=(visit.path) { (t.get("again")) } }
        }
    };
    let content = Content::new(t.get("trouble"), main).still().status(refusal.status());
    let mut response = answer(visit, &view, content);
    if let Some(wait) = refusal.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

/// The whole page, or 304 when the reader has this very one.
pub fn answer(visit: &Visit, view: &View, content: Content) -> Response {
    let (status, keep) = (content.status, content.is_fresh);
    let page = whole(visit, view, &content).into_string();
    let tag = format!("\"{}\"", audit::hex(&Sha256::digest(page.as_bytes())[..12]));
    let known = visit.headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known = known.flat_map(|value| value.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = if keep && is_known && status == StatusCode::OK {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = HeaderValue::from_static("text/html; charset=utf-8");
        (status, [(header::CONTENT_TYPE, kind)], page).into_response()
    };
    let headers = response.headers_mut();
    // Also of a 304: a browser puts its headers in the place of those it has kept.
    let policy = HeaderValue::from_static(web::CONTENT_SECURITY_POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    if keep {
        headers.insert(header::ETAG, HeaderValue::from_str(&tag).expect("hexadecimal digits are ASCII"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    if let Some(language) = visit.chosen {
        let cookie = format!("{LANGUAGE_COOKIE}={}; Path=/; Max-Age={YEAR_S}; SameSite=Lax", language.code);
        headers.insert(header::SET_COOKIE, HeaderValue::from_str(&cookie).expect("a code is ASCII"));
    }
    response
}

fn whole(visit: &Visit, view: &View, content: &Content) -> Markup {
    let t = view.t;
    let name = view.site.name.as_deref().unwrap_or(t.get("brand"));
    let title = if content.title == name { name.to_owned() } else { format!("{} · {name}", content.title) };
    html! {
        (DOCTYPE)
        html lang=(t.language.code) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
                script src=(web::address("js/boot-theme.js")) {}
                link rel="stylesheet" href=(web::address("css/public.css"));
                script type="module" src=(web::address("js/public/refresh.js")) {}
            }
            body {
                a.skip href="#main" { (t.get("skip")) }
                @if view.site.demo {
                    aside.demo-banner aria-label=(t.get("demo")) { b { (t.get("demo")) } " " (t.get("demoText")) }
                }
                (top(visit, view, name))
                main #main tabindex="-1" data-fresh[content.is_fresh] {
                    @if view.site.setup_needed {
                        div.notice { b { (t.get("setup")) } p { (t.get("setupText")) } }
                    }
                    (content.main)
                }
                (foot(visit, view, content.is_fresh))
            }
        }
    }
}

fn top(visit: &Visit, view: &View, name: &str) -> Markup {
    let t = view.t;
    html! {
        header.top {
            a.brand href="/" aria-label=(t.fill("home", &[("name", name)])) {
                @if let Some(logo) = &view.site.logo { img src=(logo) alt=""; } @else { (parts::track()) }
                span { (name) }
            }
            (parts::search(t, visit.asked("q")))
            a.btn.plain.to-find href="/find" aria-label=(t.get("find")) { (parts::lens()) }
            button.btn.plain type="button" data-theme-switch hidden aria-label=(t.get("theme")) { (parts::half()) }
            a.btn href="/admin" { (t.get(if visit.signed_in { "dashboard" } else { "signIn" })) }
        }
    }
}

fn foot(visit: &Visit, view: &View, is_fresh: bool) -> Markup {
    let t = view.t;
    html! {
        @if let Some(address) = &view.safer {
            aside.less-safe {
                p {
                    (t.get("lessSafe")) " "
                    a href={ (address) (visit.path) } { (t.get("useHttps")) } " · "
                    a href="/join#safer" { (t.get("lessSafeMore")) }
                }
            }
        }
        footer.foot {
            @if is_fresh {
                p #news role="status" data-fresh-text=(t.get("fresh")) data-stale-text=(t.get("stale")) {}
            }
            p { a.link href="/privacy" { (t.get("privacy")) } }
            nav aria-label=(t.get("language")) {
                @for language in view.site.languages.iter().copied() {
                    a href=(visit.in_language(language)) lang=(language.code) hreflang=(language.code)
                        aria-current=[(language == t.language).then_some("true")] { (language.name) }
                }
            }
        }
    }
}
