use super::*;

fn written(kind: Kind, given: ValueRef<'_>) -> String {
    let mut out = Vec::new();
    value(&mut out, kind, given);
    String::from_utf8(out).unwrap()
}

#[test]
fn values_look_as_postgresql_writes_them() {
    let integer = ValueRef::Integer;
    assert_eq!(written(Kind::Integer, integer(-3)), "-3");
    assert_eq!(written(Kind::Flag, integer(1)), "t");
    assert_eq!(written(Kind::Flag, integer(0)), "f");
    assert_eq!(written(Kind::Decimal(3), integer(10_230)), "10.230");
    assert_eq!(written(Kind::Decimal(1), integer(-7)), "-0.7");
    assert_eq!(written(Kind::Instant, integer(0)), "1970-01-01 00:00:00+00");
    assert_eq!(written(Kind::Instant, integer(1_709_210_096_120)), "2024-02-29 12:34:56.12+00");
    assert_eq!(written(Kind::Instant, integer(-1)), "1969-12-31 23:59:59.999+00");
    assert_eq!(written(Kind::Text, ValueRef::Null), "\\N");
    assert_eq!(written(Kind::Text, ValueRef::Text(b"a\tb\\N\r\nc")), "a\\tb\\\\N\\r\\nc");
}

#[test]
fn the_calendar_is_the_one_everybody_uses() {
    for days in (-700_000..2_900_000).step_by(997) {
        let date = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
        let expected = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
        assert_eq!(civil(days), expected);
    }
}

#[test]
fn lines_are_found_again() {
    let lines = Lines { text: b"one\ntwo\nthree\n".to_vec(), ends: vec![4, 8, 14], keys: vec![1, 2, 3] };
    assert_eq!(lines.text(0..3), b"one\ntwo\nthree\n");
    assert_eq!(lines.text(1..2), b"two\n");
    assert_eq!(lines.text(0..0), b"");
    assert_eq!(lines.iter().last(), Some((3, &b"three\n"[..])));
}
