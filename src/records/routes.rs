//! The handlers every entity has: list, show, create, change, remove, bulk delete. An entity adds its own beside.

use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::{ListQuery, RecordError, Resource, Sight, change_one, create_with, etag, find, get, pairs, write_whole};
use super::{history, read_integer, remove_many, remove_one};
use crate::auth::guard::{Input, Visitor};
use crate::backups;
use crate::db::DbError;
use crate::http::api::{Access, Api, Op, integer, list_of};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::extract::Id;
use crate::http::reply::{Reply, ReplyBuilder};
use crate::state::App;

pub use super::bulk::{all_ids, many};

/// `GET …`, `POST …`, `GET|PUT|DELETE …/{id}` under `base`.
pub fn crud<R: Resource>(base: &str) -> Api {
    let name = R::ENTITY.singular();
    let reading = R::READ.map_or(Access::Everyone, Access::Needs);
    let row = format!("{base}/{{id}}");
    Api::new()
        .get(base, list::<R>, list_op::<R>(reading))
        .post(
            base,
            create::<R>,
            Op::new(format!("Add one {name}"), Access::Needs(R::CREATE)).body::<R>().answer_row::<R>(201),
        )
        .get(&row, show::<R>, Op::new(format!("One {name}, with its ETag"), reading).answer_row::<R>(200))
        .put(
            &row,
            change::<R>,
            Op::new(
                format!("Change the given members of one {name}; If-Match refuses a stale edit"),
                Access::Needs(R::CHANGE),
            )
            .body_in_part::<R>()
            .answer_row::<R>(200),
        )
        .delete(
            &row,
            remove::<R>,
            Op::new(format!("Delete one {name}"), Access::Needs(R::REMOVE))
                .query("cascade", format!("true: also what hangs on the {name}"))
                .answer(200, "Deleted", &[("deleted", integer()), ("id", integer())]),
        )
        .merge(history::routes::<R>(base))
}

/// The parameters and the answer of a list.
pub fn list_op<R: Resource>(access: Access) -> Op {
    let op = Op::new(format!("A page of {}", R::ENTITY.table()), access)
        .query("page", "from 1")
        .query("perPage", "1 to 500, usually 50");
    list_query::<R>(op).answer_list::<R>()
}

/// The parameters that say which rows, and in what order.
pub fn list_query<R: Resource>(op: Op) -> Op {
    let sorts: Vec<&str> = R::LIST.sorts().map(|sort| sort.name).collect();
    let op =
        op.query("sort", format!("one of {}; - in front turns it round", sorts.join(", "))).query("q", "free text");
    R::LIST.filters().fold(op, |op, filter| op.query(filter.name, "only rows with this value"))
}

/// `POST …/bulk/delete`.
pub fn bulk_delete<R: Resource>(base: &str) -> Api {
    let summary = format!("Delete several {}, or none when one is in use", R::ENTITY.table());
    let op = Op::new(summary, Access::Needs(R::REMOVE))
        .query("cascade", "true: also what hangs on them")
        .body::<Ids>()
        .answer(200, "What was deleted", &[("deleted", integer()), ("missing", list_of(integer()))]);
    Api::new().post(&format!("{base}/bulk/delete"), remove_listed::<R>, op)
}

/// The rows a bulk operation is about.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a body that is read member by member")]
struct Ids {
    /// 1 to 10,000 ids
    ids: Vec<i64>,
}

pub async fn list<R: Resource>(
    visitor: Visitor,
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let query = query.unwrap_or_default();
    if let Some(action) = R::READ {
        visitor.require(action)?;
    }
    match Sight::by_role(&visitor) {
        Some(sight) => app.lists().answer::<R>(&app, sight, &query, &headers).await,
        None => Ok(own_list::<R>(&app, visitor, &query).await?.into_response()),
    }
}

/// The list of somebody whose rows depend on stored links; never cached.
async fn own_list<R: Resource>(app: &App, visitor: Visitor, query: &str) -> ApiResult<Reply> {
    let mut asked = R::LIST.parse(query, false)?;
    if let (Some(own), Some(user)) = (R::OWN, &visitor.user) {
        asked.narrow(own, user.id);
    }
    app.db()
        .read(move |conn| {
            let sight = Sight::of(conn, &visitor)?;
            let total = asked.total(conn, R::ENTITY)?;
            page_body::<R>(conn, &asked, &sight, total)
        })
        .await
}

