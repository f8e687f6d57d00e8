//! How fast lists are served, measured beside a bare axum handler that runs the same SELECT.
//!
//! ```text
//! cargo run --release --example bench_http 2>/dev/null
//! ```
//!
//! Both servers run in this process, on the same file of 100,000 athletes, one after the other in turns, so that the
//! machine's moods hit both. The client is a plain keep-alive connection that reads whole answers.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use athsys::app;
use athsys::athletes::Athlete;
use athsys::audit::Actor;
use athsys::config::Config;
use athsys::db::{Access, Db, DbError, Files};
use athsys::http::limits::RateLimits;
use athsys::records::{self, Record};
use athsys::state::App;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use r2d2_sqlite::SqliteConnectionManager;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ROWS: usize = 100_000;
const TURN: Duration = Duration::from_millis(1500);
const ROUNDS: usize = 5;
/// Pages asked for when the cache must not help.
const PAGES: u64 = 40;

fn main() -> anyhow::Result<()> {
    // The log line of each request is part of the price.
    athsys::logs::start("info", athsys::logs::LogFormat::Text).map_err(anyhow::Error::msg)?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bench.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let db = fill(&path)?;
    runtime.block_on(async {
        let ours = serve_ours(db).await?;
        let bare = serve_bare(&path).await?;
        println!("a page of 50 of {ROWS} athletes, medians of {ROUNDS} turns of {} ms each", TURN.as_millis());
        println!(
            "{:34} {:>9} {:>9} {:>7} {:>9} {:>9} {:>7}",
            "", "ours/s", "bare/s", "ratio", "p99 ours", "p99 bare", "ratio"
        );
        for connections in [1, 16, 64] {
            compare(&format!("uncached, {connections} connections"), ours, bare, connections, false).await?;
            compare(&format!("hot list, {connections} connections"), ours, bare, connections, true).await?;
        }
        Ok(())
    })
}

fn fill(path: &Path) -> anyhow::Result<Db> {
    let db = Db::open(Files::of(path), Access::Own)?;
    db.write_alone_blocking(|tx| {
        let sql = records::insert_sql::<Athlete>();
        let mut insert = tx.conn().prepare(&sql).map_err(DbError::from)?;
        for n in 0..ROWS {
            let mut athlete = Athlete::blank();
            athlete.name = format!("Athlete Number{n:06}");
            athlete.country = athsys::rules::country::Country::from_code("KEN").unwrap_or_default();
            athlete.club_team = Some(format!("Club {}", n % 300));
            athlete.bib_number = athsys::rules::bib::Bib::new(&n.to_string()).ok();
            athlete.stamp(tx.now_ms());
            records::insert_with(tx.conn(), &mut insert, &mut athlete).map_err(DbError::from)?;
        }
        Ok::<_, DbError>(Actor::server())
    })?;
    db.publish_now()?; // what the bare server reads
    Ok(db)
}

async fn serve_ours(db: Db) -> anyhow::Result<SocketAddr> {
    let rates = RateLimits { reads_per_minute: 0, ..RateLimits::default() };
    let app = App::new(db, Config { rates, ..Config::default() })?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(app::serve(app, listener, std::future::pending()));
    Ok(address)
}

type Pool = r2d2::Pool<SqliteConnectionManager>;

#[derive(Deserialize)]
struct Page {
    page: u64,
}

/// What the bare handler answers: the same rows, and the same numbers around them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BareList {
    athletes: Vec<BareAthlete>,
    count: usize,
    page: u64,
    per_page: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BareAthlete {
    id: i64,
    name: String,
    country: String,
    gender: Option<String>,
    club_team: Option<String>,
    bib_number: Option<String>,
    photo_url: Option<String>,
    created_at: athsys::time::Moment,
    updated_at: athsys::time::Moment,
}

