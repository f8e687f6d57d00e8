//! A PostgreSQL that talks to nobody in the clear.

use athsys::sync::{Options, Pusher, Seen, SyncError, Target, Want};

use super::open;
use crate::support::folder;
use crate::support::postgres::Postgres;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_is_encrypted_and_only_for_a_server_whose_certificate_is_trusted() {
    let Some(mut postgres) = tokio::task::spawn_blocking(Postgres::start).await.unwrap() else { return };
    let url = postgres.create_database().await.replace("127.0.0.1", "localhost");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let folder = folder();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, &certificate).unwrap();
    let encrypted = tokio::task::spawn_blocking(move || {
        postgres.encrypt(&certificate, &key);
        postgres
    });
    let _postgres = encrypted.await.unwrap();

    let file = folder.path().join("meet.db");
    let db = tokio::task::spawn_blocking(move || open(&file)).await.unwrap();
    let send = async |mode: &str, ca_file| {
        let options = Options { url: format!("{url}?sslmode={mode}"), ca_file, ..Options::default() };
        let mut pusher = Pusher::new(db.clone(), Target::read(&options).unwrap()).unwrap();
        let sent = pusher.until_done(Want::default(), &Seen::default()).await;
        pusher.release().await;
        sent.map(|_| ())
    };
    let said = send("verify-full", None).await.unwrap_err().to_string();
    assert!(said.contains("certificate"), "a stranger's certificate is not trusted: {said}");
    let refused = send("disable", Some(ca.clone())).await.unwrap_err();
    assert!(!matches!(refused, SyncError::Db(_)), "this server takes nothing in the clear: {refused}");
    send("verify-full", Some(ca.clone())).await.unwrap();
    send("require", Some(ca)).await.unwrap();
}
