use super::*;

const NOW: i64 = 1_800_000_000_000;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn requests_are_counted_by_method_and_status() {
    let metrics = Metrics::new();
    for (method, status) in [
        (Method::GET, 200),
        (Method::HEAD, 304),
        (Method::OPTIONS, 404),
        (Method::POST, 201),
        (Method::POST, 422),
        (Method::DELETE, 500),
        (Method::GET, 999),
    ] {
        metrics.record(&method, StatusCode::from_u16(status).unwrap(), ms(3), NOW);
    }
    metrics.panicked();
    let seen = metrics.snapshot(NOW);
    assert_eq!((seen.requests, seen.reads, seen.writes), (7, 4, 3));
    assert_eq!((seen.client_errors, seen.server_errors, seen.panics), (2, 2, 1));
}

#[test]
fn requests_being_worked_on_are_counted_until_they_end() {
    let metrics = Metrics::new();
    let (first, second) = (metrics.begin(), metrics.begin());
    assert_eq!(metrics.snapshot(NOW).in_flight, 2);
    drop(first);
    assert_eq!(metrics.snapshot(NOW).in_flight, 1);
    drop(second);
    assert_eq!(metrics.snapshot(NOW).in_flight, 0);
}

#[test]
fn percentiles_are_estimated_within_their_bucket() {
    let metrics = Metrics::new();
    assert_eq!(metrics.snapshot(NOW).p99_ms, 0.0);
    for _ in 0..90 {
        metrics.record(&Method::GET, StatusCode::OK, ms(4), NOW);
    }
    for _ in 0..10 {
        metrics.record(&Method::GET, StatusCode::OK, ms(70), NOW);
    }
    let seen = metrics.snapshot(NOW);
    assert_eq!((seen.p50_ms, seen.p95_ms, seen.p99_ms), (3.89, 75.0, 95.0));
    for _ in 0..1000 {
        metrics.record(&Method::GET, StatusCode::OK, ms(60_000), NOW);
    }
    assert_eq!(metrics.snapshot(NOW).p50_ms, 10_000.0, "beyond the last bucket");
}

#[test]
fn a_latency_at_the_end_of_a_bucket_belongs_to_it() {
    let metrics = Metrics::new();
    metrics.record(&Method::GET, StatusCode::OK, ms(5), NOW);
    metrics.record(&Method::GET, StatusCode::OK, ms(5) + Duration::from_micros(1), NOW);
    let mut text = String::new();
    metrics.render(&mut text);
    assert!(text.contains("_bucket{le=\"0.0025\"} 0\n"), "{text}");
    assert!(text.contains("_bucket{le=\"0.005\"} 1\n"), "{text}");
    assert!(text.contains("_bucket{le=\"0.01\"} 2\n"), "{text}");
}

#[test]
fn the_text_is_what_prometheus_reads() {
    let metrics = Metrics::new();
    metrics.record(&Method::GET, StatusCode::OK, ms(20), NOW);
    metrics.record(&Method::POST, StatusCode::CONFLICT, ms(11_000), NOW);
    let _running = metrics.begin();
    let mut text = "before\n".to_owned();
    metrics.render(&mut text);
    assert!(text.starts_with("before\n# HELP athsys_http_requests_total"));
    for line in [
        "# TYPE athsys_http_requests_total counter",
        "athsys_http_requests_total{method=\"read\",status=\"2xx\"} 1",
        "athsys_http_requests_total{method=\"write\",status=\"4xx\"} 1",
        "athsys_http_requests_total{method=\"write\",status=\"5xx\"} 0",
        "# TYPE athsys_http_request_duration_seconds histogram",
        "athsys_http_request_duration_seconds_bucket{le=\"0.025\"} 1",
        "athsys_http_request_duration_seconds_bucket{le=\"10\"} 1",
        "athsys_http_request_duration_seconds_bucket{le=\"+Inf\"} 2",
        "athsys_http_request_duration_seconds_sum 11.02",
        "athsys_http_request_duration_seconds_count 2",
        "athsys_http_panics_total 0",
        "athsys_http_requests_in_flight 1",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} is missing in\n{text}");
    }
    assert!(text.ends_with('\n'));
}

#[test]
fn the_last_hour_is_kept_by_minute() {
    let metrics = Metrics::new();
    let at = |minutes: i64| metrics.record(&Method::GET, StatusCode::OK, ms(1), NOW + minutes * 60_000);
    at(0);
    at(0);
    at(1);
    at(59);
    let seen = metrics.snapshot(NOW + 59 * 60_000).per_minute;
    assert_eq!((seen.len(), seen[0], seen[1], seen[2], seen[59]), (60, 2, 1, 0, 1));
    // A minute later the oldest has left, and its place is used again.
    at(60);
    let seen = metrics.snapshot(NOW + 60 * 60_000).per_minute;
    assert_eq!((seen[0], seen[58], seen[59]), (1, 1, 1));
    assert_eq!(metrics.snapshot(NOW + 1000 * 60_000).per_minute, vec![0; 60]);
    assert_eq!(metrics.snapshot(-1).per_minute, vec![0; 60], "a clock before 1970");
}

#[test]
fn no_request_is_lost_between_threads() {
    let metrics = Metrics::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for request in 0..10_000 {
                    metrics.record(&Method::GET, StatusCode::OK, ms(1), NOW + request / 2500 * 60_000);
                }
            });
        }
    });
    let seen = metrics.snapshot(NOW + 3 * 60_000);
    assert_eq!(seen.requests, 40_000);
    assert_eq!(seen.per_minute.iter().sum::<u32>(), 40_000);
}
