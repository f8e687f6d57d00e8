//! `/api/admin/settings` and the logo.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::logo::{MEDIA_TYPES, MOST, Picture};
use super::model::{NUMBERS, names};
use super::{Current, Settings, Usual, store, version};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::guard::{Auth, Input};
use crate::auth::policy::{Action, Administer};
use crate::db::{Entity, Tx};
use crate::http::api::{Access, Api, Op, integer, object, text};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::extract;
use crate::http::idempotency::REPLAYED;
use crate::http::reply::Reply;
use crate::records::{RecordError, nearest, pairs};
use crate::state::App;

/// A logo under an address with its version never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub fn routes() -> Api {
    let admin = Access::Needs(Action::Administer);
    let all = |op: Op| {
        op.answer(
            200,
            "Every setting, where it comes from, and the bounds of the numbers",
            &[("settings", object()), ("sources", object()), ("bounds", object())],
        )
    };
    let logo = Op::new("Give the organisation a logo, at most 512 KiB", admin);
    let logo = MEDIA_TYPES.into_iter().fold(logo, Op::raw_body);
    Api::new()
        .get("/api/admin/settings", show, all(Op::new("How the server is set up", admin)))
        .put(
            "/api/admin/settings",
            change,
            all(Op::new("Change some settings; null makes one usual again. Acts at once", admin)
                .body_in_part::<SettingsBody>()),
        )
        .put("/api/admin/settings/logo", put_logo, logo.answer(200, "Where it is found", &[("logo", text())]))
        .delete(
            "/api/admin/settings/logo",
            remove_logo,
            Op::new("Take the logo away", admin).answer(200, "How many there were", &[("deleted", integer())]),
        )
        .get(
            "/api/logo",
            logo_file,
            Op::new("The logo of the organisation", Access::Everyone)
                .query("v", "its version: the answer may then be kept for ever")
                .answer_in(200, "The picture", MEDIA_TYPES),
        )
}

/// The settings as they are sent and shown.
#[derive(utoipa::ToSchema)]
#[schema(as = Settings)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read member by member")]
struct SettingsBody {
    organisation_name: Option<String>,
    /// One of `languages`
    default_language: String,
    /// Offered to visitors: one or more of en, fr, es, sw
    languages: Vec<String>,
    /// Whether the registration links of races work
    public_registration: bool,
    /// Whether people may make accounts for themselves
    self_registration: bool,
    /// Whom to ask about personal data
    privacy_contact: Option<String>,
    /// Days after a meet when contact data is due to be removed, at most 3650; 0 or null: never
    keep_contacts_days: Option<u64>,
    keep_import_files_days: u64,
    keep_import_files_mib: u64,
    reads_per_minute: u32,
    writes_per_minute: u32,
    imports_per_hour: u32,
    registrations_per_hour: u32,
    max_csv_mib: u64,
    max_json_mib: u64,
    max_xlsx_mib: u64,
    max_xlsx_rows: u64,
}

fn shown(message: &str, current: &Current) -> Reply {
    let bounds: Map<String, Value> = NUMBERS
        .iter()
        .map(|number| (number.name.to_owned(), json!({ "min": number.min, "max": number.max })))
        .collect();
    Reply::ok(message)
        .member("settings", current.values.view())
        .member("sources", &current.sources)
        .member("bounds", bounds)
        .done()
}

async fn show(_who: Auth<Administer>, State(app): State<App>) -> Reply {
    shown("How the server is set up", &app.settings())
}

async fn change(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(Action::Administer)).await?;
    let actor = input.visitor.actor();
    let usual = app.live_settings().usual.clone();
    let stored = app
        .change(input.key, move |tx| {
            set(tx, &actor, &usual, &input.members)?;
            Ok(Reply::ok("The settings are changed").done())
        })
        .await?;
    let current = app.reload_settings().await?;
    Ok(as_replayed(&stored, shown("The settings are changed, and act at once", &current)))
}

/// An answer made after the commit says, as the kept one does, that the request came before.
fn as_replayed(stored: &Reply, answer: Reply) -> Reply {
    match stored.header(REPLAYED) {
        Some(value) => answer.with_header(REPLAYED, value.clone()),
        None => answer,
    }
}

/// Stores the given settings, all or none.
fn set(tx: &mut Tx<'_>, by: &Actor, usual: &Usual, members: &Map<String, Value>) -> Result<(), RecordError> {
    let stored = store::all(tx.conn())?;
    let before = usual.with(&stored);
    let (mut wanted, mut faults) = (stored.clone(), Vec::new());
    for (name, value) in members {
        match decide(usual, &before, name, value) {
            Ok(Decided::Keep) => {}
            Ok(Decided::Forget) => {
                wanted.remove(name);
            }
            Ok(Decided::Put(value)) => {
                wanted.insert(name.clone(), value);
            }
            Err(fault) => faults.push(fault),
        }
    }
    faults.extend(disagreement(usual, &wanted, members));
    if !faults.is_empty() {
        return Err(RecordError::Invalid(faults));
    }
    for name in stored.keys().filter(|name| !wanted.contains_key(*name)) {
        store::forget(tx, name)?;
    }
    for (name, value) in wanted.iter().filter(|(name, value)| stored.get(*name) != Some(value)) {
        store::put(tx, name, value)?;
    }
    note(tx, by, &before, &usual.with(&wanted))
}

/// What becomes of one setting.
enum Decided {
    Keep,
    Forget,
    Put(Value),
}

