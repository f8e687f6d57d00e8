use super::*;
use crate::db::{Access, Db, Files};
use crate::exports::RowSet;
use crate::formats::format::Format;

#[test]
fn a_workbook_that_nobody_waits_for_is_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).expect("opens");
    let race = "INSERT INTO races (name, name_key, date, location, status, registration_open, created_at, updated_at)
        VALUES ('Spring Open', 'spring open', '2026-05-01', 'Oslo', 'scheduled', 0, 0, 0)";
    db.write_blocking(|tx| tx.conn().execute_batch(race).map_err(DbError::from)).expect("writes");
    let reader = db.export_reader().expect("reads");
    let sheets: Vec<Wanted> = RowSet::all().iter().map(|set| Wanted::everything(set, Format::Xlsx)).collect();
    let (wait, waiting) = Wait::while_kept();
    assert_eq!(build(&reader, &sheets, &wait).expect("somebody waits").rows, 1);
    drop(waiting);
    let ended = build(&reader, &sheets, &wait).expect_err("nobody waits");
    assert!(matches!(ended, ExportError::Abandoned), "{ended}");
}
