use super::*;

#[test]
fn finished_and_ended_heads_leave_nothing_behind() {
    let admission = Admission::new(2);
    let (here, there): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap());
    let (first, second, other) = (admission.admit(here), admission.admit(here), admission.admit(there));
    assert!(first.is_some() && second.is_some() && other.is_some());
    assert!(admission.admit(here).is_none());
    drop(first);
    assert!(admission.admit(here).is_some());
    drop((second, other));
    assert_eq!(admission.addresses(), 0);
    let loopback: Vec<_> = (0..10).map(|_| admission.admit("127.0.0.1".parse().unwrap())).collect();
    assert!(loopback.iter().all(Option::is_some));
}
