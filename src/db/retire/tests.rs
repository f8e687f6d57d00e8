//! Who may lose a file, and who may not.

use std::fs;

use super::*;

fn folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meet.db");
    fs::write(&path, vec![7; 3 * STEP as usize + 5]).unwrap();
    (folder, path)
}

/// Puts another file in the place of the one that retires.
fn replace(path: &Path) {
    let next = path.with_extension("next");
    fs::write(&next, "next").unwrap();
    fs::rename(next, path).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_nobody_has_is_freed_little_by_little() {
    let (_folder, path) = folder();
    let retiring = Retiring::of(&path);
    let seen = retiring.0.as_ref().unwrap().try_clone().unwrap();
    replace(&path);
    assert!(retiring.free(Pace::gentle()));
    assert_eq!(seen.metadata().unwrap().len(), 0);
    assert_eq!(fs::read_to_string(path).unwrap(), "next");
}

#[test]
fn whoever_is_still_reading_it_reads_it_to_the_end() {
    use std::io::Read;
    let (_folder, path) = folder();
    let mut copying = File::open(&path).unwrap();
    let retiring = Retiring::of(&path);
    replace(&path);
    assert!(!retiring.free(Pace::gentle()));
    let mut read = Vec::new();
    copying.read_to_end(&mut read).unwrap();
    assert_eq!(read, vec![7; 3 * STEP as usize + 5]);
}

#[test]
fn a_file_with_another_name_stays() {
    let (_folder, path) = folder();
    let linked = path.with_extension("linked");
    fs::hard_link(&path, &linked).unwrap();
    let retiring = Retiring::of(&path);
    replace(&path);
    assert!(!retiring.free(Pace::gentle()));
    assert_eq!(fs::metadata(linked).unwrap().len(), 3 * STEP + 5);
}

#[test]
fn where_there_is_no_file_there_is_nothing_to_free() {
    let (_folder, path) = folder();
    assert!(!Retiring::of(&path.with_extension("missing")).free(Pace::gentle()));
}
