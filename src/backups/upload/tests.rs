use super::*;

#[test]
fn a_file_of_more_than_two_gib_is_refused_and_nothing_of_it_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("incoming.part");
    let mut incoming = Incoming::new(&path).unwrap();
    incoming.take(b"the first").unwrap();
    incoming.bytes = (2 << 30) - 1;
    incoming.take(b"x").expect("two GiB are taken");
    let refused = incoming.take(b"x").unwrap_err();
    assert_eq!(refused.to_string(), "413 too-large: This is too large; the most is 2048 MiB");
    drop(incoming);
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_computer_may_read_what_comes_in() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("incoming.part");
    let _incoming = Incoming::new(&path).unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}
