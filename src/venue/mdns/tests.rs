use super::*;

#[test]
fn the_first_local_name_is_announced() {
    let names = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(wanted(&names(&["timing.club.example", "meet.local", "other.local"])), Some("meet.local"));
    assert_eq!(wanted(&names(&["timing.club.example", "a.b.local", ".local"])), None);
    assert_eq!(wanted(&[]), None);
}

#[test]
fn a_taken_name_is_followed_by_numbers() {
    let names: Vec<String> = alternatives("meet.local").collect();
    assert_eq!(names[..3], ["meet.local", "meet-2.local", "meet-3.local"]);
    assert_eq!(names.len(), 9);
}

#[test]
fn only_a_name_that_is_announced_is_a_name() {
    let (wanted, name) = ("meet.local".to_owned(), "meet-2.local".to_owned());
    assert_eq!(State::Announced { name: wanted.clone() }.name(), Some("meet.local"));
    assert_eq!(State::Taken { wanted: wanted.clone(), name }.name(), Some("meet-2.local"));
    assert_eq!(State::Asking { wanted: wanted.clone() }.name(), None);
    assert_eq!(State::Failed { wanted, reason: "no multicast".into() }.name(), None);
}

/// On a port of its own, so that no network hears of it; does nothing where the system has no multicast.
#[test]
fn a_name_of_somebody_else_is_left_to_them() {
    const PORT: u16 = 15353;
    let plan = Plan { wanted: "athsys-test.local".into(), port: 5000, only: None };
    let Ok(theirs) = ServiceDaemon::new_with_port(PORT) else { return };
    let Some(network) = super::addresses::sorted(addresses::of_this_computer()).into_iter().find(|f| f.ip.is_ipv4())
    else {
        return;
    };
    // An address of the same network that is not this computer's.
    let IpAddr::V4(own) = network.ip else { unreachable!() };
    let other = std::net::Ipv4Addr::from_bits(own.to_bits() ^ 1);
    let service = ServiceInfo::new(SERVICE, "theirs", "athsys-test.local.", IpAddr::V4(other), 80, &[("a", "b")][..]);
    let told = theirs.monitor().unwrap();
    theirs.register(service.unwrap()).unwrap();
    let is_announced = |event: &DaemonEvent| matches!(event, DaemonEvent::Announce(..));
    let heard =
        std::iter::from_fn(|| told.recv_timeout(Duration::from_secs(10)).ok()).any(|event| is_announced(&event));
    if !heard {
        return; // no multicast here
    }
    let mut ours = Announcement::start_with(ServiceDaemon::new_with_port(PORT).unwrap(), &plan).unwrap();
    let wanted = plan.wanted.clone();
    assert_eq!(ours.state(), State::Taken { wanted, name: "athsys-test-2.local".into() });
    drop(ours);
    let _ = theirs.shutdown();
}
