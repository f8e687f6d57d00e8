//! One thread for all hashes, started on demand and ended when idle.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::PasswordError;
use super::argon::{Hasher, Memory};

type Job = Box<dyn FnOnce(&Hasher, &mut Memory) + Send>;

pub(super) struct Worker {
    hasher: Hasher,
    max_waiting: usize,
    idle: Duration,
    queue: Mutex<Queue>,
    arrived: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    has_thread: bool,
}

impl Worker {
    pub(super) fn new(hasher: Hasher, max_waiting: usize, idle: Duration) -> Worker {
        Worker { hasher, max_waiting, idle, queue: Mutex::default(), arrived: Condvar::new() }
    }

    /// Does `work` on the thread. When the caller stops waiting before its turn, the work is skipped.
    pub(super) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Hasher, &mut Memory) -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let (reply, answer) = oneshot::channel();
        self.submit(Box::new(move |hasher, memory| {
            if !reply.is_closed() {
                let _ = reply.send(work(hasher, memory));
            }
        }))?;
        answer.await.map_err(|_| PasswordError::Failed("the hashing panicked".to_owned()))
    }

    fn submit(self: &Arc<Self>, job: Job) -> Result<(), PasswordError> {
        let mut queue = self.lock();
        if queue.waiting.len() >= self.max_waiting {
            return Err(PasswordError::Busy);
        }
        if !queue.has_thread {
            let worker = self.clone();
            let builder = std::thread::Builder::new().name("passwords".to_owned());
            builder.spawn(move || worker.work()).map_err(|error| PasswordError::Failed(error.to_string()))?;
            queue.has_thread = true;
        }
        queue.waiting.push_back(job);
        drop(queue);
        self.arrived.notify_one();
        Ok(())
    }

    fn work(&self) {
        let mut memory = Memory::default();
        while let Some(job) = self.next() {
            // A panic fails its own caller, whose reply is dropped with the job; the queue goes on.
            let _ = catch_unwind(AssertUnwindSafe(|| job(&self.hasher, &mut memory)));
        }
        drop(memory);
        // The allocator would keep a block of this size for later.
        crate::memory::release();
    }

    /// The next job, or `None` after the idle time; then a thread is needed again.
    fn next(&self) -> Option<Job> {
        let wait = self.arrived.wait_timeout_while(self.lock(), self.idle, |queue| queue.waiting.is_empty());
        let (mut queue, _) = wait.unwrap_or_else(PoisonError::into_inner);
        let job = queue.waiting.pop_front();
        // Said under the same lock in which the queue was seen empty, so no job is left without a thread.
        queue.has_thread = job.is_some();
        job
    }

    /// No code that can panic runs under this lock.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn has_thread(&self) -> bool {
        self.lock().has_thread
    }
}
