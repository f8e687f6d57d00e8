//! The file is copied while people save and import: by a quick disk, and by a slow stick.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use athsys::verify::verify;
use rusqlite::Connection;

use crate::support::saving::{Savers, beside, names, plain_client, sign_in, with_an_administrator};
use crate::support::{Athsys, folder};

const COPIES: usize = 50;
/// What was answered so long before a copy was begun is in it …
const AGE: Duration = Duration::from_secs(3);
/// … on a machine that has nothing else to do, which the tests beside this one are. `ATHSYS_STRICT_AGE` asks for it.
const AGE_UNDER_LOAD: Duration = Duration::from_secs(30);
/// So long does the stick take for one copy.
const SLOW: Duration = Duration::from_millis(300);
const STEPS: u32 = 10;

/// As a tool copies that takes no notice of anybody, onto something slow.
async fn slowly(from: &Path, to: &Path) {
    let from = std::fs::File::open(from).unwrap();
    let mut to = std::fs::File::create(to).unwrap();
    let part = from.metadata().unwrap().len() / u64::from(STEPS) + 1;
    loop {
        if std::io::copy(&mut (&from).take(part), &mut to).unwrap() == 0 {
            return to.flush().unwrap();
        }
        tokio::time::sleep(SLOW / STEPS).await;
    }
}

/// A copy has everything that is old enough, and is whole.
fn check(copy: &Path, savers: &Savers, began: Instant) {
    let report = verify(copy);
    let faults: Vec<_> = report.checks.iter().filter(|check| !check.ok).collect();
    assert!(report.ok(), "{faults:?}");
    has_all_that_is_old_enough(&names(&Connection::open(copy).unwrap()), savers, began);
    std::fs::remove_file(copy).unwrap();
}

/// Fails when rows are missing that were answered long enough before a copy was begun.
fn has_all_that_is_old_enough(there: &HashSet<String>, savers: &Savers, began: Instant) {
    let age = if std::env::var_os("ATHSYS_STRICT_AGE").is_some() { AGE } else { AGE_UNDER_LOAD };
    let old_enough = |(at, _): &(Instant, String)| *at + age < began;
    let lacking: Vec<_> =
        savers.answered().into_iter().filter(old_enough).filter(|(_, name)| !there.contains(name)).collect();
    let oldest = lacking.iter().map(|(at, _)| began - *at).max();
    assert!(lacking.is_empty(), "{} rows lack, the oldest of {oldest:?} before the copy", lacking.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_made_at_any_moment_is_whole_and_at_most_three_seconds_old() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let served = athsys.serve(&[]);
    let base = served.url("");
    let token = sign_in(&base).await;
    let savers = Savers::start(&base, &token, 2, "Desk").and_imports(&base, &token, 500);
    let fast = async {
        for number in 0..COPIES {
            let copy = folder.path().join(format!("fast {number}.db"));
            let began = Instant::now();
            tokio::fs::copy(&athsys.db, &copy).await.unwrap();
            tokio::task::block_in_place(|| check(&copy, &savers, began));
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    };
    let slow = async {
        for number in 0..COPIES {
            let copy = folder.path().join(format!("slow {number}.db"));
            let began = Instant::now();
            slowly(&athsys.db, &copy).await;
            tokio::task::block_in_place(|| check(&copy, &savers, began));
        }
    };
    tokio::join!(fast, slow);
    let answered = savers.end().await;
    assert!(answered.len() > COPIES, "too little was saved meanwhile for this to show anything");
    served.kill();
}

/// Copies that a second server opens, and for each of them 2,000 rows of the import; `ATHSYS_COPIES=50` before a release.
const OPENED: usize = 4;
const ROWS_PER_COPY: usize = 2_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_made_during_an_import_runs_on_another_laptop() {
    let copies = std::env::var("ATHSYS_COPIES").map_or(OPENED, |text| text.parse().unwrap());
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let served = athsys.serve(&[]);
    let base = served.url("");
    let token = sign_in(&base).await;
    let savers = Savers::start(&base, &token, 2, "Desk").and_imports(&base, &token, copies * ROWS_PER_COPY);
    for number in 0..copies {
        tokio::time::sleep(Duration::from_millis(400)).await;
        let laptop = folder.path().join(format!("laptop {number}"));
        tokio::fs::create_dir(&laptop).await.unwrap();
        let copy = Athsys::on(&laptop.join("elsewhere.db"));
        let began = Instant::now();
        tokio::fs::copy(&athsys.db, &copy.db).await.unwrap();
        tokio::task::block_in_place(|| copy.run(&["check"]).is(0).code);
        let other = tokio::task::block_in_place(|| copy.serve(&[]));
        let health = plain_client().get(other.url("/api/health")).send().await.unwrap();
        assert_eq!(health.status(), 200);
        has_all_that_is_old_enough(&names(&beside(&copy.db)), &savers, began);
        // It is signed in to with the password of the other.
        assert!(!sign_in(&other.url("")).await.is_empty());
        other.kill();
        tokio::fs::remove_dir_all(&laptop).await.unwrap();
    }
    assert!(savers.end().await.len() > copies, "too little was saved meanwhile for this to show anything");
    served.kill();
}
