//! The server in its hall: how phones and tablets find it, and how they know that it is the right one.
//!
//! | module | job |
//! |---|---|
//! | [`addresses`] | every address under which the server can be reached |
//! | [`qr`] | an address as a code for cameras |
//! | [`mdns`] | a name instead of numbers, told to everybody on the network |
//! | [`certificates`] | what https needs |
//! | [`reached`] | which devices have reached the server |
//! | [`routes`] | what the API tells of all this |

pub mod addresses;
pub mod certificates;
pub mod mdns;
pub mod qr;
pub mod reached;
mod routes;

use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::task::spawn_blocking;

use addresses::{Address, Found};
use certificates::{Certificates, Wanted};
use mdns::{Announcement, Plan, State};
use reached::Reached;

pub use routes::routes;

use crate::state::App;

/// Addresses change when somebody joins another Wi-Fi; nobody should wait long for the new ones.
const LOOK: Duration = Duration::from_secs(3);
/// Where multicast does not work it is tried again this often.
const RETRY: Duration = Duration::from_secs(60);

/// Where the server is, and who has come.
pub struct Venue {
    /// Those of `--host-name`.
    names: Vec<String>,
    certificates: Option<Arc<Certificates>>,
    bound: OnceLock<SocketAddr>,
    announced: RwLock<State>,
    reached: Reached,
}

impl Venue {
    pub fn new(names: &[String], certificates: Option<Arc<Certificates>>) -> Venue {
        let (bound, announced) = (OnceLock::new(), RwLock::default());
        Venue { names: names.to_vec(), certificates, bound, announced, reached: Reached::default() }
    }

    /// The names a server may be called by: the given ones, those that take the place of a taken one, and those of a
    /// certificate that was brought along.
    pub fn host_names(names: &[String], certificates: Option<&Certificates>) -> Vec<String> {
        let mut all: Vec<String> = names.to_vec();
        all.extend(mdns::wanted(names).into_iter().flat_map(mdns::alternatives));
        all.extend(certified_names(certificates));
        all
    }

    /// Says where the server listens. The first word counts.
    pub fn settle(&self, bound: SocketAddr) {
        let _ = self.bound.set(bound);
    }

    pub fn reached(&self) -> &Reached {
        &self.reached
    }

