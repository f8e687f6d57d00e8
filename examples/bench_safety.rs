//! What it costs that the database file can be copied at any time, and how long a start and a restore take.
//!
//! ```text
//! cargo run --release --example bench_safety             # saves beside publishing, and starts
//! cargo run --release --example bench_safety -- restore  # of a database of 200 MB
//! ```
//!
//! Saves are measured all the time, with a file that is published again and again meanwhile; those that were answered
//! while a copy was being made are compared with the others of the same run.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use athsys::athletes::Athlete;
use athsys::db::{Access, Db, DbError, Files};
use athsys::records::{self, Record};

const RUNS: usize = 5;
const RUN: Duration = Duration::from_secs(12);
const OFFICIALS: usize = 4;
/// Between two saves of one official.
const PAUSE: Duration = Duration::from_millis(5);
const MIB: f64 = 1024.0 * 1024.0;

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let files = Files::of(&folder.path().join("bench.db"));
    match std::env::args().nth(1).as_deref() {
        Some("restore") => restore(&files),
        _ => {
            starts(&files)?;
            saves(&files)
        }
    }
}

/// Adds so many athletes, with enough text that 1,000 of them take about half a megabyte.
fn fill(db: &Db, rows: usize, text: &str) -> anyhow::Result<()> {
    let text = text.to_owned();
    Ok(db.write_alone_blocking(move |tx| {
        let sql = records::insert_sql::<Athlete>();
        let mut insert = tx.conn().prepare(&sql)?;
        for n in 0..rows {
            let mut athlete = Athlete::blank();
            athlete.name = format!("Athlete Number{n:06}");
            athlete.country = athsys::rules::country::Country::from_code("KEN").unwrap_or_default();
            athlete.club_team = Some(format!("Club {} {text}", n % 300));
            athlete.coach = Some(text.clone());
            athlete.stamp(tx.now_ms());
            records::insert_with(tx.conn(), &mut insert, &mut athlete)?;
        }
        Ok::<_, DbError>(())
    })?)
}

fn open(files: &Files) -> anyhow::Result<(Db, f64)> {
    let started = Instant::now();
    let db = Db::open(files.clone(), Access::Own)?;
    db.read_blocking(|conn| {
        Ok::<_, DbError>(conn.query_row("SELECT count(*) FROM users", [], |row| row.get::<_, i64>(0))?)
    })?;
    Ok((db, started.elapsed().as_secs_f64() * 1000.0))
}

/// From opening the file to the first answer of the database.
fn starts(files: &Files) -> anyhow::Result<()> {
    let (db, new) = open(files)?;
    println!("start with nothing: {new:.0} ms");
    fill(&db, 100_000, "")?;
    db.close();
    let mut clean = Vec::new();
    for _ in 0..RUNS {
        let (db, took) = open(files)?;
        clean.push(took);
        db.close();
    }
    println!("start with 100,000 athletes after a clean end: {:.0} ms", median(&mut clean));
    let (db, _) = open(files)?;
    db.publish_now()?;
    let mut crashed = Vec::new();
    for n in 0..RUNS {
        let folder = files.folder().join(format!("crash-{n}"));
        let there = Files::of(&folder.join("bench.db"));
        std::fs::create_dir_all(there.live_folder())?;
        std::fs::copy(files.database(), there.database())?;
        std::fs::copy(files.live(), there.live())?;
        std::fs::copy(files.wal(), there.wal())?;
        crashed.push(open(&there)?.1);
        std::fs::remove_dir_all(folder)?;
    }
    println!("start with 100,000 athletes after a crash: {:.0} ms", median(&mut crashed));
    db.close();
    Ok(())
}

