use super::*;
use crate::db::{Access, Db, Files};
use crate::demo;

/// Beside the events of the demo data.
fn asked(code: &str, value: &str) -> Option<Proposal> {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).expect("opens");
    demo::load(&db).expect("loads");
    let usual = Usual { country: Some(Country::from_code("KEN").expect("a country")) };
    db.read_blocking(|conn| propose(conn, &usual, code, Some("Nation"), value, &[13, 14])).expect("reads")
}

fn proposed(code: &str, value: &str) -> Option<(String, String)> {
    let proposal = asked(code, value)?;
    let to = proposal.repairs.first().map(|repair| repair.to.clone()).unwrap_or_default();
    Some((proposal.text, to))
}

fn some(text: &str, to: &str) -> Option<(String, String)> {
    Some((text.to_owned(), to.to_owned()))
}

#[test]
fn what_is_nearly_right_is_put_right() {
    assert_eq!(proposed("invalid_country", "Kenyaa"), some("Kenya is KEN", "KEN"));
    assert_eq!(proposed("invalid_gender", "Femal"), some("Read it as F", "F"));
    assert_eq!(
        proposed("invalid_email", "ada (at) example,org"),
        some("Write it as ada@example.org", "ada@example.org")
    );
    assert_eq!(proposed("invalid_bib", "10 1!"), some("Write it as 101", "101"));
    assert_eq!(proposed("unknown_event", "Long jmp"), some("Long Jump is meant", "Long Jump"));
    let usual = "Fill in KEN, as nearly all the others have (Kenya)";
    assert_eq!(proposed("missing_country", ""), some(usual, "KEN"));
}

#[test]
fn what_is_not_is_left_blank_or_to_a_person() {
    assert_eq!(proposed("invalid_country", "qqqqqq"), None);
    assert_eq!(proposed("invalid_email", "nobody"), some("Leave it blank", ""));
    assert_eq!(proposed("invalid_date", "31/02/2008"), some("Leave it blank", ""));
    assert_eq!(proposed("missing_name", ""), None);
}

#[test]
fn a_bib_used_twice_is_taken_from_the_later_rows_only() {
    let proposal = asked("duplicate_bib", "101").expect("a proposal");
    let rows: Vec<Option<u64>> = proposal.repairs.iter().map(|repair| repair.row).collect();
    assert_eq!(rows, [Some(13), Some(14)]);
}
