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
