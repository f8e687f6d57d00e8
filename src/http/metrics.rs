//! What the server has done since it started, counted with atomics.
//!
//! A request costs six atomic additions and no lock. Counters only grow, so a scraper that missed some rounds
//! loses nothing; the health page reads the same numbers as estimates a person understands.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use serde::Serialize;

use super::guard::is_read;

pub mod history;

/// Upper ends of the latency buckets, in microseconds, and as Prometheus writes them, in seconds.
const BUCKETS: [(u64, &str); 13] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (5_000_000, "5"),
    (10_000_000, "10"),
];
const METHODS: [&str; 2] = ["read", "write"];
const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Minutes of which the number of requests is kept.
const MINUTES: usize = 60;
/// A minute's slot: the lower half counts, the upper half says which minute it is.
const COUNT_BITS: u32 = 32;

/// The counters of one server. Shared behind an `Arc`.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: [[AtomicU64; STATUSES.len()]; METHODS.len()],
    /// One more than [`BUCKETS`], for what took longer. Not cumulative.
    latency: [AtomicU64; BUCKETS.len() + 1],
    latency_sum_us: AtomicU64,
    panics: AtomicU64,
    begun: AtomicU64,
    ended: AtomicU64,
    minutes: Minutes,
}

/// The numbers for the health page. Latencies are milliseconds, interpolated within a bucket and so only
/// about right; 0 when there was no request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Snapshot {
    pub requests: u64,
    pub reads: u64,
    pub writes: u64,
    /// Answers with a status from 400 to 499.
    pub client_errors: u64,
    /// Answers with a status from 500.
    pub server_errors: u64,
    pub panics: u64,
    /// Requests being worked on now.
    pub in_flight: u64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    /// Requests of each of the last 60 minutes, the current one last.
    pub per_minute: Vec<u32>,
}

/// What [`history`] compares: all requests so far, those that failed, and their latencies by bucket.
#[derive(Debug, Clone, Default)]
struct Counters {
    requests: u64,
    errors: u64,
    latency: [u64; BUCKETS.len() + 1],
}

impl Counters {
    fn since(&self, before: &Counters) -> Counters {
        let latency = std::array::from_fn(|at| self.latency[at].saturating_sub(before.latency[at]));
        Counters {
            requests: self.requests.saturating_sub(before.requests),
            errors: self.errors.saturating_sub(before.errors),
            latency,
        }
    }
}

/// Counts a request as being worked on until it is dropped.
#[derive(Debug)]
pub struct InFlight<'a>(&'a Metrics);

impl Metrics {
    pub fn new() -> Metrics {
        Metrics::default()
    }

