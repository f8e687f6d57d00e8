use super::*;
use crate::db::{Access, Db, Tx};

const MIB: u64 = 1 << 20;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Commits that no copy holds: the oldest at `first`, the newest so much later.
fn unpublished(first: Instant, later: Duration) -> State {
    State { commits: 2, first: Some(first), last: Some(first + later), ..State::default() }
}

#[test]
fn a_copy_is_made_when_nothing_was_saved_for_a_moment() {
    let now = Instant::now();
    assert_eq!(State::default().due(), None, "there is nothing to copy");
    assert_eq!(unpublished(now, ms(0)).due(), Some(now + ms(250)));
    assert_eq!(unpublished(now, ms(400)).due(), Some(now + ms(650)));
}

#[test]
fn while_somebody_saves_all_the_time_a_copy_never_gets_older_than_three_seconds() {
    let now = Instant::now();
    assert_eq!(unpublished(now, ms(60_000)).due(), Some(now + ms(1_500)));
    for took in (0..=2_900).step_by(100).map(ms) {
        let mut state = unpublished(now, ms(60_000));
        state.facts.took = took;
        let there = state.due().unwrap() + took;
        assert!(there <= now + ms(3_000), "with copies that take {took:?} it would be {:?} old", there - now);
    }
}

#[test]
fn after_a_failure_it_is_tried_again_a_second_later_and_at_once_for_somebody_who_waits() {
    let now = Instant::now();
    let mut state = unpublished(now, ms(0));
    state.failed = Some(now + ms(100));
    assert_eq!(state.due(), Some(now + ms(1_100)));
    state.is_wanted = true;
    assert_eq!(state.due(), Some(now));
}

#[test]
fn copying_a_large_file_leaves_two_thirds_of_the_time_to_others() {
    let now = Instant::now();
    let mut state = unpublished(now, ms(0));
    state.round_began = Some(now - ms(100));
    state.facts.took = ms(2_000);
    state.facts.bytes = 64 * MIB + 1;
    assert_eq!(state.due(), Some(now + ms(5_900)));
    state.facts.bytes = 64 * MIB;
    assert_eq!(state.due(), Some(now + ms(250)), "of a smaller one the copy is never old");
}

/// What is saved while a copy is being made may not be in it.
#[test]
fn a_copy_holds_what_was_saved_before_it_was_begun_and_no_more_is_said_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap();
    let mailbox = db.with_writer(|writer| Ok(writer.clone())).unwrap();
    let demand = Arc::new(Demand::default());
    let (files, seen) = (db.files().clone(), fingerprint(db.files()));
    let mut worker = Worker { files, seen, mailbox: mailbox.clone(), demand: demand.clone(), is_final: false };
    demand.committed();
    // A save that has its turn when the copy has been begun and before it is made.
    let late = demand.clone();
    let job = move |_: &mut Tx<'_>| {
        while !late.facts().is_running {
            std::thread::yield_now();
        }
        late.committed();
        Ok::<_, DbError>(())
    };
    let saved = mailbox.shared(job).unwrap();
    assert!(worker.round(Kind::Running));
    saved.blocking_recv().unwrap().unwrap();
    let state = demand.state();
    assert_eq!((state.published, state.commits), (1, 2));
    assert!(state.first.is_some(), "the next copy is due");
}
