use super::*;
use crate::db::Touched;

fn value(memo: &Memo<i64>, changes: &Changes, day: i64, new: i64) -> i64 {
    let make = || Ok::<_, ()>(new);
    memo.get("n", &Moment::of(changes), &[Entity::Races, Entity::Events], day, make).unwrap()
}

#[test]
fn a_value_is_kept_until_one_of_its_tables_changes() {
    let (memo, changes) = (Memo::default(), Changes::default());
    let touch = |entity| {
        let mut touched = Touched::default();
        touched.add(entity);
        changes.publish(touched);
    };
    assert_eq!(value(&memo, &changes, 1, 10), 10);
    touch(Entity::Users);
    assert_eq!(value(&memo, &changes, 1, 11), 10);
    touch(Entity::Events);
    assert_eq!(value(&memo, &changes, 1, 12), 12);
    assert_eq!(value(&memo, &changes, 2, 13), 13, "another day");
}

#[test]
fn what_could_not_be_made_is_not_kept() {
    let (memo, changes) = (Memo::<i64>::default(), Changes::default());
    let failed = memo.get("n", &Moment::of(&changes), &[], 0, || Err("no"));
    assert_eq!(failed, Err("no"));
    assert_eq!(memo.get("n", &Moment::of(&changes), &[], 0, || Ok::<_, ()>(3)), Ok(3));
}
