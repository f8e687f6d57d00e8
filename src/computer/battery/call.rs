//! Windows: one call of the system.

use super::Battery;

/// `SYSTEM_POWER_STATUS` of winbase.h.
#[repr(C)]
#[derive(Default)]
struct Status {
    /// 0 on the battery, 1 fed from outside, 255 unknown
    line: u8,
    /// 128 where there is no battery, 255 unknown
    flags: u8,
    /// 0 to 100, 255 unknown
    percent: u8,
    saver: u8,
    seconds_left: u32,
    seconds_full: u32,
}

const NO_BATTERY: u8 = 128;

#[link(name = "kernel32")]
#[expect(unsafe_code, reason = "the standard library has no word for this")]
unsafe extern "system" {
    fn GetSystemPowerStatus(status: *mut Status) -> i32;
}

pub fn ask() -> Option<Battery> {
    let mut status = Status::default();
    #[expect(unsafe_code, reason = "a call of the system")]
    // SAFETY: the pointer is to a structure of ours with the layout of the system, which it fills and does not keep.
    let is_known = unsafe { GetSystemPowerStatus(&raw mut status) } != 0;
    let has_battery = status.flags & NO_BATTERY == 0 && status.percent <= 100;
    (is_known && has_battery).then_some(Battery { percent: status.percent, charging: status.line != 0 })
}
