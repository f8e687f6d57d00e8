//! `PUT /api/auth/me`: what people may change of their own account.

use axum::extract::{Request, State};
use serde_json::{Map, Value};

use super::check::{check_password, wrong_current};
use super::guard::Input;
use super::policy::Action;
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::reply::Reply;
use crate::records::values::read_email;
use crate::records::{self, Fields, Purpose, Record, RecordError, Resource, Sight, routes::one};
use crate::state::App;
use crate::users::User;

/// The name freely; the email, by which one signs in, only with the current password.
pub async fn change_me(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(Action::BeSignedIn)).await?;
    let id = input.visitor.require(Action::BeSignedIn)?.id;
    let before: User = app.db().read(move |conn| records::get(conn, id)).await?;
    let mut wanted = before.clone();
    read(&mut wanted, &input.members)?;
    let confirmed = User::email_key(&wanted.email) != User::email_key(&before.email);
    if confirmed {
        confirm(&app, &input, &before).await?;
    }
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        // As it is now: an administrator may have changed it while the password was looked at.
        let now: User = records::get(tx.conn(), id)?;
        let mut after = now.clone();
        read(&mut after, &input.members)?;
        if !confirmed && User::email_key(&after.email) != User::email_key(&now.email) {
            let current = serde_json::to_value(&now).unwrap_or(Value::Null);
            return Err(RecordError::Stale { entity: User::ENTITY, current });
        }
        after.check(tx.conn(), Some(&now))?;
        records::change(tx, &actor, &now, &mut after)?;
        Ok(one(axum::http::StatusCode::OK, "Your account was changed", &after, &Sight::Full))
    })
    .await
}

fn read(user: &mut User, members: &Map<String, Value>) -> Result<(), RecordError> {
    let mut fields = Fields::new(members, User::ALIASES, Purpose::Change);
    fields.required_text("name", "Name", 100, &mut user.name);
    fields.required_from_text("email", "Email", &mut user.email, read_email);
    fields.ignore(&["current_password"]);
    fields.finish().map(drop).map_err(RecordError::Invalid)
}

async fn confirm(app: &App, input: &Input, user: &User) -> ApiResult<()> {
    let given = input.members.get("current_password").and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(current) = given else {
        let message = "Give your current password to change the email you sign in with";
        return Err(ApiError::invalid(vec![FieldError::new("current_password", "required", message)]));
    };
    check_password(app, input, &user.email, current).await.map(drop).map_err(wrong_current)
}
