//! What `athsys serve` says of how others find the server, and of the certificate they should trust.

use std::io::IsTerminal;
use std::sync::Arc;

use super::{Failure, say};
use crate::venue::Venue;
use crate::venue::addresses::{self, Kind};
use crate::venue::certificates::{Certificates, Origin, Wanted};
use crate::venue::qr::Qr;

/// Reads or makes the certificate for all names and addresses of this computer.
pub(super) fn certificates(origin: Origin, names: &[String]) -> Result<Arc<Certificates>, Failure> {
    let ips = addresses::sorted(addresses::of_this_computer()).into_iter().map(|found| found.ip).collect();
    let wanted = Wanted { names: names.to_vec(), ips };
    Certificates::open(origin, &wanted).map(Arc::new).map_err(Failure::new)
}

/// How others find the server: every address, and a code of the best one for the first phone.
pub(super) fn say_where(venue: &Venue) {
    if venue.is_local_only() {
        say("Only this computer can open it. For phones: connect it to a network, and --listen on 0.0.0.0:5000.");
    } else {
        for address in venue.addresses().iter().filter(|address| address.kind != Kind::Virtual) {
            say(format_args!("On the same network: {}/", address.url));
        }
        let join = venue.best().map(|best| venue.join_url(&best));
        if let Some(url) = join.filter(|_| std::io::stderr().is_terminal())
            && let Some(code) = Qr::of(&url)
        {
            say(format_args!("{}\nA phone's camera opens {url} with this.", code.blocks()));
        }
    }
    if let Some(certificates) = venue.certificates() {
        let current = certificates.current();
        match &current.authority {
            Some(authority) => say(format_args!(
                "https works on the same port. Fingerprint (SHA-256) of the authority that phones install from /join: {}",
                authority.facts.fingerprint
            )),
            None => say(format_args!(
                "https works on the same port. Fingerprint (SHA-256) of its certificate: {}",
                current.facts.fingerprint
            )),
        }
    }
}
