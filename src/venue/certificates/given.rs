//! A certificate somebody brought along, as two files in PEM form.

use std::fs;
use std::path::Path;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{Certificate, day};
use crate::time::Moment;

/// # Errors
/// A sentence: which file, what is wrong with it, what to do.
pub fn read(cert: &Path, key: &Path, now: Moment) -> Result<Certificate, String> {
    let text = contents(cert, "certificate", "--tls-cert")?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text).filter_map(Result::ok).collect();
    if chain.is_empty() {
        return Err(format!(
            "{} holds no certificate in PEM form, which begins with -----BEGIN CERTIFICATE-----. Name the right file \
             with --tls-cert",
            cert.display()
        ));
    }
    let text = contents(key, "key", "--tls-key")?;
    let private = PrivateKeyDer::from_pem_slice(&text).map_err(|_| no_key(key, &text))?;
    let certificate = Certificate::new(chain, private, None).map_err(|reason| {
        format!("{} and {} cannot be used together: {reason}. Name files that belong together with --tls-cert and --tls-key",
            cert.display(), key.display())
    })?;
    if certificate.facts.not_after <= now {
        let last = day(certificate.facts.not_after);
        return Err(format!(
            "The certificate {} was good until {last}. Renew it, or use --tls alone to have one made here",
            cert.display()
        ));
    }
    Ok(certificate)
}

fn contents(path: &Path, what: &str, option: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| {
        format!("The {what} file {} cannot be read: {error}. Name the right one with {option}", path.display())
    })
}

fn no_key(path: &Path, text: &[u8]) -> String {
    let path = path.display();
    if memchr::memmem::find(text, b"ENCRYPTED").is_some() {
        return format!(
            "The key {path} is locked with a password, which nobody could type at a start by itself. Unlock a copy with: \
             openssl pkey -in {path} -out unlocked.key"
        );
    }
    format!(
        "{path} holds no private key in PEM form, which begins with -----BEGIN PRIVATE KEY-----. Name the right file with \
         --tls-key"
    )
}
