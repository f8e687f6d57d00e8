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
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    fn document() -> Value {
        serde_json::to_value(crate::app::api().into_parts().1).unwrap()
    }

    #[test]
    fn every_schema_that_is_named_is_described() {
        let document = document();
        let text = document.to_string();
        let named: BTreeSet<&str> = text
            .split("#/components/schemas/")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|name| document["components"]["schemas"].get(name).is_none())
            .collect();
        assert!(named.is_empty(), "named, but not described: {named:?}");
    }

    #[test]
    fn what_the_server_sets_itself_is_not_asked_for() {
        let document = document();
        for entity in ["Athlete", "Race", "Event", "Registration", "Result", "User"] {
            let members = document["components"]["schemas"][entity]["properties"].as_object().unwrap();
            for (name, member) in members.iter().filter(|(name, _)| *name == "id" || name.ends_with("edAt")) {
                assert_eq!(member["readOnly"], true, "{entity}.{name}");
            }
        }
    }
}
