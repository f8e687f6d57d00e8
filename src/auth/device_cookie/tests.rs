use super::*;
use crate::auth::token::KeyFile;

fn keys() -> (tempfile::TempDir, Keys) {
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyFile::open_or_create(&folder.path().join("athsys.key")).unwrap();
    (folder, keys)
}

fn value(keys: &Keys) -> String {
    let set = set(Line::Plain, keys, "a@example.org", 1000);
    set.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned()
}

#[test]
fn a_browser_is_known_again_for_its_account_and_for_half_a_year() {
    let (_folder, keys) = keys();
    let cookie = value(&keys);
    assert!(device(&keys, &cookie, "a@example.org", 1000 + AGE_S - 1).is_some());
    assert_eq!(device(&keys, &cookie, "a@example.org", 1000 + AGE_S), None);
    assert_eq!(device(&keys, &cookie, "b@example.org", 1000), None);
    assert_ne!(device(&keys, &cookie, "a@example.org", 1000), device(&keys, &value(&keys), "a@example.org", 1000));
}

#[test]
fn a_made_up_or_lengthened_cookie_names_nobody() {
    let (_folder, keys) = keys();
    let (_other, foreign) = self::keys();
    let cookie = value(&keys);
    let longer = cookie.replace(&(1000 + AGE_S).to_string(), &(9000 + AGE_S).to_string());
    for bad in ["", ".", "..", "a.1.b", &longer, &cookie[1..], &cookie[..cookie.len() - 1], &value(&foreign)] {
        assert_eq!(device(&keys, bad, "a@example.org", 1000), None, "{bad}");
    }
}

#[test]
fn it_is_read_by_no_script_and_sent_to_the_doors_alone() {
    let (_folder, keys) = keys();
    let text = |line| set(line, &keys, "a@example.org", 0).to_str().unwrap().to_owned();
    assert!(text(Line::Made).contains("; Secure") && !text(Line::Plain).contains("Secure"));
    let set = text(Line::Plain);
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/api/auth", "; Max-Age=15552000"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("example"), "{set}");
}
