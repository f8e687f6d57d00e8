//! The authority of this server, and the certificate it signs for it.
//!
//! Both lie with their keys in one file beside the database, so that they always belong together.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, NameConstraints, PublicKeyData,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};
use x509_cert::der::pem::{self, LineEnding};

use super::facts::Facts;
use super::{Authority, Certificate, Wanted};
use crate::audit;
use crate::time::Moment;

const DAY_MS: i64 = 24 * 3600 * 1000;
/// Apple's systems take no longer ones, not even from an authority that is trusted.
const LEAF_DAYS: i32 = 396;
/// A certificate that ends sooner is made anew.
const RENEW_DAYS: i64 = 30;
const AUTHORITY_YEARS: i32 = 10;
/// Domains that are nobody's on the internet.
const OWN_DOMAINS: [&str; 2] = ["local", "localhost"];

/// The certificate of the file, made or made anew where it is missing, ends soon, or lacks a name or an address.
///
/// # Errors
/// A sentence about the file.
pub fn open(file: &Path, wanted: &Wanted, now: Moment) -> Result<Certificate, String> {
    let kept = Kept::read(file)?;
    let kept = match kept {
        Some(kept) if kept.signs_all(wanted, now)? => kept,
        Some(_) => {
            tracing::warn!(
                "the certificate authority was made anew, because it ends or does not hold for a new --host-name: \
                 install it again on phones that had the one before"
            );
            Kept::new(wanted, now)?
        }
        None => Kept::new(wanted, now)?,
    };
    let kept = if is_good(&Facts::of(&kept.leaf)?, wanted, now) { kept } else { kept.with_new_leaf(wanted, now)? };
    kept.write(file).map_err(|error| format!("The certificate file {} cannot be written: {error}", file.display()))?;
    kept.certificate()
}

/// Whether a certificate holds for all that is wanted, and not only for a few days more.
pub fn is_good(facts: &Facts, wanted: &Wanted, now: Moment) -> bool {
    facts.not_after.0 > now.0 + RENEW_DAYS * DAY_MS
        && wanted.names.iter().all(|name| facts.covers(name))
        && wanted.ips.iter().all(|ip| facts.ips.contains(ip))
}

/// What is in the file.
struct Kept {
    authority: CertificateDer<'static>,
    authority_key: KeyPair,
    leaf: CertificateDer<'static>,
    leaf_key: KeyPair,
}

impl Kept {
    fn new(wanted: &Wanted, now: Moment) -> Result<Kept, String> {
        let authority_key = KeyPair::generate().map_err(failed)?;
        let authority = authority_params(&authority_key, wanted, now).self_signed(&authority_key).map_err(failed)?;
        let authority = authority.der().clone();
        let leaf_key = KeyPair::generate().map_err(failed)?;
        let leaf = sign(&authority_key, &leaf_key, wanted, now)?;
        Ok(Kept { authority, authority_key, leaf, leaf_key })
    }

    /// With the same keys, so that whoever has trusted one of them still does.
    fn with_new_leaf(self, wanted: &Wanted, now: Moment) -> Result<Kept, String> {
        let leaf = sign(&self.authority_key, &self.leaf_key, wanted, now)?;
        Ok(Kept { leaf, ..self })
    }

    /// Whether phones that trust the authority would take what it signs for these names for as long as that lasts.
    fn signs_all(&self, wanted: &Wanted, now: Moment) -> Result<bool, String> {
        let facts = Facts::of(&self.authority)?;
        let lasts = facts.not_after.0 > now.0 + i64::from(LEAF_DAYS) * DAY_MS;
        Ok(lasts && wanted.names.iter().all(|name| facts.may_sign(name)))
    }

