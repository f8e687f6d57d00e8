//! Linux: a folder for each supply, a file for each thing it says.

use std::fs;
use std::path::Path;

use super::Battery;

pub const SUPPLIES: &str = "/sys/class/power_supply";

/// Several batteries count as one of their mean charge. Those of mice and keyboards do not count.
pub fn read(supplies: &Path) -> Option<Battery> {
    let (mut percents, mut draining) = (Vec::new(), false);
    for supply in fs::read_dir(supplies).ok()?.flatten() {
        let text = |name: &str| fs::read_to_string(supply.path().join(name)).map(|text| text.trim().to_owned());
        let is_ours =
            text("type").is_ok_and(|kind| kind == "Battery") && !text("scope").is_ok_and(|scope| scope == "Device");
        let Some(percent) = text("capacity").ok().and_then(|text| text.parse::<u32>().ok()).filter(|_| is_ours) else {
            continue;
        };
        percents.push(percent.min(100));
        draining |= text("status").is_ok_and(|status| status == "Discharging");
    }
    let count = u32::try_from(percents.len()).ok().filter(|count| *count > 0)?;
    let percent = u8::try_from(percents.iter().sum::<u32>() / count).ok()?;
    Some(Battery { percent, charging: !draining })
}

#[cfg(test)]
mod tests;