/// One page as the open body of an answer.
pub fn page_body<R: Resource>(
    conn: &rusqlite::Connection,
    asked: &ListQuery,
    sight: &Sight,
    total: i64,
) -> ApiResult<Reply> {
    let plural = R::ENTITY.table();
    let mut rows = Vec::with_capacity(16 * 1024);
    let mut count = 0;
    asked.page::<R>(conn, |row| {
        if count > 0 {
            rows.push(b',');
        }
        count += 1;
        write_whole(conn, &row, sight, false, &mut rows)
    })?;
    let message = format!("{count} of {total} {plural}");
    Ok(Reply::ok(&message)
        .raw_list(plural, &rows)
        .member("count", count)
        .member("total", total)
        .member("page", asked.page)
        .member("perPage", asked.per_page)
        .done())
}

pub async fn show<R: Resource>(visitor: Visitor, State(app): State<App>, Id(id): Id) -> ApiResult<Response> {
    if let Some(action) = R::READ {
        visitor.require(action)?;
    }
    let reply = app
        .db()
        .read(move |conn| {
            let row: R = get(conn, id)?;
            let sight = Sight::of(conn, &visitor)?;
            if let (Sight::Own(_), Some(own), Some(user)) = (&sight, R::OWN, &visitor.user) {
                refuse_foreign::<R>(conn, own, user.id, id)?;
            }
            let message = format!("The {}", R::ENTITY.singular());
            Ok::<_, ApiError>(whole(conn, StatusCode::OK, &message, &row, &sight)?)
        })
        .await?;
    Ok(reply.into_response())
}

/// Somebody else's row is as good as none.
fn refuse_foreign<R: Resource>(conn: &rusqlite::Connection, own: &str, user: i64, id: i64) -> Result<(), RecordError> {
    let condition = format!("{own} AND id = {id}");
    match super::find_where::<R>(conn, &condition, user)? {
        Some(_) => Ok(()),
        None => Err(RecordError::NotFound { entity: R::ENTITY, id }),
    }
}

/// A single row and what lies beside it as an answer, with its entity tag.
pub fn whole<R: Resource>(
    conn: &rusqlite::Connection,
    status: StatusCode,
    message: &str,
    row: &R,
    sight: &Sight,
) -> Result<Reply, DbError> {
    Ok(open_whole(conn, status, message, row, sight)?.done())
}

fn open_whole<R: Resource>(
    conn: &rusqlite::Connection,
    status: StatusCode,
    message: &str,
    row: &R,
    sight: &Sight,
) -> Result<ReplyBuilder, DbError> {
    let mut text = Vec::with_capacity(512);
    write_whole(conn, row, sight, true, &mut text)?;
    Ok(Reply::with(status, message).raw(R::ENTITY.singular(), &text).etag(&etag(row)))
}

/// A row that was written as an answer, with `warnings` where something about it is odd.
fn written<R: Resource>(
    conn: &rusqlite::Connection,
    status: StatusCode,
    message: &str,
    row: &R,
    sight: &Sight,
) -> Result<Reply, DbError> {
    let reply = open_whole(conn, status, message, row, sight)?;
    let warnings = row.warnings(conn, sight)?;
    Ok(if warnings.is_empty() { reply } else { reply.member("warnings", warnings) }.done())
}

/// A single row that says everything itself as an answer, with its entity tag.
pub fn one<R: Resource>(status: StatusCode, message: &str, row: &R, sight: &Sight) -> Reply {
    let mut text = Vec::with_capacity(512);
    row.write_json(sight, &mut text);
    Reply::with(status, message).raw(R::ENTITY.singular(), &text).etag(&etag(row)).done()
}

pub async fn create<R: Resource>(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let path = request.uri().path().trim_end_matches('/').to_owned();
    let (input, rights) = Input::read_with_rights(request, &app, R::CREATE).await?;
    let actor = input.visitor.actor();
    let sight = Sight::of_writer(rights.role());
    app.change(input.key, move |tx| {
        let row: R = create_with(tx, &actor, rights, &input.members)?;
        let reply = written(tx.conn(), StatusCode::CREATED, &created::<R>(), &row, &sight)?;
        let location = format!("{path}/{}", row.id());
        Ok(reply.with_header(header::LOCATION, HeaderValue::from_str(&location).expect("a path with an id is ASCII")))
    })
    .await
}

