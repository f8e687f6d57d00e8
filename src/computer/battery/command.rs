//! macOS: what `pmset -g batt` prints.

use std::process::Command;

use super::Battery;

pub fn ask() -> Option<Battery> {
    let printed = Command::new("pmset").args(["-g", "batt"]).output().ok()?;
    read(&String::from_utf8_lossy(&printed.stdout))
}

/// `Now drawing from 'Battery Power'`, and then `-InternalBattery-0 (id=1) 41%; discharging; 3:10 remaining`.
fn read(printed: &str) -> Option<Battery> {
    let line = printed.lines().find(|line| line.contains("InternalBattery"))?;
    let (before, state) = line.split_once('%')?;
    let percent = before.rsplit(|letter: char| !letter.is_ascii_digit()).next()?.parse::<u8>().ok()?.min(100);
    Some(Battery { percent, charging: !state.contains("discharging") })
}

#[cfg(test)]
mod tests;
