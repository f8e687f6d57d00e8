use std::net::Ipv4Addr;

use axum::http::HeaderValue;

use super::*;

fn agent(text: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::USER_AGENT, HeaderValue::from_str(text).unwrap())])
}

fn ip(n: u32) -> IpAddr {
    IpAddr::from(Ipv4Addr::from_bits(0xC0A8_0000 + n))
}

#[test]
fn a_device_is_known_by_its_address() {
    let reached = Reached::default();
    reached.note(ip(1), &agent("Mozilla/5.0 (iPhone)"), Moment(1000));
    reached.note(ip(2), &HeaderMap::new(), Moment(2000));
    reached.note_joined(ip(1), &agent("Mozilla/5.0 (iPhone)"), Moment(3000));
    let list = reached.list();
    let phone = Device {
        ip: ip(1),
        user_agent: Some("Mozilla/5.0 (iPhone)".into()),
        first_seen: Moment(1000),
        last_seen: Moment(3000),
        requests: 2,
        joined: true,
    };
    assert_eq!(list[0], phone);
    assert_eq!((list[1].ip, list[1].user_agent.as_deref(), list[1].joined), (ip(2), None, false));
}

#[test]
fn the_list_is_bounded_and_forgets_the_oldest() {
    let reached = Reached::default();
    reached.note(ip(0), &HeaderMap::new(), Moment(0));
    for n in 1..MOST as u32 {
        reached.note(ip(n), &HeaderMap::new(), Moment(i64::from(n)));
    }
    reached.note(ip(0), &HeaderMap::new(), Moment(9_000)); // heard of again, so no longer the oldest
    for n in 5_000..5_010 {
        reached.note(ip(n), &HeaderMap::new(), Moment(i64::from(n)));
    }
    let list = reached.list();
    assert_eq!(list.len(), MOST);
    let has = |n| list.iter().any(|device| device.ip == ip(n));
    assert!(has(0) && has(5_009) && has(11) && !has(1) && !has(10));
}

#[test]
fn a_long_name_is_cut() {
    let reached = Reached::default();
    reached.note(ip(1), &agent(&"x".repeat(5000)), Moment(0));
    assert!(reached.list()[0].user_agent.as_ref().unwrap().chars().count() <= LONGEST_AGENT + 1);
}
