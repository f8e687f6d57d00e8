//! The logo: in with its first bytes looked at, out with a tag.

use athsys::auth::policy::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::info;
use crate::support::{Answer, TestServer};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 picture";
const WEBP: &[u8] = b"RIFF\x10\x00\x00\x00WEBPVP8 picture";

async fn send(server: &TestServer, media_type: &str, data: &[u8]) -> Answer {
    let admin = server.admin().await;
    let call = server.call(Method::PUT, "/api/admin/settings/logo").by(&admin).header("content-type", media_type);
    call.body(data.to_vec()).await
}

#[tokio::test]
async fn a_logo_is_shown_to_everybody_and_kept_by_its_version() {
    let server = TestServer::demo().await;
    server.get("/api/logo").await.refused(404, "not-found");
    for (media_type, data) in [("image/png", PNG), ("image/jpeg", JPEG), ("image/webp; q=1", WEBP)] {
        let answer = send(&server, media_type, data).await;
        let address = answer.is(200).body["logo"].as_str().unwrap().to_owned();
        assert_eq!(info(&server).await["organisation"]["logo"], *address);
        let logo = server.get(&address).await;
        assert_eq!(
            (logo.is(200).bytes.as_slice(), logo.header("content-type")),
            (data, media_type.split(';').next().unwrap())
        );
        assert_eq!(logo.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(logo.header("x-content-type-options"), "nosniff");
        let again = server.get(&address).header("if-none-match", logo.header("etag")).await;
        assert_eq!((again.status, again.bytes.len(), again.header("etag")), (304, 0, logo.header("etag")));
        for other in ["/api/logo", "/api/logo?v=old"] {
            let plain = server.get(other).await;
            assert_eq!((plain.is(200).bytes.as_slice(), plain.header("cache-control")), (data, "no-cache"));
        }
        let head = server.call(Method::HEAD, &address).await;
        assert_eq!((head.status, head.header("content-length")), (200, data.len().to_string().as_str()));
    }
    let trail = server.audit("action=setting").await;
    assert_eq!((trail.len(), &trail[0]["details"]["logo"]["type"]), (3, &json!("image/webp")));
}

#[tokio::test]
async fn a_logo_travels_with_the_file_and_can_be_taken_away() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    send(&server, "image/png", PNG).await.is(200);
    send(&server, "image/png", PNG).await.is(200);
    assert_eq!(server.audit("action=setting").await.len(), 1, "the same picture is no change");
    let server = server.restart().await;
    assert_eq!(server.get("/api/logo").await.is(200).bytes, PNG);
    let remove = || server.delete("/api/admin/settings/logo").by(&admin);
    assert_eq!(remove().await.is(200).body["deleted"], 1);
    assert_eq!(remove().await.is(200).body["deleted"], 0);
    server.get("/api/logo").await.refused(404, "not-found");
    assert_eq!(info(&server).await["organisation"]["logo"], Value::Null);
    assert_eq!(server.audit("action=setting").await.len(), 2);
}

#[tokio::test]
async fn only_pictures_are_taken() {
    let server = TestServer::demo().await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for media_type in ["image/svg+xml", "text/html", "application/json", "image/gif", ""] {
        send(&server, media_type, svg).await.refused(415, "media-type-not-accepted");
    }
    for data in [&svg[..], b"", b"\x89PNG", b"RIFF\x10\x00\x00\x00WAVE", b"\xff\xd8", b"GIF89a"] {
        let answer = send(&server, "image/png", data).await;
        answer.refused(422, "invalid-fields");
        assert_eq!(answer.faults(), [("logo".to_owned(), "not-a-picture".to_owned())]);
    }
    // What it is counts, not what it is called.
    send(&server, "image/png", JPEG).await.is(200);
    assert_eq!(server.get("/api/logo").await.header("content-type"), "image/jpeg");
}

#[tokio::test]
async fn a_logo_has_a_largest_size() {
    let server = TestServer::demo().await;
    let mut data = PNG.to_vec();
    data.resize(512 * 1024, 0);
    send(&server, "image/png", &data).await.is(200);
    data.push(0);
    let answer = send(&server, "image/png", &data).await;
    answer.refused(413, "too-large");
    assert!(answer.body["detail"].as_str().unwrap().contains("512 KiB"), "{}", answer.text);
    assert_eq!(server.get("/api/logo").await.bytes.len(), 512 * 1024, "the former one stays");
}

#[tokio::test]
async fn a_logo_is_given_by_administrators() {
    let server = TestServer::demo().await;
    let chief = server.token(Role::ChiefRegistrar).await;
    let call =
        server.call(Method::PUT, "/api/admin/settings/logo").header("content-type", "image/png").body(PNG.to_vec());
    call.by(&chief).await.refused(403, "forbidden");
    server.delete("/api/admin/settings/logo").by(&chief).await.refused(403, "forbidden");
    server.delete("/api/admin/settings/logo").await.refused(401, "authentication-required");
}
