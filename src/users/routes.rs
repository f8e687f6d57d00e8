//! `/api/admin/users`. A chief registrar manages everybody but administrators; nobody locks themselves out.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use super::store::{insert_with_password, keep_an_admin, revoke_tokens, set_password};
use super::{NewPassword, User};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::guard::{Input, SignedIn};
use crate::auth::policy::{Action, Rights, Role};
use crate::backups;
use crate::db::{Entity, Tx};
use crate::http::api::{Access, Api, Op, integer, list_of, text};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::routes::{ids, list, list_op, read_ids, show, whole};
use crate::records::{self, Fields, Purpose, RecordError, Resource, Sight, change_one};
use crate::state::{App, password_fault};

const BASE: &str = "/api/admin/users";

pub fn routes() -> Api {
    let managers = Access::Needs(Action::ManageUsers);
    let row = "/api/admin/users/{id}";
    Api::new()
        .get(BASE, list::<User>, list_op::<User>(managers))
        .post(BASE, create, Op::new("Create an account", managers).body::<User>().answer_row::<User>(201))
        .get(row, show::<User>, Op::new("One account", managers).answer_row::<User>(200))
        .put(row, change, Op::new("Change an account", managers).body_in_part::<User>().answer_row::<User>(200))
        .delete(row, remove, Op::new("Delete an account", managers).answer(200, "Deleted", &[("deleted", integer())]))
        .post(
            "/api/admin/users/{id}/reset-password",
            reset_password,
            Op::new("Set a new password, given or made up", managers).answer(
                200,
                "The password, when it was made up",
                &[("temporary_password", text())],
            ),
        )
        .post(
            "/api/admin/users/bulk/delete",
            remove_listed,
            Op::new("Delete several accounts", managers).answer(
                200,
                "What was deleted",
                &[("deleted", integer()), ("missing", list_of(integer()))],
            ),
        )
}

/// What may come along besides the row itself.
struct Extras {
    password: Option<NewPassword>,
    athletes: Option<Vec<i64>>,
}

/// Reads what comes along. Its faults are told together with those of the row itself.
async fn extras(app: &App, members: &Map<String, Value>, purpose: Purpose) -> ApiResult<Extras> {
    let mut faults = match fill(&mut User::blank(), members, purpose) {
        Err(RecordError::Invalid(faults)) => faults,
        Ok(()) | Err(_) => Vec::new(),
    };
    let password = match members.get("password") {
        None | Some(Value::Null) => None,
        Some(Value::String(password)) => {
            faults.extend(password_fault("password", password));
            Some(password)
        }
        Some(_) => {
            faults.push(FieldError::new("password", "wrong-type", "Password must be text"));
            None
        }
    };
    let athletes = match members.get("athleteIds") {
        None | Some(Value::Null) => None,
        Some(Value::Array(list)) if list.is_empty() => Some(Vec::new()),
        some => read_ids(some, "athleteIds").map_err(|fault| faults.push(fault)).ok(),
    };
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    let password = match password {
        Some(password) => Some(app.hash_new_password("password", password).await?),
        None => None,
    };
    Ok(Extras { password, athletes })
}

async fn create(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, Action::ManageUsers).await?;
    let caller = input.visitor.require(Action::ManageUsers)?.clone();
    let extras = extras(&app, &input.members, Purpose::Create).await?;
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        let mut user = User::blank();
        fill(&mut user, &input.members, Purpose::Create)?;
        refuse_admins(&caller, [user.role])?;
        insert_with_password(tx, &actor, &mut user, extras.password.as_ref())?;
        if let Some(athletes) = extras.athletes {
            crate::athletes::link_coach(tx, user.id, &athletes)?;
        }
        let reply = whole(tx.conn(), StatusCode::CREATED, "The account was created", &user, &Sight::Full)?;
        let location = HeaderValue::from_str(&format!("{BASE}/{}", user.id)).expect("a path with an id is ASCII");
        Ok(reply.with_header(header::LOCATION, location))
    })
    .await
}

fn fill(user: &mut User, members: &Map<String, Value>, purpose: Purpose) -> Result<(), RecordError> {
    let mut fields = Fields::new(members, User::ALIASES, purpose);
    fields.ignore(&["id"]);
    user.fill(&mut fields);
    fields.finish().map(drop).map_err(RecordError::Invalid)
}

