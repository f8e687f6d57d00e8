//! https by the program itself, with a client that trusts what a phone would be told to trust.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{Athsys, Served, folder};

/// The answer to one request over https, whole; an error where the certificate is not trusted.
async fn ask(address: SocketAddr, root: &[u8], host: &str, head: &str, body: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(root.to_vec())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let stream = TcpStream::connect(address).await?;
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
    let length = body.len();
    let port = address.port();
    let request = format!(
        "{head} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
    );
    // Further headers stand behind the target, line by line.
    let (target, more) = head.split_once('\n').unwrap_or((head, ""));
    let request = request.replacen(head, target, 1);
    let more: String = more.lines().map(|line| format!("{line}\r\n")).collect();
    stream.write_all(format!("{request}{more}\r\n{body}").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// A server with a certificate that it made, and the authority it offers for installation.
async fn made(folder: &TempDir) -> (Served, Vec<u8>) {
    let served = Athsys::on(&folder.path().join("meet.db")).serve(&["--demo", "--tls"]);
    let authority = reqwest::get(served.url("/join/certificate")).await.unwrap();
    assert_eq!(authority.headers()["content-type"], "application/x-x509-ca-cert");
    (served, authority.bytes().await.unwrap().to_vec())
}

fn headers(answer: &str) -> String {
    answer.split("\r\n\r\n").next().unwrap().to_lowercase()
}

#[tokio::test]
async fn https_and_http_share_the_port() {
    let folder = folder();
    let (served, authority) = made(&folder).await;
    for host in ["127.0.0.1", "localhost", "meet.local"] {
        let answer = ask(served.address, &authority, host, "GET /livez", "").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
    assert_eq!(reqwest::get(served.url("/livez")).await.unwrap().status(), 200);
    let stranger = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let refused = ask(served.address, stranger.cert.der(), "127.0.0.1", "GET /livez", "").await;
    assert!(refused.is_err(), "{refused:?}");

    // The fingerprint is there to be compared with what the phone shows.
    let rest = served.stop();
    assert!(rest.contains("Fingerprint (SHA-256)"), "{rest}");
}

#[tokio::test]
async fn pages_without_encryption_say_what_is_less_safe() {
    let folder = folder();
    let (served, authority) = made(&folder).await;
    let english = reqwest::Client::new();
    let page = |path: &str| english.get(served.url(path)).header("accept-language", "en").send();
    for path in ["/", "/join"] {
        let text = page(path).await.unwrap().text().await.unwrap();
        assert!(text.contains(&format!("https://{}{path}", served.address)), "{path}: {text}");
        assert!(text.contains("not encrypted"), "{path}: {text}");
    }
    let join = page("/join").await.unwrap().text().await.unwrap();
    assert!(join.contains("/join/certificate") && join.contains("id=\"safer\""), "{join}");
    let safe = ask(served.address, &authority, "127.0.0.1", "GET /\naccept-language: en", "").await.unwrap();
    assert!(safe.starts_with("HTTP/1.1 200") && !safe.contains("less-safe"), "{safe}");
}

#[tokio::test]
async fn the_cookie_of_an_encrypted_session_stays_there() {
    let folder = folder();
    let (served, authority) = made(&folder).await;
    let credentials = json!({"email": "admin@athsys.com", "password": "Admin@123"});
    let plain = reqwest::Client::new().post(served.url("/api/auth/login")).json(&credentials).send().await.unwrap();
    let plain = plain.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(plain.starts_with("athsys_session=") && !plain.contains("Secure"), "{plain}");
    assert!(plain.ends_with("HttpOnly; SameSite=Strict"), "{plain}");

    let ask = |head: String, body: String| {
        let authority = authority.clone();
        async move { ask(served.address, &authority, "127.0.0.1", &head, &body).await.unwrap() }
    };
    let safe = ask("POST /api/auth/login".into(), credentials.to_string()).await;
    let safe = safe.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap().to_owned();
    assert!(safe.starts_with("__Host-athsys_session=") && safe.contains("; Path=/;"), "{safe}");
    assert!(safe.ends_with("HttpOnly; SameSite=Strict; Secure"), "{safe}");

    let value = |cookie: &str| cookie.split([';', '=']).nth(1).unwrap().to_owned();
    let me = |cookie: String| ask(format!("GET /api/auth/me\ncookie: {cookie}"), String::new());
    assert!(me(format!("__Host-athsys_session={}", value(&safe))).await.starts_with("HTTP/1.1 200"));
    // What anybody on the network could have set over http does not count over https.
    assert!(me(format!("athsys_session={}", value(&plain))).await.starts_with("HTTP/1.1 401"));
}

#[tokio::test]
async fn a_plain_page_may_not_write_over_https() {
    let folder = folder();
    let (served, authority) = made(&folder).await;
    let port = served.address.port();
    let write = |origin: String| {
        let (authority, address) = (authority.clone(), served.address);
        let head = format!("POST /api/races\norigin: {origin}");
        async move { ask(address, &authority, "meet.local", &head, "{}").await.unwrap() }
    };
    assert!(write(format!("http://meet.local:{port}")).await.starts_with("HTTP/1.1 403"));
    assert!(write(format!("https://meet.local:{port}")).await.starts_with("HTTP/1.1 401"));
}

#[tokio::test]
async fn promises_are_made_to_names_alone_and_for_good_only_with_a_given_certificate() {
    let folder = folder();
    let (served, authority) = made(&folder).await;
    let named = ask(served.address, &authority, "meet.local", "GET /livez", "").await.unwrap();
    assert!(headers(&named).contains("cross-origin-opener-policy: same-origin"), "{named}");
    assert!(!headers(&named).contains("strict-transport-security"), "{named}");
    let numbered = ask(served.address, &authority, "127.0.0.1", "GET /livez", "").await.unwrap();
    assert!(!headers(&numbered).contains("cross-origin-opener-policy"), "{numbered}");
    drop(served);

    let (cert, root) = given(folder.path(), "timing.club.example", 2999);
    let served = Athsys::on(&folder.path().join("given.db")).serve(&with(&cert));
    for (host, is_promised) in [("timing.club.example", true), ("localhost", false)] {
        let answer = ask(served.address, &root, host, "GET /livez", "").await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "the name of the certificate is a name of the server: {answer}");
        let promise = headers(&answer).contains("strict-transport-security: max-age=2592000");
        assert_eq!(promise, is_promised, "{host}: {answer}");
    }
    let plain = reqwest::get(served.url("/livez")).await.unwrap();
    assert!(!plain.headers().contains_key("strict-transport-security"));
}

/// A certificate as somebody brings it along: `cert.pem` and `key.pem`. Answers their paths, and what a client trusts.
fn given(folder: &Path, name: &str, last_year: i32) -> ([String; 2], Vec<u8>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([name.to_owned(), "localhost".to_owned()]).unwrap();
    params.not_after = rcgen::date_time_ymd(last_year, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let paths = ["cert.pem", "key.pem"].map(|name| folder.join(name).display().to_string());
    std::fs::write(&paths[0], certificate.pem()).unwrap();
    std::fs::write(&paths[1], key.serialize_pem()).unwrap();
    (paths, certificate.der().to_vec())
}

fn with(paths: &[String; 2]) -> [&str; 4] {
    ["--tls-cert", &paths[0], "--tls-key", &paths[1]]
}

#[test]
fn what_is_wrong_with_given_files_is_said() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let start = |paths: &[String; 2]| athsys.run(&[&["serve", "--listen", "127.0.0.1:0"], &with(paths)[..]].concat());
    let (good, _) = given(folder.path(), "meet.example", 2999);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let with_key = |key: &str| [good[0].clone(), path(key)];

    start(&[path("none.pem"), good[1].clone()]).refused(1, "none.pem cannot be read");
    start(&with_key("none.pem")).refused(1, "with --tls-key");
    std::fs::write(path("text.pem"), "hello").unwrap();
    start(&[path("text.pem"), good[1].clone()]).refused(1, "text.pem holds no certificate in PEM form");
    start(&with_key("text.pem")).refused(1, "text.pem holds no private key in PEM form");
    std::fs::write(path("locked.pem"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n").unwrap();
    start(&with_key("locked.pem")).refused(1, "locked with a password");
    std::fs::write(path("other.pem"), KeyPair::generate().unwrap().serialize_pem()).unwrap();
    start(&with_key("other.pem")).refused(1, "the key does not belong to the certificate");
    let (old, _) = given(folder.path(), "meet.example", 2001);
    start(&old).refused(1, "was good until 2001-01-01");
    athsys.run(&["serve", "--tls-cert", &good[0]]).refused(2, "--tls-cert needs --tls-key too");
    athsys.run(&["serve", "--tls-key", &good[1]]).refused(2, "--tls-key needs --tls-cert too");
}

#[tokio::test]
async fn given_files_are_read_again_when_they_change() {
    let folder = folder();
    let (paths, first) = given(folder.path(), "timing.club.example", 2999);
    let served = Athsys::on(&folder.path().join("meet.db")).serve(&with(&paths));
    assert!(ask(served.address, &first, "localhost", "GET /livez", "").await.is_ok());
    let (_, second) = given(folder.path(), "timing.club.example", 2998);
    // Within seconds; only a server that never reads them comes to the end of this.
    for _ in 0..600 {
        if ask(served.address, &second, "localhost", "GET /livez", "").await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the renewed certificate is not in use");
}
