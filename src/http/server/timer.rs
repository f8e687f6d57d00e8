//! hyper's timer for one connection, made cheap for requests that arrive in time.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

type Alarm = Arc<Mutex<Option<Pin<Box<tokio::time::Sleep>>>>>;

/// One alarm for the whole connection.
///
/// hyper asks for a new time-out with each request head and drops it when the head is there. Setting and
/// clearing a timer in the runtime takes a lock each; here the alarm stays set when a time-out is dropped,
/// and only when it rings is it set again to what is due then: once in a time-out's length, not twice a request.
#[derive(Default)]
pub(super) struct ConnectionTimer {
    alarm: Alarm,
}

impl Timer for ConnectionTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Due { deadline, alarm: self.alarm.clone() })
    }
}

struct Due {
    deadline: Instant,
    alarm: Alarm,
}

impl Sleep for Due {}

impl Future for Due {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline.into();
        let mut alarm = lock(&self.alarm);
        let alarm = match alarm.as_mut() {
            // Set, and it will wake this task: a task keeps its waker, so there is nothing to renew.
            Some(set) if set.deadline() <= deadline && !set.is_elapsed() => return Poll::Pending,
            Some(rung) if rung.deadline() == deadline => return Poll::Ready(()),
            Some(other) => {
                other.as_mut().reset(deadline);
                other
            }
            None => alarm.insert(Box::pin(tokio::time::sleep_until(deadline))),
        };
        alarm.as_mut().poll(cx)
    }
}

/// Only the connection's own task comes here; the lock is there because hyper's timers must be `Sync`.
fn lock(alarm: &Alarm) -> MutexGuard<'_, Option<Pin<Box<tokio::time::Sleep>>>> {
    alarm.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
