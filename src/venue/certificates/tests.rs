use std::sync::Arc;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{ServerName, UnixTime};
use tempfile::TempDir;

use super::*;

fn wanted(names: &[&str], ips: &[&str]) -> Wanted {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    Wanted { names, ips: ips.iter().map(|ip| ip.parse().unwrap()).collect() }
}

fn made(folder: &TempDir, wanted: &Wanted) -> Certificates {
    Certificates::open(Origin::Made(folder.path().join("athsys-tls.pem")), wanted).unwrap()
}

/// As a phone does that has installed the authority.
fn trusts(authority: &Authority, certificate: &Certificate, host: &str) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.der.clone())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let chain = &certificate.certified.cert;
    let name = ServerName::try_from(host.to_owned()).unwrap();
    let checked = verifier.verify_server_cert(&chain[0], &chain[1..], &name, &[], UnixTime::now());
    checked.map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn a_phone_with_the_authority_trusts_every_name_and_address() {
    let folder = tempfile::tempdir().unwrap();
    let current =
        made(&folder, &wanted(&["meet.local", "timing.club.example"], &["192.168.1.20", "fd00::7"])).current();
    let authority = current.authority.clone().unwrap();
    for host in ["meet.local", "timing.club.example", "192.168.1.20", "fd00::7", "localhost", "127.0.0.1"] {
        assert_eq!(trusts(&authority, &current, host), Ok(()), "{host}");
    }
    assert!(trusts(&authority, &current, "other.local").is_err());
    let other = made(&tempfile::tempdir().unwrap(), &wanted(&["meet.local"], &[])).current();
    assert!(trusts(&authority, &other, "meet.local").is_err(), "signed by another meet");
}

#[test]
fn the_authority_can_pretend_to_be_a_meet_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let first = made(&folder, &wanted(&["meet.local"], &[])).current();
    let authority = first.authority.unwrap();
    assert_eq!(authority.facts.signs, ["local", "localhost"]);
    // What its key signs for a bank, a phone does not take.
    let forged = super::made::forged(&folder.path().join("athsys-tls.pem"), "bank.example");
    let refused = trusts(&authority, &forged, "bank.example").unwrap_err();
    assert!(refused.contains("NameConstraint"), "{refused}");
}

#[test]
fn it_is_the_same_after_a_restart_and_follows_new_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let first = made(&folder, &wanted(&["meet.local"], &["192.168.1.20"])).current();
    let certificates = made(&folder, &wanted(&["meet.local"], &["192.168.1.20"]));
    assert_eq!(certificates.current().facts, first.facts);

    assert_eq!(certificates.refresh(&wanted(&["meet.local"], &[])), Ok(false), "an address less is no reason");
    assert_eq!(certificates.refresh(&wanted(&["meet.local"], &["10.0.0.9"])), Ok(true));
    let second = certificates.current();
    assert!(second.facts.covers("10.0.0.9") && second.facts.fingerprint != first.facts.fingerprint);
    let authority = first.authority.unwrap();
    assert_eq!(trusts(&authority, &second, "10.0.0.9"), Ok(()), "phones need not install anything again");
}

#[test]
fn it_is_made_anew_a_month_before_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = wanted(&["meet.local"], &[]);
    let facts = made(&folder, &wanted).current().facts;
    let days = |n: i64| Moment(facts.not_after.0 - n * 24 * 3600 * 1000);
    assert!(super::made::is_good(&facts, &wanted, days(31)));
    assert!(!super::made::is_good(&facts, &wanted, days(29)));
    let lasts = (facts.not_after.0 - time::now_ms()) / (24 * 3600 * 1000);
    assert!((390..398).contains(&lasts), "{lasts}");
}

#[test]
fn a_name_outside_of_the_authority_makes_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let first = made(&folder, &wanted(&["meet.local"], &[])).current().authority.unwrap();
    let second = made(&folder, &wanted(&["meet.local", "timing.club.example"], &[])).current();
    assert_ne!(second.authority.as_ref().unwrap().facts.fingerprint, first.facts.fingerprint);
    assert_eq!(trusts(second.authority.as_ref().unwrap(), &second, "timing.club.example"), Ok(()));
}

#[test]
fn nobody_else_reads_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    made(&folder, &wanted(&["meet.local"], &[]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = folder.path().join("athsys-tls.pem").metadata().unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_file_is_said_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("athsys-tls.pem");
    made(&folder, &wanted(&["meet.local"], &[]));
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, &text[..text.len() / 2]).unwrap();
    let refused = Certificates::open(Origin::Made(file.clone()), &wanted(&[], &[])).err().unwrap();
    assert!(refused.contains("athsys-tls.pem is damaged") && refused.contains("delete it"), "{refused}");
    assert_eq!(std::fs::metadata(&file).unwrap().len() as usize, text.len() / 2);
}

#[test]
fn names_are_compared_as_browsers_do() {
    let facts = Facts {
        names: vec!["meet.local".into(), "*.club.example".into()],
        ips: vec!["192.168.1.20".parse().unwrap(), "fd00::7".parse().unwrap()],
        not_after: Moment(0),
        fingerprint: String::new(),
        signs: vec!["local".into()],
    };
    for host in ["Meet.Local", "a.club.example", "192.168.1.20", "[fd00::7]"] {
        assert!(facts.covers(host), "{host}");
    }
    for host in ["club.example", "a.b.club.example", "192.168.1.2", "[fd00::8]", "t.local"] {
        assert!(!facts.covers(host), "{host}");
    }
    assert!(facts.may_sign("meet.local") && facts.may_sign("local") && !facts.may_sign("notlocal"));
}