async fn serve_bare(path: &Path) -> anyhow::Result<SocketAddr> {
    let manager = SqliteConnectionManager::file(path);
    let pool = r2d2::Pool::builder().max_size(30).min_idle(Some(1)).build(manager)?;
    let router = axum::Router::new().route("/api/athletes", axum::routing::get(bare)).with_state(pool);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn bare(State(pool): State<Pool>, Query(Page { page }): Query<Page>) -> impl IntoResponse {
    let body = tokio::task::spawn_blocking(move || {
        let conn = pool.get().expect("a connection");
        let sql = format!(
            "SELECT {} FROM athletes ORDER BY id ASC LIMIT 50 OFFSET {}",
            records::columns::<Athlete>(),
            (page - 1) * 50
        );
        let mut statement = conn.prepare_cached(&sql).expect("the statement");
        let rows = statement.query_map([], |row| {
            Ok(BareAthlete {
                id: row.get(0)?,
                name: row.get(2)?,
                country: row.get(3)?,
                gender: row.get(6)?,
                club_team: row.get(9)?,
                bib_number: row.get(11)?,
                photo_url: row.get(12)?,
                created_at: row.get(14)?,
                updated_at: row.get(15)?,
            })
        });
        let athletes: Vec<BareAthlete> = rows.and_then(Iterator::collect).expect("rows");
        let list = BareList { count: athletes.len(), athletes, page, per_page: 50 };
        serde_json::to_vec(&list).expect("JSON")
    });
    ([(header::CONTENT_TYPE, "application/json")], body.await.expect("no panic"))
}

async fn compare(name: &str, ours: SocketAddr, bare: SocketAddr, connections: usize, hot: bool) -> anyhow::Result<()> {
    let (mut ours_rates, mut bare_rates) = (Vec::new(), Vec::new());
    let (mut ours_p99, mut bare_p99) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (rate, p99) = load(ours, connections, hot).await?;
        ours_rates.push(rate);
        ours_p99.push(p99);
        let (rate, p99) = load(bare, connections, hot).await?;
        bare_rates.push(rate);
        bare_p99.push(p99);
    }
    let (a, b) = (median(&mut ours_rates), median(&mut bare_rates));
    let (c, d) = (median(&mut ours_p99), median(&mut bare_p99));
    println!("{name:34} {a:9.0} {b:9.0} {:7.2} {c:7.2}ms {d:7.2}ms {:7.2}", a / b, c / d);
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Requests a second and the 99th percentile in milliseconds.
async fn load(address: SocketAddr, connections: usize, hot: bool) -> anyhow::Result<(f64, f64)> {
    let started = Instant::now();
    let counter = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = (0..connections)
        .map(|_| {
            let counter = counter.clone();
            tokio::spawn(async move { client(address, started + TURN, hot, &counter).await })
        })
        .collect();
    let mut latencies = Vec::new();
    for client in clients {
        latencies.extend(client.await??);
    }
    let rate = latencies.len() as f64 / started.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let p99 = latencies[(latencies.len() - 1) * 99 / 100];
    Ok((rate, p99.as_secs_f64() * 1000.0))
}

async fn client(address: SocketAddr, until: Instant, hot: bool, counter: &AtomicU64) -> anyhow::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut latencies, mut buffer) = (Vec::new(), Vec::with_capacity(64 * 1024));
    while Instant::now() < until {
        let n = counter.fetch_add(1, Ordering::Relaxed);
        // Zeros in front make another key of the same page, so that no answer is kept for it.
        let (zeros, page) = if hot { (0, 1) } else { (usize::try_from(n / PAGES % 60)?, n % PAGES + 1) };
        let request = format!(
            "GET /api/athletes?page={}{page}&perPage=50 HTTP/1.1\r\nhost: localhost\r\n\r\n",
            "0".repeat(zeros)
        );
        let started = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        read_answer(&mut stream, &mut buffer).await?;
        latencies.push(started.elapsed());
    }
    Ok(latencies)
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    buffer.clear();
    loop {
        anyhow::ensure!(stream.read_buf(buffer).await? > 0, "the server closed the connection");
        let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end])?.to_lowercase();
        anyhow::ensure!(head.starts_with("http/1.1 200"), "not served: {head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.ok_or_else(|| anyhow::anyhow!("no length"))?.trim().parse()?;
        while buffer.len() < end + 4 + length {
            anyhow::ensure!(stream.read_buf(buffer).await? > 0, "the answer was cut");
        }
        return Ok(());
    }
}
