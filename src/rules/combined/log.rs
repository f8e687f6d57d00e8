//! `floor(A * x^C)` without floating point: powers are compared by their logarithms in fixed point.
//!
//! Double precision errs by one point near whole numbers. Logarithms to 58 binary places decide every mark of every table: a test
//! sees to it that no mark comes near enough to a whole number for the last places to matter.

/// Binary places of the fixed point.
const PLACES: u32 = 58;
const ONE: i128 = 1 << PLACES;
/// ln 2, to the last place.
const LN_2: i128 = 199_786_072_581_291_494;

/// The natural logarithm of a number from 1, in fixed point; off by a few last places.
pub(super) fn ln(number: u64) -> i128 {
    let number = number.max(1);
    let doublings = number.ilog2();
    // number = mantissa * 2^doublings with 1 <= mantissa < 2
    let mantissa = (i128::from(number) << PLACES) >> doublings;
    // ln m = 2 artanh((m - 1) / (m + 1)), and the argument is below a third.
    let y = ((mantissa - ONE) << PLACES) / (mantissa + ONE);
    let square = (y * y) >> PLACES;
    let (mut power, mut sum, mut divisor) = (y, 0, 1);
    while power != 0 {
        sum += power / divisor;
        power = (power * square) >> PLACES;
        divisor += 2;
    }
    2 * sum + i128::from(doublings) * LN_2
}

/// A thousand times `ln(A * x^C)`, with `A` in millionths, `x` and `C` in thousandths.
pub(super) fn ln_of_power(a: u64, x: u64, c: u64) -> i128 {
    1000 * (ln(a) - ln(1_000_000)) + i128::from(c) * (ln(x) - ln(1000))
}

/// The largest whole number that is at most `A * x^C`, and at most `most`.
pub(super) fn floor_of_power(a: u64, x: u64, c: u64, most: u32) -> u32 {
    let value = ln_of_power(a, x, c);
    let reaches = |points: u32| 1000 * ln(u64::from(points)) <= value;
    let (mut low, mut high) = (0, most);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if reaches(middle) { low = middle } else { high = middle - 1 }
    }
    low
}

#[cfg(test)]
mod tests;
