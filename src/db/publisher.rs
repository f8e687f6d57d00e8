//! Keeps `NAME.db` a complete copy of the live store, never more than a few seconds old.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use super::mailbox::Mailbox;
use super::pace::Pace;
use super::retire::Retiring;
use super::snapshot::{self, Kind};
use super::{DbError, Files, connect};
use crate::time::{self, Moment};

/// A copy is made when nothing has been saved for so long …
const QUIET: Duration = Duration::from_millis(250);
/// … or early enough for the oldest change that the copy lacks not to get older than this …
const OLDEST: Duration = Duration::from_millis(2_700);
/// … and at the latest when it is so old.
const LONGEST: Duration = Duration::from_millis(1_500);
/// Copying a large file takes at most one part in so many of the time; of a smaller one the copy is never old.
const SHARE: u32 = 3;
const LARGE: u64 = 64 << 20;
/// After a failure it is tried again so much later.
const AGAIN: Duration = Duration::from_secs(1);

/// How the published file is, for the health page.
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// When the newest copy was put in place by this process
    pub at: Option<Moment>,
    /// Age of the oldest change that the file lacks, since the copy that is being made was begun
    pub behind: Option<Duration>,
    /// Why the last attempt failed, in words
    pub error: Option<String>,
    pub bytes: u64,
    /// How long the last copy took
    pub took: Duration,
    /// A copy is being made
    pub is_running: bool,
}

/// What the writer says to the publisher, and the publisher to everybody.
#[derive(Default)]
pub(super) struct Demand {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Commits that a copy has to hold, and up to which one it does.
    commits: u64,
    published: u64,
    /// The oldest and the newest commit that no copy holds.
    first: Option<Instant>,
    last: Option<Instant>,
    is_wanted: bool,
    rounds: u64,
    stop: Option<Ending>,
    has_ended: bool,
    round_began: Option<Instant>,
    failed: Option<Instant>,
    facts: Published,
}

/// What the publisher does at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Publish,
    Leave,
}

impl Demand {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A commit that a copy has to hold.
    pub fn committed(&self) {
        let now = Instant::now();
        let mut state = self.state();
        state.commits += 1;
        state.first.get_or_insert(now);
        state.last = Some(now);
        drop(state);
        self.changed.notify_all();
    }

