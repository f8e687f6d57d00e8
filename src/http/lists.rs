//! Hot lists, kept as bytes. An entry is good as long as no commit has touched its table or one its filters look
//! into; five minutes at most.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use moka::sync::Cache;
use serde::Serialize;

use super::error::{ApiError, ApiResult};
use super::reply::Reply;
use crate::db::Entity;
use crate::records::routes::page_body;
use crate::records::{Resource, Sight};
use crate::state::App;

const KEEP: Duration = Duration::from_secs(300);
/// Bytes of all kept pages together.
const ROOM: u64 = 4 * 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    entity: Entity,
    full: bool,
    query: String,
}

#[derive(Debug, Clone)]
struct Kept<T> {
    generation: u64,
    value: T,
}

/// Pages and totals of lists.
pub struct Lists {
    pages: Cache<Key, Kept<Bytes>>,
    totals: Cache<(Entity, String), Kept<i64>>,
    /// Tells tags of this run from those of earlier ones, whose counts began at zero as well.
    boot: u64,
    hits: AtomicU64,
    misses: AtomicU64,
}

/// Numbers for the health page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CacheNumbers {
    pub entries: u64,
    pub hits: u64,
    pub misses: u64,
}

impl Lists {
    pub fn new(boot: u64) -> Lists {
        let weigh =
            |key: &Key, kept: &Kept<Bytes>| u32::try_from(key.query.len() + kept.value.len() + 64).unwrap_or(u32::MAX);
        Lists {
            pages: Cache::builder().max_capacity(ROOM).weigher(weigh).time_to_live(KEEP).build(),
            totals: Cache::builder().max_capacity(1_000).time_to_live(KEEP).build(),
            boot,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    pub fn numbers(&self) -> CacheNumbers {
        CacheNumbers {
            entries: self.pages.entry_count(),
            hits: self.hits.load(Relaxed),
            misses: self.misses.load(Relaxed),
        }
    }

    /// Forgets everything, for a server nobody uses.
    pub fn clear(&self) {
        self.pages.invalidate_all();
        self.totals.invalidate_all();
        self.pages.run_pending_tasks();
        self.totals.run_pending_tasks();
    }

    /// A page for somebody who sees all rows alike: revalidated, from memory, or read.
    pub async fn answer<R: Resource>(
        &self,
        app: &App,
        sight: Sight,
        query: &str,
        headers: &HeaderMap,
    ) -> ApiResult<Response> {
        let changes = app.db().changes();
        let generation = changes.generation(&[R::ENTITY]) + changes.generation(R::LOOKS_AT);
        let full = sight == Sight::Full;
        let key = Key { entity: R::ENTITY, full, query: query.to_owned() };
        let tag = self.tag(&key, generation);
        if asks_for(headers, &tag) {
            self.hits.fetch_add(1, Relaxed);
            return Ok(with_tag(StatusCode::NOT_MODIFIED.into_response(), &tag, full));
        }
        let kept = self.pages.get(&key).filter(|kept| kept.generation == generation);
        let open = match kept {
            Some(kept) => {
                self.hits.fetch_add(1, Relaxed);
                kept.value
            }
            None => {
                self.misses.fetch_add(1, Relaxed);
                let open = self.read::<R>(app, sight, query, generation).await?;
                self.pages.insert(key, Kept { generation, value: open.clone() });
                open
            }
        };
        Ok(with_tag(Reply::from_parts(StatusCode::OK, open).into_response(), &tag, full))
    }

    /// Names the rows an address answers until a commit touches their table.
    fn tag(&self, key: &Key, generation: u64) -> String {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        // Age groups change without a commit.
        crate::time::today().hash(&mut hasher);
        format!("W/\"{:x}-{generation:x}-{:x}\"", self.boot, hasher.finish())
    }

    async fn read<R: Resource>(&self, app: &App, sight: Sight, query: &str, generation: u64) -> ApiResult<Bytes> {
        let asked = R::LIST.parse(query, sight == Sight::Full)?;
        let total_key = (R::ENTITY, asked.total_key());
        let known = self.totals.get(&total_key).filter(|kept| kept.generation == generation).map(|kept| kept.value);
        let (open, total) = app
            .db()
            .read(move |conn| {
                let total = known.map_or_else(|| asked.total(conn, R::ENTITY), Ok)?;
                Ok::<_, ApiError>((page_body::<R>(conn, &asked, &sight, total)?.open_body().clone(), total))
            })
            .await?;
        self.totals.insert(total_key, Kept { generation, value: total });
        Ok(open)
    }
}

fn asks_for(headers: &HeaderMap, tag: &str) -> bool {
    let tags = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    tags.is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag))
}

fn with_tag(mut response: Response, tag: &str, full: bool) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ETAG, HeaderValue::from_str(tag).expect("our own tags are ASCII"));
    let caching = if full { "private, no-cache" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("Authorization, Cookie"));
    response
}
