//! Brings PostgreSQL up to date: rounds over a connection that is made when it is needed.

use std::time::{Duration, Instant};

use super::compare::Comparison;
use super::error::SyncError;
use super::holder::holder;
use super::link::Link;
use super::log::{self, Reason, SetAside};
use super::round::{Done, Round};
use super::source::{self, Ask};
use super::state::{self, Holder};
use super::target::Target;
use super::{schema, status::Seen};
use crate::db::{self, Db, DbError};

/// Refused rows are tried again this often.
const AGAIN: Duration = Duration::from_secs(60);

/// What a round is to do besides sending what changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Want {
    pub everything: bool,
    pub compare: bool,
    pub take_over: bool,
    /// Try refused rows again now.
    pub again: bool,
}

/// What a dry run says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    pub everything: Option<Reason>,
    pub rows: i64,
    pub creates_tables: bool,
}

/// Sends the changes of one database to one target.
pub struct Pusher {
    db: Db,
    target: Target,
    holder: Holder,
    link: Option<Link>,
    aside: Option<Vec<SetAside>>,
    tried_again: Instant,
}

impl Pusher {
    /// # Errors
    /// When the name under which this computer sends cannot be kept.
    pub fn new(db: Db, target: Target) -> std::io::Result<Pusher> {
        let holder = holder(db.files())?;
        Ok(Pusher { db, target, holder, link: None, aside: None, tried_again: Instant::now() })
    }

    pub fn target(&self) -> &Target {
        &self.target
    }

    /// One round. The connection goes with any error, so that the next begins afresh.
    pub async fn round(&mut self, want: Want) -> Result<Done, SyncError> {
        let outcome = self.attempt(want).await;
        match &outcome {
            Ok(done) => {
                if let Some(aside) = &done.aside {
                    self.aside = Some(aside.clone());
                }
            }
            // What is in the file may be that of another file by now.
            Err(_) => (self.link, self.aside) = (None, None),
        }
        outcome
    }

    async fn attempt(&mut self, want: Want) -> Result<Done, SyncError> {
        let db_id = self.db_id().await?;
        if self.aside.is_none() {
            self.aside = Some(self.db.read(log::set_aside).await?);
        }
        let again = want.again || self.tried_again.elapsed() > AGAIN;
        if again {
            self.tried_again = Instant::now();
        }
        self.connect().await?;
        let name = self.name();
        let (Some(link), Some(aside)) = (&mut self.link, &self.aside) else { return Err(source::broken()) };
        let round = Round {
            db: &self.db,
            link,
            db_id: &db_id,
            name: &name,
            holder: &self.holder,
            take_over: want.take_over,
            everything: want.everything,
            compare: want.compare,
            aside,
            again,
        };
        round.run().await
    }

    /// The id of the database, whose changes are written down from now on if they were not.
    async fn db_id(&self) -> Result<String, DbError> {
        let (db_id, logs) = self.db.read(|conn| Ok::<_, DbError>((log::db_id(conn)?, db::logs_changes(conn)?))).await?;
        if !logs {
            self.db.write(|tx| db::log_changes(tx.conn(), true)).await?;
        }
        Ok(db_id)
    }

    async fn connect(&mut self) -> Result<(), SyncError> {
        if self.link.as_ref().is_none_or(Link::is_closed) {
            let link = Link::open(&self.target).await?;
            schema::migrate(&link, self.target.schema()).await?;
            self.link = Some(link);
        }
        Ok(())
    }

    /// The name of the file without its ending.
    fn name(&self) -> String {
        self.db.files().database().file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Rounds until nothing is left, at least one; `seen` hears of each.
    pub async fn until_done(&mut self, want: Want, seen: &Seen) -> Result<Done, SyncError> {
        let mut sent = 0;
        let mut everything = None;
        let mut next = Want { compare: false, ..want };
        loop {
            let done = self.round(next).await?;
            seen.round(&done);
            sent += done.sent;
            everything = everything.or(done.everything);
            next = Want::default();
            if !done.more {
                let last = if want.compare { self.round(Want { compare: true, ..next }).await? } else { done };
                return Ok(Done { sent, everything, ..last });
            }
        }
    }

    /// Compares both sides as they are, sending only what changed meanwhile.
    pub async fn compare(&mut self, seen: &Seen) -> Result<Comparison, SyncError> {
        let done = self.until_done(Want { compare: true, ..Want::default() }, seen).await?;
        done.comparison.ok_or_else(source::broken)
    }

    /// What would be sent.
    pub async fn outlook(&mut self) -> Result<Outlook, SyncError> {
        let link = Link::open(&self.target).await?;
        let there = schema::version_there(&link, self.target.schema()).await?;
        if there > schema::VERSION {
            return Err(SyncError::Newer { there, here: schema::VERSION });
        }
        let link = self.link.insert(link);
        let (db_id, logs) = self.db.read(|conn| Ok::<_, DbError>((log::db_id(conn)?, db::logs_changes(conn)?))).await?;
        let state = match there {
            0 => None,
            _ => Some(state::look(link, &db_id, &self.holder).await?),
        };
        let (there, everything) = match (state, logs) {
            (Some(state), true) => (state.there, state.everything),
            _ => (None, Some(Reason::First)),
        };
        let creates_tables = there.is_none() && schema::version_there(link, self.target.schema()).await? == 0;
        let ask = Ask { there, everything, ..Ask::default() };
        let (everything, rows) = self.db.read(move |conn| source::preview(conn, &ask)).await?;
        Ok(Outlook { everything, rows, creates_tables })
    }

    /// Lets another computer go on at once, and writes down how far the copy is. What cannot be reached is left to run out.
    pub async fn release(&mut self) {
        let Some(mut link) = self.link.take() else { return };
        if let Ok(db_id) = self.db.read(log::db_id).await {
            let released = state::release(&mut link, &db_id, &self.holder);
            let _ = tokio::time::timeout(Duration::from_secs(2), released).await;
        }
    }
}
