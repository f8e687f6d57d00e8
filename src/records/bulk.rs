//! Work on many rows at once: which ones match, and one change for all of them.

use axum::extract::{RawQuery, Request, State};
use serde_json::{Map, Value};

use super::change::{apply, read};
use super::routes::{bulk_delete, ids, list_query};
use super::{ListQuery, Purpose, RecordError, Resource, Sight, find};
use crate::audit::Actor;
use crate::auth::guard::{Input, Visitor};
use crate::auth::policy::Role;
use crate::db::{DbError, Tx};
use crate::http::api::{Access, Api, Op, boolean, integer, list_of, object};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::reply::Reply;
use crate::state::App;

/// Most ids of one answer, and of one bulk operation.
const MOST: u32 = 10_000;

/// All there is for many rows of an entity: their ids, one change, one deletion.
pub fn many<R: Resource>(base: &str) -> Api {
    bulk_delete::<R>(base).merge(all_ids::<R>(base)).merge(bulk_update::<R>(base))
}

/// `GET …/ids`, for "select all that match".
pub fn all_ids<R: Resource>(base: &str) -> Api {
    let reading = R::READ.map_or(Access::Everyone, Access::Needs);
    let summary = format!("The ids of all {} that match, 10,000 at most", R::ENTITY.table());
    let members = [("ids", list_of(integer())), ("total", integer()), ("truncated", boolean())];
    let op = list_query::<R>(Op::new(summary, reading)).answer(200, "The ids, in the order of the list", &members);
    Api::new().get(&format!("{base}/ids"), show_ids::<R>, op)
}

/// `POST …/bulk/update`.
fn bulk_update<R: Resource>(base: &str) -> Api {
    let summary =
        format!("Set the same members of several {}; rows that refuse them stay as they are", R::ENTITY.table());
    let members = [
        ("changed", integer()),
        ("unchanged", integer()),
        ("missing", list_of(integer())),
        ("refused", list_of(object())),
    ];
    let op = Op::new(summary, Access::Needs(R::CHANGE)).body::<Update>().answer(200, "What was changed", &members);
    Api::new().post(&format!("{base}/bulk/update"), update::<R>, op)
}

/// One change for many rows.
#[derive(utoipa::ToSchema)]
#[schema(as = BulkUpdate)]
#[expect(dead_code, reason = "describes a body that is read member by member")]
struct Update {
    /// 1 to 10,000 ids
    ids: Vec<i64>,
    /// The members to set, as for a single row
    #[schema(value_type = Object)]
    set: Map<String, Value>,
}

async fn show_ids<R: Resource>(
    visitor: Visitor,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> ApiResult<Reply> {
    if let Some(action) = R::READ {
        visitor.require(action)?;
    }
    let sight = Sight::by_role(&visitor);
    let mut asked: ListQuery = R::LIST.parse(&query.unwrap_or_default(), sight == Some(Sight::Full))?;
    if let (None, Some(own), Some(user)) = (sight, R::OWN, &visitor.user) {
        asked.narrow(own, user.id);
    }
    let read = move |conn: &rusqlite::Connection| {
        Ok::<_, DbError>((asked.ids(conn, R::ENTITY, MOST, 0)?, asked.total(conn, R::ENTITY)?))
    };
    let (ids, total) = app.db().read(read).await?;
    Ok(Reply::ok(&format!("{} of {total} ids", ids.len()))
        .member("truncated", (ids.len() as i64) < total)
        .member("total", total)
        .member("ids", ids)
        .done())
}

async fn update<R: Resource>(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(R::CHANGE)).await?;
    let role = input.visitor.require(R::CHANGE)?.role;
    let (ids, set) = (ids(input.members.get("ids")), read_set::<R>(role, &input.members));
    let (ids, set) = (ids?, set?);
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        let done = change_many::<R>(tx, &actor, &ids, &set)?;
        let message = format!("{} {} changed", done.changed.len(), R::ENTITY.table());
        let reply = Reply::ok(&message).member("changed", done.changed.len()).member("changed_ids", done.changed);
        Ok(reply
            .member("unchanged", done.unchanged)
            .member("missing", done.missing)
            .member("refused", done.refused)
            .done())
    })
    .await
}

/// The members to set. What no row could take is refused at once.
fn read_set<R: Resource>(role: Role, members: &Map<String, Value>) -> ApiResult<Map<String, Value>> {
    let set = match members.get("set") {
        Some(Value::Object(set)) if !set.is_empty() && !set.contains_key("id") => set,
        _ => {
            let message = "set must be an object with the members to set, such as {\"status\": \"confirmed\"}";
            return Err(ApiError::invalid(vec![FieldError::new("set", "wrong-type", message)]));
        }
    };
    if !R::may_change(role, set) {
        let role = role.as_str();
        return Err(RecordError::Forbidden(format!("Your role ({role}) may not change these members")).into());
    }
    read(&mut R::blank(), set, Purpose::Change)?;
    Ok(set.clone())
}

/// What came of a change of many rows.
#[derive(Debug, Default)]
struct Done {
    changed: Vec<i64>,
    unchanged: usize,
    missing: Vec<i64>,
    refused: Vec<Value>,
}

fn change_many<R: Resource>(
    tx: &mut Tx<'_>,
    by: &Actor,
    ids: &[i64],
    set: &Map<String, Value>,
) -> Result<Done, RecordError> {
    let mut done = Done::default();
    for id in ids {
        let Some(before) = find::<R>(tx.conn(), *id)? else {
            done.missing.push(*id);
            continue;
        };
        match apply(tx, by, &before, set) {
            Ok(after) if after.version() == before.version() => done.unchanged += 1,
            Ok(_) => done.changed.push(*id),
            Err(RecordError::Db(error)) => return Err(error.into()),
            Err(refusal) => done.refused.push(serde_json::json!({"id": id, "message": refusal.to_string()})),
        }
    }
    Ok(done)
}
