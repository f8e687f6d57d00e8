//! What the computer itself does to a meet: its battery runs down, it falls asleep, its clock is set.

pub mod battery;
pub mod sleep;
