//! How fast and how lean imports and exports are, measured beside the least that could do the same.
//!
//! ```text
//! cargo run --release --example bench_import                      # 1,000, 10,000 and 100,000 athletes
//! cargo run --release --example bench_import -- 1000000
//! cargo run --release --example bench_import -- million           # 100,000 into a file that holds 1,000,000
//! cargo run --release --example bench_import -- xlsx              # 100,000 rows of a workbook in and out
//! cargo run --release --example bench_import -- saves             # results entered during an import of 1,000,000
//! cargo run --release --example bench_import -- others            # the SQLite shell and sqlite-utils, where installed
//! ```
//!
//! The least for an import is a loop of `csv` and `rusqlite` that inserts the same rows into the same tables with the
//! same indexes, page cache and durability in one transaction; for an export, a loop that writes the same rows.

use std::path::Path;

mod least;
mod people;
mod server;

use people::athletes;
use server::{Server, serve};

const ROUNDS: usize = 5;
/// Between two saves of somebody at a desk.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, path] = arguments.as_slice()
        && role == "serve"
    {
        let path = path.clone();
        return tokio::task::block_in_place(|| serve(Path::new(&path)));
    }
    println!("medians of {ROUNDS} turns; the server's memory is what it needs beyond idle");
    println!("{:36} {:>10} {:>10} {:>7} {:>10}", "", "athsys", "beside", "ratio", "memory");
    if arguments.is_empty() {
        for rows in [1_000, 10_000, 100_000] {
            of_size(rows).await?;
        }
    }
    for argument in arguments {
        match argument.as_str() {
            "million" => into_a_million(100_000).await?,
            "xlsx" => workbook(100_000).await?,
            "saves" => saves_meanwhile(1_000_000).await?,
            "others" => others(100_000)?,
            rows => of_size(rows.parse()?).await?,
        }
    }
    Ok(())
}

/// Times of several turns, ours and what they are measured by.
#[derive(Default)]
struct Pair {
    ours: Vec<f64>,
    beside: Vec<f64>,
    memory: Vec<f64>,
}

impl Pair {
    fn add(&mut self, ours: f64, beside: f64) {
        self.ours.push(ours);
        self.beside.push(beside);
    }

    fn print(&mut self, name: &str) {
        let (ours, beside) = (median(&mut self.ours) * 1000.0, median(&mut self.beside) * 1000.0);
        let memory = match self.memory.is_empty() {
            true => String::new(),
            false => format!("{:.1} MiB", median(&mut self.memory)),
        };
        println!("{name:36} {ours:8.0}ms {beside:8.0}ms {:7.2} {memory:>10}", ours / beside);
    }
}

/// Watches how much memory a server needs beyond what it has now.
struct Watch<'s>(&'s Server, Option<f64>);

impl Watch<'_> {
    fn on(server: &Server) -> Watch<'_> {
        server.reset_peak();
        Watch(server, server.memory("VmRSS"))
    }

    fn most(&self) -> Option<f64> {
        Some(self.0.memory("VmHWM")? - self.1?)
    }
}

/// Everything that is measured with so many rows.
async fn of_size(rows: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (clean, bad) = (athletes(rows, 1, 0), athletes(rows, 1, 100));
    let [mut import, mut again, mut dry, mut dirty, mut csv, mut json] = <[Pair; 6]>::default();
    for round in 0..ROUNDS {
        let at = |name: &str| folder.path().join(format!("{name}-{round}"));
        let server = Server::start(&at("ours.db")).await?;
        let watch = Watch::on(&server);
        let (first, _) = server.import("athletes-csv", &clean).await?;
        import.memory.extend(watch.most());
        let (second, report) = server.import("athletes-csv", &clean).await?;
        anyhow::ensure!(report["unchanged"] == rows, "not unchanged: {report}");
        again.add(second, first);
        for (what, pair) in [("athletes-csv", &mut csv), ("athletes-json", &mut json)] {
            let watch = Watch::on(&server);
            pair.ours.push(server.export(what).await?.0);
            pair.memory.extend(watch.most());
        }
        drop(server);
        let server = Server::start(&at("tried.db")).await?;
        dry.add(server.import("athletes-csv?dry_run=true", &clean).await?.0, first);
        dirty.add(server.import("athletes-csv", &bad).await?.0, first);
        drop(server);
        import.add(first, least::import(&at("least.db"), &clean)?);
        csv.beside.push(least::export_csv(&at("least.db"), &at("least.csv"))?);
        json.beside.push(least::export_json(&at("least.db"), &at("least.json"))?);
        for name in ["ours.db", "tried.db", "least.db", "least.csv", "least.json"] {
            let _ = std::fs::remove_file(at(name));
        }
    }
    import.print(&format!("import of {rows} / least loop"));
    dirty.print("  with 1 % bad rows / clean");
    again.print("  the same file again / first time");
    dry.print("  dry run / import");
    csv.print(&format!("export of {rows}, CSV / least loop"));
    json.print("  JSON / least loop");
    Ok(())
}

