//! One connection to PostgreSQL, with what it remembers: prepared statements and temporary tables.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use futures_util::SinkExt;
use tokio_postgres::{Client, CopyInSink, Statement};

use super::error::SyncError;
use super::tables::{TABLES, quoted};
use super::target::Target;

/// Longer than any statement may take; then the network is gone.
const SILENCE: Duration = Duration::from_secs(60);
/// Sending everything ends with one long statement a table.
const LONG_SILENCE: Duration = Duration::from_secs(600);
const SETTINGS: &str = "
    SET statement_timeout = '30s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '2min';
    SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET client_encoding = 'UTF8'; SET client_min_messages = 'warning';";

/// A connection; dropped after any error but a refused row, and with it whatever was not committed.
pub struct Link {
    client: Client,
    statements: HashMap<String, Statement>,
    staged: [bool; TABLES.len()],
    pub personal_data: bool,
}

/// Waits for PostgreSQL, but not for ever.
pub async fn patiently<T>(answer: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T, SyncError> {
    wait(SILENCE, answer).await
}

async fn wait<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, SyncError> {
    match tokio::time::timeout(limit, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(SyncError::Unreachable(format!("it has said nothing for {} seconds", limit.as_secs()))),
    }
}

impl Link {
    pub async fn open(target: &Target) -> Result<Link, SyncError> {
        let client = tokio::time::timeout(SILENCE, target.connect())
            .await
            .map_err(|_| SyncError::Unreachable("the connection was not made in time".into()))??;
        let schema = quoted(target.schema());
        patiently(client.batch_execute(&format!("{SETTINGS} SET search_path = {schema}, pg_temp;"))).await?;
        let personal_data = target.personal_data();
        Ok(Link { client, statements: HashMap::new(), staged: [false; TABLES.len()], personal_data })
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub async fn run(&self, sql: &str) -> Result<(), SyncError> {
        patiently(self.client.batch_execute(sql)).await
    }

    /// A prepared statement, prepared once.
    pub async fn statement(&mut self, sql: &str) -> Result<Statement, SyncError> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let statement = patiently(self.client.prepare(sql)).await?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Makes the temporary table of a table, once a connection; outside of any savepoint.
    pub async fn stage(&mut self, table: usize) -> Result<(), SyncError> {
        if !self.staged[table] {
            self.run(&TABLES[table].create_staging(self.personal_data)).await?;
            self.staged[table] = true;
        }
        Ok(())
    }

    /// A transaction was rolled back, and with it the temporary tables it may have made.
    pub fn forget_staging(&mut self) {
        self.staged = [false; TABLES.len()];
    }

    /// Opens a COPY into a table.
    pub async fn copy_in(&mut self, sql: &str) -> Result<Copy, SyncError> {
        let statement = self.statement(sql).await?;
        let sink = patiently(self.client.copy_in(&statement)).await?;
        Ok(Copy { sink: Box::pin(sink) })
    }
}

/// A COPY under way.
pub struct Copy {
    sink: std::pin::Pin<Box<CopyInSink<Bytes>>>,
}

impl Copy {
    pub async fn send(&mut self, text: Bytes) -> Result<(), SyncError> {
        match patiently(self.sink.send(text)).await {
            // PostgreSQL has stopped reading; it says why at the end.
            Err(SyncError::Unreachable(reason)) => match patiently(self.sink.as_mut().finish()).await {
                Err(SyncError::Unreachable(_)) | Ok(_) => Err(SyncError::Unreachable(reason)),
                Err(better) => Err(better),
            },
            other => other,
        }
    }

    /// Answers how many rows came in.
    pub async fn finish(mut self) -> Result<u64, SyncError> {
        wait(LONG_SILENCE, self.sink.as_mut().finish()).await
    }
}
