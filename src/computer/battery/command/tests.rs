use super::*;

#[test]
fn what_macos_prints_is_understood() {
    let away = "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4653155)\t41%; discharging; 3:10 remaining present: true\n";
    assert_eq!(read(away), Some(Battery { percent: 41, charging: false }));
    let fed =
        "Now drawing from 'AC Power'\n -InternalBattery-0 (id=4653155)\t100%; charged; 0:00 remaining present: true\n";
    assert_eq!(read(fed), Some(Battery { percent: 100, charging: true }));
    assert_eq!(read("Now drawing from 'AC Power'\n"), None, "a computer without battery");
}
