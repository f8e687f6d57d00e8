//! A name instead of numbers: `meet.local`, told to everybody on the network by multicast DNS.
//!
//! Before a name is used the network is asked whether it is somebody else's; then the next one is taken, and said. The
//! crate behind it tells the network again when this computer gets another address.

use std::net::IpAddr;
use std::time::Duration;

use mdns_sd::{DaemonEvent, Error, HostnameResolutionEvent, IfKind, IfPredicate, Receiver, ServiceDaemon, ServiceInfo};
use serde::Serialize;

use super::addresses;

/// How long somebody else has to answer that a name is theirs.
const ASK: Duration = Duration::from_millis(1200);
/// How long the network gets to hear that the name is free again.
const FAREWELL: Duration = Duration::from_millis(500);
/// Names tried before giving up: `meet`, `meet-2` and so on.
const NAMES: u32 = 9;
const SERVICE: &str = "_http._tcp.local.";
const SECONDS_BETWEEN_LOOKS: u32 = 3;

/// How it is with the name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum State {
    /// There is no name to announce, or nobody else who could use it.
    #[default]
    Off,
    /// The network is being asked.
    Asking {
        wanted: String,
    },
    Announced {
        name: String,
    },
    /// Somebody else has the wanted name; this one is used.
    Taken {
        wanted: String,
        name: String,
    },
    /// Multicast does not work here.
    Failed {
        wanted: String,
        reason: String,
    },
}

impl State {
    /// The name under which the server can be found now.
    pub fn name(&self) -> Option<&str> {
        match self {
            State::Announced { name } | State::Taken { name, .. } => Some(name),
            State::Off | State::Asking { .. } | State::Failed { .. } => None,
        }
    }
}

/// The name among those of `--host-name` that can be announced: one part before `.local`.
pub fn wanted(names: &[String]) -> Option<&str> {
    let is_local =
        |name: &&String| name.strip_suffix(".local").is_some_and(|rest| !rest.is_empty() && !rest.contains('.'));
    names.iter().find(is_local).map(String::as_str)
}

/// A name and those that take its place: `meet.local`, `meet-2.local` …
pub fn alternatives(wanted: &str) -> impl Iterator<Item = String> {
    let stem = wanted.strip_suffix(".local").unwrap_or(wanted).to_owned();
    (1..=NAMES).map(move |n| if n == 1 { format!("{stem}.local") } else { format!("{stem}-{n}.local") })
}

/// What is announced.
#[derive(Debug, Clone)]
pub struct Plan {
    pub wanted: String,
    pub port: u16,
    /// The one address the server listens on; all of them otherwise.
    pub only: Option<IpAddr>,
}

/// A name that is being announced. The network is told when it goes out of scope.
pub struct Announcement {
    daemon: ServiceDaemon,
    events: Receiver<DaemonEvent>,
    service: String,
    wanted: String,
    name: String,
}

impl Announcement {
    /// Asks for the name, and announces it or the next one that is free. Blocks for a second or more.
    ///
    /// # Errors
    /// Where the system has no multicast.
    pub fn start(plan: &Plan) -> Result<Announcement, Error> {
        Announcement::start_with(ServiceDaemon::new()?, plan)
    }

    fn start_with(daemon: ServiceDaemon, plan: &Plan) -> Result<Announcement, Error> {
        let hidden =
            |interface: &if_addrs::Interface| interface.is_loopback() || addresses::is_virtual_name(&interface.name);
        daemon.disable_interface(IfKind::Predicate(IfPredicate::new(hidden)))?;
        daemon.set_ip_check_interval(SECONDS_BETWEEN_LOOKS)?;
        let events = daemon.monitor()?;
        let name = free_name(&daemon, &plan.wanted)?;
        let instance = format!("athsys on {}", name.trim_end_matches(".local"));
        let host = format!("{name}.");
        let properties = [("path", "/join")];
        let service = match plan.only {
            Some(ip) => ServiceInfo::new(SERVICE, &instance, &host, ip, plan.port, &properties[..])?,
            None => ServiceInfo::new(SERVICE, &instance, &host, "", plan.port, &properties[..])?.enable_addr_auto(),
        };
        let fullname = service.get_fullname().to_owned();
        daemon.register(service)?;
        Ok(Announcement { daemon, events, service: fullname, wanted: plan.wanted.clone(), name })
    }

    /// How it is now; the network may have taken the name away since.
    pub fn state(&mut self) -> State {
        for event in self.events.try_iter() {
            if let DaemonEvent::NameChange(change) = event
                && change.original.trim_end_matches('.').eq_ignore_ascii_case(&self.name)
            {
                self.name = change.new_name.trim_end_matches('.').to_owned();
            }
        }
        if self.name == self.wanted {
            State::Announced { name: self.name.clone() }
        } else {
            State::Taken { wanted: self.wanted.clone(), name: self.name.clone() }
        }
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // Whoever still has the name in mind would wait for an answer that never comes.
        if let Ok(gone) = self.daemon.unregister(&self.service) {
            let _ = gone.recv_timeout(FAREWELL);
        }
        let _ = self.daemon.shutdown();
    }
}

fn free_name(daemon: &ServiceDaemon, wanted: &str) -> Result<String, Error> {
    let own: Vec<IpAddr> = addresses::of_this_computer().into_iter().map(|found| found.ip).collect();
    for name in alternatives(wanted) {
        if !is_taken(daemon, &name, &own)? {
            return Ok(name);
        }
    }
    Err(Error::Msg(format!("{wanted} and the {NAMES} names after it are all taken")))
}

/// Whether another computer answers to a name. This one may run a second server, which shares the name.
fn is_taken(daemon: &ServiceDaemon, name: &str, own: &[IpAddr]) -> Result<bool, Error> {
    let host = format!("{name}.");
    let answers = daemon.resolve_hostname(&host, Some(ASK.as_millis() as u64))?;
    let mut is_taken = false;
    while let Ok(answer) = answers.recv_timeout(ASK * 2) {
        match answer {
            HostnameResolutionEvent::AddressesFound(_, ips) => {
                is_taken = ips.iter().any(|ip| !own.contains(&ip.to_ip_addr()));
            }
            HostnameResolutionEvent::SearchTimeout(_) | HostnameResolutionEvent::SearchStopped(_) => break,
            _ => {}
        }
        if is_taken {
            break;
        }
    }
    daemon.stop_resolve_hostname(&host)?;
    Ok(is_taken)
}

#[cfg(test)]
mod tests;
