//! The OpenAPI document. Its browser, `/api/docs`, is a page of ours, so that it works without internet.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::http::api::{Access, Api, Op};
use crate::http::error::ApiError;
use crate::state::App;

pub fn routes() -> Api {
    let op = Op::new("This description", Access::Everyone).answer_raw(200, "OpenAPI 3.1", Some("application/json"));
    Api::new().get("/api/openapi.json", openapi, op)
}

async fn openapi(State(app): State<App>) -> Response {
    match app.description() {
        Some(document) => Json(document).into_response(),
        None => ApiError::not_found("The description is not there yet").into_response(),
    }
}

#[cfg(test)]
mod tests;
