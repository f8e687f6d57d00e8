//! Wiring: which routes there are, which layers lie around them, how the server starts and stops.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::db::Entity;
use crate::formats::format::Format;
use crate::http::api::Api;
use crate::http::error::ApiError;
use crate::http::metrics;
use crate::http::server::{self, ServerLimits};
use crate::http::shell::{Panicked, shell};
use crate::state::App;
use crate::{
    athletes, audit, auth, backups, demo, events, exports, health, imports, live, memory, privacy, public, races,
    registrations, results, settings, stations, sync, system, users, venue, web,
};

/// Nobody has asked for anything for so long: caches and free memory go back to the system.
const IDLE: Duration = Duration::from_secs(5);

/// How long the end waits for a cancelled import.
const LAST_IMPORT: Duration = Duration::from_secs(10);

/// Every route of the API, with its description.
pub fn api() -> Api {
    Api::new()
        .merge(auth::routes())
        .merge(athletes::routes())
        .merge(races::routes())
        .merge(events::routes())
        .merge(registrations::routes())
        .merge(results::routes())
        .merge(stations::routes())
        .merge(users::routes())
        .merge(audit::routes())
        .merge(imports::routes())
        .merge(exports::routes::routes())
        .merge(backups::routes())
        .merge(live::routes())
        .merge(settings::routes())
        .merge(privacy::routes())
        .merge(demo::routes())
        .merge(sync::routes())
        .merge(system::routes())
        .merge(venue::routes())
}

/// The whole application: API, pages, layers.
pub fn router(app: &App) -> Router {
    let (api, _) = api().into_parts();
    app.describe_with(|| crate::app::api().into_parts().1);
    let small = SizeAbove::new(1024).and(NotForContentType::const_new("font/")).and(NotForContentType::IMAGES);
    let small = small.and(NotForContentType::SSE); // each message goes out as it comes
    let small = small.and(NotForContentType::const_new(Format::Xlsx.media_type())); // compressed inside
    let small = small.and(NotForContentType::const_new(backups::MEDIA_TYPE)); // its length is told beforehand
    api.merge(web::router())
        .merge(public::routes())
        .fallback(nothing_here)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), shell))
        // Around the shell, which writes the bodies.
        .layer(CompressionLayer::new().compress_when(small))
        .with_state(app.clone())
}

async fn nothing_here() -> ApiError {
    ApiError::not_found("There is nothing at this address")
}

fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown cause".into());
    let mut response = ApiError::internal(format!("a handler panicked: {text}")).into_response();
    response.extensions_mut().insert(Panicked);
    response
}

/// Serves until `shutdown` is done, then finishes what runs, and closes the database.
pub async fn serve(app: App, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) {
    let background = [
        tokio::spawn(health::watch(app.clone())),
        tokio::spawn(health::watch_integrity(app.clone())),
        tokio::spawn(backups::watch(app.clone())),
        tokio::spawn(rest_when_idle(app.clone())),
        tokio::spawn(tidy(app.clone())),
        tokio::spawn(metrics::history::watch(app.clone())),
        tokio::spawn(live::tell(app.db().clone())),
    ];
    let (leave, left) = tokio::sync::oneshot::channel::<()>();
    let copying = tokio::spawn({
        let app = app.clone();
        async move { app.sync().run(app.db().clone(), async { drop(left.await) }).await }
    });
    if let Ok(address) = listener.local_addr() {
        app.venue().settle(address);
    }
    let (unwatch, unwatched) = tokio::sync::oneshot::channel::<()>();
    let watching = tokio::spawn(venue::watch(app.clone(), async { drop(unwatched.await) }));
    let tls = app.venue().certificates().map(|certificates| certificates.tls().clone());
    let router = router(&app);
    memory::release(); // what only the start needed
    let stopping = app.clone();
    let shutdown = async move {
        shutdown.await;
        // Whatever they have stored so far is taken back while the other requests finish.
        stopping.imports().cancel_all();
        // Streams have no end of their own.
        stopping.db().changes().news().end();
    };
    let limits = ServerLimits::default().within_the_system();
    server::serve(listener, router, tls, limits, shutdown).await;
    background.iter().for_each(tokio::task::JoinHandle::abort);
    drop((leave, unwatch));
    if watching.await.is_err() {
        tracing::error!("the network was not told that the server is gone");
    }
    if copying.await.is_err() {
        tracing::error!("the copy in PostgreSQL was not left in order");
    }
    close(app).await;
}

/// Makes the last backup, finishes the queued writes and closes, without blocking the runtime.
async fn close(app: App) {
    if tokio::time::timeout(LAST_IMPORT, app.import_turn().acquire()).await.is_err() {
        tracing::warn!("an import is still being taken back; the next start goes on with it");
    }
    let closing = move || {
        app.demo().end();
        app.backups().at_shutdown();
        app.db().close();
    };
    if tokio::task::spawn_blocking(closing).await.is_err() {
        tracing::error!("the database was not closed in order");
    }
}

/// Gives memory back once nobody asks for anything any more.
async fn rest_when_idle(app: App) {
    let mut every = tokio::time::interval(IDLE);
    let (mut seen, mut rested) = (0, false);
    loop {
        every.tick().await;
        let now = app.metrics().begun();
        if now != seen {
            (seen, rested) = (now, false);
        } else if !rested {
            rested = true;
            app.lists().clear();
            let db = app.db().clone();
            let released = tokio::task::spawn_blocking(move || {
                db.shrink();
                memory::release();
            });
            if released.await.is_err() {
                tracing::warn!("memory could not be given back");
            }
        }
    }
}

/// Forgets what is too old to be asked for: idempotency keys, ended sessions and stations, changes that nobody sends.
async fn tidy(app: App) {
    let mut hourly = tokio::time::interval(Duration::from_secs(3600));
    loop {
        hourly.tick().await;
        let tidied = app.db().write(|tx| {
            let keys = crate::http::idempotency::prune(tx)?;
            let sessions = auth::sessions::prune(tx)?;
            if sessions > 0 {
                tx.touch(Entity::Sessions);
            }
            Ok::<_, crate::db::DbError>(keys + sessions + stations::prune(tx)?)
        });
        match tidied.await {
            Ok(rows) => tracing::debug!(rows, "tidied"),
            Err(error) => tracing::warn!("old keys and sessions were not tidied: {error}"),
        }
        app.sync().tidy(app.db()).await;
    }
}
