use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

async fn poll_once(future: &mut (impl Future<Output = ()> + Unpin)) -> Poll<()> {
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx))).await
}

#[tokio::test]
async fn an_alarm_of_an_earlier_time_out_does_not_end_a_later_one() {
    let timer = ConnectionTimer::default();
    let begun = Instant::now();
    let polls = AtomicUsize::new(0);
    let mut dropped = timer.sleep(Duration::from_millis(5));
    assert!(poll_once(&mut dropped).await.is_pending());
    drop(dropped);
    let mut later = timer.sleep(Duration::from_millis(60));
    poll_fn(|cx| {
        polls.fetch_add(1, Ordering::Relaxed);
        later.as_mut().poll(cx)
    })
    .await;
    assert!(begun.elapsed() >= Duration::from_millis(60));
    assert!(polls.into_inner() < 10, "it does not spin");
    // And a shorter one after a longer one is not late.
    let mut long = timer.sleep(PATIENCE * 9);
    assert!(poll_once(&mut long).await.is_pending());
    tokio::time::timeout(PATIENCE, timer.sleep(Duration::from_millis(5))).await.expect("rings");
}
