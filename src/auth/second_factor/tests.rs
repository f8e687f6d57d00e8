use super::*;

/// The secret of the test vectors in RFC 6238, appendix B.
const RFC: [u8; SECRET] = *b"12345678901234567890";

/// Their last six digits, for SHA-1.
const VECTORS: [(u64, &str); 6] = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
];

#[test]
fn codes_are_those_of_rfc_6238() {
    for (time, code) in VECTORS {
        assert_eq!(step_of(RFC, code, time), i64::try_from(time / 30).ok(), "{time}");
        assert_eq!(step_of(RFC, "000000", time), None, "{time}");
    }
}

#[test]
fn a_clock_may_be_one_step_off_to_each_side_and_no_more() {
    let (time, code) = VECTORS[3];
    let begin = time / 30 * 30;
    for (off, is_good) in [(-31_i64, false), (-30, true), (0, true), (29, true), (59, true), (60, false), (90, false)] {
        assert_eq!(step_of(RFC, code, begin.saturating_add_signed(off)).is_some(), is_good, "{off}");
    }
}

#[test]
fn what_is_no_code_is_refused() {
    for bad in ["", "28708", "2870822", "28708a", "287 082", "\u{662}\u{668}\u{667}\u{660}\u{668}\u{662}", "+287082"] {
        assert_eq!(step_of(RFC, bad, 59), None, "{bad}");
    }
}

#[test]
fn base_32_is_that_of_the_standard() {
    for (bytes, text) in [
        ("", ""),
        ("f", "MY"),
        ("fo", "MZXQ"),
        ("foo", "MZXW6"),
        ("foob", "MZXW6YQ"),
        ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ] {
        assert_eq!(base32::encode(bytes.as_bytes()), text);
    }
    assert_eq!(base32::encode(&RFC), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

#[test]
fn a_copied_code_is_read_whatever_stands_between_its_groups() {
    for written in ["abcd-efgh-jkmn-pqrs", "ABCD EFGH JKMN PQRS", " abcdefghjkmnpqrs "] {
        assert_eq!(bare(written), "abcdefghjkmnpqrs");
    }
}
