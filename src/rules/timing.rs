//! Official times: which clock a reading came from, and how it is rounded (TR19).

use super::discipline::{self, Category, Discipline};
use super::mark::TimeMs;

/// How a time was taken. The three are never compared as equals (TR20.8 \[P\]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// Photo finish, fully automatic (`fat`).
    Photo,
    /// Hand-held watches.
    Hand,
    /// Transponders, outside the stadium.
    Transponder,
}

/// Where a race is run, as far as rounding depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Venue {
    /// On the track, up to and including 10,000 m.
    Track,
    /// Entirely on the track, longer than 10,000 m.
    TrackLong,
    /// Partly or entirely outside the stadium.
    Outside,
}

impl Venue {
    /// Where an event of the list is run (TR19 \[S\]; long races on the track \[K\]).
    ///
    /// ```
    /// use athsys::rules::{discipline::find, timing::Venue};
    /// assert_eq!(Venue::of(find("10000").unwrap()), Venue::Track);
    /// assert_eq!(Venue::of(find("20000W").unwrap()), Venue::TrackLong);
    /// assert_eq!(Venue::of(find("MAR").unwrap()), Venue::Outside);
    /// ```
    pub fn of(event: &Discipline) -> Venue {
        let is_long = discipline::metres(&event.code).is_some_and(|metres| metres > 10_000);
        match (event.category(), is_long) {
            (Category::Road, _) => Venue::Outside,
            (Category::Track | Category::Field | Category::Combined, true) => Venue::TrackLong,
            (Category::Track | Category::Field | Category::Combined, false) => Venue::Track,
        }
    }
}

/// What official times are a multiple of, in thousandths of a second (TR19; 0.1 s for long races on the track \[K\]).
///
/// ```
/// use athsys::rules::timing::{Timing, Venue, quantum_ms};
/// assert_eq!(quantum_ms(Timing::Hand, Venue::Track), 100);
/// ```
pub fn quantum_ms(timing: Timing, venue: Venue) -> i64 {
    match (timing, venue) {
        (Timing::Photo, Venue::Track) => 10,
        (Timing::Photo, Venue::TrackLong) | (Timing::Hand | Timing::Transponder, Venue::Track | Venue::TrackLong) => {
            100
        }
        (Timing::Photo | Timing::Hand | Timing::Transponder, Venue::Outside) => 1000,
    }
}

/// The official time of a reading: rounded once, always to the slower value (TR19 \[P\], direction for photo finish \[S\]).
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::timing::{Timing, Venue, official};
/// assert_eq!(official(TimeMs(10_041), Timing::Photo, Venue::Track), TimeMs(10_050));
/// assert_eq!(official(TimeMs(10_100), Timing::Hand, Venue::Track), TimeMs(10_100));
/// ```
pub fn official(raw: TimeMs, timing: Timing, venue: Venue) -> TimeMs {
    let quantum = quantum_ms(timing, venue);
    // Up to the next multiple; what is exact stays. Rounding down by at most 999 cannot overflow where rounding up would.
    let rest = raw.0.rem_euclid(quantum);
    TimeMs(if rest == 0 { raw.0 } else { raw.0.saturating_add(quantum - rest) })
}

/// The official time of one to three hand watches (TR19): each is converted first \[K\]; of three the middle one, which is the
/// time of two that agree \[P\]; of two the slower \[S\]. `None` for no watch, or for more than three.
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::timing::{Venue, of_watches};
/// let watches = [TimeMs(11_130), TimeMs(11_180), TimeMs(11_310)];
/// assert_eq!(of_watches(&watches, Venue::Track), Some(TimeMs(11_200)));
/// ```
pub fn of_watches(watches: &[TimeMs], venue: Venue) -> Option<TimeMs> {
    let mut read: Vec<TimeMs> = watches.iter().map(|watch| official(*watch, Timing::Hand, venue)).collect();
    read.sort_unstable();
    match read.as_slice() {
        [one] => Some(*one),
        [_, slower] => Some(*slower),
        [_, middle, _] => Some(*middle),
        _ => None,
    }
}

/// An official time as lists show it: two decimals for photo finish, one for hand times, none on the road (section 1.3 of the
/// rules of display \[S\]).
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::timing::{Timing, Venue, show};
/// assert_eq!(show(TimeMs(60_000), Timing::Photo, Venue::Track), "1:00.00");
/// assert_eq!(show(TimeMs(10_400), Timing::Hand, Venue::Track), "10.4");
/// assert_eq!(show(TimeMs(7_785_000), Timing::Photo, Venue::Outside), "2:09:45");
/// ```
pub fn show(time: TimeMs, timing: Timing, venue: Venue) -> String {
    let decimals = match quantum_ms(timing, venue) {
        10 => 2,
        100 => 1,
        _ => 0,
    };
    let (whole, thousandths) = (time.0.div_euclid(1000), time.0.rem_euclid(1000));
    let fraction = match decimals {
        2 => format!(".{:02}", thousandths / 10),
        1 => format!(".{}", thousandths / 100),
        _ => String::new(),
    };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match (hours, minutes) {
        (0, 0) if decimals > 0 => format!("{seconds}{fraction}"),
        (0, _) => format!("{minutes}:{seconds:02}{fraction}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}{fraction}"),
    }
}

/// What is added to a hand time before it is compared with automatic ones, for statistics and combined events only: 0.24 s up to
/// 200 m and in sprint hurdles, 0.14 s at 400 m, nothing above (section 1.6 \[S\]). The result is marked as converted and is
/// never a record.
///
/// ```
/// use athsys::rules::mark::TimeMs;
/// use athsys::rules::timing::hand_allowance;
/// assert_eq!(hand_allowance(100), TimeMs(240));
/// assert_eq!(hand_allowance(400), TimeMs(140));
/// assert_eq!(hand_allowance(1500), TimeMs(0));
/// ```
pub fn hand_allowance(metres: u32) -> TimeMs {
    match metres {
        0..=200 => TimeMs(240),
        201..=400 => TimeMs(140),
        _ => TimeMs(0),
    }
}

#[cfg(test)]
mod tests;
