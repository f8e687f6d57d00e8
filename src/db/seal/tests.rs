use std::fs;

use super::*;
use crate::db::{Access, Db, Files, connect};

fn sealed_file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::of(&folder.path().join("meet.db"));
    Db::open(files.clone(), Access::Own).unwrap().close();
    (folder, files.database().to_owned())
}

fn verdict(path: &Path) -> Option<bool> {
    check(path, &connect::sealed(path).unwrap()).unwrap().map(|check| check.ok)
}

#[test]
fn a_copy_is_sealed_and_a_flipped_byte_anywhere_breaks_the_seal() {
    let (_folder, path) = sealed_file();
    assert_eq!(verdict(&path), Some(true));
    let whole = fs::read(&path).unwrap();
    // Not in the header, where a flip makes it no database at all.
    for at in (100..whole.len()).step_by(1_009) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let seen = connect::sealed(&path).and_then(|conn| check(&path, &conn));
        assert!(!matches!(seen, Ok(Some(Check { ok: true, .. }))), "the flip at {at} was not seen");
    }
}

#[test]
fn a_copy_made_by_sqlite_keeps_the_seal_and_an_edit_breaks_it() {
    let (folder, path) = sealed_file();
    let other = folder.path().join("copy.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.backup("main", &other, None).unwrap();
    assert_eq!(verdict(&other), Some(true));
    let copy = rusqlite::Connection::open(&other).unwrap();
    copy.execute("INSERT INTO settings (key, value) VALUES ('by', 'hand')", []).unwrap();
    drop(copy);
    assert_eq!(verdict(&other), Some(false));
}

#[test]
fn a_seal_across_the_border_of_two_chunks_is_found() {
    let mut file = tempfile::tempfile().unwrap();
    let stamp = "0123456789abcdef0123456789abcdef";
    let mut bytes = vec![7; CHUNK - 40];
    bytes.extend_from_slice(stamp.as_bytes());
    bytes.extend_from_slice(&[0; SEAL]);
    bytes.extend_from_slice(&[9; 100]);
    file.write_all(&bytes).unwrap();
    let (first, places) = digest(&mut file, stamp, &[0; SEAL], || {}).unwrap();
    assert_eq!(places, [(CHUNK - 40 + 32) as u64]);
    file.seek(SeekFrom::Start(places[0])).unwrap();
    file.write_all(&first).unwrap();
    assert_eq!(digest(&mut file, stamp, &first, || {}).unwrap().0, first);
}
