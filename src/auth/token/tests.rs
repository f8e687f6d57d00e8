use std::fs;
use std::io;
use std::path::PathBuf;

use super::*;

const NOW: i64 = 1_800_000_000;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("athsys.key")
    }

    /// The keys of a file with this text.
    fn keys(&self, text: impl AsRef<[u8]>) -> io::Result<Keys> {
        fs::write(self.file(), text)?;
        KeyFile::open_or_create(&self.file())
    }
}

fn line(kid: &str, byte: u8) -> String {
    format!("{kid} {}\n", base64url::encode(&[byte; 32]))
}

fn keys() -> Keys {
    Folder::new().keys(line("one", 1)).unwrap()
}

fn claims() -> Claims {
    Claims::new(7, 42, 3, NOW, 3600)
}

#[test]
fn a_signed_token_gives_its_claims_back() {
    let keys = keys();
    let token = keys.sign(&claims());
    let read = keys.verify(&token, NOW).unwrap();
    assert_eq!((read.sub, read.sid, read.tv, read.iat, read.exp), (7, 42, 3, NOW, NOW + 3600));
    assert_eq!(read.aud, "athsys");
    assert_ne!(read.jti, claims().jti);
}

#[test]
fn the_token_is_an_ordinary_jwt() {
    let token = keys().sign(&claims());
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!((header.alg, header.kid.as_deref()), (Algorithm::HS256, Some("one")));
    let mut validation = jsonwebtoken::Validation::new(Algorithm::HS256);
    validation.set_audience(&["athsys"]);
    let key = DecodingKey::from_secret(&[1; 32]);
    assert_eq!(jsonwebtoken::decode::<Claims>(&token, &key, &validation).unwrap().claims.sub, 7);
}

#[test]
fn a_token_expires_after_an_hour() {
    let keys = keys();
    let token = keys.sign(&claims());
    assert!(keys.verify(&token, NOW + 3599).is_ok());
    assert_eq!(keys.verify(&token, NOW + 3600), Err(TokenError::Expired));
    assert!(keys.verify(&token, NOW - 100_000).is_ok(), "a clock set back signs nobody out");
}

#[test]
fn any_changed_character_makes_a_token_invalid() {
    let keys = keys();
    let token = keys.sign(&claims());
    for place in 0..token.len() {
        for other in ['A', 'B', '.', '=', '\u{e9}'] {
            if !token[place..].starts_with(other) {
                let changed = format!("{}{other}{}", &token[..place], &token[place + 1..]);
                assert_eq!(keys.verify(&changed, NOW), Err(TokenError::Invalid), "{changed}");
            }
        }
    }
    for bad in
        ["", ".", "..", "a.b.c", &token[1..], &token[..token.len() - 1], &format!("{token}."), &format!("{token}=")]
    {
        assert_eq!(keys.verify(bad, NOW), Err(TokenError::Invalid), "{bad}");
    }
}

/// A token with any header and claims, rightly signed with the key `one`.
fn forged(header: &str, claims: &str) -> String {
    let message = format!("{}.{}", base64url::encode(header.as_bytes()), base64url::encode(claims.as_bytes()));
    let signature =
        jsonwebtoken::crypto::sign(message.as_bytes(), &EncodingKey::from_secret(&[1; 32]), Algorithm::HS256);
    format!("{message}.{}", signature.unwrap())
}

