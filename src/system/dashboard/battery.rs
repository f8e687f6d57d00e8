//! How much is left in the battery of the laptop, where the system tells it by files (Linux).

use std::fs;
use std::path::Path;

use serde::Serialize;

const SUPPLIES: &str = "/sys/class/power_supply";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Battery {
    /// 0 to 100
    pub percent: u8,
    /// Fed from outside, whether or not there is anything left to charge
    pub charging: bool,
}

/// The battery of this computer; none where there is none, or the system does not say.
pub fn now() -> Option<Battery> {
    read(Path::new(SUPPLIES))
}

/// Several batteries count as one of their mean charge. Those of mice and keyboards do not count.
fn read(supplies: &Path) -> Option<Battery> {
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
mod tests {
    use super::*;

    fn supply(folder: &Path, name: &str, files: &[(&str, &str)]) {
        fs::create_dir(folder.join(name)).unwrap();
        for (file, text) in files {
            fs::write(folder.join(name).join(file), format!("{text}\n")).unwrap();
        }
    }

    #[test]
    fn a_laptop_on_its_battery_says_so() {
        let folder = tempfile::tempdir().unwrap();
        supply(folder.path(), "AC", &[("type", "Mains"), ("online", "0")]);
        supply(folder.path(), "BAT0", &[("type", "Battery"), ("capacity", "41"), ("status", "Discharging")]);
        supply(folder.path(), "mouse", &[("type", "Battery"), ("scope", "Device"), ("capacity", "3")]);
        assert_eq!(read(folder.path()), Some(Battery { percent: 41, charging: false }));
        supply(folder.path(), "BAT1", &[("type", "Battery"), ("capacity", "81"), ("status", "Full")]);
        assert_eq!(read(folder.path()), Some(Battery { percent: 61, charging: false }));
    }

    #[test]
    fn one_that_is_fed_is_charging() {
        let folder = tempfile::tempdir().unwrap();
        supply(folder.path(), "BAT0", &[("type", "Battery"), ("capacity", "100"), ("status", "Not charging")]);
        assert_eq!(read(folder.path()), Some(Battery { percent: 100, charging: true }));
    }

    #[test]
    fn a_computer_without_battery_has_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()), None);
        assert_eq!(read(&folder.path().join("nothing")), None);
        supply(folder.path(), "BAT0", &[("type", "Battery"), ("capacity", "unknown")]);
        assert_eq!(read(folder.path()), None);
    }
}
