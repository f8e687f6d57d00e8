use super::*;

fn codes(free: u64, percent: u8, charging: bool) -> Vec<(String, String)> {
    let found = in_machine(Some(free), Some(Battery { percent, charging }));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    found.iter().map(|one| (text(&one["code"]), text(&one["severity"]))).collect()
}

#[test]
fn a_full_disk_and_an_empty_battery_are_to_be_decided_on() {
    let owned = |code: &str, severity: &str| (code.to_owned(), severity.to_owned());
    assert_eq!(codes(LOW_DISK, 21, false), []);
    assert_eq!(codes(LOW_DISK - 1, 20, false), [owned("disk-low", "warn"), owned("battery-low", "warn")]);
    assert_eq!(codes(1_000, 10, false), [owned("disk-low", "bad"), owned("battery-low", "bad")]);
    assert_eq!(codes(LOW_DISK, 2, true), [], "it is being charged");
    assert_eq!(in_machine(None, None), [Value::Null; 0]);
}
