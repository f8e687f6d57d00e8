//! Whether the day or the month comes first in a column.

use super::numbers::Numbers;
use super::strip;

/// Order of day and month in a column of dates such as 03/04/2008.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DateOrder {
    /// 03/04/2008 is 3 April, as in most of the world.
    #[default]
    DayMonth,
    /// 03/04/2008 is 4 March.
    MonthDay,
    /// The column contradicts itself; only dates that can be read in one way are read.
    Contradictory,
}

/// Collects what the dates of a column say about its order of day and month.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrderSurvey {
    day_first: bool,
    month_first: bool,
    undecided: bool,
    dotted: bool,
}

/// The order for a column, and whether its values prove it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderDecision {
    /// How to read the column.
    pub order: DateOrder,
    /// False when dates such as 03/04/2008 occur and no value of the column decides (note `ambiguous_date`).
    pub is_sure: bool,
}

impl OrderSurvey {
    /// Takes one value of the column, as written. Values that are no day-month-year numbers say nothing
    /// (section 15 \[C\]).
    ///
    /// ```
    /// let mut survey = athsys::rules::date::OrderSurvey::default();
    /// survey.feed("14/03/2008");
    /// assert!(survey.is_proved());
    /// ```
    pub fn feed(&mut self, value: &str) {
        let Some(Numbers { parts: [first, second, _], separator, year_first: false }) = Numbers::of(strip(value))
        else {
            return;
        };
        match (first > 12, second > 12) {
            (true, false) => self.day_first = true,
            (false, true) => self.month_first = true,
            (false, false) if separator == b'.' => self.dotted = true,
            (false, false) => self.undecided |= first != second,
            (true, true) => {}
        }
    }

    /// Whether a value has proved the order of the column (section 15 \[C\]).
    ///
    /// ```
    /// assert!(!athsys::rules::date::OrderSurvey::default().is_proved());
    /// ```
    pub fn is_proved(&self) -> bool {
        self.day_first || self.month_first || self.dotted
    }

    /// Whether the values so far leave an ambiguous date without proof of its order (section 15 \[C\]).
    ///
    /// ```
    /// let mut survey = athsys::rules::date::OrderSurvey::default();
    /// survey.feed("03/04/2008");
    /// assert!(survey.is_open());
    /// ```
    pub fn is_open(&self) -> bool {
        self.undecided && !self.is_proved()
    }

    /// The order of the column: proved by its values, else day first when dots are in use, else `usual` (that of the
    /// meet's country) (section 15 \[C\]).
    ///
    /// ```
    /// use athsys::rules::date::{DateOrder, OrderSurvey};
    /// let mut survey = OrderSurvey::default();
    /// survey.feed("03/14/2008");
    /// assert_eq!(survey.decide(DateOrder::DayMonth).order, DateOrder::MonthDay);
    /// ```
    pub fn decide(&self, usual: DateOrder) -> OrderDecision {
        let order = match (self.day_first, self.month_first) {
            (true, true) => DateOrder::Contradictory,
            (true, false) => DateOrder::DayMonth,
            (false, true) => DateOrder::MonthDay,
            (false, false) if self.dotted => DateOrder::DayMonth,
            (false, false) => usual,
        };
        OrderDecision { order, is_sure: !self.is_open() }
    }
}
