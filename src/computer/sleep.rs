//! Notices that this computer slept, or that its clock was set.

use std::time::{Duration, Instant};

use crate::time::now_ms;

/// Less is what time servers do and what a busy computer takes.
const WORTH_TELLING_S: i64 = 60;

/// What happened between two looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// For so long nobody could reach the server.
    Slept { seconds: i64 },
    /// Forwards, or backwards where it is negative.
    ClockSet { seconds: i64 },
}

/// The clocks of the computer as they were at the last look.
#[derive(Debug)]
pub struct Watch {
    shown_ms: i64,
    awake: Instant,
    /// Since the computer was started, sleep included; where the system says it.
    up: Option<Duration>,
}

/// The time between two readings of the three clocks.
struct Passed {
    shown_s: i64,
    awake_s: i64,
    up_s: Option<i64>,
}

impl Watch {
    /// As the clocks are now.
    #[expect(clippy::new_without_default, reason = "it is a reading of the clocks, not a value by default")]
    pub fn new() -> Watch {
        Watch { shown_ms: now_ms(), awake: Instant::now(), up: since_boot() }
    }

    /// What happened since the last look, which was to be so long ago.
    pub fn look(&mut self, every: Duration) -> Option<Gap> {
        let now = Watch::new();
        let before = std::mem::replace(self, now);
        let seconds = |time: Duration| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let passed = Passed {
            shown_s: (self.shown_ms - before.shown_ms) / 1000,
            awake_s: seconds(self.awake - before.awake),
            up_s: self.up.zip(before.up).map(|(now, before)| seconds(now.saturating_sub(before))),
        };
        gap(&passed, seconds(every))
    }
}

/// `up` minus `awake` is sleep. Without `up` the look itself tells: it is late where the clock of the process goes on
/// while the computer sleeps (Windows), and otherwise the shown time has run ahead.
fn gap(passed: &Passed, every_s: i64) -> Option<Gap> {
    let ahead = passed.shown_s - passed.awake_s;
    let slept = passed.up_s.map_or_else(|| ahead.max(passed.awake_s - every_s), |up| up - passed.awake_s);
    if slept > WORTH_TELLING_S {
        return Some(Gap::Slept { seconds: slept });
    }
    (ahead.abs() > WORTH_TELLING_S).then_some(Gap::ClockSet { seconds: ahead })
}

/// Linux counts the time asleep here, and not in its monotonic clock.
fn since_boot() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests;
