//! Which folder gets the database, for the ways in which systems start a program.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Start, USUAL, choose};

/// A home with documents, and a folder for the program.
fn computer() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["home/Documents", "home/meet", "stick", "usr/bin"] {
        fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    folder
}

fn chosen(root: &Path, working: &str, program: &str) -> PathBuf {
    let working = if working == "/" { PathBuf::from("/") } else { root.join(working) };
    choose(&Start { working: Some(working), program: Some(root.join(program)), home: Some(root.join("home")) })
}

#[test]
fn a_folder_somebody_went_to_is_taken_as_it_is() {
    let root = computer();
    assert_eq!(chosen(root.path(), "home/meet", "usr/bin"), Path::new(USUAL));
    assert_eq!(chosen(root.path(), "home/meet", "stick"), Path::new(USUAL));
}

#[test]
fn a_double_click_finds_the_folder_of_the_program_wherever_it_starts() {
    let root = computer();
    for working in ["/", "home", "stick"] {
        assert_eq!(chosen(root.path(), working, "stick"), root.path().join("stick").join(USUAL), "{working}");
    }
    fs::create_dir(root.path().join("System32")).unwrap();
    assert_eq!(chosen(root.path(), "System32", "stick"), root.path().join("stick").join(USUAL));
}

#[test]
fn a_program_among_programs_keeps_its_data_with_the_documents() {
    let root = computer();
    let expected = root.path().join("home/Documents/athsys").join(USUAL);
    assert_eq!(chosen(root.path(), "home", "usr/bin"), expected);
    assert!(expected.parent().unwrap().is_dir(), "its folder is there");
    assert_eq!(chosen(root.path(), "/", "no such folder"), expected);
}

#[test]
fn documents_that_a_cloud_program_copies_are_avoided() {
    let root = tempfile::tempdir().unwrap();
    let home = root.path().join("home");
    fs::create_dir_all(root.path().join("OneDrive/Documents")).unwrap();
    fs::create_dir_all(&home).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(root.path().join("OneDrive/Documents"), home.join("Documents")).unwrap();
    assert_eq!(chosen(root.path(), "home", "usr/bin"), home.join("athsys").join(USUAL));
}

#[test]
fn a_database_that_is_there_counts_more_than_where_it_lies() {
    let root = computer();
    fs::write(root.path().join("home").join(USUAL), "").unwrap();
    assert_eq!(chosen(root.path(), "home", "stick"), Path::new(USUAL));
    // After a crash there may be only the folder beside it.
    fs::create_dir_all(root.path().join("usr/bin/athsys.db.live")).unwrap();
    fs::write(root.path().join("usr/bin/athsys.db.live/live.db"), "").unwrap();
    assert_eq!(chosen(root.path(), "/", "usr/bin"), root.path().join("usr/bin").join(USUAL));
}
