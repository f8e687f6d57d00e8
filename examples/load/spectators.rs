//! Phones in the stands: the page of an event, read again when something has changed, as the script of the page does.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::{Client, StatusCode, header};
use tokio::sync::Notify;

use super::meet::EVENTS;
use super::{Stage, device};

/// Between two readings of the same page.
const PAUSE: Duration = Duration::from_secs(10);
/// A page is looked at for so long before another one is opened.
const STAY: Duration = Duration::from_secs(25);
/// Before the server ends a connection that nobody uses.
pub const IDLE: Duration = Duration::from_secs(4);
/// A page that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(10);

struct Spectator {
    stage: Stage,
    number: usize,
    client: Client,
    /// The tags of the pages that the phone has kept.
    kept: HashMap<String, String>,
}

/// Comes after `late`, follows the news and reads.
pub async fn watch(stage: Stage, number: usize, late: Duration) {
    stage.rest(late).await;
    let builder = Client::builder().no_proxy().local_address(device(1, number)).pool_idle_timeout(IDLE);
    let client = match builder.connect_timeout(PATIENCE).build() {
        Ok(client) => client,
        Err(error) => return stage.figures.failed(format!("a client: {error}")),
    };
    let news = Notify::new();
    let mut spectator = Spectator { stage: stage.clone(), number, client: client.clone(), kept: HashMap::new() };
    tokio::join!(follow(&stage, &client, &news), spectator.read(&news));
}

impl Spectator {
    async fn read(&mut self, news: &Notify) {
        let mut opened = 0;
        self.open("/").await;
        while !self.stage.is_over() {
            let event = 1 + (self.number + opened * 7) % EVENTS;
            let page = format!("/events/{event}");
            let since = Instant::now();
            self.open(&page).await;
            while since.elapsed() < STAY && !self.stage.is_over() {
                // Each phone a little later than the one beside it.
                let jitter = Duration::from_millis((self.number as u64 * 37) % 2_000);
                self.stage.rest(PAUSE + jitter).await;
                if tokio::time::timeout(Duration::from_millis(1), news.notified()).await.is_ok() {
                    self.open(&page).await;
                }
            }
            opened += 1;
            if opened % 3 == 0 {
                self.open(&format!("/api/results?eventId={event}&perPage=50")).await;
            }
        }
    }

    async fn open(&mut self, path: &str) {
        if self.stage.is_over() {
            return;
        }
        let begun = Instant::now();
        match tokio::time::timeout(PATIENCE, self.fetch(path)).await {
            Ok(Ok(())) => self.stage.figures.reads.add(begun.elapsed()),
            Ok(Err(error)) => self.stage.figures.failed(format!("{path}: {error:#}")),
            Err(_) => self.stage.figures.failed(format!("{path}: no answer within {} s", PATIENCE.as_secs())),
        }
    }

    async fn fetch(&mut self, path: &str) -> anyhow::Result<()> {
        let mut request = self.client.get(self.stage.url(path)).header(header::ACCEPT_ENCODING, "gzip");
        if let Some(tag) = self.kept.get(path) {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        let answer = request.send().await?;
        let status = answer.status();
        if let Some(tag) = answer.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()) {
            self.kept.insert(path.to_owned(), tag.to_owned());
        }
        answer.bytes().await?;
        ensure!(matches!(status, StatusCode::OK | StatusCode::NOT_MODIFIED), "{status}");
        Ok(())
    }
}

/// Follows what changes until it is over.
async fn follow(stage: &Stage, client: &Client, news: &Notify) {
    let mut last = None;
    while !stage.is_over() {
        match listen(stage, client, news, &mut last).await {
            Ok(()) => {}
            Err(error) => {
                stage.figures.failed(format!("the news: {error:#}"));
                stage.rest(Duration::from_secs(2)).await;
            }
        }
    }
}

async fn listen(stage: &Stage, client: &Client, news: &Notify, last: &mut Option<String>) -> anyhow::Result<()> {
    let mut request = client.get(stage.url("/api/live"));
    if let Some(last) = last.as_deref() {
        request = request.header("last-event-id", last);
    }
    let mut stream = request.send().await?.error_for_status()?;
    stage.figures.stream_opened();
    let mut over = stage.over.clone();
    let outcome = loop {
        let chunk = tokio::select! {
            chunk = stream.chunk() => chunk,
            _ = over.wait_for(|over| *over) => break Ok(()),
        };
        let text = match chunk {
            Ok(Some(text)) => text,
            Ok(None) => break Err(anyhow::anyhow!("the stream ended")),
            Err(error) => break Err(error.into()),
        };
        let text = String::from_utf8_lossy(&text);
        let messages = text.matches("data: ").count();
        if messages > 0 {
            stage.figures.heard(messages as u64);
            news.notify_one();
        }
        if let Some(id) = text.lines().filter_map(|line| line.strip_prefix("id: ")).next_back() {
            *last = Some(id.to_owned());
        }
    };
    stage.figures.stream_ended();
    outcome
}
