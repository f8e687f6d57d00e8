//! `POST /api/events/{id}/rank`: places by the rules, first as a proposal.

use axum::extract::{RawQuery, Request, State};
use axum::http::header;
use serde_json::{Map, Value};

use super::{OpenQuestion, Proposal, RankedList, Wanted, apply, propose};
use crate::auth::guard::Input;
use crate::auth::policy::Action;
use crate::http::api::{Access, Api, Op, boolean, integer, list_of, text};
use crate::http::error::ApiResult;
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::{Aliases, Fields, Purpose, RecordError, pairs};
use crate::state::App;
use utoipa::PartialSchema;

const ENTER: Action = Action::EnterResults;
const ALIASES: Aliases = &[("dry_run", "dryRun")];

pub fn routes() -> Api {
    let summary = "Places of an event's results by the rules, and why; stored only with apply. If-Match with the ETag of a \
        proposal refuses to store another one";
    let op = Op::new(summary, Access::Needs(ENTER)).body::<RankBody>().answer(
        200,
        "The places, before and after",
        &[
            ("applied", boolean()),
            ("dryRun", boolean()),
            ("eventId", integer()),
            ("eventName", text()),
            ("lists", list_of(RankedList::schema())),
            ("changed", integer()),
            ("unchanged", integer()),
            ("open", list_of(OpenQuestion::schema())),
        ],
    );
    Api::new().post("/api/events/{id}/rank", post, op)
}

/// What a ranking is asked for with; each may stand behind the ? as well.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes a body that is read member by member")]
struct RankBody {
    /// true: the places are stored; otherwise they are only shown
    apply: Option<bool>,
    /// false is the same as apply
    dry_run: Option<bool>,
    /// Only this round
    round: Option<String>,
    /// All heats of a round as one result, or each by itself; usually only those of a final are one
    together: Option<bool>,
}

async fn post(State(app): State<App>, Id(id): Id, RawQuery(query): RawQuery, request: Request) -> ApiResult<Reply> {
    let if_match = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut input = Input::read(request, &app, Some(ENTER)).await?;
    for (name, value) in pairs(&query.unwrap_or_default()) {
        input.members.entry(name).or_insert(Value::String(value));
    }
    let (wanted, is_asked_to_apply) = read(&input.members)?;
    if !is_asked_to_apply {
        return Ok(app.db().read(move |conn| propose(conn, id, &wanted)).await.map(|found| reply(&found, false))?);
    }
    let actor = input.visitor.actor();
    app.change(input.key, move |tx| Ok(reply(&apply(tx, &actor, id, &wanted, if_match.as_deref())?, true))).await
}

fn read(members: &Map<String, Value>) -> Result<(Wanted, bool), RecordError> {
    let mut fields = Fields::new(members, ALIASES, Purpose::Change);
    let (mut apply, mut round, mut together) = (false, None, false);
    fields.boolean("apply", "Apply", &mut apply);
    let mut dry_run = !apply;
    fields.boolean("dryRun", "Dry run", &mut dry_run);
    if fields.given("apply").is_some() && apply == dry_run {
        fields.refuse("dryRun", "contradiction", "Apply and dry run contradict one another");
    }
    fields.text("round", "Round", 50, &mut round);
    fields.boolean("together", "Together", &mut together);
    let is_said = fields.given("together").is_some_and(|value| !value.is_null());
    fields.finish().map_err(RecordError::Invalid)?;
    let round = round.map(|round| round.to_lowercase());
    Ok((Wanted { round, together: is_said.then_some(together) }, !dry_run))
}

fn reply(proposal: &Proposal, applied: bool) -> Reply {
    let places = if proposal.changed == 1 { "1 place" } else { &format!("{} places", proposal.changed) };
    let message = match (proposal.changed, applied) {
        (0, _) => "Every place is as the rules have it".to_owned(),
        (_, true) => format!("{places} changed"),
        (_, false) => format!("{places} would change"),
    };
    Reply::ok(&message)
        .member("applied", applied)
        .member("dryRun", !applied)
        .members(proposal)
        .etag(&proposal.tag)
        .done()
}