    /// Waits until the published file holds every commit so far.
    ///
    /// # Errors
    /// Why the copy could not be made.
    pub fn publish_now(&self) -> Result<(), DbError> {
        let mut state = self.state();
        let (wanted, round) = (state.commits, state.rounds);
        while state.published < wanted {
            // A round that ended since then, and failed, has tried what was wanted.
            if state.rounds > round + 1
                && let Some(error) = &state.facts.error
            {
                return Err(DbError::Down(error.clone()));
            }
            if state.has_ended {
                return Err(DbError::Stopped);
            }
            state.is_wanted = true;
            self.changed.notify_all();
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    pub fn facts(&self) -> Published {
        let state = self.state();
        Published { behind: state.first.map(|first| first.elapsed()), ..state.facts.clone() }
    }
}

impl State {
    /// When the next copy is to be made; none while the newest holds everything.
    fn due(&self) -> Option<Instant> {
        let (first, last) = (self.first?, self.last?);
        let longest = OLDEST.saturating_sub(self.facts.took).min(LONGEST);
        let wanted = if self.is_wanted { first } else { (last + QUIET).min(first + longest) };
        let rest = self.round_began.filter(|_| self.facts.bytes > LARGE).map(|at| at + self.facts.took * SHARE);
        let not_before = [self.failed.map(|at| at + AGAIN), rest];
        not_before.into_iter().flatten().filter(|_| !self.is_wanted).fold(wanted, Instant::max).into()
    }
}

/// The thread that makes the copies.
pub(super) struct Publisher {
    demand: Arc<Demand>,
    thread: JoinHandle<bool>,
}

impl Publisher {
    /// `is_final` says that the published file is already what a clean end leaves.
    pub fn start(files: Files, mailbox: Mailbox, demand: Arc<Demand>, is_final: bool) -> Publisher {
        {
            let mut state = demand.state();
            (state.stop, state.has_ended) = (None, false);
        }
        let mut worker = Worker { seen: fingerprint(&files), files, mailbox, demand: demand.clone(), is_final };
        let thread = std::thread::Builder::new().name("publisher".into()).spawn(move || worker.work());
        Publisher { demand, thread: thread.expect("the system has room for one more thread") }
    }

    /// Ends the thread after a last copy; true when the published file holds everything.
    pub fn finish(self) -> bool {
        self.end(Ending::Publish)
    }

    /// Ends the thread as things are.
    pub fn leave(self) {
        self.end(Ending::Leave);
    }

    fn end(self, how: Ending) -> bool {
        self.demand.state().stop = Some(how);
        self.demand.changed.notify_all();
        self.thread.join().unwrap_or_else(|_| {
            tracing::error!("the publisher panicked");
            false
        })
    }
}

struct Worker {
    files: Files,
    mailbox: Mailbox,
    demand: Arc<Demand>,
    /// How the published file looked when it was put in place.
    seen: Option<(u64, SystemTime)>,
    is_final: bool,
}

impl Worker {
    fn work(&mut self) -> bool {
        let ending = loop {
            match self.wait() {
                None => self.round(Kind::Running),
                Some(ending) => break ending,
            };
        };
        let is_complete = ending == Ending::Publish && self.last();
        self.demand.state().has_ended = true;
        self.demand.changed.notify_all();
        is_complete
    }

    /// Waits until a copy is due, or the end has come.
    fn wait(&self) -> Option<Ending> {
        let mut state = self.demand.state();
        loop {
            if state.stop.is_some() {
                return state.stop;
            }
            let wait = state.due().map(|due| due.saturating_duration_since(Instant::now()));
            state = match wait {
                Some(Duration::ZERO) => return None,
                Some(wait) => self.demand.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0,
                None => self.demand.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// What was queued before the end was asked for is written before it is seen whether a copy is needed.
    fn last(&mut self) -> bool {
        let queued = self.mailbox.shared(|tx| {
            tx.housekeeping();
            Ok::<_, DbError>(())
        });
        let _ = queued.map(|answer| answer.blocking_recv());
        let is_complete = self.demand.state().first.is_none();
        (is_complete && self.is_final) || self.round(Kind::Closing)
    }

    fn round(&mut self, kind: Kind) -> bool {
        let (target, first) = {
            let mut state = self.demand.state();
            state.round_began = Some(Instant::now());
            state.facts.is_running = true;
            (state.commits, state.first.take())
        };
        let outcome = self.publish(kind);
        self.is_final = outcome.is_ok() && kind == Kind::Closing;
        let is_done = outcome.is_ok();
        let mut state = self.demand.state();
        state.rounds += 1;
        state.is_wanted = false;
        match outcome {
            Ok(()) => {
                state.published = target;
                state.failed = None;
                if state.facts.error.is_some() {
                    tracing::info!("the copy that people take is up to date again");
                }
                let bytes = self.seen.map_or(0, |(bytes, _)| bytes);
                let took = state.round_began.map_or(Duration::ZERO, |began| began.elapsed());
                state.facts = Published { at: Some(time::now()), bytes, took, ..Published::default() };
            }
            Err(error) => {
                state.first = first.or(state.first).or(Some(Instant::now()));
                state.last = state.last.or(state.first);
                state.failed = Some(Instant::now());
                let error = error.to_string();
                if state.facts.error.as_ref() != Some(&error) {
                    tracing::error!("{} could not be brought up to date: {error}", self.files.database().display());
                }
                state.facts.error = Some(error);
                state.facts.is_running = false;
            }
        }
        drop(state);
        self.demand.changed.notify_all();
        is_done
    }

    fn publish(&mut self, kind: Kind) -> Result<(), DbError> {
        let stamp = ask(&self.mailbox, move |tx| snapshot::stamp(tx, kind))?;
        let reader = connect::reader(&self.files.live())?;
        let pace = || if kind == Kind::Closing { Pace::hurried() } else { Pace::gentle() };
        snapshot::write(&reader, &stamp, &self.files.coming(), pace())?;
        drop(reader);
        self.keep_what_is_not_ours();
        let before = Retiring::of(self.files.database());
        snapshot::put_in_place(&self.files.coming(), self.files.database()).map_err(DbError::disk)?;
        self.seen = fingerprint(&self.files);
        ask(&self.mailbox, move |tx| snapshot::mark_done(tx, &stamp))?;
        before.free(pace());
        Ok(())
    }

    /// Somebody has put another file there while the server was running: it is kept, not overwritten.
    fn keep_what_is_not_ours(&self) {
        let now = fingerprint(&self.files);
        if now.is_none() || now == self.seen {
            return;
        }
        let kept = self.files.kept_as("found").and_then(|kept| {
            fs::rename(self.files.database(), &kept)?;
            Ok(kept)
        });
        let file = self.files.database().display();
        match kept {
            Ok(kept) => tracing::warn!(
                "somebody changed or replaced {file} while it was in use; that file is kept as {}. To go back to it, \
                 restore it on the Backups page, or stop the server before putting it back",
                kept.display()
            ),
            Err(error) => tracing::error!("{file} was changed by somebody else, and could not be kept: {error}"),
        }
    }
}

/// A housekeeping job, waited for.
pub(super) fn ask<T, F>(mailbox: &Mailbox, f: F) -> Result<T, DbError>
where
    F: FnOnce(&mut super::Tx<'_>) -> Result<T, DbError> + Send + 'static,
    T: Send + 'static,
{
    mailbox.shared(f)?.blocking_recv().map_err(|_| DbError::Stopped)?
}

fn fingerprint(files: &Files) -> Option<(u64, SystemTime)> {
    let path: PathBuf = files.database().to_owned();
    let meta = fs::metadata(path).ok()?;
    Some((meta.len(), meta.modified().ok()?))
}

#[cfg(test)]
mod tests;
