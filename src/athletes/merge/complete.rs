//! What is known of one from both: the one that stays has the word, the other fills its blanks.

use super::{Athlete, MeetResult, Registration};

/// Takes what is missing.
fn fill<T: Clone>(own: &mut Option<T>, other: &Option<T>) {
    if own.is_none() {
        own.clone_from(other);
    }
}

fn may_be_one(own: Option<i64>, other: Option<i64>) -> bool {
    own.is_none() || other.is_none() || own == other
}

pub fn athlete(kept: &Athlete, other: &Athlete) -> Athlete {
    let mut whole = kept.clone();
    fill_birth(&mut whole, other);
    fill(&mut whole.gender, &other.gender);
    fill(&mut whole.email, &other.email);
    fill(&mut whole.phone, &other.phone);
    fill(&mut whole.club_team, &other.club_team);
    fill(&mut whole.coach, &other.coach);
    fill(&mut whole.bib_number, &other.bib_number);
    fill(&mut whole.photo_url, &other.photo_url);
    fill(&mut whole.user_id, &other.user_id);
    whole
}

/// The day tells more than the year, unless it is of another year.
fn fill_birth(whole: &mut Athlete, other: &Athlete) {
    match (whole.date_of_birth, whole.year_of_birth, other.date_of_birth) {
        (Some(_), _, _) => {}
        (None, None, _) => {
            (whole.date_of_birth, whole.year_of_birth) = (other.date_of_birth, other.year_of_birth);
        }
        (None, Some(year), Some(day)) if day.year() == year => {
            (whole.date_of_birth, whole.year_of_birth) = (Some(day), None);
        }
        (None, Some(_), _) => {}
    }
}

/// Two entries in one event are one: whoever was confirmed, paid or there in either is so.
pub fn registration(kept: &Registration, other: &Registration) -> Registration {
    let mut whole = kept.clone();
    fill(&mut whole.bib_number, &other.bib_number);
    fill(&mut whole.seed_mark, &other.seed_mark);
    // A lane is one of its heat: that of another heat may be somebody else's.
    if may_be_one(kept.heat_number, other.heat_number) && may_be_one(kept.lane_number, other.lane_number) {
        fill(&mut whole.heat_number, &other.heat_number);
        fill(&mut whole.lane_number, &other.lane_number);
    }
    let takes_over = !kept.counts() && other.counts();
    if !kept.counts() || (kept.status == "registered" && other.status == "confirmed") {
        whole.status.clone_from(&other.status);
    }
    // What was paid back belongs to the entry that was cancelled.
    if takes_over || (kept.payment_status == "pending" && other.payment_status == "paid") {
        whole.payment_status.clone_from(&other.payment_status);
    }
    whole.confirmed_present |= other.confirmed_present;
    whole
}

/// Two results in one place are one when nothing of them differs that both have; otherwise `None`.
pub fn result(kept: &MeetResult, other: &MeetResult) -> Option<MeetResult> {
    let mut whole = kept.clone();
    fill(&mut whole.position, &other.position);
    fill(&mut whole.time_seconds, &other.time_seconds);
    fill(&mut whole.distance_meters, &other.distance_meters);
    fill(&mut whole.points, &other.points);
    fill(&mut whole.lane_number, &other.lane_number);
    fill(&mut whole.wind_speed, &other.wind_speed);
    fill(&mut whole.record_type, &other.record_type);
    whole.is_record |= other.is_record;
    let agrees = whole.position == other.position.or(whole.position)
        && whole.time_seconds == other.time_seconds.or(whole.time_seconds)
        && whole.distance_meters == other.distance_meters.or(whole.distance_meters)
        && whole.points == other.points.or(whole.points)
        && whole.lane_number == other.lane_number.or(whole.lane_number)
        && whole.wind_speed == other.wind_speed.or(whole.wind_speed)
        && whole.status == other.status;
    agrees.then_some(whole)
}

#[cfg(test)]
mod tests;
