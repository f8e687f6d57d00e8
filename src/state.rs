//! What handlers get: one handle to everything, cheap to clone. There are no globals.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use crate::athletes::Duplicates;
use crate::audit::{Actor, Checked, Entry, Verb};
use crate::auth::password::{PasswordError, PasswordHasher, Verdict, check_new_password};
use crate::auth::second_factor::Challenges;
use crate::auth::sessions::Sessions;
use crate::auth::throttle::{Attempt, Throttle};
use crate::auth::token::{KeyFile, random_token, token_hash};
use crate::auth::visits::Visits;
use crate::backups::Backups;
use crate::config::Config;
use crate::db::{Db, Memo};
use crate::health::Health;
use crate::http::error::{ApiError, ApiResult, FieldError};
use crate::http::guard::{AllowedHosts, Origins};
use crate::http::idempotency::{self, RequestKey};
use crate::http::limits::Limiter;
use crate::http::lists::Lists;
use crate::http::metrics::Metrics;
use crate::http::metrics::history::History;
use crate::http::reply::Reply;
use crate::imports::Registry;
use crate::live::Seats;
use crate::records::RecordError;
use crate::settings::{Current, Live};
use crate::sync::Sync;
use crate::users::{self, NewPassword};
use crate::venue::Venue;

/// The running server, as its handlers see it.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    config: Config,
    hosts: AllowedHosts,
    origins: Origins,
    venue: Venue,
    sessions: Sessions,
    visits: Visits,
    hasher: PasswordHasher,
    throttle: Throttle,
    challenges: Challenges,
    limits: Limiter,
    lists: Lists,
    overview: Memo<serde_json::Value>,
    chain: Checked,
    metrics: Metrics,
    history: History,
    health: Health,
    setup_token: String,
    started: Instant,
    import_turn: Semaphore,
    preview_turn: Semaphore,
    imports: Registry,
    seats: Seats,
    settings: Live,
    duplicates: Duplicates,
    backups: Arc<Backups>,
    sync: Sync,
    demo: crate::demo::Beside,
    describe: std::sync::OnceLock<fn() -> utoipa::openapi::OpenApi>,
}

impl App {
    /// Puts the parts together. The key file beside the database is created when it is missing.
    ///
    /// # Errors
    /// When the key file cannot be read or made.
    pub fn new(db: Db, config: Config) -> std::io::Result<App> {
        let keys = KeyFile::open_or_create(&db.files().key_file())?;
        let now = Instant::now();
        let settings = Live::open(&db, &config);
        let inner = Inner {
            hosts: AllowedHosts::new(Venue::host_names(&config.host_names, config.certificates.as_deref())),
            origins: Origins::new(&config.cors_origins),
            venue: Venue::new(&config.host_names, config.certificates.clone()),
            sessions: Sessions::new(keys),
            visits: Visits::new(),
            hasher: PasswordHasher::new(),
            throttle: Throttle::new(),
            challenges: Challenges::new(),
            limits: Limiter::new(settings.now().values.rates, now),
            lists: Lists::new(crate::time::now_ms().cast_unsigned()),
            overview: Memo::default(),
            chain: Checked::default(),
            metrics: Metrics::new(),
            history: History::default(),
            health: Health::new(),
            setup_token: random_token(),
            started: now,
            import_turn: Semaphore::new(1),
            preview_turn: Semaphore::new(1),
            imports: Registry::default(),
            seats: Seats::new(config.room),
            settings,
            duplicates: Duplicates::default(),
            backups: Arc::new(Backups::new(db.clone(), &config.backups)),
            sync: Sync::to(config.sync_to.clone()),
            demo: crate::demo::Beside::default(),
            describe: std::sync::OnceLock::new(),
            db,
            config,
        };
        Ok(App { inner: Arc::new(inner) })
    }

    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    pub fn hosts(&self) -> &AllowedHosts {
        &self.inner.hosts
    }

    pub fn origins(&self) -> &Origins {
        &self.inner.origins
    }

    /// Where the server can be reached, and by whom it was.
    pub fn venue(&self) -> &Venue {
        &self.inner.venue
    }

    pub fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    /// The people at station links.
    pub fn visits(&self) -> &Visits {
        &self.inner.visits
    }

    pub fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    /// Sign-ins between their two steps.
    pub fn challenges(&self) -> &Challenges {
        &self.inner.challenges
    }

