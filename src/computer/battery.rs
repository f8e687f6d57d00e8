//! How much is left in the battery of the laptop: by files (Linux), by a call (Windows) or by a command (macOS).

#[cfg(windows)]
mod call;
#[cfg_attr(not(target_os = "macos"), expect(dead_code, reason = "tried on every system, asked on one"))]
mod command;
#[cfg(target_os = "linux")]
mod files;

use serde::Serialize;

/// From here down somebody should look for the charger, and here at once.
pub const LOW: u8 = 20;
pub const VERY_LOW: u8 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Battery {
    /// 0 to 100
    pub percent: u8,
    /// Fed from outside, whether or not there is anything left to charge
    pub charging: bool,
}

impl Battery {
    pub fn is_low(self) -> bool {
        !self.charging && self.percent <= LOW
    }
}

/// The battery of this computer; none where there is none, or the system does not say. For a thread that may wait.
pub fn now() -> Option<Battery> {
    #[cfg(target_os = "linux")]
    return files::read(std::path::Path::new(files::SUPPLIES));
    #[cfg(target_os = "macos")]
    return command::ask();
    #[cfg(windows)]
    return call::ask();
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    return None;
}
