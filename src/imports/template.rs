//! Templates: what a file should look like. Every sample imports without an error.

use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::formats::csv_out::CsvWriter;
use crate::http::api::{Access, Api, Op, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::records::pairs;

pub fn routes() -> Api {
    let op =
        |summary| {
            Op::new(summary, Access::Everyone)
                .query("format", "json (usual: a description), or the file itself")
                .answer(200, "The template", &[("template", object())])
        };
    Api::new()
        .get("/api/admin/import/athletes-template", athletes, op("What a file of athletes looks like"))
        .get("/api/admin/import/races-template", races, op("What a document of races looks like"))
        .get("/api/admin/import/bulk-template", bulk, op("What a document of everything looks like"))
}

const HEADERS: [&str; 9] =
    ["name", "country", "gender", "email", "phone", "club", "coach", "bib_number", "date_of_birth"];
const SAMPLES: [[&str; 9]; 2] = [
    [
        "Jane Kipchoge",
        "KEN",
        "F",
        "jane@example.org",
        "+254 700 000 010",
        "Rift Valley AC",
        "Ann Coach",
        "101",
        "2001-05-14",
    ],
    ["Alice Smith", "USA", "F", "alice@example.org", "", "Oregon Track Club", "", "102", ""],
];

/// The format asked for by `?format=`, or by the Accept header.
fn format_of(query: &RawQuery, headers: &HeaderMap, known: &[&'static str]) -> ApiResult<&'static str> {
    let asked =
        pairs(query.0.as_deref().unwrap_or_default()).find(|(name, _)| name == "format").map(|(_, value)| value);
    if let Some(asked) = asked {
        return known.iter().find(|name| **name == asked.to_lowercase()).copied().ok_or_else(|| {
            ApiError::bad_request("unknown-format", format!("This template comes as {}", known.join(" or ")))
        });
    }
    let accepts_csv =
        headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains("text/csv"));
    Ok(if accepts_csv && known.contains(&"csv") { "csv" } else { known[0] })
}

async fn athletes(query: RawQuery, headers: HeaderMap) -> ApiResult<Response> {
    if format_of(&query, &headers, &["json", "csv"])? == "csv" {
        return Ok(file("athletes_template.csv", "text/csv; charset=utf-8", athletes_csv()?));
    }
    let template = json!({
        "format": "csv",
        "headers": HEADERS,
        "sample_data": SAMPLES.map(|sample| HEADERS.into_iter().zip(sample).collect::<std::collections::BTreeMap<_, _>>()),
        "requirements": {
            "name": "required, 1 to 100 characters, kept as written",
            "country": "required, three-letter code of the sport (KEN); names and ISO codes are read too",
            "gender": "M, F, X or blank",
            "email": "optional",
            "phone": "optional",
            "club": "optional",
            "coach": "optional",
            "bib_number": "optional, unique; leading zeros do not count",
            "date_of_birth": "optional, YYYY-MM-DD; a year alone is kept as such",
        },
    });
    Ok(described(&template))
}

fn athletes_csv() -> ApiResult<Vec<u8>> {
    let mut csv = CsvWriter::new(Vec::new(), false).map_err(ApiError::internal)?;
    csv.row(HEADERS).map_err(ApiError::internal)?;
    for sample in SAMPLES {
        csv.row(sample).map_err(ApiError::internal)?;
    }
    csv.finish().map_err(ApiError::internal)
}

fn races_structure() -> Value {
    json!({"races": [
        {"name": "Harbour Twilight", "date": "2026-06-14", "location": "Portsea, Australia", "status": "scheduled",
            "description": "Evening meet", "registration_open": true, "registration_deadline": "2026-06-07"},
        {"name": "Fjordspelen", "date": "2026-07-04", "location": "Ålesund, Norway"},
    ]})
}

async fn races(query: RawQuery, headers: HeaderMap) -> ApiResult<Response> {
    template_or_file(
        &query,
        &headers,
        "races_template.json",
        &races_structure(),
        &json!({
            "name": "required, 1 to 200 characters",
            "date": "required, YYYY-MM-DD",
            "location": "required",
            "status": "scheduled (usual), ongoing, completed or cancelled",
            "description": "optional",
            "registration_open": "true or false",
            "registration_deadline": "optional, a date or a moment",
            "registration_link": "optional",
        }),
    )
}

fn bulk_structure() -> Value {
    json!({
        "users": [{"name": "Desk One", "email": "desk.one@example.org", "role": "official"}],
        "athletes": [{"name": "Mary Moraa", "country": "KEN", "gender": "F", "club": "Rift Valley AC", "bib_number": "301"}],
        "races": [{"name": "Lakeside Open", "date": "2026-08-22", "location": "Kisumu, Kenya"}],
        "events": [{"race": "Lakeside Open", "name": "800m", "category": "Track", "gender": "F", "distance": 800}],
        "registrations": [{"race": "Lakeside Open", "event": "800m", "gender": "F", "athlete": {"bibNumber": "301"},
            "seed_mark": "1:58.30"}],
        "results": [{"race": "Lakeside Open", "event": "800m", "gender": "F", "athlete": {"bibNumber": "301"},
            "round": "final", "place": 1, "mark": "1:57.92"}],
    })
}

async fn bulk(query: RawQuery, headers: HeaderMap) -> ApiResult<Response> {
    template_or_file(
        &query,
        &headers,
        "bulk_template.json",
        &bulk_structure(),
        &json!({
            "users": "name, email and role; without a password nobody can sign in until an administrator sets one",
            "athletes": "as in the template of athletes",
            "races": "as in the template of races",
            "events": "race (its name, or raceId) and name; category, gender, ageGroup, distance",
            "registrations": "athlete (athleteId, or {bibNumber}) and event (eventId, or its name with race and gender)",
            "results": "athlete and event as in registrations; round, place, mark, wind, heat, lane, status",
        }),
    )
}

fn template_or_file(
    query: &RawQuery,
    headers: &HeaderMap,
    name: &str,
    structure: &Value,
    requirements: &Value,
) -> ApiResult<Response> {
    // The description is JSON and so is the file: `file` asks for the bare document.
    if format_of(query, headers, &["json", "file"])? == "file" {
        return Ok(file(name, "application/json", structure.to_string().into_bytes()));
    }
    Ok(described(&json!({"format": "json", "structure": structure, "requirements": requirements})))
}

fn described(template: &Value) -> Response {
    Reply::ok("✅ What the file looks like").member("template", template).done().into_response()
}

fn file(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let disposition =
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).expect("our own names are ASCII");
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media_type)), (header::CONTENT_DISPOSITION, disposition)];
    (headers, bytes).into_response()
}
