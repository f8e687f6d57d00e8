//! The file with the signing keys, beside the database and never in it.
//!
//! One key a line, `kid base64url(32 bytes)`: the first line signs, a second one is still accepted. [`KeyFile::rotate`]
//! puts a new line on top, for `athsys rotate-key`; to void all tokens, rotate twice or delete the file.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::{KEY_BYTES, Key, Keys, base64url, hex, random};

/// The current key and the one before.
const MAX_KEYS: usize = 2;
const MAX_KID: usize = 32;

/// Where the [`Keys`] come from.
pub struct KeyFile;

impl KeyFile {
    /// Reads the keys, or makes a file with one new key when there is none.
    ///
    /// The new file is complete before it has its name, readable for its owner only, and on disk when this
    /// returns. An existing file that others could read is tightened with a warning. An unreadable one is an
    /// error and is not replaced: that would sign everybody out without saying why.
    pub fn open_or_create(path: &Path) -> io::Result<Keys> {
        match read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path),
            done => done,
        }
    }

    /// Puts a new key on top: it signs from the next start on, the one that signed so far is still accepted, and an older
    /// one is dropped. Answers how many keys the file holds now.
    ///
    /// The file is replaced at once, so that a crash leaves the old keys or the new ones.
    pub fn rotate(path: &Path) -> io::Result<usize> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other.map_err(|error| named(path, "cannot be read", &error))?,
        };
        if !text.is_empty() {
            parse(&text).map_err(|reason| unusable(path, &reason))?;
        }
        let old = text.lines().filter(|line| !line.trim().is_empty()).take(MAX_KEYS - 1);
        let lines: Vec<String> = std::iter::once(new_line()).chain(old.map(|line| format!("{line}\n"))).collect();
        let replaced = temporary(path, &lines.concat()).and_then(|file| Ok(file.persist(path)?));
        replaced.map_err(|error| named(path, "cannot be replaced", &error))?;
        settle(path);
        Ok(lines.len())
    }
}

fn new_line() -> String {
    format!("{} {}\n", hex(&random::<4>()), base64url::encode(&random::<KEY_BYTES>()))
}

fn read(path: &Path) -> io::Result<Keys> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => unusable(path, "it is not a text file"),
        _ => named(path, "cannot be read", &error),
    })?;
    tighten(path);
    parse(&text).map_err(|reason| unusable(path, &reason))
}

fn create(path: &Path) -> io::Result<Keys> {
    let text = new_line();
    match write_new(path, &text) {
        Ok(()) => parse(&text).map_err(io::Error::other),
        // Another process was faster; its key is the one to use.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(path),
        Err(error) => Err(named(path, "cannot be created", &error)),
    }
}

/// The file gets its name only when it is complete and on disk: a crash leaves no half a key behind.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Err(refused) = temporary(path, text)?.persist_noclobber(path) {
        if refused.error.kind() == io::ErrorKind::AlreadyExists {
            return Err(refused.error);
        }
        // Some file systems of memory sticks have no such rename; there two starts at once are not expected.
        refused.file.persist(path)?;
    }
    settle(path);
    Ok(())
}

/// A temporary file beside `path` with this text, made with `O_EXCL` and mode 0600, on disk.
fn temporary(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix(".athsys-key-").tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Folders cannot be opened for this on every system, and a lost key only signs everybody out.
fn settle(path: &Path) {
    let _ = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
}

fn parse(text: &str) -> Result<Keys, String> {
    let mut keys: Vec<Key> = Vec::new();
    for (line, content) in (1..).zip(text.lines()).filter(|(_, content)| !content.trim().is_empty()) {
        let key = parse_line(content).ok_or_else(|| format!("line {line} is not a key"))?;
        if keys.iter().any(|known| known.kid == key.kid) {
            return Err(format!("line {line} repeats the name of a key"));
        }
        keys.push(key);
    }
    match keys.len() {
        0 => Err("it holds no key".to_owned()),
        1..=MAX_KEYS => Ok(Keys { keys }),
        more => Err(format!("it holds {more} keys, and at most {MAX_KEYS} can be valid")),
    }
}

fn parse_line(line: &str) -> Option<Key> {
    let (kid, secret) = line.trim().split_once(' ')?;
    let named = (1..=MAX_KID).contains(&kid.len())
        && kid.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let secret: [u8; KEY_BYTES] = base64url::decode(secret.trim_start())?.try_into().ok()?;
    named.then(|| Key::new(kid, &secret))
}

/// Never shows the content, which may be a key with a typing error.
fn unusable(path: &Path, reason: &str) -> io::Error {
    let file = path.display();
    let advice = "Restore it from a copy, or delete it to have a new one made; everybody then signs in again";
    io::Error::new(io::ErrorKind::InvalidData, format!("the key file {file} cannot be used: {reason}. {advice}"))
}

fn named(path: &Path, what: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("the key file {} {what}: {error}", path.display()))
}

#[cfg(unix)]
fn tighten(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let Ok(mode) = fs::metadata(path).map(|data| data.permissions().mode() & 0o777) else { return };
    if mode & 0o077 == 0 {
        return;
    }
    match fs::set_permissions(path, fs::Permissions::from_mode(0o600)) {
        Ok(()) => tracing::warn!(
            file = %path.display(),
            "others could read the key file (mode {mode:o}); it is now 600. If they are not to be trusted, replace the key"
        ),
        Err(error) => tracing::warn!(file = %path.display(), %error, "others can read the key file (mode {mode:o})"),
    }
}

/// Other systems have no mode; there the folder's own rules hold.
#[cfg(not(unix))]
fn tighten(_path: &Path) {}