/// Rows into a file that holds a million others, beside the same rows into an empty one.
async fn into_a_million(rows: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let full = folder.path().join("full.db");
    let server = Server::start(&full).await?;
    server.import("athletes-csv", &athletes(1_000_000, 1, 0)).await?;
    let mut pair = Pair::default();
    for round in 0..ROUNDS {
        let more = athletes(rows, 2_000_001 + round * rows, 0);
        let (into_full, _) = server.import("athletes-csv", &more).await?;
        let empty = Server::start(&folder.path().join(format!("empty-{round}.db"))).await?;
        pair.add(into_full, empty.import("athletes-csv", &more).await?.0);
    }
    pair.print(&format!("{rows} into 1,000,000 / into none"));
    Ok(())
}

/// A workbook out and in again.
async fn workbook(rows: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut out, mut back) = (Pair::default(), Pair::default());
    for round in 0..ROUNDS {
        let server = Server::start(&folder.path().join(format!("out-{round}.db"))).await?;
        let (csv, _) = server.import("athletes-csv", &athletes(rows, 1, 0)).await?;
        let watch = Watch::on(&server);
        let (seconds, book) = server.export("athletes-xlsx").await?;
        out.memory.extend(watch.most());
        out.add(seconds, server.export("athletes-csv").await?.0);
        let server = Server::start(&folder.path().join(format!("in-{round}.db"))).await?;
        let watch = Watch::on(&server);
        let (seconds, report) = server.import("athletes-xlsx", &book).await?;
        anyhow::ensure!(report["imported"] == rows, "not imported: {report}");
        back.memory.extend(watch.most());
        back.add(seconds, csv);
    }
    out.print(&format!("export of {rows}, xlsx / CSV"));
    back.print(&format!("import of {rows}, xlsx / CSV"));
    Ok(())
}

/// How long somebody at a desk waits for a save while a large file comes in.
async fn saves_meanwhile(rows: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(&folder.path().join("saves.db")).await?;
    let meet = serde_json::json!({
        "athletes": [{"id": 1, "name": "Ada", "country": "KEN"}],
        "races": [{"id": 1, "name": "Open", "date": "2026-08-22", "location": "Kisumu"}],
        "events": [{"id": 1, "raceId": 1, "name": "100m"}],
    });
    server.import("bulk-json", meet.to_string().as_bytes()).await?;
    let file = athletes(rows, 1, 0);
    let is_over = std::cell::Cell::new(false);
    let import = async {
        let done = server.import("athletes-csv", &file).await;
        is_over.set(true);
        done
    };
    let saving = async {
        let mut times = Vec::new();
        while !is_over.get() {
            let round = format!("r{}", times.len());
            let result = serde_json::json!({"athleteId": 1, "eventId": 1, "round": round, "timeSeconds": 12.3});
            times.push(server.save(&result).await?);
            tokio::time::sleep(PAUSE).await;
        }
        Ok::<_, anyhow::Error>(times)
    };
    let (done, saved) = tokio::join!(import, saving);
    let ((seconds, _), mut during) = (done?, saved?);
    during.sort_by(f64::total_cmp);
    let at = |share: f64| during[((during.len() - 1) as f64 * share) as usize];
    println!(
        "{} saves during an import of {rows} ({seconds:.1} s): median {:.0} ms, 99th percentile {:.0} ms, longest {:.0} ms",
        during.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    Ok(())
}

/// What other programs take, for the reader.
fn others(rows: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("athletes.csv");
    std::fs::write(&file, athletes(rows, 1, 0))?;
    let (file, mut shell, mut utils) = (file.to_string_lossy().into_owned(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let path = |name: &str| folder.path().join(format!("{name}-{round}.db")).to_string_lossy().into_owned();
        shell.extend(least::other("sqlite3", &[&path("shell"), ".mode csv", &format!(".import {file} athletes")]));
        utils.extend(least::other("sqlite-utils", &["insert", &path("utils"), "athletes", &file, "--csv"]));
    }
    for (name, mut times) in [("sqlite3 .import", shell), ("sqlite-utils insert", utils)] {
        match times.is_empty() {
            true => println!("{name}: not installed"),
            false => println!("{name} of {rows}, no checks, no indexes: {:.0} ms", median(&mut times) * 1000.0),
        }
    }
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
