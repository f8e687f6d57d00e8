//! What was measured.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{READ_MS, SAVE_MS};

/// Failures that are told one by one.
const TOLD: usize = 10;

/// How long each of many things took.
#[derive(Default)]
pub struct Times(Mutex<Vec<f64>>);

impl Times {
    pub fn add(&self, taken: Duration) {
        lock(&self.0).push(taken.as_secs_f64() * 1000.0);
    }

    fn count(&self) -> usize {
        lock(&self.0).len()
    }

    /// Milliseconds at some quantiles.
    fn at<const N: usize>(&self, quantiles: [f64; N]) -> [f64; N] {
        let mut times = lock(&self.0);
        times.sort_by(f64::total_cmp);
        let last = times.len().saturating_sub(1);
        quantiles.map(|quantile| times.get((last as f64 * quantile).round() as usize).copied().unwrap_or_default())
    }
}

#[derive(Default)]
pub struct Figures {
    pub reads: Times,
    pub saves: Times,
    /// From the answer to a save until a spectator was told that something has changed is not measured: a message says
    /// nothing of when. How many were told is.
    messages: AtomicU64,
    streams: AtomicU64,
    created: AtomicU64,
    failures: AtomicU64,
    told: Mutex<Vec<String>>,
    attacks: Mutex<BTreeMap<String, u64>>,
    memory: Mutex<Vec<f64>>,
    lasted: Mutex<Duration>,
}

impl Figures {
    /// Something did not go as it should for somebody who does no harm.
    pub fn failed(&self, how: String) {
        self.failures.fetch_add(1, Relaxed);
        let mut told = lock(&self.told);
        if told.len() < TOLD {
            told.push(how);
        }
    }

    /// How an attack ended.
    pub fn attacked(&self, how: String) {
        *lock(&self.attacks).entry(how).or_default() += 1;
    }

    pub fn stream_opened(&self) {
        self.streams.fetch_add(1, Relaxed);
    }

    pub fn stream_ended(&self) {
        self.streams.fetch_sub(1, Relaxed);
    }

    pub fn heard(&self, messages: u64) {
        self.messages.fetch_add(messages, Relaxed);
    }

    pub fn result_created(&self) {
        self.created.fetch_add(1, Relaxed);
    }

    pub fn created(&self) -> u64 {
        self.created.load(Relaxed)
    }

    pub fn lasted(&self, time: Duration) {
        *lock(&self.lasted) = time;
    }

    /// Prints how it is at a moment.
    pub fn sample(&self, at: Duration, mib: Option<f64>) {
        let memory = mib.map_or_else(|| "?".into(), |mib| format!("{mib:.0}"));
        lock(&self.memory).extend(mib);
        let (reads, saves) = (self.reads.count(), self.saves.count());
        let (streams, failures) = (self.streams.load(Relaxed), self.failures.load(Relaxed));
        println!("{:8.0} {memory:>8} {reads:10} {saves:10} {streams:9} {failures:9}", at.as_secs_f64());
    }

    /// Prints the sum; true when everything held.
    pub fn print(&self) -> bool {
        let seconds = lock(&self.lasted).as_secs_f64().max(1.0);
        let row = |name: &str, times: &Times, most: f64| {
            let [half, late, latest] = times.at([0.5, 0.99, 1.0]);
            let (count, held) = (times.count(), late < most);
            let verdict = if held { "held" } else { "MISSED" };
            println!(
                "{name:8} {count:8} ({:.0} a second), p50 {half:.1} ms, p99 {late:.1} ms (limit {most:.0} ms: {verdict}), longest {latest:.0} ms",
                count as f64 / seconds
            );
            held && count > 0
        };
        let reads = row("reads", &self.reads, READ_MS);
        let saves = row("saves", &self.saves, SAVE_MS);
        println!("news     {:8} messages heard", self.messages.load(Relaxed));
        let memory = lock(&self.memory);
        if let (Some(first), Some(last)) = (memory.first(), memory.last()) {
            let most = memory.iter().copied().fold(0.0, f64::max);
            println!("memory   {first:.0} MiB at the first look, {most:.0} MiB at most, {last:.0} MiB at the end");
        }
        for (how, count) in lock(&self.attacks).iter() {
            println!("attacks  {count:8} {how}");
        }
        let failures = self.failures.load(Relaxed);
        println!("failures {failures:8}");
        for how in lock(&self.told).iter() {
            println!("         {how}");
        }
        reads && saves && failures == 0
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
