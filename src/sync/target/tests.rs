use super::*;

fn read(url: &str) -> Result<Target, String> {
    Target::read(&Options { url: url.into(), ..Options::default() })
}

#[test]
fn an_address_is_shown_without_its_password() {
    let target = read("postgres://amina:s3cret@db.example.org:5433/meets").unwrap();
    assert_eq!(target.shown(), "postgres://amina@db.example.org:5433/meets (athsys)");
    let options = Options { url: "postgres://amina:s3cret@db/meets".into(), ..Options::default() };
    assert!(!format!("{options:?}").contains("s3cret"));
}

#[test]
fn what_leaves_this_computer_is_encrypted_unless_said_otherwise() {
    let mode = |url: &str| read(url).unwrap().config.get_ssl_mode();
    assert_eq!(mode("postgres://a@db.example.org/m"), SslMode::Require);
    assert_eq!(mode("postgres://a@localhost/m"), SslMode::Prefer);
    assert_eq!(mode("postgres://a@127.0.0.1/m"), SslMode::Prefer);
    assert_eq!(mode("postgres://a@db.example.org/m?sslmode=disable"), SslMode::Disable);
    assert_eq!(mode("postgres://a@localhost/m?sslmode=verify-full&connect_timeout=3"), SslMode::Require);
}

#[test]
fn a_wrong_address_is_refused_without_repeating_it() {
    for url in ["mysql://a:s3cret@h/m", "postgres://a:s3cret@h:notaport/m", "postgres://a:s3cret@h/m?sslmode=maybe"] {
        let reason = read(url).err().unwrap();
        assert!(!reason.contains("s3cret"), "{reason}");
    }
}

#[test]
#[cfg(unix)]
fn a_password_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "from the file\n").unwrap();
    let set = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    let options =
        Options { url: "postgres://a@localhost/m".into(), password_file: Some(file.clone()), ..Options::default() };
    set(0o644);
    assert!(Target::read(&options).err().unwrap().contains("chmod 600"));
    set(0o600);
    assert_eq!(Target::read(&options).unwrap().config.get_password(), Some(&b"from the file"[..]));
}
