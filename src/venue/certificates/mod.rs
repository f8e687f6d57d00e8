//! The certificate behind https: made here for all names and addresses, or brought along.
//!
//! A made one is signed by an authority of this server's own. Phones install the authority once; the certificate itself
//! may then change as often as the addresses do.
//!
//! | module | job |
//! |---|---|
//! | [`facts`] | what a certificate says of itself |
//! | [`made`] | the authority, and what it signs |
//! | [`given`] | somebody else's files, with a sentence for everything that can be wrong with them |

pub mod facts;
mod given;
mod made;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::http::tls::{Line, Tls};
use crate::time::{self, Moment};
use facts::Facts;

/// What a certificate should hold for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub names: Vec<String>,
    pub ips: Vec<IpAddr>,
}

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Made here, and kept in this file.
    Made(PathBuf),
    /// Two files in PEM form.
    Given { cert: PathBuf, key: PathBuf },
}

/// A certificate that can be used.
#[derive(Clone)]
pub struct Certificate {
    certified: Arc<CertifiedKey>,
    pub facts: Facts,
    /// Who signed it, where that is this server.
    pub authority: Option<Authority>,
}

/// What phones install, to trust everything it signs.
#[derive(Debug, Clone)]
pub struct Authority {
    pub der: Vec<u8>,
    pub facts: Facts,
}

impl Certificate {
    /// Checks that the key belongs to the first certificate of the chain.
    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        authority: Option<Authority>,
    ) -> Result<Certificate, String> {
        let facts = Facts::of(chain.first().ok_or("there is no certificate")?)?;
        let certified = CertifiedKey::from_der(chain, key, &rustls::crypto::ring::default_provider());
        let certified = Arc::new(certified.map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => "the key does not belong to the certificate".to_owned(),
            other => other.to_string(),
        })?);
        Ok(Certificate { certified, facts, authority })
    }
}

/// The certificate of a running server.
pub struct Certificates {
    origin: Origin,
    tls: Tls,
    current: RwLock<Certificate>,
    /// When the given files were last changed, as far as it is known.
    read_at: Mutex<Option<[SystemTime; 2]>>,
}

impl Certificates {
    /// Reads or makes the certificate.
    ///
    /// # Errors
    /// A sentence: which file, what is wrong with it, what to do.
    pub fn open(origin: Origin, wanted: &Wanted) -> Result<Certificates, String> {
        let read_at = Mutex::new(changed_at(&origin));
        let (current, line) = match &origin {
            Origin::Made(file) => (made::open(file, wanted, time::now())?, Line::Made),
            Origin::Given { cert, key } => (given::read(cert, key, time::now())?, Line::Given),
        };
        let tls = Tls::new(current.certified.clone(), line);
        Ok(Certificates { origin, tls, current: RwLock::new(current), read_at })
    }

    pub fn tls(&self) -> &Tls {
        &self.tls
    }

    pub fn is_given(&self) -> bool {
        matches!(self.origin, Origin::Given { .. })
    }

    pub fn current(&self) -> Certificate {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps the certificate good: a made one is made anew for an address it lacks and when it ends soon, given files are
    /// read again when they were changed. What cannot be used leaves the one before in place. Answers whether there is a
    /// new one.
    pub fn refresh(&self, wanted: &Wanted) -> Result<bool, String> {
        let next = match &self.origin {
            Origin::Made(_) if made::is_good(&self.current().facts, wanted, time::now()) => return Ok(false),
            Origin::Made(file) => made::open(file, wanted, time::now())?,
            Origin::Given { cert, key } => {
                let mut read_at = self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
                let changed = changed_at(&self.origin);
                if *read_at == changed {
                    return Ok(false);
                }
                *read_at = changed; // a bad file is told of once
                given::read(cert, key, time::now())?
            }
        };
        self.tls.exchange(next.certified.clone());
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(true)
    }
}

fn changed_at(origin: &Origin) -> Option<[SystemTime; 2]> {
    let Origin::Given { cert, key } = origin else { return None };
    let at = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    Some([at(cert)?, at(key)?])
}

/// A day, for people: `2027-05-16`.
fn day(moment: Moment) -> String {
    moment.to_string().chars().take(10).collect()
}

#[cfg(test)]
mod tests;
