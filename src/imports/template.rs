//! Templates: what a file should look like. Every sample imports without an error.

use std::collections::BTreeMap;
use std::io::Read;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Dataset;
use crate::db::Entity;
use crate::formats::csv_out::CsvWriter;
use crate::formats::format::Format;
use crate::formats::workbook_out::{Cell, WorkbookWriter};
use crate::http::api::{Access, Api, Op, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::records::pairs;
use crate::state::App;

mod samples;

use samples::Sample;

pub fn routes() -> Api {
    let mut api = Api::new();
    for dataset in Dataset::ALL {
        let name = dataset.name();
        let op = Op::new(format!("What a file of {name} looks like"), Access::Everyone)
            .query("format", "json (usual: a description), or the file itself: csv, xlsx, file (the JSON document)")
            .answer(200, "The template", &[("template", object())]);
        let handler =
            move |app: State<App>, query: RawQuery, headers: HeaderMap| template(app, query, headers, dataset);
        api = api.get(&format!("/api/admin/import/{name}-template"), handler, op);
    }
    api
}

/// How a template is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Description,
    /// The document itself: a description is JSON too.
    Document,
    Csv,
    Xlsx,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Form::Description => "json",
            Form::Document => "file",
            Form::Csv => "csv",
            Form::Xlsx => "xlsx",
        }
    }

    fn known(dataset: Dataset) -> &'static [Form] {
        match dataset {
            Dataset::Bulk => &[Form::Description, Form::Document],
            Dataset::Rows(Entity::Races) => &[Form::Description, Form::Document, Form::Csv, Form::Xlsx],
            Dataset::Rows(_) => &[Form::Description, Form::Csv, Form::Xlsx],
        }
    }

    /// By `?format=`, or by the Accept header.
    fn asked(query: &RawQuery, headers: &HeaderMap, dataset: Dataset) -> ApiResult<Form> {
        let known = Form::known(dataset);
        let mut asked = pairs(query.0.as_deref().unwrap_or_default());
        if let Some((_, asked)) = asked.find(|(name, _)| name == "format") {
            return known.iter().find(|form| form.name().eq_ignore_ascii_case(&asked)).copied().ok_or_else(|| {
                let names: Vec<&str> = known.iter().map(|form| form.name()).collect();
                ApiError::bad_request("unknown-format", format!("This template comes as {}", names.join(" or ")))
            });
        }
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(if accept.contains("text/csv") && known.contains(&Form::Csv) { Form::Csv } else { Form::Description })
    }
}

async fn template(
    State(app): State<App>,
    query: RawQuery,
    headers: HeaderMap,
    dataset: Dataset,
) -> ApiResult<Response> {
    let form = Form::asked(&query, &headers, dataset)?;
    let name = dataset.name();
    let sample = match dataset.entity() {
        Some(entity) => app.db().read(move |conn| samples::of(conn, entity)).await?,
        None => None,
    };
    let structure = || if dataset == Dataset::Bulk { bulk_structure() } else { races_structure() };
    match (form, sample) {
        (Form::Csv, Some(sample)) => Ok(file(
            &format!("{name}_template.csv"),
            Format::Csv.media_type(),
            csv(&sample).map_err(ApiError::internal)?,
        )),
        (Form::Xlsx, Some(sample)) => {
            let bytes = xlsx(name, &sample).map_err(ApiError::internal)?;
            Ok(file(&format!("{name}_template.xlsx"), Format::Xlsx.media_type(), bytes))
        }
        (Form::Document, _) => {
            Ok(file(&format!("{name}_template.json"), "application/json", structure().to_string().into_bytes()))
        }
        (_, Some(sample)) if dataset != Dataset::Rows(Entity::Races) => Ok(described(&sample_description(&sample))),
        (_, sample) => {
            let requirements = match sample {
                Some(_) => json!(samples::RACES.iter().copied().collect::<BTreeMap<_, _>>()),
                None => bulk_requirements(),
            };
            Ok(described(&json!({"format": "json", "structure": structure(), "requirements": requirements})))
        }
    }
}

fn sample_description(sample: &Sample) -> Value {
    let row =
        |cells: &Vec<String>| sample.headers.iter().copied().zip(cells.iter().cloned()).collect::<BTreeMap<_, _>>();
    json!({
        "format": "csv",
        "headers": sample.headers,
        "sample_data": sample.rows.iter().map(row).collect::<Vec<_>>(),
        "requirements": sample.requirements.iter().copied().collect::<BTreeMap<_, _>>(),
    })
}

fn csv(sample: &Sample) -> std::io::Result<Vec<u8>> {
    let mut csv = CsvWriter::new(Vec::new(), false)?;
    csv.row(sample.headers)?;
    for row in &sample.rows {
        csv.row(row)?;
    }
    csv.finish()
}

fn xlsx(name: &str, sample: &Sample) -> std::io::Result<Vec<u8>> {
    let mut workbook = WorkbookWriter::new(name, sample.headers)?;
    for row in &sample.rows {
        for cell in row {
            workbook.cell(if cell.is_empty() { Cell::Empty } else { Cell::Text(cell) })?;
        }
        workbook.end_row()?;
    }
    let mut bytes = Vec::new();
    workbook.finish()?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn races_structure() -> Value {
    json!({"races": [
        {"name": "Harbour Twilight", "date": "2026-06-14", "location": "Portsea, Australia", "status": "scheduled",
            "description": "Evening meet", "registration_open": true, "registration_deadline": "2026-06-07"},
        {"name": "Fjordspelen", "date": "2026-07-04", "location": "Ålesund, Norway"},
    ]})
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

fn bulk_requirements() -> Value {
    json!({
        "users": "name, email and role; without a password nobody can sign in until an administrator sets one",
        "athletes": "as in the template of athletes",
        "races": "as in the template of races",
        "events": "race (its name, or raceId) and name; category, gender, ageGroup, distance",
        "registrations": "athlete (athleteId, or {bibNumber}) and event (eventId, or its name with race and gender)",
        "results": "athlete and event as in registrations; round, place, mark, wind, heat, lane, status",
    })
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
