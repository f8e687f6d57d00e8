use super::*;
use crate::db::Files;

#[test]
fn a_name_tells_why_and_when() {
    let folder = tempfile::tempdir().unwrap();
    for reason in Reason::ALL.into_iter().filter(|reason| *reason != Reason::Other) {
        for stem in ["meet", "Spring open: 100%", "before-import", "-.-", "Übung", "2027", &"long".repeat(30)] {
            let stem = Files::of(&folder.path().join(format!("{stem}.db"))).stem();
            let name = new_name(folder.path(), &stem, reason);
            assert!(is_listed(&name), "{name}");
            let (read, made) = read_name(&name);
            assert_eq!(read, reason, "{name}");
            assert!((crate::time::now_ms() - made.unwrap().0).abs() < 60_000, "{name}");
        }
    }
}

#[test]
fn two_in_one_second_differ() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let name = new_name(folder.path(), "meet", Reason::BeforeImport);
        std::fs::write(folder.path().join(&name), "").unwrap();
        assert_eq!(read_name(&name).0, Reason::BeforeImport, "{name}");
        assert!(names.insert(name));
    }
}

#[test]
fn other_names_tell_nothing_and_paths_are_none() {
    for name in ["copy of meet.db", "../meet.db", "a/b.db", ".hidden.db", "meet.db.part", "meet.db.sha256", "", ".db"] {
        assert!(!is_listed(name), "{name}");
    }
    assert!(is_listed(&format!("{}.db", "n".repeat(77))) && !is_listed(&format!("{}.db", "n".repeat(78))));
    for name in ["meet.db", "meet-20271399-990000-manual.db", "meet-manual.db", "20270516-143000.db"] {
        assert_eq!((read_name(name), is_listed(name)), ((Reason::Other, None), true), "{name}");
    }
}