    fn read(file: &Path) -> Result<Option<Kept>, String> {
        let text = match fs::read(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("The certificate file {} cannot be read: {error}", file.display())),
        };
        Kept::parse(&text).map(Some).ok_or_else(|| {
            format!(
                "The certificate file {} is damaged. Restore it from a copy, or delete it to have a new one made, which \
                 phones must then install again",
                file.display()
            )
        })
    }

    fn parse(text: &[u8]) -> Option<Kept> {
        let mut certificates = CertificateDer::pem_slice_iter(text).filter_map(Result::ok);
        let keys = PrivatePkcs8KeyDer::pem_slice_iter(text).filter_map(Result::ok);
        let mut keys = keys.filter_map(|key| KeyPair::try_from(&key).ok());
        let kept = Kept {
            authority: certificates.next()?,
            leaf: certificates.next()?,
            authority_key: keys.next()?,
            leaf_key: keys.next()?,
        };
        kept.certificate().ok().map(|_| kept)
    }

    /// Whole or not at all, and for nobody else's eyes.
    fn write(&self, file: &Path) -> io::Result<()> {
        let mut text = String::from("Made by athsys. Whoever has this file can pretend to be this server.\n");
        for der in [&self.authority, &self.leaf] {
            text += &pem::encode_string("CERTIFICATE", LineEnding::LF, der)
                .map_err(|error| io::Error::other(error.to_string()))?;
        }
        for key in [&self.authority_key, &self.leaf_key] {
            text += &key.serialize_pem();
        }
        if fs::read(file).is_ok_and(|known| known == text.as_bytes()) {
            return Ok(());
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut coming = tempfile::Builder::new().prefix(".athsys-tls-").tempfile_in(folder)?; // mode 0600
        coming.write_all(text.as_bytes())?;
        coming.as_file().sync_all()?;
        coming.persist(file)?;
        Ok(())
    }

    fn certificate(&self) -> Result<Certificate, String> {
        let authority = Authority { der: self.authority.to_vec(), facts: Facts::of(&self.authority)? };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.leaf_key.serialize_der()));
        Certificate::new(vec![self.leaf.clone(), self.authority.clone()], key, Some(authority))
    }
}

/// The authority may sign nothing but names of the venue and those of `--host-name`: on a phone that trusts it, whoever
/// steals it can pretend to be a meet, and not a bank.
fn authority_params(key: &KeyPair, wanted: &Wanted, now: Moment) -> CertificateParams {
    let mut params = issuer_params(key);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let outside = wanted.names.iter().map(String::as_str).filter(|name| !name.ends_with(".local"));
    let permitted = OWN_DOMAINS.into_iter().chain(outside).map(|name| GeneralSubtree::DnsName(name.to_owned()));
    let excluded_subtrees = Vec::new();
    params.name_constraints = Some(NameConstraints { permitted_subtrees: permitted.collect(), excluded_subtrees });
    set_days(&mut params, now, AUTHORITY_YEARS * 365);
    params
}

/// The part of the authority that stands in what it signs. Its name tells two meets apart in a phone's settings.
fn issuer_params(key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    let mark = audit::hex(&Sha256::digest(key.subject_public_key_info())[..4]);
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, format!("athsys meet {mark}"));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn sign(authority: &KeyPair, key: &KeyPair, wanted: &Wanted, now: Moment) -> Result<CertificateDer<'static>, String> {
    let own = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut all: Vec<String> = wanted.names.iter().cloned().chain(wanted.ips.iter().map(ToString::to_string)).collect();
    all.extend(own);
    all.dedup();
    let mut params = CertificateParams::new(all).map_err(failed)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "athsys meet server");
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    set_days(&mut params, now, LEAF_DAYS);
    let issuer = issuer_params(authority);
    let signed = params.signed_by(key, &Issuer::from_params(&issuer, authority)).map_err(failed)?;
    Ok(signed.der().clone())
}

/// Whole days, counted from today in UTC.
fn set_days(params: &mut CertificateParams, now: Moment, last: i32) {
    let today = Timestamp::from_millisecond(now.0).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let date = |days: i32| {
        let day = today.saturating_add(days.days());
        rcgen::date_time_ymd(i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs())
    };
    params.not_before = date(-1); // a phone's clock may be behind
    params.not_after = date(last);
}

fn failed(error: rcgen::Error) -> String {
    format!("A certificate cannot be made: {error}")
}

/// What a thief of the file would sign with it.
#[cfg(test)]
pub(super) fn forged(file: &Path, name: &str) -> Certificate {
    let kept = Kept::read(file).expect("it can be read").expect("it is there");
    let wanted = Wanted { names: vec![name.to_owned()], ips: Vec::new() };
    kept.with_new_leaf(&wanted, crate::time::now()).and_then(|kept| kept.certificate()).expect("it can be signed")
}
