//! What a certificate says of itself.

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{NameConstraints, SubjectAltName};

use crate::time::Moment;

/// Names, addresses, last day and fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub names: Vec<String>,
    pub ips: Vec<IpAddr>,
    pub not_after: Moment,
    /// SHA-256 of all of it, in pairs of hexadecimal digits, as browsers show it.
    pub fingerprint: String,
    /// The domains an authority may sign; none says that it may sign all.
    pub signs: Vec<String>,
}

impl Facts {
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn of(der: &[u8]) -> Result<Facts, String> {
        let unreadable = |error: x509_cert::der::Error| format!("the certificate cannot be read ({error})");
        let certificate = Certificate::from_der(der).map_err(unreadable)?.tbs_certificate;
        let mut facts = Facts {
            names: Vec::new(),
            ips: Vec::new(),
            not_after: Moment(millis(&certificate.validity.not_after)),
            fingerprint: pairs(&Sha256::digest(der)),
            signs: Vec::new(),
        };
        if let Some((_, SubjectAltName(names))) = certificate.get::<SubjectAltName>().map_err(unreadable)? {
            for name in &names {
                match name {
                    GeneralName::DnsName(name) => facts.names.push(name.as_str().to_ascii_lowercase()),
                    GeneralName::IpAddress(bytes) => facts.ips.extend(ip_of(bytes.as_bytes())),
                    _ => {}
                }
            }
        }
        if let Some((_, limits)) = certificate.get::<NameConstraints>().map_err(unreadable)? {
            for tree in limits.permitted_subtrees.into_iter().flatten() {
                if let GeneralName::DnsName(name) = tree.base {
                    facts.signs.push(name.as_str().to_ascii_lowercase());
                }
            }
        }
        Ok(facts)
    }

    /// Whether it holds for a host as it stands in an address line.
    pub fn covers(&self, host: &str) -> bool {
        if let Ok(ip) = host.trim_matches(['[', ']']).parse() {
            return self.ips.contains(&ip);
        }
        let host = host.to_ascii_lowercase();
        let parent = host.split_once('.').map(|(_, parent)| parent);
        self.names.iter().any(|name| *name == host || name.strip_prefix("*.").is_some_and(|rest| parent == Some(rest)))
    }

    /// Whether an authority may sign this name.
    pub fn may_sign(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let within = |domain: &String| name == *domain || name.ends_with(&format!(".{domain}"));
        self.signs.is_empty() || self.signs.iter().any(within)
    }
}

fn millis(time: &x509_cert::time::Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX)
}

fn ip_of(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn pairs(digest: &[u8]) -> String {
    let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}
