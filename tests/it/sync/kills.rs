//! Whatever is killed, and whenever: both sides end equal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::postgres::{Postgres, connect};
use crate::support::{Athsys, Served, folder};

/// How many things are killed; `ATHSYS_KILLS` says another number.
const KILLS: u64 = 60;

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Saves races until the server has gone.
async fn save(base: String, saved: Arc<AtomicU64>) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let login = json!({"email": "admin@athsys.com", "password": "Admin@123"});
    let Ok(answer) = client.post(format!("{base}/api/auth/login")).json(&login).send().await else { return };
    let body: Value = serde_json::from_str(&answer.text().await.unwrap_or_default()).unwrap_or_default();
    let Some(token) = body["token"].as_str() else { return };
    loop {
        let race = json!({"name": "Race", "date": "2026-06-01", "location": "Eldoret"});
        let sent = client.post(format!("{base}/api/races")).bearer_auth(token).json(&race).send().await;
        match sent {
            Ok(answer) if answer.status() == 201 => drop(saved.fetch_add(1, Ordering::Relaxed)),
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_kills_of_either_side_end_equal() {
    let Some(mut postgres) = tokio::task::spawn_blocking(Postgres::start).await.unwrap() else { return };
    let url = postgres.create_database().await;
    let kills = std::env::var("ATHSYS_KILLS").map_or(KILLS, |count| count.parse().unwrap());
    let seed = std::time::UNIX_EPOCH.elapsed().unwrap().as_micros() as u64;
    println!("seed {seed}, {kills} kills");
    let mut dice = Dice(seed);
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    let saved = Arc::new(AtomicU64::new(0));
    let start = || {
        let served = athsys.serve(&["--sync-to", &url]);
        tokio::spawn(save(served.url(""), saved.clone()));
        served
    };
    let mut served: Served = start();
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(30 + dice.below(500))).await;
        match dice.below(3) {
            0 => {
                served.kill();
                served = start();
            }
            1 => {
                let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'athsys'";
                connect(&url).await.batch_execute(end).await.unwrap();
            }
            _ => {
                postgres.kill();
                postgres.run();
            }
        }
    }
    served.kill();
    assert!(saved.load(Ordering::Relaxed) > 0, "nothing was saved meanwhile");
    let found = athsys.run(&["sync", "--to", &url, "--verify", "--json"]).is(0).json();
    assert_eq!(
        (&found["comparison"]["equal"], &found["everything"]),
        (&json!(true), &Value::Null),
        "seed {seed}: {found}"
    );
    let races = found["comparison"]["tables"][2]["there"].as_u64().unwrap();
    assert!(races >= 3 + saved.load(Ordering::Relaxed), "seed {seed}: {races} races");
}
