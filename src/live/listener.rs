//! One who listens: the news since they last heard, as Server-Sent Events.

use std::fmt::Write as _;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};

use super::audience::heard_by;
use crate::auth::guard::{Pass, SignedIn};
use crate::db::{Change, Told};
use crate::state::App;

/// Silence after which a comment says that the server is there.
const BEAT: Duration = Duration::from_secs(15);
/// A client that has not taken so many messages is sent away. It comes back and hears them, or that it missed them.
const QUEUE: u64 = 256;
/// Messages sent at once.
const BATCH: usize = 256;
/// After so many milliseconds a browser whose stream has ended asks again.
const RETRY_MS: u64 = 2_000;

/// A client and how far it has heard.
pub(super) struct Listener {
    app: App,
    pass: Pass,
    told: watch::Receiver<Told>,
    life: u32,
    heard: u64,
    /// The newest change when it came. What it missed before is not its queue.
    came_at: u64,
    next_beat: Instant,
    /// Said first.
    greeting: Option<String>,
    _seat: OwnedSemaphorePermit,
}

/// What is said, and whether anything may follow.
struct Said {
    text: String,
    is_last: bool,
}

impl Listener {
    /// `last` is the number of the message that the client heard last, as it says itself.
    pub(super) fn new(app: App, pass: Pass, last: Option<&str>, seat: OwnedSemaphorePermit) -> Listener {
        let news = app.db().changes().news();
        let told = news.listen();
        let Told { newest, life, .. } = *told.borrow();
        let missed_from = last.and_then(|last| last.trim().parse().ok()).filter(|from| news.since(*from, 1).is_some());
        let greeting = match (last, missed_from) {
            // An id without data is no event, but the browser keeps it: it names the place to go on from.
            (None, _) => format!("retry: {RETRY_MS}\nid: {newest}\n\n"),
            (Some(_), Some(_)) => format!("retry: {RETRY_MS}\n\n"),
            (Some(_), None) => format!("retry: {RETRY_MS}\n{}", reset(newest)),
        };
        Listener {
            pass,
            told,
            life,
            heard: missed_from.unwrap_or(newest),
            came_at: newest,
            next_beat: Instant::now() + BEAT,
            greeting: Some(greeting),
            _seat: seat,
            app,
        }
    }

    /// Everything it hears until it is sent away.
    pub(super) fn into_body(self) -> Body {
        let said = stream::unfold(Some(self), |listener| async move {
            let mut listener = listener?;
            let Said { text, is_last } = listener.next().await?;
            Some((Ok::<_, std::convert::Infallible>(Bytes::from(text)), (!is_last).then_some(listener)))
        });
        Body::from_stream(said.fuse())
    }

    /// What is said next; nothing when the client is to go.
    async fn next(&mut self) -> Option<Said> {
        if let Some(text) = self.greeting.take() {
            return Some(Said { text, is_last: false });
        }
        loop {
            let told = *self.told.borrow_and_update();
            if told.is_over {
                return None;
            }
            if told.life != self.life {
                return Some(Said { text: reset(told.newest), is_last: true });
            }
            if told.newest > self.heard {
                if told.newest - self.heard.max(self.came_at) > QUEUE {
                    tracing::debug!("somebody who follows the news does not keep up and was sent away");
                    return None;
                }
                let text = self.news().await?;
                if !text.is_empty() {
                    self.next_beat = Instant::now() + BEAT;
                    return Some(Said { text, is_last: false });
                }
                continue;
            }
            tokio::select! {
                changed = self.told.changed() => changed.ok()?,
                () = sleep_until(self.next_beat) => {
                    self.user().await?;
                    self.next_beat = Instant::now() + BEAT;
                    // With the id of what others heard meanwhile, so that it need not be looked through again.
                    return Some(Said { text: format!(":\nid: {}\n\n", self.heard), is_last: false });
                }
            }
        }
    }

    /// What is new for this client. Whoever was signed in and is not any more hears nothing.
    async fn news(&mut self) -> Option<String> {
        let user = self.user().await?;
        let changes = self.app.db().changes().news().since(self.heard, BATCH)?;
        let mut text = String::new();
        for (number, change) in changes {
            self.heard = number;
            if let Some(change) = heard_by(user.as_ref(), change) {
                message(&mut text, number, change);
            }
        }
        Some(text)
    }

    /// Who listens, asked anew each time, so that a revocation acts at once; nothing when they are to go.
    async fn user(&self) -> Option<Option<SignedIn>> {
        let user = self.pass.user(&self.app).await.ok()?;
        (user.is_some() || self.pass == Pass::Nothing).then_some(user)
    }
}

fn message(text: &mut String, number: u64, Change { entity, id, deed }: Change) {
    let (entity, op) = (entity.singular(), deed.as_str());
    let id = id.map_or_else(|| "null".to_owned(), |id| id.to_string());
    // Names of our own and a number: there is nothing in them to escape.
    let _ = write!(text, "id: {number}\ndata: {{\"entity\":\"{entity}\",\"id\":{id},\"op\":\"{op}\"}}\n\n");
}

/// Says that messages were missed which are not kept: whatever is shown is to be read again.
fn reset(newest: u64) -> String {
    format!("id: {newest}\nevent: reset\ndata: {{\"entity\":null,\"id\":null,\"op\":\"reset\"}}\n\n")
}

#[cfg(test)]
mod tests;