    pub fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_deref()
    }

    /// How it is with the name that is told to the network.
    pub fn announced(&self) -> State {
        self.announced.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every address of the server at this moment, the most useful one first. None before it listens.
    pub fn addresses(&self) -> Vec<Address> {
        self.addresses_among(addresses::of_this_computer())
    }

    fn addresses_among(&self, found: Vec<Found>) -> Vec<Address> {
        let Some(bound) = self.bound.get() else { return Vec::new() };
        let certificate = self.certificates().map(Certificates::current);
        let is_secured = |host: &str| certificate.as_ref().is_some_and(|known| known.facts.covers(host));
        addresses::of_server(*bound, found, &self.names_in_use(), &is_secured)
    }

    /// The address for codes and links: one with a certificate that every phone trusts, or else the first.
    pub fn best(&self) -> Option<Address> {
        let all = self.addresses();
        let trusted = |address: &&Address| address.secure_url.is_some();
        let is_given = self.certificates().is_some_and(Certificates::is_given);
        all.iter().find(|address| is_given && trusted(address)).or(all.first()).cloned()
    }

    /// The page that a code on the wall leads to. A made certificate would greet every spectator with a warning, so those
    /// come in by http; the page itself tells officials how to do better.
    pub fn join_url(&self, address: &Address) -> String {
        let is_given = self.certificates().is_some_and(Certificates::is_given);
        let base = if is_given { address.best_url() } else { &address.url };
        format!("{base}/join")
    }

    /// The page for phones at the best address; none where no phone could come.
    pub fn public_join(&self) -> Option<String> {
        if self.is_local_only() {
            return None;
        }
        self.best().map(|address| self.join_url(&address))
    }

    /// Where somebody who called the server by `called` finds it with https: at the same host, or at the first one that the
    /// certificate holds for.
    pub fn secure_base(&self, called: &str) -> Option<String> {
        let certificates = self.certificates()?;
        let host = match called.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => called,
        };
        if certificates.current().facts.covers(host) {
            return Some(format!("https://{called}"));
        }
        self.addresses().into_iter().find_map(|address| address.secure_url)
    }

    /// Whether only this computer can reach the server, because it was told so or because there is no network.
    pub fn is_local_only(&self) -> bool {
        self.addresses().iter().all(|address| address.kind == addresses::Kind::ThisComputer)
    }

    /// Whether an address is this computer's own.
    pub fn is_own(ip: IpAddr, found: &[Found]) -> bool {
        ip.is_loopback() || found.iter().any(|found| found.ip == ip)
    }

    /// A name that is to be announced counts only as long as it is.
    fn names_in_use(&self) -> Vec<String> {
        let announced = self.announced();
        let wanted = mdns::wanted(&self.names);
        let given = certified_names(self.certificates());
        let others = self.names.iter().filter(|name| Some(name.as_str()) != wanted).cloned();
        let mut all: Vec<String> = given.into_iter().chain(announced.name().map(str::to_owned)).chain(others).collect();
        let mut seen = std::collections::HashSet::new();
        all.retain(|name| seen.insert(name.to_ascii_lowercase()));
        all
    }

    fn look(&self, announcement: &mut Option<Announcement>, retry_at: &mut Option<Instant>) {
        if let Some(plan) = self.plan()
            && announcement.is_none()
            && retry_at.is_none_or(|at| at <= Instant::now())
        {
            *announcement = self.announce(&plan);
            *retry_at = Some(Instant::now() + RETRY);
        }
        if let Some(announcement) = announcement {
            self.say(announcement.state());
        }
    }

    /// What to announce; nothing where nobody else could come, or without a name for it.
    fn plan(&self) -> Option<Plan> {
        let bound = *self.bound.get()?;
        let wanted = mdns::wanted(&self.names)?.to_owned();
        let only = (!bound.ip().is_unspecified()).then_some(bound.ip());
        (!self.is_local_only()).then_some(Plan { wanted, port: bound.port(), only })
    }

    fn announce(&self, plan: &Plan) -> Option<Announcement> {
        let wanted = plan.wanted.clone();
        if self.announced() == State::Off {
            *self.announced.write().unwrap_or_else(PoisonError::into_inner) = State::Asking { wanted: wanted.clone() };
        }
        let started = Announcement::start(plan);
        started.map_err(|error| self.say(State::Failed { wanted, reason: error.to_string() })).ok()
    }

    /// Takes note of how it is with the name, and tells the log when that has changed.
    fn say(&self, now: State) {
        let mut state = self.announced.write().unwrap_or_else(PoisonError::into_inner);
        if *state == now {
            return;
        }
        match &now {
            State::Announced { name } => tracing::info!("on this network the server is called {name}"),
            State::Taken { wanted, name } => tracing::warn!(
                "{wanted} belongs to another computer on this network; this server is called {name} instead"
            ),
            State::Failed { wanted, reason } => {
                tracing::warn!("{wanted} cannot be announced on this network ({reason}); use the address in numbers");
            }
            State::Off | State::Asking { .. } => {}
        }
        *state = now;
    }

    /// Lets the certificate follow the addresses, or the files it was read from.
    fn refresh_certificate(&self, told: &mut Option<String>) {
        let Some(certificates) = self.certificates() else { return };
        let ips =
            self.addresses().iter().filter_map(|address| address.host.trim_matches(['[', ']']).parse().ok()).collect();
        let mut names = self.names.clone();
        names.extend(self.announced().name().map(str::to_owned));
        let trouble = match certificates.refresh(&Wanted { names, ips }) {
            Ok(true) => {
                let fingerprint = certificates.current().facts.fingerprint;
                tracing::info!(fingerprint, "the certificate was renewed");
                None
            }
            Ok(false) => return,
            Err(sentence) => Some(sentence),
        };
        if trouble != *told
            && let Some(sentence) = &trouble
        {
            tracing::warn!("{sentence}. The certificate read before stays in use");
        }
        *told = trouble;
    }
}

/// The names of a given certificate: who brings one along means to be called by them.
fn certified_names(certificates: Option<&Certificates>) -> Vec<String> {
    let given = certificates.filter(|certificates| certificates.is_given());
    let names = given.map(|certificates| certificates.current().facts.names).unwrap_or_default();
    names.into_iter().filter(|name| !name.contains('*')).collect()
}

/// What of the venue needs watching.
#[derive(Default)]
struct Watched {
    announcement: Option<Announcement>,
    retry_at: Option<Instant>,
    told: Option<String>,
}

/// Keeps name and certificate in step with the network until `end`; then the network hears that the name is free again.
pub async fn watch(app: App, end: impl Future<Output = ()>) {
    let mut end = pin!(end);
    let mut watched = Watched::default();
    let mut every = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            biased;
            () = &mut end => break,
            _ = every.tick() => {}
        }
        let app = app.clone();
        // Asking for a name waits for the network, and a certificate for the disk.
        let look = spawn_blocking(move || {
            app.venue().look(&mut watched.announcement, &mut watched.retry_at);
            app.venue().refresh_certificate(&mut watched.told);
            watched
        });
        match look.await {
            Ok(after) => watched = after,
            Err(error) => {
                tracing::error!("the network is no longer watched: {error}");
                return;
            }
        }
    }
    let _ = spawn_blocking(move || drop(watched)).await;
}

#[cfg(test)]
mod tests;
