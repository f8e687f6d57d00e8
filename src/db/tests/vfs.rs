//! A file system for SQLite that remembers what was done to a database, and fails when it is told to.
//!
//! It lies around the system's own one and is the default of the test process. Files of a [`Disk`] are watched; all
//! others are opened by the system's file system as ever. Of a watched file reading, writing and syncing go through here;
//! its locks and its shared memory do not.

#![allow(unsafe_code, reason = "SQLite's file systems are tables of C functions")]

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::ffi;

/// The files that make up one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    Main,
    Wal,
    Journal,
}

impl Part {
    pub const ALL: [Part; 3] = [Part::Main, Part::Wal, Part::Journal];

    pub fn of(self, database: &Path) -> PathBuf {
        let mut name = database.as_os_str().to_owned();
        name.push(match self {
            Part::Main => "",
            Part::Wal => "-wal",
            Part::Journal => "-journal",
        });
        name.into()
    }
}

/// What happened, in order.
#[derive(Debug, Clone)]
pub enum Step {
    Create(Part),
    Write {
        part: Part,
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        part: Part,
        to: usize,
    },
    Sync(Part),
    /// The system said that not everything reached the disk, and forgets what did not.
    FailedSync(Part),
    /// `synced`: the folder was synced as well.
    Delete {
        part: Part,
        synced: bool,
    },
    /// Somebody was told that this is stored.
    Ack(u64),
}

/// What a fault hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Read,
    Write,
    Sync,
}

#[derive(Debug, Clone, Copy)]
struct Fault {
    act: Act,
    /// So many of these acts still work.
    after: u64,
    /// Whether all that follow fail as well.
    lasting: bool,
    code: c_int,
}

#[derive(Debug, Default)]
struct State {
    steps: Vec<Step>,
    fault: Option<Fault>,
    /// A disk that says it has synced and has not.
    lies: bool,
    silent: bool,
}

/// A database that is watched until this is dropped.
#[derive(Debug)]
pub struct Disk {
    database: PathBuf,
    state: Arc<Mutex<State>>,
}

static DISKS: LazyLock<Mutex<HashMap<PathBuf, Arc<Mutex<State>>>>> = LazyLock::new(Mutex::default);
static FILES: LazyLock<Mutex<HashMap<usize, File>>> = LazyLock::new(Mutex::default);
static SYSTEM: OnceLock<System> = OnceLock::new();

type Methods = ffi::sqlite3_io_methods;

/// The system's own file system.
struct System(*mut ffi::sqlite3_vfs);

// SAFETY: the table is registered for as long as the process lives, and nobody writes to it.
unsafe impl Send for System {}
// SAFETY: as above.
unsafe impl Sync for System {}

#[derive(Clone)]
struct File {
    part: Part,
    state: Arc<Mutex<State>>,
    /// The system's own methods for it.
    real: Option<&'static Methods>,
}

impl File {
    fn of(handle: *mut ffi::sqlite3_file) -> (File, &'static Methods) {
        let file = lock(&FILES)[&(handle as usize)].clone();
        let real = file.real.expect("a file is listed once it is open");
        (file, real)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Disk {
    /// Watches the database of this name, which nobody has open yet.
    pub fn watch(database: &Path) -> Disk {
        system();
        let folder = database.parent().unwrap().canonicalize().unwrap();
        let database = folder.join(database.file_name().unwrap());
        let state = Arc::<Mutex<State>>::default();
        lock(&DISKS).insert(database.clone(), state.clone());
        Disk { database, state }
    }

    /// The same, where nobody asks what happened.
    pub fn forgetful(database: &Path) -> Disk {
        let disk = Disk::watch(database);
        lock(&disk.state).silent = true;
        disk
    }

    /// From now on a sync does nothing.
    pub fn lie(&self) {
        lock(&self.state).lies = true;
    }

    pub fn ack(&self, what: u64) {
        lock(&self.state).steps.push(Step::Ack(what));
    }

    /// Everything since the last call.
    pub fn steps(&self) -> Vec<Step> {
        std::mem::take(&mut lock(&self.state).steps)
    }

    /// The act after so many of its kind fails, once.
    pub fn fail(&self, act: Act, after: u64, code: c_int) {
        lock(&self.state).fault = Some(Fault { act, after, lasting: false, code });
    }

    /// The same, and all that follow it.
    pub fn fail_from(&self, act: Act, after: u64, code: c_int) {
        lock(&self.state).fault = Some(Fault { act, after, lasting: true, code });
    }

    /// Whether a fault that strikes once has done so.
    pub fn has_struck(&self) -> bool {
        lock(&self.state).fault.is_none()
    }

    /// Ends a fault.
    pub fn mend(&self) {
        lock(&self.state).fault = None;
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        lock(&DISKS).remove(&self.database);
    }
}

impl State {
    /// The code this act has to fail with.
    fn fault(&mut self, act: Act) -> Option<c_int> {
        let fault = self.fault.as_mut().filter(|fault| fault.act == act)?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        let code = fault.code;
        if !fault.lasting {
            self.fault = None;
        }
        Some(code)
    }

    fn note(&mut self, step: Step) {
        if !self.silent {
            self.steps.push(step);
        }
    }
}

fn system() -> &'static System {
    SYSTEM.get_or_init(|| {
        // SAFETY: without a name this finds the default, which is there for as long as the process lives.
        let real = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
        // SAFETY: a table of numbers and function pointers; those that stay look at nothing else of it than what is copied.
        let mut ours = unsafe { *real };
        ours.zName = c"watching".as_ptr();
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        // SAFETY: the table is never freed.
        let code = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1) };
        assert_eq!(code, ffi::SQLITE_OK);
        System(real)
    })
}

