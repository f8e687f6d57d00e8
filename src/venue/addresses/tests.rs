use super::{Found, Kind, of_server, sorted};

fn found(ip: &str, interface: &str) -> Found {
    Found { ip: ip.parse().unwrap(), interface: interface.to_owned(), is_tunnel: false }
}

fn ips(found: Vec<Found>) -> Vec<String> {
    found.into_iter().map(|found| found.ip.to_string()).collect()
}

#[test]
fn what_a_phone_can_type_stands_first() {
    let all = vec![
        found("172.17.0.1", "docker0"),
        found("fe80::1", "wlan0"),
        found("127.0.0.1", "lo"),
        found("2001:db8::7", "wlan0"),
        found("169.254.3.4", "eth1"),
        found("10.8.0.2", "tun0"),
        found("203.0.113.9", "eth0"),
        found("192.168.1.20", "wlan0"),
        found("::1", "lo"),
    ];
    let order = ["192.168.1.20", "203.0.113.9", "2001:db8::7", "169.254.3.4", "172.17.0.1", "10.8.0.2"];
    assert_eq!(ips(sorted(all)), order);
}

#[test]
fn a_connection_shared_with_phones_is_a_network() {
    let all = vec![found("10.0.75.1", "vEthernet (WSL)"), found("192.168.2.1", "bridge100")];
    assert_eq!(ips(sorted(all)), ["192.168.2.1", "10.0.75.1"]);
    let tunnel = Found { is_tunnel: true, ..found("10.1.1.1", "Company") };
    assert_eq!(ips(sorted(vec![tunnel, found("192.168.2.1", "Wi-Fi")])), ["192.168.2.1", "10.1.1.1"]);
}

#[test]
fn names_stand_between_the_network_and_what_is_virtual() {
    let all = vec![found("172.17.0.1", "docker0"), found("192.168.1.20", "wlan0")];
    let names = ["meet.local".to_owned()];
    let addresses = of_server("0.0.0.0:5000".parse().unwrap(), all, &names, &|_| true);
    let seen: Vec<_> = addresses.iter().map(|address| (address.kind, address.url.as_str())).collect();
    let wanted = [
        (Kind::Network, "http://192.168.1.20:5000"),
        (Kind::Name, "http://meet.local:5000"),
        (Kind::Virtual, "http://172.17.0.1:5000"),
    ];
    assert_eq!(seen, wanted);
    assert_eq!(addresses[0].best_url(), "https://192.168.1.20:5000");
}

#[test]
fn the_usual_port_is_not_named_and_ipv6_stands_in_brackets() {
    let all = vec![found("fd00::7", "wlan0")];
    let addresses = of_server("[::]:80".parse().unwrap(), all, &[], &|_| true);
    assert_eq!(addresses[0].url, "http://[fd00::7]");
    assert_eq!(addresses[0].secure_url.as_deref(), Some("https://[fd00::7]:80"));
}

#[test]
fn a_server_for_this_computer_alone_says_so() {
    let all = || vec![found("127.0.0.1", "lo"), found("192.168.1.20", "wlan0")];
    let names = ["meet.local".to_owned()];
    let addresses = of_server("127.0.0.1:5000".parse().unwrap(), all(), &names, &|_| false);
    assert_eq!(addresses.len(), 1, "{addresses:?}");
    assert_eq!((addresses[0].kind, addresses[0].url.as_str()), (Kind::ThisComputer, "http://127.0.0.1:5000"));
    assert_eq!(addresses[0].secure_url, None);

    let without_network =
        of_server("0.0.0.0:5000".parse().unwrap(), vec![found("127.0.0.1", "lo")], &names, &|_| false);
    assert_eq!((without_network[0].kind, without_network.len()), (Kind::ThisComputer, 1));

    let only_one = of_server("192.168.1.20:5000".parse().unwrap(), all(), &[], &|_| false);
    assert_eq!(only_one[0].url, "http://192.168.1.20:5000");
}

#[test]
fn an_ipv4_socket_is_not_offered_by_ipv6() {
    let all = vec![found("fd00::7", "wlan0"), found("192.168.1.20", "wlan0")];
    let addresses = of_server("0.0.0.0:5000".parse().unwrap(), all, &[], &|_| false);
    assert_eq!(addresses.len(), 1, "{addresses:?}");
}

#[test]
fn the_system_tells_at_least_its_loopback() {
    assert!(super::of_this_computer().iter().any(|found| found.ip.is_loopback()));
}
