use tempfile::TempDir;

use super::*;
use crate::config::Config;
use crate::db::{Access, Db, Deed, Entity, Files};
use crate::live::{Room, Seats};

async fn app() -> (TempDir, App) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("athsys.db");
    let db = tokio::task::spawn_blocking(move || Db::open(Files::of(&file), Access::Own).unwrap()).await.unwrap();
    (folder, App::new(db, Config::default()).unwrap())
}

fn listener(app: &App, last: Option<&str>) -> Listener {
    let seat = Seats::new(Room { streams: 1, reserved: 0 }).take(false).unwrap();
    Listener::new(app.clone(), Pass::Nothing, last, seat)
}

/// `count` changes of results, told.
async fn change(app: &App, count: i64) {
    for id in 1..=count {
        let touch = move |tx: &mut crate::db::Tx<'_>| {
            tx.touch_row(Entity::Results, id, Deed::Update);
            Ok::<_, crate::db::DbError>(())
        };
        app.db().write(touch).await.unwrap();
    }
    app.db().changes().news().tell();
}

fn messages(said: &Said) -> usize {
    said.text.matches("data: ").count()
}

#[tokio::test]
async fn a_client_that_does_not_keep_up_is_sent_away_and_hears_the_rest_when_it_comes_back() {
    let (_folder, app) = app().await;
    let mut slow = listener(&app, None);
    let greeting = slow.next().await.unwrap().text;
    let begun = greeting.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    change(&app, 256).await;
    let mut quick = listener(&app, None);
    quick.next().await.unwrap();
    assert_eq!(messages(&slow.next().await.unwrap()), 256, "so many may wait");
    change(&app, 257).await;
    assert!(slow.next().await.is_none(), "one more may not");

    let mut again = listener(&app, Some(&begun));
    assert!(!again.next().await.unwrap().text.contains("reset"));
    let mut heard = 0;
    while heard < 256 + 257 {
        heard += messages(&again.next().await.expect("what was missed before is not its queue"));
    }
    assert_eq!(heard, 256 + 257);
}

#[tokio::test]
async fn what_was_taken_back_is_never_told() {
    let (_folder, app) = app().await;
    let mut listener = listener(&app, None);
    listener.next().await.unwrap();
    let fail = |tx: &mut crate::db::Tx<'_>| {
        tx.touch_row(Entity::Results, 99, Deed::Create);
        Err::<(), _>(crate::db::DbError::Stopped)
    };
    assert!(app.db().write(fail).await.is_err());
    change(&app, 1).await;
    let said = listener.next().await.unwrap().text;
    assert!(said.contains("\"id\":1,") && !said.contains("99"), "{said}");
}

#[tokio::test]
async fn the_news_end_with_the_server_and_begin_anew_with_other_data() {
    let (_folder, app) = app().await;
    let (mut first, mut second) = (listener(&app, None), listener(&app, None));
    first.next().await.unwrap();
    app.db().changes().news().end();
    assert!(first.next().await.is_none());
    second.next().await.unwrap();
    assert!(second.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_by_a_comment_every_fifteen_seconds() {
    let (_folder, app) = app().await;
    let mut listener = listener(&app, None);
    listener.next().await.unwrap();
    let begun = Instant::now();
    for _ in 0..3 {
        let said = listener.next().await.unwrap();
        assert!(said.text.starts_with(":\n") && !said.is_last, "{}", said.text);
    }
    assert_eq!(begun.elapsed().as_secs(), 45);
}
