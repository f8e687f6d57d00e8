//! Bodies without end, lines without end, and bodies that do not come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::small::Small;
use crate::support::TestServer;

const PATH: &str = "/api/admin/import/athletes-csv";
const MIB: usize = 1 << 20;

/// A body of so many MiB that is made while it is sent, and how many of them were taken.
fn endless(mib: u64) -> (Body, Arc<AtomicU64>) {
    let sent = Arc::new(AtomicU64::new(0));
    let counter = sent.clone();
    let piece = Bytes::from(b"Runner,KEN\n".repeat(MIB / 11));
    let pieces = stream::iter((0..mib).map(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok::<_, std::io::Error>(piece.clone())
    }));
    (Body::wrap_stream(pieces), sent)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_two_gigabytes_is_refused_soon_after_its_limit() {
    let server = Small::start("max_csv_mib = 4").await;
    for is_form in [false, true] {
        let (body, sent) = endless(2048);
        let request = if is_form {
            server.post(PATH).multipart(Form::new().part("file", Part::stream(body).file_name("a.csv")))
        } else {
            server.post(PATH).header("content-type", "text/csv").body(body)
        };
        let told = server.told(request).await;
        assert_eq!((told.status, &told.body["code"]), (413, &"too-large".into()), "{is_form}: {told:?}");
        let sent = sent.load(Ordering::Relaxed);
        assert!(sent < 100, "{sent} MiB were taken; in a form: {is_form}");
        server.stayed_within(32);
    }
}

/// How long the lines are; at a meet 250, which a test run does not wait for.
fn mib() -> usize {
    std::env::var("ATHSYS_HOSTILE_MIB").map_or(16, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_one_line_is_answered_and_takes_no_memory() {
    let server = Small::start("").await;
    let of = |start: &str, piece: &str, end: &str| {
        let mut text = start.as_bytes().to_vec();
        text.extend(piece.as_bytes().iter().cycle().take(mib() * MIB));
        text.extend_from_slice(end.as_bytes());
        text
    };
    let header = "name,country,club,coach\n";
    for (text, status, said) in [
        (of("", "name", ""), 400, "unusable-file"),
        (of(header, "x", ",KEN\nJane,KEN\n"), 207, "cell_too_long"),
        (of(header, ",KEN", "\nJane,KEN\n"), 207, "too_many_columns"),
        (of(&format!("{header}\""), "x", "\nJane,KEN\n"), 207, "cell_too_long"),
    ] {
        let shown = String::from_utf8_lossy(&text[..40]).into_owned();
        let told = server.import(&format!("{PATH}?on_duplicate=skip"), "a.csv", text).await;
        assert_eq!(told.status, status, "{shown}: {}", told.message());
        let code = if status == 400 { &told.body["code"] } else { &told.body["error_details"][0]["code"] };
        assert_eq!(code, said, "{shown}: {}", told.message());
        assert!(told.length < 20_000, "{shown}: an answer of {} bytes", told.length);
    }
    let long = of("{\"name\": \"", "x", "\"}\n{\"name\": \"Jane\", \"country\": \"KEN\"}\n");
    let told = server.import("/api/admin/import/athletes-ndjson", "a.ndjson", long).await;
    assert_eq!((told.status, &told.body["error_details"][0]["code"]), (207, &json!("cell_too_long")), "{told:?}");
    assert_eq!((&told.body["failed"], told.length < 20_000), (&json!(1), true), "{}", told.message());
    // Half as much as one line, in a build that is optimised: what the first import needs at all, the two passes over a
    // record that is refused (`MAX_FAULTY_BYTES` each), the backup before it; here also some 10 MiB of the program's own
    // code, which is read from its file when it is first used. None of it grows with the line.
    server.stayed_within(32);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_of_entries_with_thousands_of_events_in_a_cell_takes_no_memory() {
    let server = Small::start("").await;
    let cell = vec!["100m"; 1_900].join("|");
    let rows: String = (0..60).map(|number| format!("{number},{cell}\n")).collect();
    let told = server.import("/api/admin/import/registrations-csv", "a.csv", format!("bib,event\n{rows}").into()).await;
    assert_eq!((told.status, &told.body["failed"]), (207, &json!(60 * 1_900)), "{}", told.message());
    server.stayed_within(48);
}

#[tokio::test]
async fn an_upload_that_does_not_arrive_is_not_waited_for() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    tokio::time::pause();
    for (kind, start) in [
        ("text/csv", "name,country\n"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nname",
        ),
    ] {
        let mut stream = TcpStream::connect(server.addr).await.unwrap();
        let head = format!("POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {admin}\r\n");
        let rest = format!("Content-Type: {kind}\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{start}");
        let began = tokio::time::Instant::now();
        stream.write_all(format!("{head}{rest}").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // A reset after the answer is as good as an end.
        let _ = stream.read_to_end(&mut bytes).await;
        let answer = String::from_utf8_lossy(&bytes).into_owned();
        assert!(answer.starts_with("HTTP/1.1 408"), "{kind}: {answer}");
        assert!(answer.contains("\"code\":\"too-slow\""), "{kind}: {answer}");
        assert!(began.elapsed() < Duration::from_secs(65), "{kind}: after {:?} on the clock", began.elapsed());
    }
    assert_eq!(server.number("SELECT count(*) FROM imports").await, 0);
}
