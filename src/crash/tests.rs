//! The hook is the process's own, so a process of its own panics for these tests.

use std::process::Command;

use super::*;

const FOLDER: &str = "ATHSYS_TEST_CRASH";

/// Does nothing unless the test below asks for it.
#[test]
fn panics_for_the_other_test() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let files = Files::of(&Path::new(&folder).join("meet.db"));
    report_beside(&files);
    for _ in 0..2 * MOST {
        let _ = std::panic::catch_unwind(|| panic!("row 7 of 'Grace Nakato' in /home/grace/meet.db is odd"));
    }
}

#[test]
fn a_panic_leaves_a_report_without_a_person_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::of(&folder.path().join("meet.db"));
    assert_eq!(newest(&files), "There is none.\n");
    let mut other = Command::new(std::env::current_exe().unwrap());
    let other = other.args(["--exact", "crash::tests::panics_for_the_other_test"]).env(FOLDER, folder.path());
    assert!(other.output().unwrap().status.success());

    let found = names(&files);
    assert!((1..=MOST).contains(&found.len()), "{found:?}");
    let text = newest(&files);
    assert!(text.starts_with(&format!("athsys {} on ", crate::VERSION)), "{text}");
    assert!(text.contains("row 7 of <text> in <path> is odd\nat src/crash/tests.rs:"), "{text}");
    assert!(text.contains("panics_for_the_other_test") && !text.contains("Grace") && !text.contains("/home/grace"));
}