#[test]
fn only_our_own_header_and_audience_are_accepted() {
    let keys = keys();
    let good = r#"{"typ":"JWT","alg":"HS256","kid":"one"}"#;
    let claims =
        |aud: &str| format!(r#"{{"sub":7,"sid":42,"tv":3,"iat":{NOW},"exp":{},"aud":"{aud}","jti":"x"}}"#, NOW + 60);
    assert!(keys.verify(&forged(good, &claims("athsys")), NOW).is_ok(), "the forger of this test is good enough");
    assert_eq!(keys.verify(&forged(good, &claims("other")), NOW), Err(TokenError::Invalid));
    assert_eq!(keys.verify(&forged(good, r#"{"sub":7}"#), NOW), Err(TokenError::Invalid));
    for header in [
        r#"{"typ":"JWT","alg":"none","kid":"one"}"#,
        r#"{"typ":"JWT","alg":"HS384","kid":"one"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"two"}"#,
        r#"{"typ":"JWT","alg":"HS256"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"one","crit":["x"]}"#,
    ] {
        assert_eq!(keys.verify(&forged(header, &claims("athsys")), NOW), Err(TokenError::Invalid), "{header}");
    }
}

#[test]
fn the_first_key_signs_and_the_second_is_still_accepted() {
    let folder = Folder::new();
    let old = folder.keys(line("old", 1)).unwrap();
    let both = folder.keys(line("new", 2) + "\n" + &line("old", 1)).unwrap();
    assert!(both.verify(&old.sign(&claims()), NOW).is_ok());
    assert_eq!(old.verify(&both.sign(&claims()), NOW), Err(TokenError::Invalid));
    let other = folder.keys(line("old", 3)).unwrap();
    assert_eq!(other.verify(&old.sign(&claims()), NOW), Err(TokenError::Invalid), "same name, other key");
}

#[test]
fn a_key_file_is_made_once_and_for_its_owner_only() {
    let folder = Folder::new();
    let first = KeyFile::open_or_create(&folder.file()).unwrap();
    let token = first.sign(&claims());
    assert!(KeyFile::open_or_create(&folder.file()).unwrap().verify(&token, NOW).is_ok());
    let text = fs::read_to_string(folder.file()).unwrap();
    let (kid, secret) = text.trim_end().split_once(' ').unwrap();
    assert_eq!((kid.len(), base64url::decode(secret).unwrap().len()), (8, 32));
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1, "nothing else is left in the folder");
    assert_eq!(format!("{first:?}"), format!("[{kid:?}]"), "no key in a log");
    let another = Folder::new();
    assert!(KeyFile::open_or_create(&another.file()).unwrap().verify(&token, NOW).is_err());
    #[cfg(unix)]
    assert_eq!(mode(&folder), 0o600);
}

#[test]
fn a_rotated_key_signs_and_the_one_before_is_accepted_until_the_next_rotation() {
    let folder = Folder::new();
    let old = folder.keys(line("old", 1)).unwrap();
    let token = old.sign(&claims());
    assert_eq!(KeyFile::rotate(&folder.file()).unwrap(), 2);
    let both = KeyFile::open_or_create(&folder.file()).unwrap();
    assert!(both.verify(&token, NOW).is_ok());
    assert_eq!(old.verify(&both.sign(&claims()), NOW), Err(TokenError::Invalid), "another key signs now");
    assert_eq!(KeyFile::rotate(&folder.file()).unwrap(), 2);
    let newest = KeyFile::open_or_create(&folder.file()).unwrap();
    assert_eq!(newest.verify(&token, NOW), Err(TokenError::Invalid));
    assert!(newest.verify(&both.sign(&claims()), NOW).is_ok());
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 1, "nothing else is left in the folder");
    #[cfg(unix)]
    assert_eq!(mode(&folder), 0o600);
}

#[test]
fn a_missing_key_file_is_made_by_a_rotation_and_an_unusable_one_is_kept() {
    let folder = Folder::new();
    assert_eq!(KeyFile::rotate(&folder.file()).unwrap(), 1);
    fs::write(folder.file(), "garbage").unwrap();
    assert!(KeyFile::rotate(&folder.file()).unwrap_err().to_string().contains("line 1 is not a key"));
    assert_eq!(fs::read_to_string(folder.file()).unwrap(), "garbage");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_an_error_and_not_a_loop() {
    let folder = Folder::new();
    std::os::unix::fs::symlink(folder.0.path().join("nowhere"), folder.file()).unwrap();
    assert!(KeyFile::open_or_create(&folder.file()).unwrap_err().to_string().contains("cannot be read"));
}

#[cfg(unix)]
fn mode(folder: &Folder) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn wide_permissions_are_tightened() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    fs::write(folder.file(), line("one", 1)).unwrap();
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(KeyFile::open_or_create(&folder.file()).is_ok());
    assert_eq!(mode(&folder), 0o600);
}

#[test]
fn an_unusable_key_file_is_named_and_kept() {
    let folder = Folder::new();
    let short = format!("one {}\n", base64url::encode(&[1; 31]));
    for (text, reason) in [
        (b"".to_vec(), "it holds no key"),
        (b"\n \n".to_vec(), "it holds no key"),
        (b"garbage".to_vec(), "line 1 is not a key"),
        (short.into_bytes(), "line 1 is not a key"),
        (line("b\u{e4}d", 1).into_bytes(), "line 1 is not a key"),
        ((line("one", 1) + "two secret").into_bytes(), "line 2 is not a key"),
        ((line("one", 1) + &line("one", 2)).into_bytes(), "line 2 repeats"),
        ((line("one", 1) + &line("two", 2) + &line("three", 3)).into_bytes(), "it holds 3 keys"),
        (vec![0xff, 0xfe, 0], "it is not a text file"),
    ] {
        let error = folder.keys(&text).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        let said = error.to_string();
        assert!(said.contains(reason) && said.contains("athsys.key"), "{said}");
        assert!(!said.contains("secret"), "{said}");
        assert_eq!(fs::read(folder.file()).unwrap(), text);
    }
    let nowhere = folder.0.path().join("missing").join("athsys.key");
    assert!(KeyFile::open_or_create(&nowhere).unwrap_err().to_string().contains("cannot be created"));
}

#[test]
fn random_tokens_differ_and_have_256_bits() {
    let (first, second) = (random_token(), random_token());
    assert_ne!(first, second);
    assert_eq!((first.len(), base64url::decode(&first).unwrap().len()), (43, 32));
}

#[test]
fn a_token_hash_is_sha_256() {
    assert_eq!(token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn base64url_is_that_of_the_standard() {
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg"),
        ("fo", "Zm8"),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64url::encode(bytes.as_bytes()), text);
        assert_eq!(base64url::decode(text).unwrap(), bytes.as_bytes());
    }
    assert_eq!(base64url::encode(&[0xfb, 0xff]), "-_8");
    for bad in ["Z", "Zg=", "Zh", "Zm9", "Z+8", "Z/8", "Z g", "Zm9vZ", "\u{e9}"] {
        assert_eq!(base64url::decode(bad), None, "{bad}");
    }
}
