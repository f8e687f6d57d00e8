use tracing_subscriber::prelude::*;

use super::*;

/// A ring of its own that hears what `work` logs.
fn heard(work: impl FnOnce()) -> &'static Ring {
    let ring: &'static Ring = Box::leak(Box::new(Ring::new()));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(RingLayer(ring)), work);
    ring
}

fn wanted(level: Level, text: &str) -> Wanted {
    Wanted { level, text: text.to_owned(), after: None, limit: 200 }
}

fn messages(part: &Part) -> Vec<&str> {
    part.lines.iter().map(|line| &*line.message).collect()
}

#[test]
fn lines_keep_their_level_message_and_fields() {
    let ring = heard(|| {
        tracing::info!(status = 200_u16, duration_ms = 1.5, route = "/api/races", "request");
        tracing::warn!(user = 7, late = true, "a token of {} was used twice", "x");
    });
    let part = ring.part(&wanted(Level::TRACE, ""));
    let text = serde_json::to_value(&part.lines).unwrap();
    let line = |at: usize, name: &str| text[at][name].clone();
    assert_eq!(line(0, "fields"), serde_json::json!({"status": 200, "duration_ms": 1.5, "route": "/api/races"}));
    assert_eq!((line(0, "seq"), line(0, "level"), line(0, "message")), (1.into(), "info".into(), "request".into()));
    assert_eq!(line(1, "message"), "a token of x was used twice");
    assert_eq!(line(1, "fields"), serde_json::json!({"user": 7, "late": true}));
    assert!(line(1, "target").as_str().unwrap().starts_with("athsys::logs") && line(1, "time").is_string());
    assert_eq!((part.oldest, part.newest), (1, 2));
}

#[test]
fn lines_are_found_by_level_and_text() {
    let ring = heard(|| {
        tracing::debug!("a little thing");
        tracing::info!(route = "/api/Races", "request");
        tracing::error!("a great thing");
    });
    assert_eq!(messages(&ring.part(&wanted(Level::INFO, ""))), ["request", "a great thing"]);
    assert_eq!(messages(&ring.part(&wanted(Level::ERROR, ""))), ["a great thing"]);
    assert_eq!(messages(&ring.part(&wanted(Level::TRACE, "thing"))), ["a little thing", "a great thing"]);
    assert_eq!(messages(&ring.part(&wanted(Level::TRACE, "/api/races"))), ["request"]);
}

#[test]
fn who_follows_misses_none() {
    let ring = heard(|| (1..=10).for_each(|n| tracing::info!("{n}")));
    let part = |after, limit| ring.part(&Wanted { after, limit, ..wanted(Level::INFO, "") });
    assert_eq!(messages(&part(None, 3)), ["8", "9", "10"]);
    assert_eq!(messages(&part(Some(7), 2)), ["8", "9"], "the next ones, not the newest");
    assert_eq!(messages(&part(Some(10), 2)), [""; 0]);
    assert_eq!((part(Some(10), 2).oldest, part(Some(10), 2).newest), (1, 10));
}

#[test]
fn old_lines_make_room() {
    let ring = heard(|| (0..=LINES).for_each(|n| tracing::info!("{n}")));
    let part = ring.part(&Wanted { limit: LINES * 2, ..wanted(Level::INFO, "") });
    assert_eq!((part.lines.len(), part.oldest, part.newest), (LINES, 2, LINES as u64 + 1));
    let long = "x".repeat(LONGEST * 2);
    let ring = heard(|| (0..500).for_each(|_| tracing::info!("{long}")));
    let part = ring.part(&Wanted { limit: LINES, ..wanted(Level::INFO, "") });
    let bytes: usize = part.lines.iter().map(Line::bytes).sum();
    assert!(bytes <= BYTES && part.lines.len() > 100, "{bytes} bytes in {} lines", part.lines.len());
    assert!(part.lines.iter().all(|line| line.message.len() == LONGEST));
}

#[test]
fn looking_at_the_log_leaves_no_line() {
    let ring = heard(|| tracing::info!(route = OWN_ROUTE, status = 200_u16, "request"));
    assert_eq!(ring.part(&wanted(Level::TRACE, "")).newest, 0);
    let ring = heard(|| tracing::info!(route = OWN_ROUTE, status = 403_u16, "request"));
    assert_eq!(ring.part(&wanted(Level::TRACE, "")).newest, 1, "a refusal is told");
}

#[test]
fn levels_have_words() {
    assert_eq!(level("warn"), Some(Level::WARN));
    assert_eq!((level("WARN"), level("loud")), (None, None));
}