/// Which watched file has this name.
unsafe fn watched(name: *const c_char) -> Option<(PathBuf, File)> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero.
    let name = unsafe { CStr::from_ptr(name) }.to_str().ok()?;
    let disks = lock(&DISKS);
    Part::ALL.into_iter().find_map(|part| {
        let database = name.strip_suffix(part.of(Path::new("")).to_str()?)?;
        let state = disks.get(Path::new(database))?.clone();
        Some((PathBuf::from(name), File { part, state, real: None }))
    })
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let system = system();
    // SAFETY: the name is SQLite's.
    let found = unsafe { watched(name) };
    let is_new = found.as_ref().is_some_and(|(path, _)| flags & ffi::SQLITE_OPEN_CREATE != 0 && !path.exists());
    // SAFETY: the arguments are SQLite's own, handed on to the file system they are made for.
    let code = unsafe { (*system.0).xOpen.expect("every file system opens files")(system.0, name, file, flags, out) };
    let Some((_, mut known)) = found.filter(|_| code == ffi::SQLITE_OK) else { return code };
    // SAFETY: the file was opened, so its methods are set, to a table that is never freed.
    let real: &'static Methods = unsafe { &*(*file).pMethods };
    known.real = Some(real);
    if is_new {
        lock(&known.state).note(Step::Create(known.part));
    }
    lock(&FILES).insert(file as usize, known);
    // SAFETY: the file is SQLite's, opened a moment ago.
    unsafe { (*file).pMethods = around(real) };
    code
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    let system = system();
    // SAFETY: the arguments are SQLite's own.
    let code = unsafe { (*system.0).xDelete.expect("every file system deletes files")(system.0, name, sync_folder) };
    // SAFETY: the name is SQLite's.
    if let Some((_, file)) = unsafe { watched(name) }.filter(|_| code == ffi::SQLITE_OK) {
        lock(&file.state).note(Step::Delete { part: file.part, synced: sync_folder != 0 });
    }
    code
}

/// The same methods but for five. There are two or three kinds of them, so they may stay for ever.
fn around(real: &'static Methods) -> &'static Methods {
    static MADE: LazyLock<Mutex<HashMap<usize, &'static Methods>>> = LazyLock::new(Mutex::default);
    lock(&MADE).entry(std::ptr::from_ref(real) as usize).or_insert_with(|| {
        Box::leak(Box::new(Methods {
            iVersion: real.iVersion.min(2), // no memory maps: what is written through one is not seen here
            xClose: Some(close),
            xRead: Some(read),
            xWrite: Some(write),
            xTruncate: Some(truncate),
            xSync: Some(sync),
            ..*real
        }))
    })
}

unsafe extern "C" fn close(handle: *mut ffi::sqlite3_file) -> c_int {
    let (_, real) = File::of(handle);
    lock(&FILES).remove(&(handle as usize));
    // SAFETY: the file is one that the real methods opened.
    unsafe { real.xClose.expect("files close")(handle) }
}

unsafe extern "C" fn read(handle: *mut ffi::sqlite3_file, to: *mut c_void, amount: c_int, at: i64) -> c_int {
    let (file, real) = File::of(handle);
    if let Some(code) = lock(&file.state).fault(Act::Read) {
        return code;
    }
    // SAFETY: SQLite's own arguments, for a file that the real methods opened.
    unsafe { real.xRead.expect("files can be read")(handle, to, amount, at) }
}

unsafe extern "C" fn write(handle: *mut ffi::sqlite3_file, from: *const c_void, amount: c_int, at: i64) -> c_int {
    let (File { part, state, .. }, real) = File::of(handle);
    let mut state = lock(&state);
    if let Some(code) = state.fault(Act::Write) {
        return code;
    }
    // SAFETY: SQLite's own arguments, for a file that the real methods opened.
    let code = unsafe { real.xWrite.expect("files can be written")(handle, from, amount, at) };
    if code == ffi::SQLITE_OK && !state.silent {
        // SAFETY: SQLite hands over so many bytes.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), amount.unsigned_abs() as usize) }.to_vec();
        state.note(Step::Write { part, at: usize::try_from(at).expect("no file begins before itself"), bytes });
    }
    code
}

unsafe extern "C" fn truncate(handle: *mut ffi::sqlite3_file, to: i64) -> c_int {
    let (File { part, state, .. }, real) = File::of(handle);
    // SAFETY: SQLite's own arguments, for a file that the real methods opened.
    let code = unsafe { real.xTruncate.expect("files can be cut")(handle, to) };
    if code == ffi::SQLITE_OK {
        lock(&state).note(Step::Truncate { part, to: usize::try_from(to).expect("no file is shorter than nothing") });
    }
    code
}

/// Nothing is synced in truth: what would be on the disk is computed.
unsafe extern "C" fn sync(handle: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    let (File { part, state, .. }, _) = File::of(handle);
    let mut state = lock(&state);
    if let Some(code) = state.fault(Act::Sync) {
        state.note(Step::FailedSync(part));
        return code;
    }
    if !state.lies {
        state.note(Step::Sync(part));
    }
    ffi::SQLITE_OK
}
