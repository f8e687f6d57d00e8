use super::*;

fn found(ip: &str, interface: &str) -> Found {
    Found { ip: ip.parse().unwrap(), interface: interface.to_owned(), is_tunnel: false }
}

fn hall() -> Vec<Found> {
    vec![found("127.0.0.1", "lo"), found("192.168.1.20", "wlan0")]
}

fn hosts(venue: &Venue) -> Vec<String> {
    venue.addresses_among(hall()).into_iter().map(|address| address.host).collect()
}

#[test]
fn a_name_is_an_address_only_while_it_is_announced() {
    let venue = Venue::new(&["meet.local".into(), "timing.club.example".into()], None);
    assert_eq!(hosts(&venue), [""; 0], "it does not listen yet");
    venue.settle("0.0.0.0:5000".parse().unwrap());
    assert_eq!(hosts(&venue), ["192.168.1.20", "timing.club.example"]);
    venue.say(State::Announced { name: "meet.local".into() });
    assert_eq!(hosts(&venue), ["192.168.1.20", "meet.local", "timing.club.example"]);
    venue.say(State::Taken { wanted: "meet.local".into(), name: "meet-2.local".into() });
    assert_eq!(hosts(&venue), ["192.168.1.20", "meet-2.local", "timing.club.example"]);
    venue.say(State::Failed { wanted: "meet.local".into(), reason: "no multicast".into() });
    assert_eq!(hosts(&venue), ["192.168.1.20", "timing.club.example"]);
}

#[test]
fn the_server_answers_to_the_names_that_take_the_place_of_a_taken_one() {
    let names = Venue::host_names(&["meet.local".into(), "timing.club.example".into()], None);
    for name in ["meet.local", "timing.club.example", "meet-2.local", "meet-9.local"] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
    }
    assert_eq!(Venue::host_names(&["timing.club.example".into()], None), ["timing.club.example"]);
}

#[test]
fn nothing_is_announced_for_this_computer_alone() {
    let venue = Venue::new(&["meet.local".into()], None);
    assert!(venue.plan().is_none(), "it does not listen yet");
    venue.settle("127.0.0.1:5000".parse().unwrap());
    assert!(venue.is_local_only());
    assert!(venue.plan().is_none());
}

#[test]
fn own_addresses_are_this_computer() {
    let is_own = |ip: &str| Venue::is_own(ip.parse().unwrap(), &hall());
    assert!(is_own("127.0.0.1") && is_own("::1") && is_own("192.168.1.20"));
    assert!(!is_own("192.168.1.21"));
}
