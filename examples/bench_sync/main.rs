//! How fast the copy in PostgreSQL is, measured beside the least that could do the same, and what it costs a save.
//!
//! ```text
//! cargo run --release --example bench_sync             # 100,000 athletes
//! cargo run --release --example bench_sync -- 1000000
//! ```
//!
//! PostgreSQL is made for it in a temporary folder, as for the tests: without `fsync`, so that the programs are compared
//! and not the disk. The least for the first copy is a loop that reads the same rows from SQLite and sends them through
//! one COPY into a table with the same indexes; for changes, the same into a temporary table, then `ON CONFLICT`.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use athsys::db::{Access, Db, DbError, Files, log_changes};
use athsys::sync::{Options, Pusher, Seen, Target, Want};
use athsys::{DataImportService, memory};

mod bare;
#[path = "../bench_import/people.rs"]
mod people;
#[allow(clippy::unwrap_used, dead_code, reason = "it is that of the tests, which use more of it")]
#[path = "../../tests/it/support/postgres.rs"]
mod postgres;
mod saving;

use bare::Bare;
use postgres::Postgres;

const TURNS: usize = 5;
/// Row by row is so slow that these are enough.
const ROW_BY_ROW: i64 = 5_000;
const MIB: f64 = 1024.0 * 1024.0;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let rows = std::env::args().nth(1).map_or(Ok(100_000), |rows| rows.parse())?;
    let postgres = tokio::task::block_in_place(Postgres::start).context("PostgreSQL is needed")?;
    let folder = tempfile::tempdir()?;
    println!("medians of {TURNS} turns");
    println!("{:36} {:>10} {:>10} {:>7}", "", "athsys", "beside", "ratio");
    copying(&postgres, folder.path(), rows).await?;
    tokio::task::block_in_place(|| importing(folder.path(), rows.min(100_000)))?;
    saving::measure(&postgres, folder.path(), rows.min(20_000)).await
}

/// Numbers of several turns, ours and what they are measured by.
#[derive(Default)]
struct Pair {
    ours: Vec<f64>,
    beside: Vec<f64>,
}

impl Pair {
    fn add(&mut self, ours: f64, beside: f64) {
        self.ours.push(ours);
        self.beside.push(beside);
    }

    fn print(&mut self, name: &str, unit: &str) {
        let (ours, beside) = (median(&mut self.ours), median(&mut self.beside));
        println!("{name:36} {ours:10.0} {beside:10.0} {:7.2} {unit}", ours / beside);
    }
}

/// A database with so many athletes.
fn meet(path: &Path, rows: usize, logs: bool) -> anyhow::Result<(Db, f64)> {
    tokio::task::block_in_place(|| {
        let db = Db::open(Files::of(path), Access::Own)?;
        db.write_blocking(move |tx| log_changes(tx.conn(), logs))?;
        let file = String::from_utf8(people::athletes(rows, 1, 0))?;
        let importing = DataImportService::new(db.clone());
        let started = Instant::now();
        importing.import_athletes_csv(&file)?;
        Ok((db, started.elapsed().as_secs_f64()))
    })
}

fn target(url: &str) -> anyhow::Result<Target> {
    Target::read(&Options { url: url.into(), ..Options::default() }).map_err(anyhow::Error::msg)
}

/// A database in PostgreSQL that has the tables already, as all but the first time.
async fn with_tables(postgres: &Postgres, empty: &Db) -> anyhow::Result<String> {
    let url = postgres.create_database().await;
    Pusher::new(empty.clone(), target(&url)?)?.until_done(Want::default(), &Seen::default()).await?;
    Ok(url)
}

/// The first copy and changes of a tenth of the rows, beside bare ones.
async fn copying(postgres: &Postgres, folder: &Path, rows: usize) -> anyhow::Result<()> {
    let (db, _) = meet(&folder.join("meet.db"), rows, false)?;
    let empty = Db::open(Files::of(&folder.join("empty.db")), Access::Own)?;
    let (mut first, mut changes, mut row_by_row) = <(Pair, Pair, Vec<f64>)>::default();
    let (mut filled, mut drained) = <(Vec<f64>, Vec<f64>)>::default();
    let some = (rows / 10).max(1) as i64;
    for turn in 0..TURNS {
        let url = with_tables(postgres, &empty).await?;
        let bare = Bare::new(&url, &db).await?;
        let seen = Seen::default();
        let mut pusher = Pusher::new(db.clone(), target(&url)?)?;
        let (ours, used) = push(&mut pusher, &seen, rows).await?;
        filled.push(used);
        first.add(ours, per_second(rows, async || bare.load().await).await?);
        db.write(move |tx| {
            let sql = "UPDATE athletes SET coach = ?1, version = version + 1 WHERE id <= ?2";
            Ok::<_, DbError>(tx.conn().execute(sql, (format!("Coach of turn {turn}"), some))?)
        })
        .await?;
        let (ours, used) = push(&mut pusher, &seen, some as usize).await?;
        drained.push(used);
        changes.add(ours, per_second(some as usize, async || bare.change(some).await).await?);
        let few = some.min(ROW_BY_ROW);
        row_by_row.push(per_second(few as usize, async || bare.row_by_row(few).await).await?);
        anyhow::ensure!(pusher.compare(&seen).await?.equal, "the sides differ");
        pusher.release().await;
    }
    first.print(&format!("first copy of {rows} / bare COPY"), "rows/s");
    changes.print(&format!("backlog of {some} / bare, staged"), "rows/s");
    println!("{:36} {:>10} {:10.0} {:>7} rows/s", "  INSERT row by row", "", median(&mut row_by_row), "");
    println!("{:36} {:10.1} MiB", "memory beyond idle, first copy", median(&mut filled));
    println!("{:36} {:10.1} MiB", "  backlog", median(&mut drained));
    Ok(())
}

/// Sends what there is: rows a second, and how much memory that took in MiB.
async fn push(pusher: &mut Pusher, seen: &Seen, rows: usize) -> anyhow::Result<(f64, f64)> {
    memory::release();
    let before = memory::resident_bytes().unwrap_or_default();
    // The peak counts from here; where there is no /proc there is no peak either.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let speed = per_second(rows, async || {
        let done = pusher.until_done(Want::default(), seen).await?;
        anyhow::ensure!(done.sent >= rows as u64, "only {} rows were sent", done.sent);
        Ok(())
    });
    let speed = speed.await?;
    Ok((speed, peak().unwrap_or_default() - before as f64 / MIB))
}

/// The most memory this process had, in MiB.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

async fn per_second(rows: usize, work: impl AsyncFnOnce() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let started = Instant::now();
    work().await?;
    Ok(rows as f64 / started.elapsed().as_secs_f64())
}

/// What it costs an import that its rows are written down for the copy.
fn importing(folder: &Path, rows: usize) -> anyhow::Result<()> {
    let mut pair = Pair::default();
    for turn in 0..TURNS {
        let time = |name: &str, logs: bool| -> anyhow::Result<f64> {
            let (db, seconds) = meet(&folder.join(format!("{name}-{turn}.db")), rows, logs)?;
            db.close();
            Ok(seconds * 1000.0)
        };
        pair.add(time("logged", true)?, time("unlogged", false)?);
    }
    pair.print(&format!("import of {rows}, logged / not"), "ms");
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
