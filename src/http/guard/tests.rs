use std::collections::HashSet;

use axum::http::{Request, Version};

use super::*;

/// A request's head from its first line and headers, as a client would write it.
fn parts(line: &str, headers: &[(&str, &str)]) -> Parts {
    let (method, uri) = line.split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn host(value: &str) -> Result<(), ApiError> {
    check_host(&parts("GET /", &[("host", value)]), &AllowedHosts::default())
}

fn refusal(result: Result<(), ApiError>) -> Option<(u16, &'static str)> {
    result.err().map(|error| (error.status().as_u16(), error.code()))
}

#[test]
fn a_target_of_eight_kib_is_the_longest() {
    let uri =
        |path: usize, query: usize| -> Uri { format!("/{}?{}", "p".repeat(path), "q".repeat(query)).parse().unwrap() };
    assert_eq!(refusal(check_uri(&uri(4000, 4190))), None);
    assert_eq!(refusal(check_uri(&uri(4000, 4191))), Some((414, "uri-too-long")));
}

#[test]
fn addresses_and_our_names_are_our_hosts() {
    for good in [
        "192.168.1.20:5000",
        "192.168.1.20",
        "[::1]:5000",
        "[2001:db8::7]",
        "[fe80::1%25eth0]:5000",
        "127.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST:5000",
        "app.localhost:5000",
        "localhost.",
        "meet.local",
        "Meet.Local.:5000",
        "meet.local:",
    ] {
        assert_eq!(refusal(host(good)), None, "{good}");
    }
    let named = AllowedHosts::new(["Laptop-3.club.example:5000", " timing. "]);
    for good in ["laptop-3.club.example", "timing:80"] {
        assert!(check_host(&parts("GET /", &[("host", good)]), &named).is_ok(), "{good}");
    }
    assert!(check_host(&parts("GET /", &[("host", "meet.local")]), &named).is_err(), "only the configured names");
}

#[test]
fn foreign_hosts_are_misdirected() {
    for foreign in [
        "evil.example",
        "meet.local.evil.example",
        "notlocalhost",
        ".localhost",
        "xlocalhost:5000",
        "192.168.1",
        "0x7f.1",
        "192.168.1.20.evil.example",
        "1.2.3.4.5",
    ] {
        assert_eq!(refusal(host(foreign)), Some((421, "unknown-host")), "{foreign}");
    }
}

#[test]
fn a_host_that_is_none_is_a_bad_request() {
    for bad in [
        "",
        ":5000",
        "a b",
        "user@localhost",
        "localhost:5000:6",
        "localhost:port",
        "[::1",
        "[::1]x",
        "::1",
        "local/host",
        ".",
    ] {
        assert_eq!(refusal(host(bad)), Some((400, "bad-host")), "{bad}");
    }
    let allowed = AllowedHosts::default();
    assert_eq!(refusal(check_host(&parts("GET /", &[]), &allowed)), Some((400, "bad-host")));
    let two = parts("GET /", &[("host", "localhost"), ("host", "localhost")]);
    assert_eq!(refusal(check_host(&two, &allowed)), Some((400, "bad-host")));
    let mut old = parts("GET /", &[]);
    old.version = Version::HTTP_10;
    assert_eq!(refusal(check_host(&old, &allowed)), None);
}

#[test]
fn a_full_target_outweighs_the_host_header() {
    let allowed = AllowedHosts::default();
    let foreign = parts("GET http://evil.example/", &[("host", "localhost")]);
    assert_eq!(refusal(check_host(&foreign, &allowed)), Some((421, "unknown-host")));
    assert!(check_host(&parts("GET http://meet.local:5000/", &[]), &allowed).is_ok());
}

fn write(headers: &[(&str, &str)], origins: &Origins) -> bool {
    let mut all = vec![("host", "meet.local:5000")];
    all.extend_from_slice(headers);
    let result = check_origin(&parts("POST /api/races", &all), origins);
    assert!(refusal(result.map_err(|error| error.with("x", 1))).is_none_or(|it| it == (403, "cross-site")));
    check_origin(&parts("DELETE /api/races/1", &all), origins).is_ok()
}

#[test]
fn scripts_and_our_own_pages_may_write() {
    let origins = Origins::default();
    assert!(write(&[], &origins));
    assert!(write(&[("origin", "http://meet.local:5000")], &origins));
    assert!(write(&[("origin", "http://MEET.local:5000"), ("sec-fetch-site", "same-origin")], &origins));
    assert!(write(&[("origin", "https://meet.local:5000")], &origins), "https added in front of us");
    assert!(write(&[("sec-fetch-site", "none")], &origins));
    let on_80 = parts("POST /", &[("host", "meet.local:80"), ("origin", "http://meet.local")]);
    assert!(check_origin(&on_80, &origins).is_ok());
}

#[test]
fn pages_of_other_sites_may_not_write() {
    let origins = Origins::default();
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://evil.example")],
        &[("origin", "http://meet.local:5001")],
        &[("origin", "http://meet.local")],
        &[("origin", "meet.local:5000")],
        &[("origin", "ftp://meet.local:5000")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "http://meet.local:5000"), ("sec-fetch-site", "cross-site")],
        &[("origin", "http://meet.local:5000"), ("origin", "http://evil.example")],
    ] {
        assert!(!write(headers, &origins), "{headers:?}");
    }
    let mut safe = parts("POST /", &[("host", "meet.local:5000"), ("origin", "http://meet.local:5000")]);
    assert!(check_origin(&safe, &origins).is_ok());
    safe.extensions.insert(Line::Made);
    assert!(check_origin(&safe, &origins).is_err(), "http beside our https");
    assert!(!write(&[("origin", "null")], &Origins::new(["null"])), "null is never configured");
}

