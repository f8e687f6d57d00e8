//! `GET …/{id}/history`: what has become of one row, for those who may change it.

use axum::extract::{RawQuery, State};

use super::{Resource, find, paging};
use crate::audit;
use crate::auth::guard::Visitor;
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::ApiResult;
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::RecordError;
use crate::state::App;

pub fn routes<R: Resource>(base: &str) -> Api {
    let summary = format!("What has become of one {}, newest first", R::ENTITY.singular());
    let op = Op::new(summary, Access::Needs(R::CHANGE))
        .query("page", "from 1")
        .query("perPage", "1 to 500, usually 50")
        .answer(
            200,
            "One page of changes",
            &[
                ("history", list_of(object())),
                ("count", integer()),
                ("total", integer()),
                ("page", integer()),
                ("perPage", integer()),
            ],
        );
    Api::new().get(&format!("{base}/{{id}}/history"), show::<R>, op)
}

async fn show<R: Resource>(
    visitor: Visitor,
    State(app): State<App>,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> ApiResult<Reply> {
    visitor.require(R::CHANGE)?;
    let (page, per_page) = paging(query.as_deref())?;
    let (rows, total) = app
        .db()
        .read(move |conn| {
            let (rows, total) = audit::history(conn, R::ENTITY, id, (page, per_page))?;
            // A row that is gone still has its history.
            if total == 0 && find::<R>(conn, id)?.is_none() {
                return Err(RecordError::NotFound { entity: R::ENTITY, id });
            }
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&format!("{} of {total} changes", rows.len()))
        .member("count", rows.len())
        .member("history", rows)
        .member("total", total)
        .member("page", page)
        .member("perPage", per_page)
        .done())
}
