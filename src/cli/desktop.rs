//! The desktop that the program was started on, if there is one.

#[cfg(not(windows))]
use std::process::{Command, Stdio};

/// Whether a person sits before this computer and can see a browser open: not behind a remote line, and not for a
/// service.
pub fn is_there() -> bool {
    is_there_on(std::env::consts::OS, |name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

fn is_there_on(system: &str, variable: impl Fn(&str) -> Option<String>) -> bool {
    if ["SSH_CONNECTION", "SSH_TTY"].into_iter().any(|name| variable(name).is_some()) {
        return false;
    }
    match system {
        // Services have a profile below the system's folder.
        "windows" => variable("USERPROFILE").is_some_and(|profile| {
            let profile = profile.to_lowercase();
            !profile.contains("systemprofile") && !profile.contains("serviceprofiles")
        }),
        // The system's own services have no home, or that of root.
        "macos" => variable("HOME").is_some_and(|home| home != "/var/root"),
        _ => ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(|name| variable(name).is_some()),
    }
}

/// Shows a page in the person's browser. Where that fails the address stands in the terminal.
pub fn show(address: &str) {
    if let Err(error) = open::that_detached(address) {
        tracing::info!("no browser could be opened: {error}");
    }
}

/// Keeps the computer awake as long as this lives; it ends with the process, however that ends.
pub struct Awake {
    #[cfg(not(windows))]
    _held: Helper,
}

/// Asks the system not to fall asleep by itself. Somebody who closes the lid still gets what they want.
pub fn stay_awake() -> Option<Awake> {
    #[cfg(target_os = "linux")]
    let asked = Helper::start(Command::new("systemd-inhibit").args([
        "--what=idle:sleep",
        "--who=athsys",
        "--why=A meet is served",
        "cat",
    ]));
    #[cfg(target_os = "macos")]
    let asked = Helper::start(Command::new("caffeinate").args(["-i", "-s", "-w", &std::process::id().to_string()]));
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    let asked = None;
    #[cfg(not(windows))]
    return asked.map(|held| Awake { _held: held });
    #[cfg(windows)]
    return windows_stays_awake().then_some(Awake {});
}

/// A program of the system that holds sleep off until its standard input ends.
#[cfg(not(windows))]
struct Helper {
    child: std::process::Child,
}

#[cfg(not(windows))]
impl Helper {
    fn start(command: &mut Command) -> Option<Helper> {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().ok().map(|child| Helper { child })
    }
}

#[cfg(not(windows))]
impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Holds as long as the thread that asks lives, which is the first of the process.
#[cfg(windows)]
fn windows_stays_awake() -> bool {
    const CONTINUOUS: u32 = 0x8000_0000;
    const SYSTEM_REQUIRED: u32 = 1;
    #[link(name = "kernel32")]
    #[expect(unsafe_code, reason = "the standard library has no word for this")]
    unsafe extern "system" {
        fn SetThreadExecutionState(state: u32) -> u32;
    }
    #[expect(unsafe_code, reason = "a call of the system")]
    // SAFETY: it takes a number and keeps nothing of ours.
    let before = unsafe { SetThreadExecutionState(CONTINUOUS | SYSTEM_REQUIRED) };
    before != 0
}

#[cfg(test)]
mod tests;
