//! The desktop that the program was started on, if there is one.

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

#[cfg(test)]
mod tests;
