use std::path::Path;

use super::{sealed, uri};

#[test]
fn a_path_stands_in_a_uri_as_sqlite_wants_it() {
    for (path, expected) in [
        (r"C:\meet\athsys.db", "file:///C:/meet/athsys.db"),
        (r"\\?\C:\meet\50 % #1.db", "file:///C:/meet/50 %25 %231.db"),
        (r"\\server\share\a.db", "file:////server/share/a.db"),
        (r"\\?\UNC\server\share\a.db", "file:////server/share/a.db"),
    ] {
        assert_eq!(uri(Path::new(path), true), expected, "{path}");
    }
    assert_eq!(uri(Path::new(r"/home/a\b?.db"), false), r"file:///home/a\b%3f.db");
}

#[test]
fn a_file_is_read_by_a_path_from_here_too() {
    let folder = tempfile::tempdir_in(".").unwrap();
    let file = folder.path().join("50 % #1?.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch("CREATE TABLE known (id)").unwrap();
    let name = Path::new(folder.path().file_name().unwrap()).join("50 % #1?.db");
    let tables: i64 = sealed(&name).unwrap().query_row("SELECT count(*) FROM known", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 0);
}
