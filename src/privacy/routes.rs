//! Erasing, letting go of what is due, and telling what is stored.

use axum::extract::{Request, State};
use serde_json::{Map, Value, json};

use super::{due, erase, list, person};
use crate::athletes::Athlete;
use crate::audit::{Entry, Verb};
use crate::auth::guard::{Auth, Input, Visitor};
use crate::auth::policy::{Action, Administer};
use crate::db::{Db, DbError, Entity};
use crate::http::api::{Access, Api, Op, integer, list_of, object, or_null, text};
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Id;
use crate::http::reply::Reply;
use crate::records::{self, Fields, Purpose, RecordError, Sight};
use crate::state::App;

pub fn routes() -> Api {
    let erase_op = Op::new(
        "Erase an athlete: the results stay, under a name that says nothing. This cannot be taken back",
        Access::Needs(Action::EraseAthletes),
    )
    .body_of(&["confirm"])
    .answer(200, "What was erased and what stays", &[("erased", object())]);
    let person_op = Op::new(
        "Everything that is stored about an athlete, for the person who asks; athletes only about themselves",
        Access::Needs(Action::ExportPerson),
    )
    .answer(
        200,
        "Row, entries, results, changes, imports, coaches",
        &[
            ("athlete", object()),
            ("registrations", list_of(object())),
            ("results", list_of(object())),
            ("history", list_of(object())),
            ("imports", list_of(object())),
            ("coaches", list_of(text())),
        ],
    );
    let due_op = Op::new("Whose contact data is due to be removed", Access::Needs(Action::Administer)).answer(
        200,
        "How many athletes, and up to which last meet; null where data is kept without end",
        &[("due", or_null(object()))],
    );
    let remove_op = Op::new(
        "Remove the contact data that is due: email, telephone, coach, day of birth. Names and results stay",
        Access::Needs(Action::Administer),
    )
    .body::<RemoveBody>()
    .answer(200, "How many athletes it was", &[("removed", integer())]);
    Api::new()
        .post("/api/athletes/{id}/erase", erase_one, erase_op)
        .get("/api/athletes/{id}/personal-data", tell, person_op)
        .get("/api/admin/privacy/due", show_due, due_op)
        .post("/api/admin/privacy/remove-due", remove_due, remove_op)
}

/// The number that was shown.
#[derive(utoipa::ToSchema)]
#[schema(as = RemoveDue)]
#[expect(dead_code, reason = "describes a body that is read member by member")]
struct RemoveBody {
    /// As many athletes as were shown to be due
    count: i64,
}

async fn erase_one(State(app): State<App>, Id(id): Id, request: Request) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, Action::EraseAthletes).await?;
    let actor = input.visitor.actor();
    let reply = app
        .change(input.key, move |tx| {
            // First whether there is such an athlete, then what is wrong with the rest.
            records::get::<Athlete>(tx.conn(), id)?;
            let erased = erase(tx, &actor, id, &confirmation(&input.members)?)?;
            Ok(Reply::ok("The athlete is erased; the results stay").member("erased", erased).done())
        })
        .await?;
    keep_list(app.db().clone()).await;
    Ok(reply)
}

fn confirmation(members: &Map<String, Value>) -> Result<String, RecordError> {
    let mut confirm = String::new();
    let mut fields = Fields::new(members, &[], Purpose::Create);
    fields.required_text("confirm", "The name of the athlete", 200, &mut confirm);
    fields.finish().map_err(RecordError::Invalid)?;
    Ok(confirm)
}

async fn keep_list(db: Db) {
    let kept = tokio::task::spawn_blocking(move || list::keep(&db)).await;
    if let Err(error) = kept.unwrap_or(Err(DbError::Panicked)) {
        tracing::warn!("the list of erased athletes beside the database was not read: {error}");
    }
}

async fn tell(visitor: Visitor, State(app): State<App>, Id(id): Id) -> ApiResult<Reply> {
    let user = visitor.require(Action::ExportPerson)?.id;
    let (actor, asking) = (visitor.actor(), visitor.clone());
    let stored = app
        .db()
        .read(move |conn| {
            let athlete: Athlete = records::get(conn, id)?;
            // Somebody else's row is as good as none.
            if Sight::by_role(&asking) != Some(Sight::Full) && athlete.user_id != Some(user) {
                return Err(RecordError::NotFound { entity: Entity::Athletes, id });
            }
            Ok(person::stored(conn, &athlete)?)
        })
        .await?;
    app.db()
        .write(move |tx| {
            let details = json!({ "personalData": true });
            Entry::new(Verb::Export, Entity::Athletes).id(id).details(&details).write(tx, &actor)
        })
        .await?;
    Ok(Reply::ok("Everything that is stored about this athlete")
        .raw("athlete", &stored.athlete)
        .raw_list("registrations", &stored.registrations)
        .raw_list("results", &stored.results)
        .member("history", stored.history)
        .member("imports", stored.imports)
        .member("coaches", stored.coaches)
        .done())
}

async fn show_due(_who: Auth<Administer>, State(app): State<App>) -> ApiResult<Reply> {
    let Some(days) = app.settings().values.keep_contacts_days else {
        return Ok(Reply::ok("Contact data is kept without end").member("due", Value::Null).done());
    };
    let found = app.db().read(move |conn| due::due(conn, days, crate::time::today()).map_err(ApiError::from)).await?;
    let message = format!("The contact data of {} athletes is due to be removed", found.count);
    Ok(Reply::ok(&message).member("due", found).done())
}

async fn remove_due(State(app): State<App>, request: Request) -> ApiResult<Reply> {
    let input = Input::read_confirmed(request, &app, Action::Administer).await?;
    let actor = input.visitor.actor();
    let days = app.settings().values.keep_contacts_days;
    app.change(input.key, move |tx| {
        let mut count = None;
        let mut fields = Fields::new(&input.members, &[], Purpose::Create);
        fields.integer("count", "The number of athletes", 0..=i64::MAX, &mut count);
        fields.finish().map_err(RecordError::Invalid)?;
        let count = count
            .ok_or_else(|| RecordError::field("count", "required", "Say how many athletes were shown, as the count"))?;
        let days = days.ok_or_else(|| RecordError::Conflict {
            code: "kept-without-end",
            detail: "Contact data is kept without end; choose a time under Settings first".into(),
            field: None,
        })?;
        let removed = due::remove_due(tx, &actor, (days, crate::time::today()), count)?;
        let message = format!("The contact data of {removed} athletes is removed");
        Ok(Reply::ok(&message).member("removed", removed).done())
    })
    .await
}
