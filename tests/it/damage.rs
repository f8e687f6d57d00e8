//! Single bytes of a copy are changed, as a bad stick does it: either nothing is said differently, or `check` tells.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::support::chances::Chances;
use crate::support::{Athsys, folder, people};

const FLIPS: u64 = 200;

/// Every row of every table.
type Content = BTreeMap<String, Vec<Vec<Value>>>;

fn content(file: &Path) -> rusqlite::Result<Content> {
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let rows = |table: &String| {
        let mut statement = conn.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let width = statement.column_count();
        let rows = statement.query_map([], |row| (0..width).map(|at| row.get(at)).collect::<rusqlite::Result<_>>())?;
        Ok((table.clone(), rows.collect::<rusqlite::Result<_>>()?))
    };
    tables.iter().map(rows).collect()
}

#[test]
fn a_flipped_byte_changes_nothing_or_is_told() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    athsys.run_with(&["import", "athletes", "-", "--format", "csv"], people(1, 300).as_bytes()).is(0);
    let whole = std::fs::read(&athsys.db).unwrap();
    let before = content(&athsys.db).unwrap();
    let copy = Athsys::on(&folder.path().join("copy.db"));
    std::fs::write(&copy.db, &whole).unwrap();
    copy.run(&["check"]).is(0);
    let mut chances = Chances(20_261_123);
    let mut told = 0;
    for flip in 0..FLIPS {
        let at = chances.below(whole.len() as u64);
        let mut bytes = whole.clone();
        bytes[usize::try_from(at).unwrap()] ^= 1 << chances.below(8);
        std::fs::write(&copy.db, bytes).unwrap();
        let ran = copy.run(&["check"]);
        assert!(matches!(ran.code, Some(0 | 1)), "flip {flip} at {at}: {ran:?}");
        assert!(!ran.err.contains("panicked"), "flip {flip} at {at}: {ran:?}");
        if ran.code == Some(0) {
            assert_eq!(content(&copy.db).as_ref(), Ok(&before), "flip {flip} at {at} was not told");
        } else {
            told += 1;
        }
    }
    println!("{told} of {FLIPS} were told; the others were harmless");
    assert!(told > FLIPS / 2, "only {told} were told");
}
