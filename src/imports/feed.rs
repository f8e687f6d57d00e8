//! From the thread that reads a file to the one that stores its rows: in batches, with each row as it came.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::ImportError;

/// Rows a batch: enough to make the hand-over between threads cheap.
const BATCH: usize = 500;
/// Batches that may wait.
const WAITING: usize = 4;

struct Batch<P> {
    /// The rows as they came, one behind the other.
    raw: String,
    rows: Vec<(std::ops::Range<usize>, P)>,
    /// Bytes of the file read so far.
    bytes: u64,
}

impl<P> Batch<P> {
    fn new() -> Batch<P> {
        Batch { raw: String::new(), rows: Vec::with_capacity(BATCH), bytes: 0 }
    }
}

/// The reader's end.
pub struct Feeder<P> {
    sender: SyncSender<Batch<P>>,
    batch: Batch<P>,
}

impl<P> Feeder<P> {
    /// Hands a row over; `raw` is how it came, `bytes` how far into the file that is.
    ///
    /// # Errors
    /// When the import ended before the file did. The reader then has nothing left to do.
    pub fn row(&mut self, raw: &str, bytes: u64, row: P) -> Result<(), ImportError> {
        if self.batch.rows.len() >= BATCH {
            self.flush()?;
        }
        let start = self.batch.raw.len();
        self.batch.raw.push_str(raw);
        self.batch.rows.push((start..self.batch.raw.len(), row));
        self.batch.bytes = bytes;
        Ok(())
    }

    /// One more row that came in the same line of the file as the last one.
    ///
    /// # Errors
    /// As [`Feeder::row`].
    pub fn more(&mut self, row: P) {
        let raw = self.batch.rows.last().map_or(0..0, |(raw, _)| raw.clone());
        self.batch.rows.push((raw, row));
    }

    fn flush(&mut self) -> Result<(), ImportError> {
        let full = std::mem::replace(&mut self.batch, Batch::new());
        let ended = |_| ImportError::Io(std::io::Error::other("the import ended before the file did"));
        self.sender.send(full).map_err(ended)
    }
}

/// The rows of the reader, and at their end its verdict.
pub struct Rows<P> {
    batch: std::vec::IntoIter<(std::ops::Range<usize>, P)>,
    raw: String,
    current: std::ops::Range<usize>,
    bytes: u64,
    batches: Receiver<Batch<P>>,
    reader: Option<JoinHandle<Result<Vec<String>, ImportError>>>,
}

impl<P: Send + 'static> Rows<P> {
    /// Starts a thread that reads, and waits for its first rows: passwords are hashed while reading, and the writer is
    /// for others meanwhile.
    pub fn start<F>(read: F) -> std::io::Result<Rows<P>>
    where
        F: FnOnce(&mut Feeder<P>) -> Result<Vec<String>, ImportError> + Send + 'static,
    {
        let (sender, batches) = sync_channel(WAITING);
        let reader = std::thread::Builder::new().name("import".into()).spawn(move || {
            let mut feeder = Feeder { sender, batch: Batch::new() };
            let notes = read(&mut feeder)?;
            feeder.flush()?;
            Ok(notes)
        })?;
        let batch = Vec::new().into_iter();
        let mut rows = Rows { batch, raw: String::new(), current: 0..0, bytes: 0, batches, reader: Some(reader) };
        rows.refill();
        Ok(rows)
    }
}

impl<P> Rows<P> {
    fn refill(&mut self) -> bool {
        match self.batches.recv() {
            Ok(Batch { raw, rows, bytes }) => {
                (self.batch, self.raw, self.bytes) = (rows.into_iter(), raw, bytes);
                true
            }
            Err(_) => false,
        }
    }

    pub fn next(&mut self) -> Option<P> {
        loop {
            if let Some((raw, row)) = self.batch.next() {
                self.current = raw;
                return Some(row);
            }
            if !self.refill() {
                return None;
            }
        }
    }

    /// The last row as it came.
    pub fn raw(&self) -> &str {
        &self.raw[self.current.clone()]
    }

    /// How far into the file the rows at hand reach.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Notes of the reader, or why it stopped early.
    pub fn verdict(&mut self) -> Result<Vec<String>, ImportError> {
        let Some(reader) = self.reader.take() else { return Ok(Vec::new()) };
        reader.join().unwrap_or_else(|_| Err(ImportError::Io(std::io::Error::other("the reader of the file panicked"))))
    }
}
