//! Base 32 (RFC 4648) without padding, as apps for codes read a secret.

const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub fn encode(bytes: &[u8]) -> String {
    let letter = |bits: u64, place: usize| char::from(LETTERS[(bits >> (35 - 5 * place)) as usize & 31]);
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        // Five bytes are eight letters; what is missing at the end is zero.
        let bits = chunk.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        text.extend((0..(8 * chunk.len()).div_ceil(5)).map(|place| letter(bits, place)));
    }
    text
}
