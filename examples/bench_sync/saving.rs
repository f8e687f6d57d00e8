//! What a save costs while its change is sent, and how soon it is seen in PostgreSQL.

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant};

use athsys::DataImportService;
use athsys::db::{Db, DbError, log_changes};
use athsys::sync::Sync;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::postgres::{Postgres, connect};
use super::{Pair, TURNS, median, meet, target};

/// Of one turn.
const SAVES: usize = 500;
/// 50 saves a second.
const PACE: Duration = Duration::from_millis(20);
/// Between two looks at PostgreSQL.
const LOOK: Duration = Duration::from_millis(2);

pub async fn measure(postgres: &Postgres, folder: &Path, athletes: usize) -> anyhow::Result<()> {
    let (db, _) = meet(&folder.join("saves.db"), athletes, false)?;
    let meet = serde_json::json!({
        "races": [{"id": 1, "name": "Open", "date": "2026-08-22", "location": "Kisumu"}],
        "events": [{"id": 1, "raceId": 1, "name": "100m"}],
    });
    let importing = DataImportService::new(db.clone());
    tokio::task::block_in_place(|| importing.import_bulk_json(&meet.to_string()))?;
    let (mut saves, mut half, mut late, mut longest) = <(Pair, Vec<f64>, Vec<f64>, Vec<f64>)>::default();
    for turn in 0..TURNS {
        db.write(|tx| log_changes(tx.conn(), false)).await?;
        let without = back_to_back(&db, &format!("{turn} without")).await?;
        let url = postgres.create_database().await;
        let copy = Copy::start(&db, &url).await?;
        saves.add(back_to_back(&db, &format!("{turn} with")).await?, without);
        let mut seen = until_visible(&db, &url, &format!("{turn} seen")).await?;
        copy.stop().await?;
        seen.sort_by(f64::total_cmp);
        half.push(seen[seen.len() / 2]);
        late.push(seen[seen.len() * 99 / 100]);
        longest.push(seen[seen.len() - 1]);
    }
    saves.print("save back to back, sent / not", "µs");
    println!("{:36} {:10.0} ms", "visible at 50 saves a second, median", median(&mut half));
    println!("{:36} {:10.0} ms", "  99th percentile", median(&mut late));
    println!("{:36} {:10.0} ms", "  longest", median(&mut longest));
    Ok(())
}

/// The copy of a server, without the server.
struct Copy {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Copy {
    /// Answers when everything is there.
    async fn start(db: &Db, url: &str) -> anyhow::Result<Copy> {
        let sync = Sync::to(Some(target(url)?));
        let (stop, stopped) = oneshot::channel();
        let (running, of) = (sync.clone(), db.clone());
        let task = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            running.run(of, stopped).await;
        });
        while sync.status(db).await?.status != "synchronized" {
            tokio::time::sleep(LOOK).await;
        }
        Ok(Copy { stop, task })
    }

    async fn stop(self) -> anyhow::Result<()> {
        drop(self.stop);
        Ok(self.task.await?)
    }
}

/// Saves a result; answers its id.
async fn save(db: &Db, round: String) -> Result<i64, DbError> {
    db.write(move |tx| {
        let sql =
            "INSERT INTO results (athlete_id, event_id, round, time_ms, status, is_record, recorded_at, updated_at)
                   SELECT min(athletes.id), 1, ?1, 12300, 'finished', 0, ?2, ?2 FROM athletes";
        tx.conn().prepare_cached(sql)?.execute((round, tx.now_ms()))?;
        Ok(tx.conn().last_insert_rowid())
    })
    .await
}

/// The median of a save, in µs.
async fn back_to_back(db: &Db, name: &str) -> anyhow::Result<f64> {
    let mut took = Vec::with_capacity(SAVES);
    for n in 0..SAVES {
        let started = Instant::now();
        save(db, format!("{name} {n}")).await?;
        took.push(started.elapsed().as_secs_f64() * 1_000_000.0);
    }
    Ok(median(&mut took))
}

/// Milliseconds from the answer to each save until somebody sees it in PostgreSQL.
async fn until_visible(db: &Db, url: &str, name: &str) -> anyhow::Result<Vec<f64>> {
    let (saved, looked_for) = mpsc::unbounded_channel();
    let looking = tokio::spawn(look(url.to_owned(), looked_for));
    let mut pace = tokio::time::interval(PACE);
    for n in 0..SAVES {
        pace.tick().await;
        let id = save(db, format!("{name} {n}")).await?;
        saved.send((id, Instant::now()))?;
    }
    drop(saved);
    looking.await?
}

async fn look(url: String, mut saved: mpsc::UnboundedReceiver<(i64, Instant)>) -> anyhow::Result<Vec<f64>> {
    let client = connect(&url).await;
    let newest = client.prepare("SELECT coalesce(max(id), 0) FROM athsys.results").await?;
    let (mut waiting, mut took) = (VecDeque::new(), Vec::new());
    while took.len() < SAVES {
        while let Ok(one) = saved.try_recv() {
            waiting.push_back(one);
        }
        let there: i64 = client.query_one(&newest, &[]).await?.get(0);
        while let Some((_, at)) = waiting.pop_front_if(|(id, _)| *id <= there) {
            took.push(at.elapsed().as_secs_f64() * 1000.0);
        }
        anyhow::ensure!(!saved.is_closed() || took.len() + waiting.len() + saved.len() == SAVES, "a save failed");
        tokio::time::sleep(LOOK).await;
    }
    Ok(took)
}
