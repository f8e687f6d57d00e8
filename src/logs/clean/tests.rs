use super::*;

#[test]
fn what_may_be_a_persons_is_taken_out_of_sentences() {
    for (message, clean) in [
        ("the writer thread panicked", "the writer thread panicked"),
        ("a row of athlete's was lost", "a row of athlete's was lost"),
        ("byte 3 is inside 'é' of `José Núñez`", "byte 3 is inside <text> of <text>"),
        ("kept a copy of the older file in /home/ana/meet.db", "kept a copy of the older file in <path>"),
        ("unable to open C:\\Users\\Ana\\meet.db: no", "unable to open <path> no"),
        ("unable to open C:\\Users\\Ana Maria Silva\\meet.db: no", "unable to open <path> no"),
        ("ana@club.example has no password", "<address> has no password"),
        ("\"Ana Silva\" (\"x\") is full", "<text> (<text>) is full"),
        ("it ends in 'the middle of Ana", "it ends in <text>"),
        ("“Ana” won", "<text> won"),
    ] {
        assert_eq!(text(message), clean);
    }
}

#[test]
fn members_of_lines_are_numbers_and_words_of_ours() {
    assert!(is_harmless("status", &json!(200)) && is_harmless("route", &json!("/api/athletes/{id}")));
    assert!(is_harmless("id", &json!("0123456789abcdef")));
    assert!(!is_harmless("id", &json!("ana@club.example")) && !is_harmless("path", &json!("/ana")));
    assert!(!is_harmless("file", &json!("/home/ana/meet.db")) && !is_harmless("error", &json!("x")));
}
