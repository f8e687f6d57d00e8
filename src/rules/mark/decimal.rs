//! Decimal text to scaled integers and back, without floats.

use super::MarkError;

/// The value of `-12.5` in units of 10^-`places`; excess decimals must be zeros.
pub(super) fn scaled(text: &str, places: u32) -> Result<i64, MarkError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    // serde_json prints very large and very small numbers with an exponent; none of them is a mark.
    if let Some((number, exponent)) = digits.split_once(['e', 'E']) {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        return Err(match (is_number, exponent.strip_prefix('-')) {
            (false, _) => MarkError::NotAMark,
            (true, Some(_)) => MarkError::TooPrecise(places),
            (true, None) => MarkError::OutOfRange,
        });
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(MarkError::NotAMark);
    }
    let whole = integer(whole)?;
    let fraction = fraction_of(fraction, places)?;
    let unit = 10_i64.pow(places);
    let value = whole.checked_mul(unit).and_then(|value| value.checked_add(fraction)).ok_or(MarkError::OutOfRange)?;
    Ok(if negative { -value } else { value })
}

/// The value of plain digits; none at all is 0.
pub(super) fn integer(digits: &str) -> Result<i64, MarkError> {
    let mut value: i64 = 0;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return Err(MarkError::NotAMark);
        }
        let next = value.checked_mul(10).and_then(|value| value.checked_add(i64::from(byte - b'0')));
        value = next.ok_or(MarkError::OutOfRange)?;
    }
    Ok(value)
}

/// The value of the digits after a decimal point, in units of 10^-`places`.
pub(super) fn fraction_of(digits: &str, places: u32) -> Result<i64, MarkError> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MarkError::NotAMark);
    }
    let length = places as usize;
    let (kept, excess) = digits.split_at(length.min(digits.len()));
    if excess.bytes().any(|byte| byte != b'0') {
        return Err(MarkError::TooPrecise(places));
    }
    let missing = places - u32::try_from(kept.len()).expect("at most `places` digits");
    Ok(integer(kept)? * 10_i64.pow(missing))
}

/// Prints a value in units of 10^-`scale` with `places` decimals (never more than the scale).
pub(super) fn print(value: i64, scale: u32, places: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = value.unsigned_abs();
    let unit = 10_u64.pow(scale);
    let fraction = value % unit / 10_u64.pow(scale - places);
    let width = places as usize;
    format!("{sign}{}.{fraction:0width$}", value / unit)
}
