//! The log on the disk: a few files of bounded size, so that a server may run for weeks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

/// Bytes of one file.
const LARGEST: u64 = 5 << 20;
/// How many there are, the one that is written to included.
const FILES: usize = 5;
/// Bytes of lines from before it is known where the file lies.
const MOST_EARLY: usize = 64 << 10;

/// Where lines go.
enum Lines {
    /// Nowhere yet: they are kept for the file.
    Early(Vec<u8>),
    Kept(Rotating),
}

/// The log of this process on the disk.
pub struct FileLog(Mutex<Lines>);

impl FileLog {
    pub const fn new() -> FileLog {
        FileLog(Mutex::new(Lines::Early(Vec::new())))
    }

    /// Begins the file with the lines so far.
    pub fn begin(&self, path: &Path) -> io::Result<()> {
        let mut file = Rotating::open(path, LARGEST)?;
        let mut lines = self.lock();
        if let Lines::Early(early) = &*lines {
            file.write(early);
        }
        *lines = Lines::Kept(file);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> MakeWriter<'a> for &'static FileLog {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> LineWriter<'a> {
        LineWriter(self)
    }
}

/// Gets each line as a whole. A disk that is full costs lines of the log and nothing else.
pub struct LineWriter<'a>(&'a FileLog);

impl Write for LineWriter<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match &mut *self.0.lock() {
            Lines::Early(early) if early.len() + line.len() <= MOST_EARLY => early.extend_from_slice(line),
            Lines::Early(_) => {}
            Lines::Kept(file) => file.write(line),
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `athsys.log`, and older ones as `athsys.1.log` and so on.
struct Rotating {
    path: PathBuf,
    file: Option<File>,
    size: u64,
    largest: u64,
}

impl Rotating {
    fn open(path: &Path, largest: u64) -> io::Result<Rotating> {
        let file = append(path)?;
        let size = file.metadata()?.len();
        Ok(Rotating { path: path.to_owned(), file: Some(file), size, largest })
    }

    fn write(&mut self, line: &[u8]) {
        let bytes = line.len() as u64;
        if self.size > 0 && self.size + bytes > self.largest {
            self.rotate();
        }
        if let Some(file) = &mut self.file
            && file.write_all(line).is_ok()
        {
            self.size += bytes;
        }
    }

    fn older(&self, number: usize) -> PathBuf {
        self.path.with_extension(format!("{number}.log"))
    }

    /// The oldest goes, the others move on. Closed first: Windows moves no file that is open.
    fn rotate(&mut self) {
        self.file = None;
        for number in (1..FILES - 1).rev() {
            let _ = fs::rename(self.older(number), self.older(number + 1));
        }
        let _ = fs::rename(&self.path, self.older(1));
        self.file = append(&self.path).ok();
        self.size = 0;
    }
}

/// Its owner's alone, like the database.
fn append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests;
