//! Every address under which the server can be reached, the most useful one first.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde::Serialize;

/// An address of this computer, and the network interface it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub ip: IpAddr,
    pub interface: String,
    /// A connection of two ends, as a VPN makes it.
    pub is_tunnel: bool,
}

/// Whether there is a certificate for a host.
pub type IsSecured<'a> = &'a dyn Fn(&str) -> bool;

/// Who can use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Every device on the same network.
    Network,
    /// The same, by a name instead of numbers.
    Name,
    /// Who is on the same VPN, or on a network that only exists inside this computer.
    Virtual,
    /// This computer alone.
    ThisComputer,
}

/// An address to open in a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Address {
    /// An IP address or a name, as it stands in an address line
    pub host: String,
    pub kind: Kind,
    /// The network interface of an IP address, as the system calls it
    pub interface: Option<String>,
    /// With http, which always works
    pub url: String,
    /// With https, where the server has a certificate
    pub secure_url: Option<String>,
}

impl Address {
    fn new(host: String, kind: Kind, interface: Option<String>, port: u16, is_secured: IsSecured<'_>) -> Address {
        let url = |scheme: &str, usual: u16| match port {
            port if port == usual => format!("{scheme}://{host}"),
            port => format!("{scheme}://{host}:{port}"),
        };
        let secure_url = is_secured(&host).then(|| url("https", 443));
        Address { url: url("http", 80), secure_url, host, kind, interface }
    }

    fn of_ip(found: &Found, port: u16, is_secured: IsSecured<'_>) -> Address {
        let kind = if found.ip.is_loopback() {
            Kind::ThisComputer
        } else if is_virtual(found) {
            Kind::Virtual
        } else {
            Kind::Network
        };
        Address::new(host_of(found.ip), kind, Some(found.interface.clone()), port, is_secured)
    }

    /// For links with a secret in them: encrypted where that is possible.
    pub fn best_url(&self) -> &str {
        self.secure_url.as_deref().unwrap_or(&self.url)
    }
}

/// An IP address as it stands in an address line.
pub fn host_of(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

/// The addresses of this computer that are in use; none when the system does not tell.
pub fn of_this_computer() -> Vec<Found> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "the system does not tell this computer's addresses");
        Vec::new()
    });
    let is_down = |state: &if_addrs::IfOperStatus| *state == if_addrs::IfOperStatus::Down;
    let in_use = interfaces.into_iter().filter(|interface| !is_down(&interface.oper_status));
    in_use
        .map(|interface| Found { ip: interface.ip(), is_tunnel: interface.is_p2p(), interface: interface.name })
        .collect()
}

/// Where a server that listens on `bound` can be reached, on a computer with the addresses `found`. It is never empty:
/// the computer itself reaches it always.
pub fn of_server(bound: SocketAddr, found: Vec<Found>, names: &[String], is_secured: IsSecured<'_>) -> Vec<Address> {
    let port = bound.port();
    let listened = |found: &Found| match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => found.ip.is_ipv4(),
        IpAddr::V6(ip) if ip.is_unspecified() => true,
        ip => found.ip == ip,
    };
    let found = sorted(found.into_iter().filter(listened).collect());
    let mut all: Vec<Address> = found.iter().map(|found| Address::of_ip(found, port, is_secured)).collect();
    if all.iter().any(|address| address.kind == Kind::Network) {
        all.extend(names.iter().map(|name| Address::new(name.clone(), Kind::Name, None, port, is_secured)));
    }
    if all.is_empty() {
        let ip = if bound.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { bound.ip() };
        all.push(Address::of_ip(&Found { ip, interface: String::new(), is_tunnel: false }, port, is_secured));
        all[0].interface = None;
    }
    all.sort_by_key(|address| address.kind); // stable: names stand behind the numbers, what is virtual behind both
    all
}

/// The most useful first: what a phone on the hall's Wi-Fi can type. Loopback and IPv6 addresses of one cable, which no
/// browser takes, are left out.
pub fn sorted(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|found| match found.ip {
        IpAddr::V4(ip) => !ip.is_loopback(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local(),
    });
    found.sort_by_key(|found| {
        let (is_v6, is_private, is_makeshift) = match found.ip {
            IpAddr::V4(ip) => (false, ip.is_private(), ip.is_link_local()),
            IpAddr::V6(ip) => (true, ip.is_unique_local(), false),
        };
        (is_virtual(found), is_makeshift, is_v6, !is_private, found.interface.clone(), found.ip)
    });
    found.dedup_by_key(|found| found.ip);
    found
}

fn is_virtual(found: &Found) -> bool {
    found.is_tunnel || is_virtual_name(&found.interface)
}

/// Interfaces that lead nowhere outside this computer, or through a tunnel. Bridges of other names are left alone: a
/// computer that shares its connection with phones is such a bridge.
pub fn is_virtual_name(interface: &str) -> bool {
    const STARTS: [&str; 18] = [
        "docker",
        "br-",
        "veth",
        "virbr",
        "vmnet",
        "vboxnet",
        "vethernet",
        "virtualbox",
        "vmware",
        "podman",
        "cni",
        "lxc",
        "lxd",
        "tun",
        "tap",
        "wg",
        "tailscale",
        "zt",
    ];
    let name = interface.to_lowercase();
    name.starts_with("utun") || STARTS.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests;
