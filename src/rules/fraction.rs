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

    /// `over / under`; a zero below gives zero (section 12.3 \[S\]).
    ///
    /// ```
    /// use athsys::rules::fraction::Fraction;
    /// assert_eq!(Fraction::new(2, 6).to_string(), "1/3");
    /// assert_eq!(Fraction::new(18, 2).to_string(), "9");
    /// ```
    pub fn new(over: i64, under: i64) -> Fraction {
        Fraction::lowest(i128::from(over), i128::from(under))
    }

    /// In lowest terms, the sign above; what is beyond 64 bits stays at the limit.
    fn lowest(over: i128, under: i128) -> Fraction {
        if under == 0 {
            return Fraction::ZERO;
        }
        let divisor = common_divisor(over, under) * under.signum();
        let clamped = |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
        Fraction { over: clamped(over / divisor), under: clamped(under / divisor) }
    }

    /// The sum; what is beyond 64 bits stays at the limit (section 12.3 \[S\]).
    ///
    /// ```
    /// use athsys::rules::fraction::Fraction;
    /// assert_eq!(Fraction::new(1, 3).plus(Fraction::new(1, 6)), Fraction::new(1, 2));
    /// ```
    #[must_use]
    pub fn plus(self, other: Fraction) -> Fraction {
        let (over, under) = (i128::from(self.over), i128::from(self.under));
        let (other_over, other_under) = (i128::from(other.over), i128::from(other.under));
        Fraction::lowest(over * other_under + other_over * under, under * other_under)
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

/// At least 1. Products of 64-bit numbers never reach the lowest 128-bit number, whose sign could not be turned.
fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}
