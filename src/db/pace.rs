//! How fast a copy is made while others save.

use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Works for so long at a time …
const WORK: Duration = Duration::from_micros(500);
/// … and then leaves disk and processor to whoever saves.
const PAUSE: Duration = Duration::from_millis(1);
/// A copy that takes longer goes on without pauses: it must not get old before it is there.
const PATIENCE: Duration = Duration::from_millis(1_100);
/// Steps of the database between two looks at the clock.
const STEPS: i32 = 200;

/// Makes room for others, or none when all wait for the copy anyway.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    patient_until: Option<Instant>,
    worked_since: Instant,
}

impl Pace {
    pub fn gentle() -> Pace {
        Pace { patient_until: Some(Instant::now() + PATIENCE), worked_since: Instant::now() }
    }

    pub fn hurried() -> Pace {
        Pace { patient_until: None, worked_since: Instant::now() }
    }

    pub fn is_gentle(&self) -> bool {
        self.patient_until.is_some_and(|until| Instant::now() < until)
    }

    /// Between two pieces of work: a pause, when it has been long enough.
    pub fn breathe(&mut self) {
        if self.worked_since.elapsed() >= WORK && self.is_gentle() {
            std::thread::sleep(PAUSE);
            self.worked_since = Instant::now();
        }
    }

    /// Has a connection pause within its statements.
    pub fn set_for(&self, conn: &Connection) -> rusqlite::Result<()> {
        let mut pace = self.clone();
        conn.progress_handler(
            STEPS,
            Some(move || {
                pace.breathe();
                false
            }),
        )
    }
}
