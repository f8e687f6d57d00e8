//! Merging two athletes, the list of merges, and taking one back.

use axum::extract::{RawQuery, Request, State};
use serde_json::{Map, Value};

use super::{kept, merge, undo};
use crate::auth::guard::{Input, Visitor};
use crate::auth::policy::Action;
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::{Fields, Purpose, RecordError, paging};
use crate::state::App;

const MANAGE: Action = Action::ManageAthletes;

pub fn routes() -> Api {
    let registrars = Access::Needs(MANAGE);
    let list_op = Op::new("The merges of athletes, newest first", registrars)
        .query("page", "from 1")
        .query("perPage", "1 to 500, usually 50")
        .answer(
            200,
            "One page of merges",
            &[
                ("merges", list_of(object())),
                ("count", integer()),
                ("total", integer()),
                ("page", integer()),
                ("perPage", integer()),
            ],
        );
    let merge_op = Op::new("Merge another athlete into this one", registrars).body::<MergeBody>().answer(
        200,
        "The athlete, and what was moved",
        &[("athlete", object()), ("merge", object())],
    );
    let undo_op = Op::new("Take a merge back, or name what has changed since", registrars).answer(
        200,
        "Both athletes",
        &[("athletes", list_of(object()))],
    );
    Api::new().post("/api/athletes/{id}/merge", create, merge_op).get("/api/athletes/merges", list, list_op).post(
        "/api/athletes/merges/{id}/undo",
        take_back,
        undo_op,
    )
}

/// What a merge is asked for with.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a body that is read member by member")]
struct MergeBody {
    /// The athlete who goes
    from: i64,
    /// Members of the athlete who stays, where neither's own is wanted
    values: Option<std::collections::BTreeMap<String, String>>,
}

async fn create(State(app): State<App>, Id(id): Id, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(MANAGE)).await?;
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        // First whether there is such an athlete, then what is wrong with the rest.
        crate::records::get::<super::Athlete>(tx.conn(), id)?;
        let (from, values) = read(&input.members)?;
        let (athlete, merge) = merge(tx, &actor, (id, from), &values)?;
        let message = format!("{} was merged into {}", merge.from_name, merge.kept_name);
        Ok(Reply::ok(&message).member("athlete", athlete).member("merge", merge).done())
    })
    .await
}

fn read(members: &Map<String, Value>) -> Result<(i64, Map<String, Value>), RecordError> {
    let mut from = 0;
    let mut fields = Fields::new(members, &[], Purpose::Create);
    fields.reference("from", "The other athlete", &mut from);
    let values = match fields.given("values") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(values)) => values.clone(),
        Some(_) => {
            fields.refuse("values", "wrong-type", "values must be an object with members of the athlete");
            Map::new()
        }
    };
    fields.finish().map_err(RecordError::Invalid)?;
    Ok((from, values))
}

async fn list(visitor: Visitor, State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    visitor.require(MANAGE)?;
    let (page, per_page) = paging(query.as_deref())?;
    let (rows, total) = app.db().read(move |conn| kept::page(conn, (page, per_page)).map_err(ApiError::from)).await?;
    Ok(Reply::ok(&format!("{} of {total} merges", rows.len()))
        .member("count", rows.len())
        .member("merges", rows)
        .member("total", total)
        .member("page", page)
        .member("perPage", per_page)
        .done())
}

async fn take_back(State(app): State<App>, Id(id): Id, request: Request) -> ApiResult<Reply> {
    let input = Input::read(request, &app, Some(MANAGE)).await?;
    refuse_members(&input.members)?;
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| {
        let (kept, restored) = undo(tx, &actor, id)?;
        let message = format!("{} and {} are two athletes again", kept.name, restored.name);
        Ok(Reply::ok(&message).member("athletes", [kept, restored]).done())
    })
    .await
}

fn refuse_members(members: &Map<String, Value>) -> ApiResult<()> {
    let Some(name) = members.keys().next() else { return Ok(()) };
    let message = "Nothing can be chosen here: a merge is taken back as a whole";
    Err(ApiError::invalid(vec![FieldError::new(name.clone(), "unknown-field", message)]))
}
