use axum::http::{Method, StatusCode};

use super::*;
use crate::http::metrics::Metrics;

fn reading(metrics: &Metrics, commits: u64) -> Reading {
    Reading { counters: metrics.counters(), commits, last_commit_ms: 1.5, ..Reading::default() }
}

fn answer(metrics: &Metrics, status: StatusCode, ms: u64) {
    metrics.record(&Method::GET, status, Duration::from_millis(ms), 0);
}

#[test]
fn a_point_tells_of_its_own_ten_seconds() {
    let (metrics, history) = (Metrics::new(), History::default());
    (0..100).for_each(|_| answer(&metrics, StatusCode::OK, 900));
    history.keep(reading(&metrics, 7), Moment(0));
    assert_eq!(history.points(), [], "the first reading only begins");
    (0..9).for_each(|_| answer(&metrics, StatusCode::OK, 3));
    answer(&metrics, StatusCode::INTERNAL_SERVER_ERROR, 40);
    answer(&metrics, StatusCode::NOT_FOUND, 3);
    history.keep(reading(&metrics, 9), Moment(10_000));
    history.keep(reading(&metrics, 9), Moment(20_000));
    let points = history.points();
    let busy = &points[0];
    assert_eq!((busy.at, busy.requests, busy.errors, busy.commits), (Moment(10_000), 11, 1, 2));
    assert_eq!(busy.commit_ms, Some(1.5));
    assert!(busy.p50_ms.is_some_and(|ms| (2.5..=5.0).contains(&ms)), "{busy:?}");
    assert!(busy.p95_ms.is_some_and(|ms| (25.0..=50.0).contains(&ms)), "{busy:?}");
    let quiet = &points[1];
    assert_eq!((quiet.requests, quiet.p50_ms, quiet.p95_ms, quiet.commit_ms), (0, None, None, None));
}

#[test]
fn an_hour_is_kept() {
    let (metrics, history) = (Metrics::new(), History::default());
    for at in 0..=400 {
        history.keep(reading(&metrics, 0), Moment(at));
    }
    let points = history.points();
    assert_eq!((points.len(), points[0].at, points[POINTS - 1].at), (POINTS, Moment(41), Moment(400)));
}
