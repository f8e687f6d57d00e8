//! The name of a request, for the response, the log and the person who asks about it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Characters of a caller's id that are taken over.
const MAX_LEN: usize = 128;

/// The caller's `X-Request-ID` when it is 1–128 visible ASCII characters, else 16 new hex digits.
pub fn request_id(headers: &HeaderMap) -> HeaderValue {
    match headers.get(X_REQUEST_ID) {
        Some(id) if is_good(id.as_bytes()) => id.clone(),
        _ => HeaderValue::from_bytes(&hex(next())).expect("hex digits are a header value"),
    }
}

fn is_good(id: &[u8]) -> bool {
    (1..=MAX_LEN).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}

/// SplitMix64 over a shared counter: one atomic step, and no value twice in a process, because the mixing
/// is a bijection. An id is not a secret, so it need not be unpredictable.
fn next() -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    static STATE: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(seed()));
    let mut mixed = STATE.fetch_add(STEP, Ordering::Relaxed);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn seed() -> u64 {
    getrandom::u64().expect("the operating system has random numbers")
}

fn hex(value: u64) -> [u8; 16] {
    std::array::from_fn(|place| b"0123456789abcdef"[(value >> (60 - 4 * place)) as usize & 15])
}