fn decide(usual: &Usual, now: &Settings, name: &str, value: &Value) -> Result<Decided, FieldError> {
    let name_of_it = || name.to_owned();
    if !names().any(|known| known == name) {
        let known: Vec<&str> = names().collect();
        let hint = nearest(name, &known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        let shown = crate::rules::text::excerpt(name, 40);
        return Err(FieldError::new(name_of_it(), "unknown-field", format!("{shown} is not a setting{hint}")));
    }
    // What is as it is said to be is no change, so that a form may send all that it shows.
    if now.get(name) == *value {
        return Ok(Decided::Keep);
    }
    if usual.is_pinned(name) {
        let message = format!("{name} is set in athsys.toml. Change it there and start the server again");
        return Err(FieldError::new(name_of_it(), "set-in-file", message));
    }
    if value.is_null() {
        return Ok(Decided::Forget);
    }
    let mut read = now.clone();
    read.set(name, value).map_err(|fault| FieldError::new(name_of_it(), fault.code, fault.message))?;
    // An empty name is none, and so is not stored.
    Ok(match read.get(name) {
        Value::Null => Decided::Forget,
        value => Decided::Put(value),
    })
}

/// A usual language that would not be among those offered.
fn disagreement(usual: &Usual, wanted: &BTreeMap<String, Value>, members: &Map<String, Value>) -> Option<FieldError> {
    let mut after = usual.values.clone();
    for (name, value) in wanted {
        let _ = after.set(name, value);
    }
    if after.agrees() {
        return None;
    }
    let field = if members.contains_key("defaultLanguage") { "defaultLanguage" } else { "languages" };
    let message = format!("The usual language ({}) must be one of the languages offered", after.default_language);
    Some(FieldError::new(field, "not-offered", message))
}

/// One audit row with what has changed; nothing when nothing has.
fn note(tx: &mut Tx<'_>, by: &Actor, before: &Settings, after: &Settings) -> Result<(), RecordError> {
    let changed = |of: &Settings| -> Map<String, Value> {
        names().filter(|name| before.get(name) != after.get(name)).map(|name| (name.to_owned(), of.get(name))).collect()
    };
    if before == after {
        return Ok(());
    }
    let entry = Entry::new(Verb::Setting, Entity::Settings).before(&changed(before)).after(&changed(after));
    Ok(entry.write(tx, by)?)
}

async fn put_logo(who: Auth<Administer>, State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let (parts, body) = request.into_parts();
    refuse_other_types(&parts.headers)?;
    let data = extract::body_of(body, MOST).await?;
    let picture = Picture::read(data).ok_or_else(|| {
        let message = "This is not a picture the server can show. Choose a PNG, JPEG or WebP file";
        ApiError::invalid(vec![FieldError::new("logo", "not-a-picture", message)])
    })?;
    let actor = who.actor();
    let details =
        json!({ "logo": { "sha256": picture.digest, "bytes": picture.data.len(), "type": picture.media_type } });
    let key = who.key.map(|key| key.with_body_digest(&picture.digest));
    let stored = app
        .change(key, move |tx| {
            if store::picture_digest(tx.conn())?.as_ref() != Some(&picture.digest) {
                store::put_picture(tx, &picture)?;
                Entry::new(Verb::Setting, Entity::Settings).details(&details).write(tx, &actor)?;
            }
            Ok(Reply::ok("The logo is stored").done())
        })
        .await?;
    let current = app.reload_settings().await?;
    let answer = Reply::ok("The logo is stored, and shown from now on").member("logo", current.logo_address()).done();
    Ok(as_replayed(&stored, answer))
}

fn refuse_other_types(headers: &HeaderMap) -> ApiResult<()> {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
    if MEDIA_TYPES.contains(&media_type.as_str()) {
        return Ok(());
    }
    let detail = "Send the picture itself as the body, as image/png, image/jpeg or image/webp";
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type-not-accepted", detail))
}

async fn remove_logo(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let actor = who.actor();
    let deleted = app
        .db()
        .write(move |tx| {
            let deleted = store::remove_picture(tx)?;
            if deleted {
                let details = json!({ "logo": Value::Null });
                Entry::new(Verb::Setting, Entity::Settings).details(&details).write(tx, &actor)?;
            }
            Ok::<_, RecordError>(deleted)
        })
        .await?;
    app.reload_settings().await?;
    let message = if deleted { "The logo is taken away" } else { "There was no logo" };
    Ok(Reply::ok(message).member("deleted", i32::from(deleted)).done())
}

async fn logo_file(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> ApiResult<Response> {
    let none = || ApiError::not_found("There is no logo. An administrator can give one in the settings");
    let digest = app.settings().logo.clone().ok_or_else(none)?;
    let asked = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if asked.is_some_and(|tags| tags.split(',').any(|one| one.trim() == format!("\"{digest}\""))) {
        return Ok(with_caching(StatusCode::NOT_MODIFIED.into_response(), &digest, query.as_deref()));
    }
    let picture = app.db().read(|conn| store::picture(conn).map_err(ApiError::from)).await?.ok_or_else(none)?;
    let mut response = Body::from(picture.data).into_response();
    let media_type = HeaderValue::from_str(&picture.media_type).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    Ok(with_caching(response, &picture.digest, query.as_deref()))
}

fn with_caching(mut response: Response, digest: &str, query: Option<&str>) -> Response {
    let is_this = pairs(query.unwrap_or_default()).any(|(name, value)| name == "v" && value == version(digest));
    let caching = if is_this { FOR_EVER } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::ETAG, HeaderValue::from_str(&format!("\"{digest}\"")).expect("hex digits are ASCII"));
    response
}