async fn change(State(app): State<App>, Id(id): Id, request: Request) -> ApiResult<Reply> {
    let if_match = request.headers().get(header::IF_MATCH).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let input = Input::read_confirmed(request, &app, Action::ManageUsers).await?;
    let caller = input.visitor.require(Action::ManageUsers)?.clone();
    let extras = extras(&app, &input.members, Purpose::Change).await?;
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        let before: User = records::get(tx.conn(), id)?;
        let after: User = change_one(tx, &actor, Rights::of(caller.role), id, &input.members, if_match.as_deref())?;
        refuse_admins(&caller, [before.role, after.role])?;
        refuse_self(&caller, &before, &after)?;
        keep_an_admin(tx.conn(), &before)?;
        if (before.role, before.status) != (after.role, after.status) {
            revoke_tokens(tx, id)?;
        }
        if let Some(password) = &extras.password {
            new_password(tx, &actor, id, password)?;
        }
        if let Some(athletes) = &extras.athletes {
            crate::athletes::link_coach(tx, id, athletes)?;
        }
        Ok(whole(tx.conn(), StatusCode::OK, "The account was changed", &after, &Sight::Full)?)
    })
    .await
}

async fn remove(State(app): State<App>, Id(id): Id, request: Request) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, Action::ManageUsers).await?;
    let caller = input.visitor.require(Action::ManageUsers)?.clone();
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        remove_user(tx, &actor, &caller, id)?;
        Ok(Reply::ok("The account was deleted").member("deleted", 1).member("id", id).done())
    })
    .await
}

async fn remove_listed(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, Action::ManageUsers).await?;
    let caller = input.visitor.require(Action::ManageUsers)?.clone();
    let wanted = ids(input.members.get("ids"))?;
    let actor = input.visitor.actor();
    backups::before(&app, backups::Reason::BeforeDelete).await;
    app.change(input.key, move |tx| {
        let (mut deleted, mut missing) = (Vec::new(), Vec::new());
        for id in wanted {
            match remove_user(tx, &actor, &caller, id) {
                Ok(()) => deleted.push(id),
                Err(RecordError::NotFound { .. }) => missing.push(id),
                Err(other) => return Err(other),
            }
        }
        let reply = Reply::ok(&format!("{} accounts deleted", deleted.len())).member("deleted", deleted.len());
        Ok(reply.member("deleted_ids", deleted).member("missing", missing).done())
    })
    .await
}

fn remove_user(tx: &mut Tx<'_>, by: &Actor, caller: &SignedIn, id: i64) -> Result<(), RecordError> {
    let user: User = records::get(tx.conn(), id)?;
    refuse_admins(caller, [user.role])?;
    if user.id == caller.id {
        return Err(RecordError::conflict("own-account", "id", "You cannot delete your own account"));
    }
    records::remove(tx, by, &user)?;
    // The rows that named them are set to nobody by the database itself.
    [Entity::Athletes, Entity::Results].into_iter().for_each(|entity| tx.touch(entity));
    keep_an_admin(tx.conn(), &user)
}

async fn reset_password(State(app): State<App>, Id(id): Id, request: Request) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, Action::ManageUsers).await?;
    let caller = input.visitor.require(Action::ManageUsers)?.clone();
    let given = ["new_password", "password"].into_iter().find_map(|name| input.members.get(name)?.as_str());
    let made_up = given.is_none().then(crate::auth::made_up_password);
    let plain = given.map(str::to_owned).or_else(|| made_up.clone()).unwrap_or_default();
    let password = app.hash_new_password("new_password", &plain).await?;
    let actor = input.visitor.actor();
    // Without the key: a replay would keep a password in the database.
    app.change(None, move |tx| {
        let user: User = records::get(tx.conn(), id)?;
        refuse_admins(&caller, [user.role])?;
        new_password(tx, &actor, id, &password)?;
        let message = format!("{} has a new password, and was signed out everywhere", user.name);
        Ok(Reply::ok(&message).member("temporary_password", made_up).member("id", id).done())
    })
    .await
}

fn new_password(tx: &mut Tx<'_>, by: &Actor, id: i64, password: &NewPassword) -> Result<(), RecordError> {
    set_password(tx, id, password)?;
    let details = serde_json::json!({ "password": "changed" });
    Entry::new(Verb::Update, Entity::Users).id(id).details(&details).write(tx, by)?;
    Ok(())
}

/// Only administrators touch administrators, or make new ones.
pub fn refuse_admins(caller: &SignedIn, roles: impl IntoIterator<Item = Role>) -> Result<(), RecordError> {
    let touches_admin = roles.into_iter().any(|role| role == Role::Admin);
    if touches_admin && caller.role != Role::Admin {
        return Err(RecordError::Forbidden("Only an administrator may change administrators".into()));
    }
    Ok(())
}

fn refuse_self(caller: &SignedIn, before: &User, after: &User) -> Result<(), RecordError> {
    if caller.id == before.id && (before.role, before.status) != (after.role, after.status) {
        let detail = "You cannot change your own role or status";
        return Err(RecordError::conflict("own-account", "role", detail));
    }
    Ok(())
}
