//! `/api/admin/export/…` and the `/export` of each entity.

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::options::Options;
use super::parcel::Parcel;
use super::{Table, Wanted, all_json, all_xlsx};
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::auth::guard::{Auth, Visitor};
use crate::auth::policy::{Action, Administer};
use crate::events::Event;
use crate::formats::format::Format;
use crate::http::api::{Access, Api, Op};
use crate::http::error::ApiResult;
use crate::races::Race;
use crate::records::Sight;
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::state::App;
use crate::users::User;

const ADMIN: Access = Access::Needs(Action::Administer);

/// `GET /api/admin/export/{dataset}-{format}`, each one a route of its own.
pub fn routes() -> Api {
    let whole = |summary, format: Format| Op::new(summary, ADMIN).answer_in(200, "The file", media_types(format));
    Api::new()
        .get("/api/admin/export/all-json", everything, whole("Everything as one JSON document", Format::Json))
        .get(
            "/api/admin/export/all-xlsx",
            every_sheet,
            whole("Everything as one workbook, a sheet for each dataset", Format::Xlsx),
        )
        .merge(every_format::<User>())
        .merge(every_format::<Athlete>())
        .merge(every_format::<Race>())
        .merge(every_format::<Event>())
        .merge(every_format::<Registration>())
        .merge(every_format::<MeetResult>())
}

fn every_format<T: Table>() -> Api {
    Format::ALL.into_iter().fold(Api::new(), |api, format| {
        let plural = T::ENTITY.table();
        let op = Op::new(format!("All {plural} as {}, with the filters of the list", format.title()), ADMIN);
        let op = if format == Format::Csv { op.query("bom", "true: with a byte order mark") } else { op };
        let handler =
            move |who: Auth<Administer>, app: State<App>, query: RawQuery| all_rows::<T>(who, app, query, format);
        let path = format!("/api/admin/export/{plural}-{}", format.name());
        api.get(&path, handler, of_list::<T>(op).answer_in(200, "The file", media_types(format)))
    })
}

/// `GET <base>/export`, with the filters of the list, for whoever may see the list.
pub fn export_route<T: Table>(base: &str) -> Api {
    let access = T::READ.map_or(Access::Everyone, Access::Needs);
    let op = Op::new(format!("All {} as a file, with the filters of the list", T::ENTITY.table()), access)
        .query("format", "csv (usual), json, ndjson or xlsx")
        .query("bom", "true: CSV with a byte order mark");
    let op = of_list::<T>(op).answer_in(200, "The file", Format::ALL.into_iter().flat_map(media_types));
    Api::new().get(&format!("{base}/export"), seen_rows::<T>, op)
}

/// The parameters that every export of rows takes.
fn of_list<T: Table>(op: Op) -> Op {
    let columns: Vec<&str> = T::CSV.iter().chain(T::MORE).map(|column| column.heading).collect();
    let sorts: Vec<&str> = T::LIST.sorts().map(|sort| sort.name).collect();
    let op = op
        .query("columns", format!("only these, in this order, with commas between them: {}", columns.join(", ")))
        .query("sort", format!("one of {}; - in front turns it round", sorts.join(", ")))
        .query("q", "free text");
    T::LIST.filters().fold(op, |op, filter| op.query(filter.name, "only rows with this value"))
}

/// The media type of a format as a list of one, without its parameters.
fn media_types(format: Format) -> Option<&'static str> {
    format.media_type().split(';').next()
}

async fn everything(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Response> {
    Parcel::new(&app, who.actor(), "all", Format::Json).streamed(all_json).await
}

async fn every_sheet(who: Auth<Administer>, State(app): State<App>) -> ApiResult<Response> {
    Parcel::new(&app, who.actor(), "all", Format::Xlsx).built(all_xlsx).await
}

async fn all_rows<T: Table>(
    who: Auth<Administer>,
    State(app): State<App>,
    RawQuery(query): RawQuery,
    format: Format,
) -> ApiResult<Response> {
    let wanted = Options::of_format(format, query.as_deref())?.wanted::<T>(Sight::Full)?;
    send(&app, who.actor(), wanted).await
}

async fn seen_rows<T: Table>(
    visitor: Visitor,
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> ApiResult<Response> {
    if let Some(action) = T::READ {
        visitor.require(action)?;
    }
    let sight = Sight::by_role(&visitor);
    // Coaches and athletes export what everybody may see; their own athletes they see in the lists.
    let mut wanted = Options::of_any_format(query.as_deref())?.wanted::<T>(sight.clone().unwrap_or(Sight::Public))?;
    if let (None, Some(own), Some(user)) = (sight, T::OWN, &visitor.user) {
        wanted.asked.narrow(own, user.id);
    }
    send(&app, visitor.actor(), wanted).await
}

async fn send(app: &App, by: Actor, wanted: Wanted) -> ApiResult<Response> {
    let parcel = Parcel::new(app, by, wanted.set.entity.table(), wanted.format);
    match wanted.format {
        Format::Csv | Format::Json | Format::Ndjson => parcel.streamed(move |conn, out| wanted.write(conn, out)).await,
        Format::Xlsx => parcel.built(move |conn, wait| wanted.build(conn, wait)).await,
    }
}
