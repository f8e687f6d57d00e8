use super::*;

const MB: u64 = 1 << 20;

fn item(reason: Reason, created_ms: i64) -> Item {
    let name = format!("{}-{created_ms}", reason.as_str());
    Item { name, reason, created_ms, bytes: MB, is_verified: true }
}

/// Backups of every five minutes of so many days.
fn timed(days: i64) -> Vec<Item> {
    (0..days * DAY_MS / 300_000).map(|n| item(Reason::Automatic, n * 300_000)).collect()
}

fn left(items: &[Item], room: u64) -> Vec<String> {
    let gone = surplus(items, room);
    items.iter().map(|one| one.name.clone()).filter(|name| !gone.contains(name)).collect()
}

#[test]
fn the_last_hour_day_and_fortnight_stay() {
    let items = timed(30);
    let left = left(&items, u64::MAX);
    // Twelve of the last hour; the newest of each hour, of which the last is among them; the same for days.
    assert_eq!(left.len(), NEWEST + (HOURLY - 1) + (DAILY - 1));
    assert_eq!(left.last(), items.last().map(|one| &one.name));
}

#[test]
fn it_is_the_same_when_it_is_done_each_time() {
    let mut kept: Vec<Item> = Vec::new();
    for one in timed(3) {
        kept.push(one);
        let gone = surplus(&kept, u64::MAX);
        kept.retain(|item| !gone.contains(&item.name));
        assert!(kept.len() <= NEWEST + HOURLY + DAILY);
    }
    let days: std::collections::BTreeSet<i64> = kept.iter().map(|one| one.created_ms / DAY_MS).collect();
    assert_eq!(days.len(), 3, "each day has one left");
}

#[test]
fn twenty_from_before_something_stay_and_what_people_made() {
    let mut items: Vec<Item> = (0..30).map(|n| item(Reason::BeforeImport, n)).collect();
    items.extend((0..30).map(|n| item(Reason::Manual, n)));
    items.extend((0..30).map(|n| item(Reason::Uploaded, n)));
    let gone = surplus(&items, u64::MAX);
    assert_eq!(gone.len(), 10);
    assert!(gone.iter().all(|name| name.starts_with("before-import")), "{gone:?}");
    assert!(gone.contains(&"before-import-0".to_owned()) && !gone.contains(&"before-import-29".to_owned()));
}

#[test]
fn room_is_made_from_the_oldest_but_never_by_the_last_whole_one() {
    let items: Vec<Item> = (0..6).map(|n| item(Reason::Automatic, n * HOUR_MS)).collect();
    assert_eq!(left(&items, 3 * MB), ["automatic-10800000", "automatic-14400000", "automatic-18000000"]);
    let mut items = items;
    (3..6).for_each(|n| items[n].is_verified = false);
    assert_eq!(left(&items, 0), ["automatic-7200000"], "the newest that is whole");
    items.push(item(Reason::Manual, 0));
    assert_eq!(left(&items, 0), ["automatic-7200000", "manual-0"]);
}

#[test]
fn a_small_disk_has_little_room() {
    assert_eq!(room(Some(100 << 30), 0), 2 << 30);
    assert_eq!(room(Some(4 << 30), 1 << 30), 1 << 30);
    assert_eq!(room(None, 5), 2 << 30);
}
