//! The server is killed without a warning, again and again, while people save.

use std::collections::HashSet;
use std::time::Duration;

use crate::support::folder;
use crate::support::saving::{Savers, beside, names, sign_in, with_an_administrator};

/// So often by default; `ATHSYS_KILLS=200` before a release.
const ROUNDS: u64 = 20;
const CLIENTS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_nothing_breaks_and_no_crash_is_taken_for_a_restore() {
    let rounds = std::env::var("ATHSYS_KILLS").map_or(ROUNDS, |text| text.parse().unwrap());
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let (mut answered, mut token) = (HashSet::new(), None);
    for round in 0..rounds {
        let served = athsys.serve(&[]);
        let base = served.url("");
        if token.is_none() {
            token = Some(sign_in(&base).await);
        }
        let savers = Savers::start(&base, token.as_ref().unwrap(), CLIENTS, &format!("Round {round}"));
        // The moment is what is tried out: 50 to 600 ms, spread evenly.
        tokio::time::sleep(Duration::from_millis(50 + round * 317 % 551)).await;
        served.kill();
        answered.extend(savers.end().await);
        athsys.run(&["check"]).is(0);
        let there = names(&beside(&athsys.db));
        let lost: Vec<&String> = answered.difference(&there).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} are gone: {lost:?}", lost.len(), answered.len());
    }
    println!("{} rows were answered in {rounds} rounds", answered.len());
    assert!(answered.len() as u64 > rounds, "too few rows were saved for this to show anything");
    athsys.serve(&[]).kill();
    let there = names(&beside(&athsys.db));
    assert!(answered.is_subset(&there), "the last start has lost rows");
    let kept: Vec<_> = std::fs::read_dir(folder.path().join("backups")).into_iter().flatten().flatten().collect();
    let taken_for_restores = kept.iter().filter(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        ["-replaced", "-damaged", "-found", "-edited"].iter().any(|reason| name.contains(reason))
    });
    assert_eq!(taken_for_restores.count(), 0, "{kept:?}");
    let restores = "SELECT count(*) FROM audit_logs WHERE action = 'restore'";
    let restores: i64 = beside(&athsys.db).query_row(restores, [], |row| row.get(0)).unwrap();
    assert_eq!(restores, 0);
}
