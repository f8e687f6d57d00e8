//! Exact fractions: shared team points come in thirds.

use std::fmt;

/// A fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    over: i64,
    under: i64,
}

impl Fraction {
    pub const ZERO: Fraction = Fraction { over: 0, under: 1 };

    /// `over / under`; a zero below gives zero.
    ///
    /// ```
    /// use athsys::rules::fraction::Fraction;
    /// assert_eq!(Fraction::new(2, 6).to_string(), "1/3");
    /// assert_eq!(Fraction::new(18, 2).to_string(), "9");
    /// ```
    pub fn new(over: i64, under: i64) -> Fraction {
        if under == 0 {
            return Fraction::ZERO;
        }
        let sign = under.signum();
        let divisor = common_divisor(over, under).max(1);
        Fraction { over: over / divisor * sign, under: under / divisor * sign }
    }

    /// The sum; what is beyond 64 bits stays at the limit.
    ///
    /// ```
    /// use athsys::rules::fraction::Fraction;
    /// assert_eq!(Fraction::new(1, 3).plus(Fraction::new(1, 6)), Fraction::new(1, 2));
    /// ```
    #[must_use]
    pub fn plus(self, other: Fraction) -> Fraction {
        let divisor = common_divisor(self.under, other.under).max(1);
        let left = self.over.saturating_mul(other.under / divisor);
        let right = other.over.saturating_mul(self.under / divisor);
        Fraction::new(left.saturating_add(right), self.under.saturating_mul(other.under / divisor))
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Fraction) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Fraction) -> std::cmp::Ordering {
        let (left, right) =
            (i128::from(self.over) * i128::from(other.under), i128::from(other.over) * i128::from(self.under));
        left.cmp(&right)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.under {
            1 => write!(f, "{}", self.over),
            under => write!(f, "{}/{under}", self.over),
        }
    }
}

fn common_divisor(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i64::try_from(a).unwrap_or(i64::MAX)
}
