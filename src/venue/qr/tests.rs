use super::Qr;

const ADDRESS: &str = "http://192.168.1.20:5000/join";

#[test]
fn a_picture_stands_alone_and_holds_no_text() {
    let picture = Qr::of(ADDRESS).unwrap().svg();
    assert!(picture.contains("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{picture}");
    // 29 squares of a code this long, 4 of quiet on each side, each 4 wide.
    assert!(picture.contains("viewBox=\"0 0 148 148\""), "{picture}");
    assert!(!picture.contains("script") && !picture.contains("192.168"), "{picture}");
}

#[test]
fn a_terminal_gets_as_many_columns_as_squares() {
    let text = Qr::of(ADDRESS).unwrap().blocks();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 19); // 37 rows, two a line
    assert!(lines.iter().all(|line| line.chars().count() == 37), "{text}");
    // The quiet zone is light, and so written.
    assert_eq!(lines[0], "█".repeat(37));
}

#[test]
fn another_text_is_another_code() {
    assert_ne!(Qr::of("a").unwrap().svg(), Qr::of("b").unwrap().svg());
}

#[test]
fn text_that_fits_no_code_has_none() {
    assert!(Qr::of(&"x".repeat(2331)).is_some());
    assert!(Qr::of(&"x".repeat(2332)).is_none());
}
