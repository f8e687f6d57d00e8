use super::*;

#[test]
fn seats_are_given_back_and_some_are_kept_for_those_who_are_signed_in() {
    let seats = Seats::new(Room { streams: 3, reserved: 1 });
    let (first, second) = (seats.take(false).unwrap(), seats.take(false).unwrap());
    assert!(seats.take(false).is_none(), "the last one is reserved");
    let third = seats.take(true).unwrap();
    assert!(seats.take(true).is_none());
    assert_eq!(seats.taken(), 3);
    drop((first, third));
    assert!(seats.take(false).is_some());
    drop(second);
    assert_eq!(seats.taken(), 0);
}

#[test]
fn there_is_room_for_two_thousand() {
    assert_eq!(Room::default().streams, 2_000);
}