fn created<R: Resource>() -> String {
    format!("The {} was created", R::ENTITY.singular())
}

pub async fn change<R: Resource>(State(app): State<App>, Id(id): Id, request: Request) -> ApiResult<Reply> {
    let if_match = request.headers().get(header::IF_MATCH).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (input, rights) = Input::read_with_rights(request, &app, R::CHANGE).await?;
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        let row: R = change_one(tx, &actor, rights, id, &input.members, if_match.as_deref())?;
        let message = format!("The {} was changed", R::ENTITY.singular());
        Ok(written(tx.conn(), StatusCode::OK, &message, &row, &Sight::of_writer(rights.role()))?)
    })
    .await
}

pub async fn remove<R: Resource>(
    State(app): State<App>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    request: Request,
) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(R::REMOVE)).await?;
    let cascade = cascade(query.as_deref())?;
    if cascade {
        input.visitor.require_password()?;
    }
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        let row: R = remove_one(tx, &actor, id, cascade)?;
        let message = format!("The {} was deleted", R::ENTITY.singular());
        Ok(Reply::ok(&message).member("deleted", 1).member("id", row.id()).done())
    })
    .await
}

pub async fn remove_listed<R: Resource>(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    request: Request,
) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, R::REMOVE).await?;
    let cascade = cascade(query.as_deref())?;
    let ids = ids(input.members.get("ids"))?;
    let actor = input.visitor.actor();
    backups::before(&app, backups::Reason::BeforeDelete).await;
    app.change(input.key, move |tx| {
        let (deleted, missing) = remove_many::<R>(tx, &actor, &ids, cascade)?;
        let message = format!("{} {} deleted", deleted.len(), R::ENTITY.table());
        let reply = Reply::ok(&message).member("deleted", deleted.len()).member("deleted_ids", deleted);
        Ok(reply.member("missing", missing).done())
    })
    .await
}

/// The ids of a bulk operation: 1 to 10,000 whole numbers.
pub fn ids(value: Option<&Value>) -> ApiResult<Vec<i64>> {
    read_ids(value, "ids").map_err(|fault| ApiError::invalid(vec![fault]))
}

/// The member `name`: a list of 1 to 10,000 ids, each kept once.
pub fn read_ids(value: Option<&Value>, name: &'static str) -> Result<Vec<i64>, FieldError> {
    let wrong =
        || FieldError::new(name, "wrong-type", format!("{name} must be a list of 1 to 10,000 whole numbers from 1"));
    let list = value.and_then(Value::as_array).filter(|list| (1..=10_000).contains(&list.len())).ok_or_else(wrong)?;
    let mut ids = Vec::with_capacity(list.len());
    for value in list {
        let id = read_integer(value, "An id", 1..=i64::MAX).map_err(|_| wrong())?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

fn cascade(query: Option<&str>) -> ApiResult<bool> {
    let mut cascade = false;
    for (name, value) in pairs(query.unwrap_or_default()) {
        match (name.as_str(), value.as_str()) {
            ("cascade", "true" | "1") => cascade = true,
            ("cascade", "false" | "0") => cascade = false,
            _ => {
                let detail = "Only cascade=true or cascade=false may stand behind the ?";
                return Err(ApiError::bad_request("unknown-parameter", detail).with("known", ["cascade"]));
            }
        }
    }
    Ok(cascade)
}

/// The list of rows that belong to one row of another entity, such as the events of a race.
pub async fn nested<P: Resource, R: Resource>(
    visitor: Visitor,
    State(app): State<App>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    condition: &'static str,
) -> ApiResult<Reply> {
    if let Some(action) = R::READ {
        visitor.require(action)?;
    }
    let full = Sight::by_role(&visitor) == Some(Sight::Full);
    let mut asked = R::LIST.parse(&query.unwrap_or_default(), full)?;
    asked.narrow(condition, id);
    if let (None, Some(own), Some(user)) = (Sight::by_role(&visitor), R::OWN, &visitor.user) {
        asked.narrow(own, user.id);
    }
    app.db()
        .read(move |conn| {
            if find::<P>(conn, id)?.is_none() {
                return Err(RecordError::NotFound { entity: P::ENTITY, id }.into());
            }
            let sight = Sight::of(conn, &visitor)?;
            let total = asked.total(conn, R::ENTITY)?;
            page_body::<R>(conn, &asked, &sight, total)
        })
        .await
}
