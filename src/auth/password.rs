//! Passwords: argon2id in PHC strings, hashed one at a time.
//!
//! A hash takes 19 MiB and some 20 ms by intention. Hashing where the request is would let sixty sign-ins
//! take 1.2 GB and every core, and results would wait; so one thread with one buffer does all of it, behind
//! a short queue. The thread ends when nobody signs in, and its memory goes back to the system.

mod argon;
mod policy;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use argon::{Hasher, Memory};
use worker::Worker;

pub use policy::{MAX_CHARS, MIN_CHARS, WeakPassword, check_new_password};

/// Hashes that may wait; the one being worked on is not counted.
const QUEUE: usize = 32;
/// Time without work after which the thread ends.
const IDLE: Duration = Duration::from_secs(5);

/// Why there is no answer about a password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The queue is full: 429.
    #[error("too many people are signing in at this moment; try again in a few seconds")]
    Busy,
    /// No thread or no memory could be had: 500.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

/// Whether a password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    pub ok: bool,
    /// The stored hash was made with other parameters than new ones; only ever true together with `ok`.
    pub needs_rehash: bool,
}

/// A handle to the hashing thread. Cheap to clone; all clones share the thread and its queue.
#[derive(Clone)]
pub struct PasswordHasher {
    worker: Arc<Worker>,
}

impl PasswordHasher {
    /// Starts nothing yet: the thread begins with the first password.
    pub fn new() -> PasswordHasher {
        PasswordHasher::with(Hasher::standard(), QUEUE, IDLE)
    }

    fn with(hasher: Hasher, queue: usize, idle: Duration) -> PasswordHasher {
        PasswordHasher { worker: Arc::new(Worker::new(hasher, queue, idle)) }
    }

    /// The PHC string of a new hash with a random salt.
    ///
    /// [`PasswordError::Busy`] at once when 32 others wait. A caller who goes away is taken out of the queue.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.worker.run(move |hasher, memory| hasher.hash(&password, memory)).await?
    }

    /// Compares `password` with a stored PHC string.
    ///
    /// `None`, for an account that does not exist, takes the same time as a wrong password, and so does a
    /// stored text that is no argon2 hash; the latter is logged.
    pub async fn verify(&self, password: String, phc: Option<String>) -> Result<Verdict, PasswordError> {
        self.worker.run(move |hasher, memory| hasher.verify(&password, phc.as_deref(), memory)).await?
    }
}

impl Default for PasswordHasher {
    fn default() -> PasswordHasher {
        PasswordHasher::new()
    }
}

/// [`PasswordHasher::hash`] on the calling thread, for the command line.
pub fn hash_now(password: &str) -> Result<String, PasswordError> {
    Hasher::standard().hash(password, &mut Memory::default())
}

/// [`PasswordHasher::verify`] on the calling thread.
#[cfg(test)]
fn verify_now(password: &str, phc: Option<&str>) -> Result<Verdict, PasswordError> {
    Hasher::standard().verify(password, phc, &mut Memory::default())
}

#[cfg(test)]
mod tests;