    /// Leave to look at a code of a second factor, which is guessed no faster than a password.
    ///
    /// # Errors
    /// 429 after wrong ones.
    pub fn attempt_code(&self, user: i64, from: IpAddr) -> ApiResult<Attempt<'_>> {
        let attempt = self.throttle().check(&format!("code of user {user}"), from, Instant::now());
        attempt.map_err(|wait| {
            let detail = format!("Too many wrong codes. Try again in {} seconds", wait.seconds);
            ApiError::too_many("too-many-attempts", detail, wait.seconds)
        })
    }

    pub fn limits(&self) -> &Limiter {
        &self.inner.limits
    }

    pub fn lists(&self) -> &Lists {
        &self.inner.lists
    }

    /// Parts of the overview that take a while to count.
    pub fn overview(&self) -> &Memo<serde_json::Value> {
        &self.inner.overview
    }

    /// How the server was over the last hour.
    pub fn history(&self) -> &History {
        &self.inner.history
    }

    /// What the last walk along the audit chain found.
    pub fn chain(&self) -> &Checked {
        &self.inner.chain
    }

    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    pub fn health(&self) -> &Health {
        &self.inner.health
    }

    pub fn started(&self) -> Instant {
        self.inner.started
    }

    /// One import runs at a time; the others wait for their turn.
    pub fn import_turn(&self) -> &Semaphore {
        &self.inner.import_turn
    }

    /// So do looks at files, among themselves.
    pub fn preview_turn(&self) -> &Semaphore {
        &self.inner.preview_turn
    }

    /// The imports of this process, running and ended.
    pub fn imports(&self) -> &Registry {
        &self.inner.imports
    }

    /// The seats of those who follow what changes.
    pub fn seats(&self) -> &Seats {
        &self.inner.seats
    }

    /// The settings of this moment.
    pub fn settings(&self) -> Arc<Current> {
        self.inner.settings.now()
    }

    pub(crate) fn live_settings(&self) -> &Live {
        &self.inner.settings
    }

    /// Reads the stored settings again and lets them act: after a change of them, or when another database file has
    /// taken the place of this one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reload_settings(&self) -> ApiResult<Arc<Current>> {
        let act = |current: &Current| self.inner.limits.set(current.values.rates);
        Ok(self.inner.settings.reload(self.db(), act).await?)
    }

    /// Pairs of athletes who may be one person.
    pub fn duplicates(&self) -> &Duplicates {
        &self.inner.duplicates
    }

    /// The copies of the database.
    pub fn backups(&self) -> &Arc<Backups> {
        &self.inner.backups
    }

    /// The copy in PostgreSQL.
    pub fn sync(&self) -> &Sync {
        &self.inner.sync
    }

    /// A demo meet that somebody tries beside this one.
    pub fn demo(&self) -> &crate::demo::Beside {
        &self.inner.demo
    }

    /// Tells how the API is described. The document is large and rarely asked for, so it is made anew each time.
    pub fn describe_with(&self, describe: fn() -> utoipa::openapi::OpenApi) {
        // All routers of an app are described alike: the first call is as good as the last.
        let _ = self.inner.describe.set(describe);
    }

    pub fn description(&self) -> Option<utoipa::openapi::OpenApi> {
        self.inner.describe.get().map(|describe| describe())
    }

    /// Applies a change and keeps its answer under the request's key, in one transaction. A key that was seen before
    /// answers as it did then, and nothing is changed.
    pub async fn change<F>(&self, key: Option<RequestKey>, f: F) -> ApiResult<Reply>
    where
        F: FnOnce(&mut crate::db::Tx<'_>) -> Result<Reply, RecordError> + Send + 'static,
    {
        let reply = self
            .db()
            .write(move |tx| {
                let Some(key) = key else { return f(tx) };
                if let Some(first) = idempotency::replay(tx, &key)? {
                    return Ok(first);
                }
                let reply = f(tx)?;
                idempotency::keep(tx, &key, &reply)?;
                Ok(reply)
            })
            .await?;
        Ok(reply)
    }

    /// Checks and hashes a password that somebody wants to have.
    pub async fn hash_new_password(&self, field: &'static str, password: &str) -> ApiResult<NewPassword> {
        if let Some(fault) = password_fault(field, password) {
            return Err(ApiError::invalid(vec![fault]));
        }
        let hash = self.inner.hasher.hash(password.to_owned()).await.map_err(busy)?;
        Ok(NewPassword(hash))
    }

    /// Compares a password with a stored hash; without one it takes just as long.
    pub async fn verify_password(&self, password: &str, hash: Option<String>) -> ApiResult<Verdict> {
        self.inner.hasher.verify(password.to_owned(), hash).await.map_err(busy)
    }

    /// Stores the hash of a password again, with today's parameters, when there is time for it.
    pub fn rehash(&self, user: i64, password: String) {
        let app = self.clone();
        tokio::spawn(async move {
            let Ok(hash) = app.inner.hasher.hash(password).await else { return };
            let sql = "UPDATE user_secrets SET password_hash = ?2 WHERE user_id = ?1";
            let done = app.db().write(move |tx| tx.conn().execute(sql, (user, hash)).map_err(RecordError::from)).await;
            if let Err(error) = done {
                tracing::warn!("a password hash was not renewed: {error}");
            }
        });
    }

    /// Leaves an audit row of something that was refused for lack of rights.
    pub fn note_denied(&self, by: Actor, what: String) {
        let db = self.db().clone();
        tokio::spawn(async move {
            let details = serde_json::json!({ "request": what });
            let entry = Entry::about(Verb::PermissionDenied, "request").details(&details);
            if let Err(error) = db.write(move |tx| entry.write(tx, &by)).await {
                tracing::warn!("a refusal was not audited: {error}");
            }
        });
    }

    /// True until there is an active administrator.
    pub async fn needs_setup(&self) -> ApiResult<bool> {
        Ok(self.db().read(|conn| users::active_admins(conn).map_err(ApiError::from)).await? == 0)
    }

    pub fn setup_token(&self) -> &str {
        &self.inner.setup_token
    }

    pub fn is_setup_token(&self, token: &str) -> bool {
        // Digests first: the comparison then tells nothing about the token.
        token_hash(token) == token_hash(self.setup_token())
    }
}

/// What is wrong with a password that somebody wants to have.
pub fn password_fault(field: &'static str, password: &str) -> Option<FieldError> {
    let reason = check_new_password(password).err()?;
    Some(FieldError::new(field, "weak-password", reason.to_string()))
}

fn busy(error: PasswordError) -> ApiError {
    match error {
        PasswordError::Busy => ApiError::too_many(
            "too-many-logins",
            "Too many people are signing in at the moment. Try again in a second",
            1,
        ),
        other => ApiError::internal(other),
    }
}
