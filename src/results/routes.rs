//! `/api/results`, and the results of events with their names.

use axum::extract::{RawQuery, State};

use super::MeetResult;
use super::store::{NamedResult, named};
use crate::exports::routes::export_route;
use crate::http::api::{Access, Api, Op, integer, list_of, object};
use crate::http::error::{ApiError, ApiResult};
use crate::http::reply::Reply;
use crate::records::pairs;
use crate::records::routes::{crud, many};
use crate::state::App;

pub fn routes() -> Api {
    let base = "/api/results";
    let named = Op::new("Results with the names of athlete, event and race", Access::Everyone)
        .query("race_id", "only this race")
        .query("page", "from 1")
        .query("perPage", "1 to 500, usually 50")
        .answer(
            200,
            "One page of results",
            &[
                ("results", list_of(object())),
                ("count", integer()),
                ("total", integer()),
                ("page", integer()),
                ("perPage", integer()),
            ],
        );
    crud::<MeetResult>(base)
        .merge(many::<MeetResult>(base))
        .merge(export_route::<MeetResult>(base))
        .merge(super::ranking::routes())
        .get("/api/events/results", event_results, named)
}

async fn event_results(State(app): State<App>, RawQuery(query): RawQuery) -> ApiResult<Reply> {
    let (mut race, mut page, mut per_page) = (None, 1_u32, 50_u32);
    for (name, value) in pairs(&query.unwrap_or_default()) {
        let number: Option<u32> = value.parse().ok().filter(|number| *number > 0);
        match (name.as_str(), number) {
            ("race_id" | "raceId", Some(id)) => race = Some(i64::from(id)),
            ("page", Some(number)) => page = number,
            ("perPage", Some(number @ 1..=500)) => per_page = number,
            _ => {
                let detail = "Only race_id, page and perPage may stand behind the ?, each with a whole number from 1";
                return Err(
                    ApiError::bad_request("unknown-parameter", detail).with("known", ["race_id", "page", "perPage"])
                );
            }
        }
    }
    let offset = i64::from(page - 1) * i64::from(per_page);
    let (rows, total): (Vec<NamedResult>, i64) = app.db().read(move |conn| named(conn, race, per_page, offset)).await?;
    Ok(Reply::ok(&format!("{} of {total} results", rows.len()))
        .member("count", rows.len())
        .member("results", rows)
        .member("total", total)
        .member("page", page)
        .member("perPage", per_page)
        .done())
}
