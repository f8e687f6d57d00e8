//! A newer program on the file of an older one: what it keeps, and the way back.

use std::path::Path;

use super::*;

/// A file as the version with this schema left it, with a race in it.
fn file_of(schema: i32, path: &Path) {
    let conn = migrated_to(schema).unwrap();
    let race = "INSERT INTO races (name, name_key, date, location, status, registration_open, created_at, updated_at)
        VALUES ('Open', 'open', '2026-06-14', 'Oslo', 'scheduled', 0, 0, 0)";
    conn.execute(race, []).unwrap();
    conn.pragma_update(None, "application_id", connect::APPLICATION_ID).unwrap();
    conn.pragma_update(None, "user_version", schema).unwrap();
    conn.execute("VACUUM INTO ?1", [path.to_string_lossy()]).unwrap();
}

fn races(conn: &Connection) -> i64 {
    conn.query_row("SELECT count(*) FROM races WHERE name = 'Open'", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_file_of_every_older_version_is_brought_up_to_date_and_kept_as_it_was() {
    for schema in 1..crate::db::newest_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("meet.db");
        file_of(schema, &path);
        let db = Db::open(Files::of(&path), Access::Own).unwrap();
        let found = db.read_blocking(|conn| Ok::<_, DbError>((identify(conn).unwrap(), races(conn)))).unwrap();
        assert_eq!(found, (Found::Ours { schema: crate::db::newest_schema() }, 1), "from {schema}");
        db.close();

        let names = || std::fs::read_dir(folder.path().join("backups")).unwrap();
        let kept: Vec<_> = names().map(|entry| entry.unwrap().path()).collect();
        let [kept] = kept.as_slice() else { panic!("one copy from {schema}: {kept:?}") };
        let name = kept.file_name().unwrap().to_string_lossy();
        let start = format!("meet-schema-{schema}-");
        assert!(name.starts_with(&start) && name.ends_with("-before-migration.db"), "{name}");
        let copy = connect::reader(kept).unwrap();
        assert_eq!((identify(&copy).unwrap(), races(&copy)), (Found::Ours { schema }, 1));
        assert_eq!(schema_differences(&copy).unwrap(), [""; 0], "the version from before opens it");
        drop(copy);

        // The way back, and forward again.
        std::fs::copy(kept, &path).unwrap();
        let db = Db::open(Files::of(&path), Access::Own).unwrap();
        assert_eq!(db.read_blocking(|conn| Ok::<_, DbError>(races(conn))).unwrap(), 1);
        db.close();
    }
}

#[test]
fn a_copy_that_lacks_rows_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("meet.db");
    file_of(1, &path);
    let before = rows_of(&connect::reader(&path).unwrap()).unwrap();
    let conn = connect::writer(&path).unwrap();
    conn.execute("DELETE FROM races", []).unwrap();
    assert_ne!(rows_of(&conn).unwrap(), before);
}
