//! Files of bounded size and number, and lines from before there is a file.

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_newest_files_stay_and_none_grows_over_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("athsys.log");
    let mut log = Rotating::open(&path, 100).unwrap();
    for number in 0..200 {
        log.write(format!("line {number:03}\n").as_bytes());
    }
    assert_eq!(names(folder.path()), ["athsys.1.log", "athsys.2.log", "athsys.3.log", "athsys.4.log", "athsys.log"]);
    for name in names(folder.path()) {
        let bytes = fs::metadata(folder.path().join(&name)).unwrap().len();
        assert!(bytes <= 100 && bytes > 0, "{name}: {bytes}");
    }
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(text("athsys.log").ends_with("line 199\n") && text("athsys.1.log").starts_with("line 1"), "newest first");
    let oldest = text("athsys.4.log");
    assert!(oldest < text("athsys.3.log"), "{oldest}");
}

#[test]
fn a_file_goes_on_where_the_last_server_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("athsys.log");
    Rotating::open(&path, 100).unwrap().write(b"first\n");
    Rotating::open(&path, 100).unwrap().write(b"second\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), "first\nsecond\n");
}

#[test]
fn what_was_said_before_the_place_was_known_stands_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("athsys.log");
    let log: &'static FileLog = Box::leak(Box::new(FileLog::new()));
    log.make_writer().write_all(b"early\n").unwrap();
    log.make_writer().write_all(&vec![b'x'; MOST_EARLY]).unwrap();
    log.begin(&path).unwrap();
    log.make_writer().write_all(b"late\n").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "early\nlate\n", "and is bounded");
}
