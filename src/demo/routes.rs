//! `/api/setup/demo` and `/api/admin/demo`: the demo meet beside the real one.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::beside::BesideError;
use crate::auth::guard::{Auth, Input};
use crate::auth::policy::{Action, Administer};
use crate::auth::routes::{required, wrong_setup_token};
use crate::db::DbError;
use crate::http::api::{Access, Api, Op, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::state::App;

pub fn routes() -> Api {
    let answered =
        |op: Op| op.answer(200, "Whether there is a demo, and the port on which it runs", &[("demo", object())]);
    let admin = Access::Needs(Action::Administer);
    Api::new()
        .post(
            "/api/setup/demo",
            try_before_setup,
            answered(
                Op::new("A demo meet on a file of its own, while there is no administrator yet", Access::Everyone)
                    .body_of(&["token"]),
            ),
        )
        .get("/api/admin/demo", show, answered(Op::new("The demo meet beside this one", admin)))
        .post("/api/admin/demo", start, answered(Op::new("Start a demo meet on a file of its own", admin)))
        .delete("/api/admin/demo", remove, answered(Op::new("End the demo meet and remove its file", admin)))
}

/// The set-up link lets its holder look around first.
async fn try_before_setup(State(app): State<App>, request: axum::extract::Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, None).await?;
    if !app.needs_setup().await? {
        return Err(ApiError::not_found("This server is set up already"));
    }
    let [token] = required(&input.members, ["token"])?;
    if !app.is_setup_token(token) {
        return Err(wrong_setup_token());
    }
    launch(app).await
}

async fn show(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    Ok(Reply::ok("The demo meet").member("demo", told(&app)).done())
}

async fn start(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    launch(app).await
}

async fn remove(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let with = app.clone();
    let removed = tokio::task::spawn_blocking(move || with.demo().remove(with.db().files()));
    removed.await.map_err(|_| DbError::Panicked)??;
    Ok(Reply::ok("The demo meet is gone").member("demo", told(&app)).done())
}

async fn launch(app: App) -> ApiResult<Reply> {
    if super::is_demo(app.db()).await? {
        return Err(ApiError::conflict("is-a-demo", "This server itself is a demo"));
    }
    let with = app.clone();
    let started = tokio::task::spawn_blocking(move || with.demo().start(with.db().files()));
    started.await.map_err(|_| DbError::Panicked)??;
    Ok(Reply::ok("The demo meet runs").member("demo", told(&app)).done())
}

fn told(app: &App) -> Value {
    let folder = app.db().files().demo_folder();
    json!({
        "possible": app.demo().is_possible(), "port": app.demo().port(), "kept": folder.exists(),
        "folder": folder.display().to_string(),
    })
}

impl From<BesideError> for ApiError {
    fn from(error: BesideError) -> ApiError {
        let detail = error.to_string();
        match error {
            BesideError::NotHere => ApiError::conflict("no-demo-here", detail),
            BesideError::NotADemo(_) => ApiError::conflict("not-a-demo", detail),
            BesideError::NotStarted(_) => ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "demo-not-started", detail),
            BesideError::Io(error) => ApiError::internal(error),
            BesideError::Db(error) => error.into(),
        }
    }
}
