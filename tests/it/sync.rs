//! The copy in PostgreSQL, against a real one.

mod cases;
mod copies;
mod encrypted;
mod kills;
mod served;

use std::path::Path;

use athsys::db::{Access, Db, Files, Tx};
use athsys::records::RecordError;
use athsys::sync::{Options, Pusher, Seen, Target, Want};

use crate::support::folder;
use crate::support::postgres::connect;

/// A meet and the PostgreSQL it goes to, without a server.
pub struct Pair {
    pub db: Db,
    pub pusher: Pusher,
    pub seen: Seen,
    pub url: String,
    /// Where the file lies, as long as the pair is used.
    pub folder: tempfile::TempDir,
}

pub fn target(url: &str, personal_data: bool) -> Target {
    Target::read(&Options { url: url.into(), personal_data, ..Options::default() }).unwrap()
}

pub fn open(file: &Path) -> Db {
    Db::open(Files::of(file), Access::Own).unwrap()
}

impl Pair {
    /// With the demo data, sent once.
    pub async fn sent(url: String, personal_data: bool) -> Pair {
        let folder = folder();
        let file = folder.path().join("meet.db");
        let db = tokio::task::spawn_blocking(move || {
            let db = open(&file);
            athsys::demo::load(&db).unwrap();
            db
        });
        let db = db.await.unwrap();
        let pusher = Pusher::new(db.clone(), target(&url, personal_data)).unwrap();
        let mut pair = Pair { db, pusher, seen: Seen::default(), url, folder };
        pair.push().await;
        pair
    }

    pub async fn push(&mut self) -> athsys::sync::Done {
        self.pusher.until_done(Want::default(), &self.seen).await.unwrap()
    }

    /// Runs SQL in the meet.
    pub async fn change(&self, sql: &'static str) {
        change(&self.db, sql).await;
    }

    /// Nothing differs, and something is there.
    pub async fn assert_equal(&mut self) {
        let found = self.pusher.compare(&self.seen).await.unwrap();
        assert!(found.equal, "{found:#?}");
        assert!(found.tables.iter().all(|table| table.here == table.there && table.checksum_equal), "{found:#?}");
        assert!(found.tables.iter().map(|table| table.here).sum::<u64>() > 0);
    }

    /// A number from PostgreSQL.
    pub async fn number(&self, sql: &str) -> i64 {
        let client = connect(&self.url).await;
        client.batch_execute("SET search_path = athsys").await.unwrap();
        client.query_one(sql, &[]).await.unwrap().get(0)
    }

    pub async fn run(&self, sql: &str) {
        connect(&self.url).await.batch_execute(&format!("SET search_path = athsys; {sql}")).await.unwrap();
    }
}

pub async fn change(db: &Db, sql: &'static str) {
    db.write(move |tx: &mut Tx<'_>| {
        Ok::<_, RecordError>(tx.conn().execute_batch(sql).map_err(athsys::db::DbError::from)?)
    })
    .await
    .unwrap();
}