#[test]
fn everybody_may_read() {
    for method in ["GET", "HEAD", "OPTIONS"] {
        let read =
            parts(&format!("{method} /"), &[("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")]);
        assert!(check_origin(&read, &Origins::default()).is_ok());
    }
}

#[test]
fn a_configured_origin_may_write_and_read() {
    let origins = Origins::new(["https://Club.example/"]);
    let club = [("origin", "https://club.example"), ("sec-fetch-site", "cross-site")];
    assert!(write(&club, &origins));
    let headers = cors_headers(&parts("GET /", &club), &origins).unwrap();
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://club.example");
    assert_eq!(headers[header::VARY], "Origin");
    assert!(headers[header::ACCESS_CONTROL_EXPOSE_HEADERS].to_str().unwrap().contains("ETag"));
    assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
}

#[test]
fn other_origins_get_no_permission() {
    let evil = parts("GET /", &[("origin", "https://evil.example")]);
    assert!(cors_headers(&evil, &Origins::default()).is_none());
    let headers = cors_headers(&evil, &Origins::new(["https://club.example"])).unwrap();
    assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    assert_eq!(headers[header::VARY], "Origin", "caches must still tell origins apart");
}

#[test]
fn preflights_are_answered_for_configured_origins_only() {
    let origins = Origins::new(["https://club.example"]);
    let ask =
        |origin: &str| parts("OPTIONS /api/races", &[("origin", origin), ("access-control-request-method", "PUT")]);
    let response = preflight(&ask("https://club.example"), &origins).unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let headers = response.headers();
    assert_eq!(headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://club.example");
    for method in ["GET", "POST", "PUT", "DELETE"] {
        assert!(headers[header::ACCESS_CONTROL_ALLOW_METHODS].to_str().unwrap().contains(method));
    }
    for name in ["Authorization", "Content-Type", "If-Match", "Idempotency-Key", "Prefer", "X-Request-ID"] {
        assert!(headers[header::ACCESS_CONTROL_ALLOW_HEADERS].to_str().unwrap().contains(name));
    }
    assert!(headers[header::VARY].to_str().unwrap().starts_with("Origin"));
    assert!(preflight(&ask("https://evil.example"), &origins).is_none());
    assert!(preflight(&parts("OPTIONS /", &[("origin", "https://club.example")]), &origins).is_none(), "no preflight");
    assert!(preflight(&ask("null"), &Origins::new(["null"])).is_none());
}

fn id_for(value: Option<&[u8]>) -> String {
    let mut headers = HeaderMap::new();
    if let Some(value) = value {
        headers.insert("x-request-id", HeaderValue::from_bytes(value).unwrap());
    }
    request_id(&headers).to_str().unwrap().to_owned()
}

#[test]
fn a_good_request_id_of_the_caller_is_kept() {
    let longest = "x".repeat(128);
    for good in ["a", "!~", "b1f0-77/3", &longest] {
        assert_eq!(id_for(Some(good.as_bytes())), good);
    }
    for bad in [&b""[..], b"a b", b"a\tb", "é".as_bytes(), &[b'x'; 129]] {
        assert_eq!(id_for(Some(bad)).len(), 16);
    }
}

#[test]
fn new_request_ids_are_hex_and_differ() {
    let ids: HashSet<String> = (0..1000).map(|_| id_for(None)).collect();
    assert_eq!(ids.len(), 1000);
    assert!(ids.iter().all(|id| id.len() == 16 && id.bytes().all(|byte| b"0123456789abcdef".contains(&byte))));
}

#[test]
fn every_response_is_closed_unless_it_says_otherwise() {
    let mut headers = HeaderMap::new();
    security_headers(&mut headers);
    let expected = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), microphone=(), geolocation=()"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("cache-control", "no-store"),
    ];
    assert_eq!(headers.len(), expected.len());
    for (name, value) in expected {
        assert_eq!(headers[name], value);
    }
    let mut own = HeaderMap::new();
    own.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'self'"));
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    security_headers(&mut own);
    assert_eq!(own[header::CONTENT_SECURITY_POLICY], "default-src 'self'");
    assert_eq!(own[header::CACHE_CONTROL], "no-cache");
}
