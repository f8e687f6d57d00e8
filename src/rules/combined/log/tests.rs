use super::*;
use crate::rules::combined::{FORMULAS, Unit};

#[test]
fn logarithms_are_right_to_fifteen_decimals() {
    for number in [1_u64, 2, 3, 10, 831, 1000, 999_983, 58_015_000] {
        let exact = (number as f64).ln();
        let found = ln(number) as f64 / ONE as f64;
        assert!((exact - found).abs() < 1e-14, "{number}: {exact} {found}");
    }
}

/// Every mark of every table is so far from a whole number of points that the arithmetic cannot miss it.
#[test]
fn no_mark_is_too_close_to_a_whole_number_to_decide() {
    for (name, formula) in FORMULAS.iter() {
        let step = if formula.unit == Unit::Centimetres { 1000 } else { 10 };
        for base in (step..=600_000_u64).step_by(step as usize) {
            let value = ln_of_power(formula.a, base, formula.c);
            let points = floor_of_power(formula.a, base, formula.c, 20_000);
            if points == 0 || points == 20_000 {
                continue;
            }
            let near = |whole: u32| (value - 1000 * ln(u64::from(whole))).abs() > 1_000_000;
            assert!(near(points) && near(points + 1), "{name:?} with base {base} is at {points}");
        }
    }
}