    /// A request has arrived.
    pub fn begin(&self) -> InFlight<'_> {
        self.begun.fetch_add(1, Relaxed);
        InFlight(self)
    }

    /// A request was answered: `elapsed` until the head of the answer, `unix_ms` the time now.
    pub fn record(&self, method: &Method, status: StatusCode, elapsed: Duration, unix_ms: i64) {
        let class = usize::from(status.as_u16() / 100).clamp(1, STATUSES.len()) - 1;
        self.requests[usize::from(!is_read(method))][class].fetch_add(1, Relaxed);
        let us = elapsed.as_micros() as u64;
        self.latency[BUCKETS.partition_point(|(end, _)| *end < us)].fetch_add(1, Relaxed);
        self.latency_sum_us.fetch_add(us, Relaxed);
        self.minutes.count(minute(unix_ms));
    }

    /// A handler panicked (and was answered with 500).
    pub fn panicked(&self) {
        self.panics.fetch_add(1, Relaxed);
    }

    /// How many requests have arrived so far.
    pub fn begun(&self) -> u64 {
        self.begun.load(Relaxed)
    }

    fn in_flight(&self) -> u64 {
        // Ended first: one that ends between the two readings is then counted as running, never as -1.
        let ended = self.ended.load(Relaxed);
        self.begun.load(Relaxed).saturating_sub(ended)
    }

    /// Appends all counters in the Prometheus text format, version 0.0.4.
    pub fn render(&self, out: &mut String) {
        // Writing to a `String` does not fail.
        let _ = self.write(out);
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let name = "athsys_http_requests_total";
        writeln!(out, "# HELP {name} Requests answered.\n# TYPE {name} counter")?;
        for (method, counts) in METHODS.iter().zip(&self.requests) {
            for (status, count) in STATUSES.iter().zip(counts) {
                writeln!(out, "{name}{{method=\"{method}\",status=\"{status}\"}} {}", count.load(Relaxed))?;
            }
        }
        let name = "athsys_http_request_duration_seconds";
        writeln!(out, "# HELP {name} Time from a request to the head of its answer.\n# TYPE {name} histogram")?;
        let mut so_far = 0;
        let ends = BUCKETS.iter().map(|(_, end)| *end).chain(["+Inf"]);
        for (end, count) in ends.zip(&self.latency) {
            so_far += count.load(Relaxed);
            writeln!(out, "{name}_bucket{{le=\"{end}\"}} {so_far}")?;
        }
        writeln!(out, "{name}_sum {}", self.latency_sum_us.load(Relaxed) as f64 / 1e6)?;
        writeln!(out, "{name}_count {so_far}")?;
        let name = "athsys_http_panics_total";
        writeln!(
            out,
            "# HELP {name} Handlers that panicked.\n# TYPE {name} counter\n{name} {}",
            self.panics.load(Relaxed)
        )?;
        let name = "athsys_http_requests_in_flight";
        writeln!(out, "# HELP {name} Requests being worked on.\n# TYPE {name} gauge\n{name} {}", self.in_flight())
    }

    fn counters(&self) -> Counters {
        let count = |class: &AtomicU64| class.load(Relaxed);
        Counters {
            requests: self.requests.iter().flatten().map(count).sum(),
            errors: self.requests.iter().map(|classes| count(&classes[STATUSES.len() - 1])).sum(),
            latency: self.latency.each_ref().map(count),
        }
    }

    /// The same as numbers. `unix_ms` is the time now, which says which minutes are the last 60.
    pub fn snapshot(&self, unix_ms: i64) -> Snapshot {
        let requests = self.requests.each_ref().map(|counts| counts.each_ref().map(|count| count.load(Relaxed)));
        let [reads, writes] = requests.map(|counts| counts.iter().sum::<u64>());
        let latency = self.latency.each_ref().map(|count| count.load(Relaxed));
        Snapshot {
            requests: reads + writes,
            reads,
            writes,
            client_errors: requests.iter().map(|counts| counts[3]).sum(),
            server_errors: requests.iter().map(|counts| counts[4]).sum(),
            panics: self.panics.load(Relaxed),
            in_flight: self.in_flight(),
            p50_ms: percentile_ms(&latency, 0.50),
            p95_ms: percentile_ms(&latency, 0.95),
            p99_ms: percentile_ms(&latency, 0.99),
            per_minute: self.minutes.last(minute(unix_ms)),
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Relaxed);
    }
}

/// The latency that `share` of the requests do not exceed, as if those of a bucket were spread evenly in it.
/// What took longer than the last bucket counts as its end.
fn percentile_ms(latency: &[u64; BUCKETS.len() + 1], share: f64) -> f64 {
    let total: u64 = latency.iter().sum();
    let mut rank = total as f64 * share;
    let mut start = 0;
    for (count, (end, _)) in latency.iter().zip(&BUCKETS) {
        let count = *count as f64;
        if count > 0.0 && rank <= count {
            let us = start as f64 + (end - start) as f64 * (rank / count);
            return (us / 10.0).round() / 100.0;
        }
        rank -= count;
        start = *end;
    }
    if total == 0 { 0.0 } else { start as f64 / 1000.0 }
}

/// Minutes since 1970, shortened to what a slot holds.
fn minute(unix_ms: i64) -> u32 {
    unix_ms.div_euclid(60_000) as u32
}

/// Requests by minute in a ring, without a lock.
#[derive(Debug)]
struct Minutes([AtomicU64; MINUTES]);

impl Default for Minutes {
    fn default() -> Minutes {
        Minutes(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Minutes {
    fn count(&self, minute: u32) {
        let slot = &self.0[minute as usize % MINUTES];
        let this_minute = u64::from(minute) << COUNT_BITS;
        let mut seen = slot.load(Relaxed);
        // Two threads may find an old minute at once; only one may begin the new one.
        while seen >> COUNT_BITS != u64::from(minute) {
            match slot.compare_exchange_weak(seen, this_minute + 1, Relaxed, Relaxed) {
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
        slot.fetch_add(1, Relaxed);
    }

    /// Oldest first. A slot of another minute, of an hour ago or of a clock that was wrong, counts as empty.
    fn last(&self, now: u32) -> Vec<u32> {
        let minutes = (0..MINUTES as u32).rev().map(|ago| now.wrapping_sub(ago));
        minutes
            .map(|minute| {
                let slot = self.0[minute as usize % MINUTES].load(Relaxed);
                if slot >> COUNT_BITS == u64::from(minute) { slot as u32 } else { 0 }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
