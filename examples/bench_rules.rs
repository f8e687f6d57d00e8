//! How fast the rules are: `cargo run --release --example bench_rules`. Ten thousand athletes are seeded into heats and lanes, run,
//! and are ranked; marks are read as officials type them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use athsys::rules::draw::Draw;
use athsys::rules::heats::{number_of_heats, separate, zigzag};
use athsys::rules::lanes::{LaneClass, LaneTable, draw_lanes};
use athsys::rules::mark::{Centimetres, TimeMs};
use athsys::rules::ranking::Status;
use athsys::rules::ranking::horizontal::{self, Attempt, Series};
use athsys::rules::ranking::round::{Contest, Row, lists, rank};
use athsys::rules::seeding::by_best_mark;
use athsys::rules::timing::Venue;

const ATHLETES: usize = 10_000;
const LANES: u8 = 8;
const MARKS: [&str; 5] = ["9.58", "11,95", "1:52.07", "2:09:44.3", "1'58\"4"];

fn main() {
    let mut draw = Draw::seeded(20_260_614);
    let mut time = |from: i64, spread: u64| TimeMs(from + i64::try_from(draw.below(spread)).unwrap_or(0));
    let season: Vec<Option<TimeMs>> = (0..ATHLETES).map(|at| (at % 9 != 0).then(|| time(10_000, 4_000))).collect();
    let run: Vec<TimeMs> = (0..ATHLETES).map(|_| time(10_200, 4_000)).collect();
    let teams: Vec<Option<u32>> = (0..ATHLETES).map(|at| u32::try_from(at % 700).ok()).collect();

    say("10,000 athletes seeded, drawn into lanes, and ranked", best(20, || a_round(&season, &run, &teams)), 1);
    let field: Vec<Series> = (0..ATHLETES).map(series).collect();
    say("10,000 series of six trials ranked", best(20, || black_box(horizontal::rank(&field)).len()), 1);
    let read = || (0..100_000).filter(|at| black_box(TimeMs::parse(black_box(MARKS[at % 5]))).is_ok()).count();
    say("a time read", best(20, read), 100_000);
    let read = || (0..100_000).filter(|_| black_box(Centimetres::parse(black_box("6,45 m"))).is_ok()).count();
    say("a distance read", best(20, read), 100_000);
}

/// One round: seeding, heats, teams kept apart, lanes, and the places of every heat and of all together.
fn a_round(season: &[Option<TimeMs>], run: &[TimeMs], teams: &[Option<u32>]) -> usize {
    let order = by_best_mark(season, &[]);
    let ranked_teams: Vec<Option<u32>> = order.iter().map(|at| teams[*at]).collect();
    let heats = separate(zigzag(order.len(), number_of_heats(order.len(), usize::from(LANES))), &ranked_teams).heats;
    let mut rows = Vec::with_capacity(order.len());
    for (number, heat) in (1..).zip(&heats) {
        let lanes = draw_lanes(&LaneTable::ByClass, LaneClass::Straight, LANES, heat.len(), u64::from(number));
        black_box(&lanes);
        rows.extend(heat.iter().map(|position| Row {
            status: Status::Finished,
            mark: Some(run[order[*position]].0),
            place: None,
            heat: number,
        }));
    }
    let contest = Contest::Race(Venue::Track);
    let mut placed = rank(contest, &rows).placed.len();
    for list in lists(contest, &rows, false) {
        let own: Vec<Row> = list.iter().map(|at| rows[*at]).collect();
        placed += rank(contest, &own).placed.len();
    }
    placed
}

fn series(at: usize) -> Series {
    let trial = |n: usize| match (at + n) % 7 {
        0 => Attempt::Failure,
        other => Attempt::Mark(Centimetres(600 + i64::try_from((at * 31 + n * 17 + other) % 200).unwrap_or(0))),
    };
    Series((0..6).map(trial).collect())
}

/// The shortest of several runs: everything else on the machine only makes them longer.
fn best(runs: u32, mut work: impl FnMut() -> usize) -> Duration {
    let timed = (0..runs).map(|_| {
        let started = Instant::now();
        black_box(work());
        started.elapsed()
    });
    timed.min().unwrap_or_default()
}

fn say(what: &str, took: Duration, count: u32) {
    println!("{what}: {:?}", took / count);
}
