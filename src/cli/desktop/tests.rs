//! Where a browser may be opened.

use super::is_there_on;

fn is_there(system: &str, variables: &[(&str, &str)]) -> bool {
    is_there_on(system, |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
}

#[test]
fn linux_needs_a_display() {
    assert!(is_there("linux", &[("DISPLAY", ":0")]));
    assert!(is_there("linux", &[("WAYLAND_DISPLAY", "wayland-0")]));
    assert!(!is_there("linux", &[("HOME", "/root")]));
}

#[test]
fn nothing_opens_at_the_far_end_of_a_line() {
    assert!(!is_there("linux", &[("DISPLAY", "localhost:10.0"), ("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")]));
    assert!(!is_there("macos", &[("HOME", "/Users/ada"), ("SSH_TTY", "/dev/ttys001")]));
}

#[test]
fn services_of_windows_and_macos_have_no_desktop() {
    assert!(is_there("windows", &[("USERPROFILE", r"C:\Users\Ada")]));
    assert!(!is_there("windows", &[("USERPROFILE", r"C:\Windows\system32\config\systemprofile")]));
    assert!(!is_there("windows", &[("USERPROFILE", r"C:\Windows\ServiceProfiles\LocalService")]));
    assert!(is_there("macos", &[("HOME", "/Users/ada")]));
    assert!(!is_there("macos", &[("HOME", "/var/root")]) && !is_there("macos", &[]));
}
