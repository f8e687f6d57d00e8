//! https and http on one port.

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::*;
use crate::http::tls::Line;

/// A server for localhost, and a client that trusts it.
async fn start(limits: ServerLimits) -> (TestServer, TlsConnector) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certified = rustls::sign::CertifiedKey::from_der(vec![made.cert.der().clone()], key, &provider).unwrap();
    let tls = Tls::new(Arc::new(certified), Line::Made);
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let client = client.with_root_certificates(roots).with_no_client_auth();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let app = Router::new().fallback(|line: Line| async move { format!("{line:?}") });
    let task = tokio::spawn(serve(listener, app, Some(tls), limits, async {
        let _ = stopped.await;
    }));
    (TestServer { addr, stop: Some(stop), task }, TlsConnector::from(Arc::new(client)))
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}

#[tokio::test]
async fn one_port_speaks_both_and_requests_know_which() {
    let (mut server, client) = start(patient()).await;
    let mut stream = client.connect(localhost(), server.connect().await).await.unwrap();
    stream.write_all(GET).await.unwrap();
    let mut text = String::new();
    while !text.ends_with("Made") {
        let mut chunk = [0; 1024];
        let read = timeout(PATIENCE, stream.read(&mut chunk)).await.expect("an answer").unwrap();
        assert_ne!(read, 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
    }
    let mut plain = server.connect().await;
    plain.write_all(GET).await.unwrap();
    answer(&mut plain, "PlainBesideTls").await;
    // Both are idle, and end with the server.
    server.stop();
    server.task.await.unwrap();
}

#[tokio::test]
async fn a_handshake_that_stalls_is_closed() {
    let (server, _) = start(short()).await;
    let mut stream = server.connect().await;
    // The head of a handshake's record, and a part of what it promises.
    stream.write_all(&[HANDSHAKE, 3, 1, 2, 0, 1, 0, 1]).await.unwrap();
    rest(&mut stream).await;
}

#[tokio::test]
async fn a_silent_encrypted_connection_is_closed() {
    let (server, client) = start(short()).await;
    let mut stream = client.connect(localhost(), server.connect().await).await.unwrap();
    let mut bytes = Vec::new();
    // Closed with or without a farewell.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("the server closes");
    assert!(bytes.is_empty());
}

#[tokio::test]
async fn a_broken_handshake_harms_nobody_else() {
    let (server, client) = start(patient()).await;
    let mut broken = server.connect().await;
    // Whole, and nothing that begins a conversation.
    broken.write_all(&[HANDSHAKE, 3, 1, 0, 5, 2, 0, 0, 1, 0]).await.unwrap();
    let mut end = Vec::new();
    let _ = timeout(PATIENCE, broken.read_to_end(&mut end)).await.expect("the server closes");
    client.connect(localhost(), server.connect().await).await.unwrap();
}
