//! One round: what PostgreSQL lacks goes there in one transaction, and with it the position. Whatever breaks on the way,
//! the next round begins where the last one was kept.

use bytes::Bytes;
use tokio::sync::mpsc::Receiver;

use super::apply::{Applied, Care};
use super::compare::{Comparison, compare};
use super::error::SyncError;
use super::link::Link;
use super::log::{Position, Reason, SetAside};
use super::source::{self, Ask, Message, Plan};
use super::state::{self, Holder};
use crate::db::Db;

/// What a round works with.
pub struct Round<'a> {
    pub db: &'a Db,
    pub link: &'a mut Link,
    pub db_id: &'a str,
    /// The name of the file, for people who look at the tables.
    pub name: &'a str,
    pub holder: &'a Holder,
    pub take_over: bool,
    /// Send everything, whatever is there.
    pub everything: bool,
    pub compare: bool,
    /// Rows that were refused before.
    pub aside: &'a [SetAside],
    /// Send those again.
    pub again: bool,
}

/// What a round did.
#[derive(Debug)]
pub struct Done {
    /// Where PostgreSQL is now.
    pub end: Position,
    pub sent: u64,
    pub everything: Option<Reason>,
    pub more: bool,
    /// The rows set aside now, where that is other than before.
    pub aside: Option<Vec<SetAside>>,
    pub comparison: Option<Comparison>,
}

impl Round<'_> {
    /// Runs it; where PostgreSQL refuses a row, once more with care.
    pub async fn run(mut self) -> Result<Done, SyncError> {
        let care = if self.again && !self.aside.is_empty() { Care::RowByRow } else { Care::Trusting };
        match self.attempt(care).await {
            Err(SyncError::Data(reason)) if care == Care::Trusting => {
                tracing::warn!("PostgreSQL refuses a row; it is looked for and set aside: {reason}");
                self.link.run("ROLLBACK").await?;
                self.link.forget_staging();
                self.attempt(Care::RowByRow).await
            }
            other => other,
        }
    }

    async fn attempt(&mut self, care: Care) -> Result<Done, SyncError> {
        self.link.run("BEGIN").await?;
        let state = state::claim(self.link, self.db_id, self.name, self.holder, self.take_over).await?;
        let again = if self.again { self.aside.iter().map(|row| (row.table, row.key)).collect() } else { Vec::new() };
        let ask = Ask {
            there: state.there,
            everything: if self.everything { Some(Reason::Asked) } else { state.everything },
            again,
            compare: self.compare,
            personal_data: self.link.personal_data,
        };
        let mut messages = source::read(self.db.clone(), self.db_id.to_owned(), ask);
        let plan = match messages.recv().await {
            Some(Message::Plan(plan)) => plan,
            Some(Message::Failed(error)) => return Err(error.into()),
            _ => return Err(source::broken()),
        };
        let (applied, left) = self.apply(&plan, care, &mut messages).await?;
        let aside = self.settle(&plan, applied.refused, &applied.done).await?;
        state::advance(self.link, self.db_id, self.name, self.holder, &plan.end).await?;
        let comparison = match self.compare {
            true => Some(compare(self.link, self.db_id, left, &mut messages).await?),
            false => None,
        };
        self.link.run("COMMIT").await?;
        let Plan { end, everything, more, .. } = plan;
        Ok(Done { end, sent: applied.sent, everything, more, aside, comparison })
    }

    /// Puts all pieces in; answers the first message that is something else.
    async fn apply(
        &mut self,
        plan: &Plan,
        care: Care,
        messages: &mut Receiver<Message>,
    ) -> Result<(Outcome, Option<Message>), SyncError> {
        let mut applied = Applied::new(self.link, self.db_id, care);
        if let Some(reason) = plan.everything {
            tracing::info!("sending everything: {}", reason.sentence());
            applied.clear().await?;
        }
        let left = if plan.everything.is_some() && care == Care::Trusting {
            pour(&mut applied, messages).await?
        } else {
            let note = !self.aside.is_empty();
            loop {
                match messages.recv().await {
                    Some(Message::Piece(piece)) => applied.piece(&piece, note).await?,
                    Some(Message::Failed(error)) => return Err(error.into()),
                    other => break other,
                }
            }
        };
        Ok((Outcome { sent: applied.sent, refused: applied.refused, done: applied.done }, left))
    }

    /// Which rows are set aside from now on, written down before PostgreSQL has the others: a row that is named here and
    /// got there after all is sent once more, and nothing is lost.
    async fn settle(
        &self,
        plan: &Plan,
        refused: Vec<SetAside>,
        done: &[(usize, i64)],
    ) -> Result<Option<Vec<SetAside>>, SyncError> {
        let mut aside = match plan.everything {
            Some(_) => Vec::new(),
            None => self.aside.to_vec(),
        };
        aside.retain(|row| !done.contains(&(row.table, row.key)));
        aside.extend(refused);
        if aside == self.aside {
            return Ok(None);
        }
        let rows = aside.clone();
        self.db
            .write(move |tx| super::log::replace_set_aside(tx.conn(), &rows, tx.now_ms()))
            .await
            .map_err(SyncError::Db)?;
        Ok(Some(aside))
    }
}

struct Outcome {
    sent: u64,
    refused: Vec<SetAside>,
    done: Vec<(usize, i64)>,
}

/// All rows of all tables, each table in one COPY.
async fn pour(applied: &mut Applied<'_>, messages: &mut Receiver<Message>) -> Result<Option<Message>, SyncError> {
    let mut open = None;
    loop {
        match messages.recv().await {
            Some(Message::Piece(piece)) => {
                let copy = match open.take() {
                    Some((table, copy)) if table == piece.table => copy,
                    other => {
                        close(applied, other).await?;
                        applied.open(piece.table).await?
                    }
                };
                let (_, copy) = open.insert((piece.table, copy));
                copy.send(Bytes::from(piece.lines.into_text())).await?;
            }
            Some(Message::Failed(error)) => return Err(error.into()),
            other => {
                close(applied, open).await?;
                return Ok(other);
            }
        }
    }
}

async fn close(applied: &mut Applied<'_>, open: Option<(usize, super::link::Copy)>) -> Result<(), SyncError> {
    if let Some((_, copy)) = open {
        applied.sent += copy.finish().await?;
    }
    Ok(())
}
