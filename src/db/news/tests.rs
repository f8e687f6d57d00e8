use super::*;

fn row(id: i64) -> Change {
    Change { entity: Entity::Results, id: Some(id), deed: Deed::Update }
}

fn table(entity: Entity) -> Change {
    Change { entity, id: None, deed: Deed::Reload }
}

fn newest(news: &News) -> u64 {
    news.told.borrow().newest
}

/// What can be heard behind a number, without the numbers.
fn behind(news: &News, heard: u64) -> Vec<Change> {
    news.since(heard, usize::MAX).unwrap().into_iter().map(|(_, change)| change).collect()
}

#[test]
fn news_are_numbered_in_their_order_and_heard_when_they_are_told() {
    let news = News::default();
    let start = newest(&news);
    news.add([row(1), row(2)]);
    assert_eq!(behind(&news, start), [], "added, but not told");
    news.tell();
    news.add([row(3)]);
    assert_eq!(news.since(start, 9), Some(vec![(start + 1, row(1)), (start + 2, row(2))]));
    assert_eq!(news.since(start + 1, 9), Some(vec![(start + 2, row(2))]));
    news.tell();
    assert_eq!(news.since(start, 2).unwrap().len(), 2, "no more than asked for");
    assert_eq!(behind(&news, start + 2), [row(3)]);
    assert_eq!(behind(&news, start + 3), []);
}

#[test]
fn a_number_that_was_never_told_has_no_news() {
    let news = News::default();
    let start = newest(&news);
    news.add([row(1)]);
    assert_eq!(news.since(start + 1, 9), None, "not told yet");
    for number in [start - 1, 0, u64::MAX] {
        assert_eq!(news.since(number, 9), None, "{number}");
    }
}

#[test]
fn what_is_told_for_a_whole_table_is_told_once_until_somebody_hears_it() {
    let news = News::default();
    let start = newest(&news);
    for _ in 0..100_000 {
        news.add([table(Entity::Results), row(5), table(Entity::Athletes)]);
    }
    news.tell();
    assert_eq!(behind(&news, start), [table(Entity::Results), table(Entity::Athletes)]);
    news.add([row(6), table(Entity::Results)]);
    news.tell();
    assert_eq!(behind(&news, start + 2), [row(6), table(Entity::Results)]);
}

#[test]
fn the_ring_keeps_so_many_and_forgets_the_oldest() {
    let news = News::default();
    let start = newest(&news);
    let count = i64::try_from(KEPT).unwrap() + 1;
    news.add((1..=count).map(row));
    news.tell();
    assert_eq!(news.since(start, 9), None, "the first is forgotten");
    let kept = behind(&news, start + 1);
    assert_eq!((kept.len(), kept.first(), kept.last()), (KEPT, Some(&row(2)), Some(&row(count))));
}

#[test]
fn other_data_begins_to_count_somewhere_else() {
    let news = News::default();
    let before = *news.told.borrow();
    news.add([row(1)]);
    news.tell();
    news.begin_anew();
    let after = *news.told.borrow();
    assert_eq!((after.life, after.is_over), (before.life + 1, false));
    assert_eq!(news.since(before.newest, 9), None);
    assert_eq!(behind(&news, after.newest), []);
    assert!(after.newest < 1 << 53, "a number in every language");
}

#[tokio::test]
async fn whoever_tells_is_woken_and_whoever_listens_hears_of_it() {
    let news = News::default();
    let mut told = news.listen();
    news.add([row(1)]);
    news.stirred().await;
    assert!(!told.has_changed().unwrap());
    news.tell();
    assert!(told.has_changed().unwrap());
    let newest = told.borrow_and_update().newest;
    news.tell();
    assert!(!told.has_changed().unwrap(), "nothing new");
    news.end();
    assert_eq!(*told.borrow_and_update(), Told { newest, life: 0, is_over: true });
}
