use super::*;
use crate::records::Resource;

fn entry(heat: Option<i64>, lane: Option<i64>) -> Registration {
    Registration { heat_number: heat, lane_number: lane, ..Registration::blank() }
}

#[test]
fn a_lane_comes_with_its_heat() {
    let place = |kept, other| {
        let whole = registration(&kept, &other);
        (whole.heat_number, whole.lane_number)
    };
    assert_eq!(place(entry(None, None), entry(Some(2), Some(4))), (Some(2), Some(4)));
    assert_eq!(place(entry(Some(2), None), entry(Some(2), Some(4))), (Some(2), Some(4)));
    assert_eq!(place(entry(Some(1), None), entry(Some(2), Some(4))), (Some(1), None), "of another heat");
    assert_eq!(place(entry(None, Some(3)), entry(Some(2), Some(4))), (None, Some(3)), "another lane");
}

#[test]
fn an_entry_that_was_cancelled_leaves_its_money_behind() {
    let with = |status: &str, payment: &str| Registration {
        status: status.into(),
        payment_status: payment.into(),
        ..Registration::blank()
    };
    let known = |kept, other| {
        let whole = registration(&kept, &other);
        (whole.status, whole.payment_status)
    };
    let pair = |status: &str, payment: &str| (status.to_owned(), payment.to_owned());
    assert_eq!(known(with("cancelled", "refunded"), with("confirmed", "paid")), pair("confirmed", "paid"));
    assert_eq!(known(with("registered", "pending"), with("cancelled", "refunded")), pair("registered", "pending"));
    assert_eq!(known(with("confirmed", "pending"), with("registered", "paid")), pair("confirmed", "paid"));
}