/// How long saves take while a copy is made, and while none is.
fn saves(files: &Files) -> anyhow::Result<()> {
    let (db, _) = open(files)?;
    fill(&db, 30_000, &"x".repeat(300))?;
    db.publish_now()?;
    println!(
        "a file of {:.0} MiB, {OFFICIALS} officials saving",
        std::fs::metadata(files.database())?.len() as f64 / MIB
    );
    println!(
        "{:>24} {:>16} {:>7} {:>14} {:>10}",
        "p99 without publishing", "p99 meanwhile", "ratio", "oldest change", "copies"
    );
    let mut ratios = Vec::new();
    for _ in 0..RUNS {
        let (mut without, mut meanwhile, oldest, copies) = run(&db);
        let (without, meanwhile) = (p99(&mut without), p99(&mut meanwhile));
        ratios.push(meanwhile / without);
        println!(
            "{without:22.1}ms {meanwhile:14.1}ms {:7.2} {:13.1}s {copies:10}",
            meanwhile / without,
            oldest.as_secs_f64()
        );
    }
    println!("median of the ratios: {:.2}", median(&mut ratios));
    Ok(())
}

/// Durations of saves in ms without and beside a copy, how old a change was that the file did not hold, and how many
/// copies were made.
fn run(db: &Db) -> (Vec<f64>, Vec<f64>, Duration, usize) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let stop = &stop;
        let officials: Vec<_> = (0..OFFICIALS as i64).map(|n| scope.spawn(move || official(db, n, stop))).collect();
        let (started, mut oldest, mut copies) = (Instant::now(), Duration::ZERO, 0);
        let (mut was_running, mut begun, mut first) = (false, Duration::ZERO, Instant::now());
        while started.elapsed() < RUN {
            let published = db.published();
            if published.is_running && !was_running {
                (first, begun) = (Instant::now(), published.behind.unwrap_or_default().max(begun));
            }
            if !published.is_running && was_running {
                copies += 1;
                oldest = oldest.max(begun + first.elapsed());
                begun = Duration::ZERO;
            }
            if !published.is_running {
                begun = published.behind.unwrap_or_default();
            }
            was_running = published.is_running;
            std::thread::sleep(Duration::from_millis(2));
        }
        stop.store(true, Relaxed);
        let (mut without, mut meanwhile) = (Vec::new(), Vec::new());
        for official in officials {
            for (took, beside) in official.join().unwrap_or_default() {
                if beside { meanwhile.push(took) } else { without.push(took) }
            }
        }
        (without, meanwhile, oldest, copies)
    })
}

fn official(db: &Db, n: i64, stop: &AtomicBool) -> Vec<(f64, bool)> {
    let mut took = Vec::new();
    let mut id = n * 1_000;
    while !stop.load(Relaxed) {
        id += 1;
        let before = db.published().is_running;
        let started = Instant::now();
        let saved = db.write_blocking(move |tx| {
            let sql = "UPDATE athletes SET phone = ?1, version = version + 1 WHERE id = ?2";
            Ok::<_, DbError>(tx.conn().prepare_cached(sql)?.execute((format!("+254 {id}"), id % 30_000 + 1))?)
        });
        if saved.is_ok() {
            let after = db.published().is_running;
            took.push((started.elapsed().as_secs_f64() * 1000.0, before || after));
        }
        std::thread::sleep(PAUSE);
    }
    took
}

fn restore(files: &Files) -> anyhow::Result<()> {
    let (db, _) = open(files)?;
    fill(&db, 150_000, &"x".repeat(420))?;
    let backup = files.folder().join("backup.db");
    db.pin()?.copy_to(&backup)?;
    println!("a backup of {:.0} MiB", std::fs::metadata(&backup)?.len() as f64 / MIB);
    fill(&db, 1_000, "later")?;
    let mut took = Vec::new();
    for n in 0..RUNS {
        let started = Instant::now();
        db.replace_with(&backup, &files.folder().join(format!("kept-{n}.db")), |_| Ok(()))?;
        took.push(started.elapsed().as_secs_f64());
        std::fs::remove_file(files.folder().join(format!("kept-{n}.db")))?;
    }
    println!("put in its place in {:.1} s", median(&mut took));
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn p99(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * 99 / 100).copied().unwrap_or_default()
}
