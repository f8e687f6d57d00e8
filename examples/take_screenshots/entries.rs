//! Who starts where, and how it ended, as tables.

use std::cmp::Ordering;
use std::fmt::Write;

use super::events::{Event, Kind, WITH_RESULTS, written};
use super::people::{Dice, Person};

/// Somebody in an event.
pub struct Entry {
    pub athlete: usize,
    pub event: usize,
}

/// Nobody starts more often than this.
const MOST: usize = 3;

/// Each event gets those of its gender and age who have the fewest starts so far.
pub fn entries(people: &[Person], events: &[Event], year: i16) -> Vec<Entry> {
    let mut dice = Dice::new(0x0dd5_1de5_71a2_b3c4);
    let mut starts = vec![0; people.len()];
    let mut entries = Vec::new();
    for (event, of) in events.iter().enumerate() {
        let fits = |person: &Person| person.gender == of.gender && person.is_youth(year) == of.discipline.is_youth;
        let mut candidates: Vec<usize> = (0..people.len()).filter(|i| fits(&people[*i]) && starts[*i] < MOST).collect();
        dice.shuffle(&mut candidates);
        candidates.sort_by_key(|i| starts[*i] > 1);
        for athlete in candidates.into_iter().take(11 + dice.roll(6)) {
            starts[athlete] += 1;
            entries.push(Entry { athlete, event });
        }
    }
    entries
}

/// The entries as a table; those of today are confirmed but for a few.
pub fn table<'e>(entries: impl Iterator<Item = &'e Entry>, people: &[Person], events: &[Event]) -> String {
    let mut dice = Dice::new(0x7a61_e0f3_5bb1_27d9);
    let mut table = String::from("athlete_bib,event_id,seed_mark,status,payment_status,confirmed_present\n");
    for Entry { athlete, event } in entries {
        let (person, of) = (&people[*athlete], &events[*event]);
        let seed = match dice.roll(9) {
            0 => String::new(),
            _ => written(of.mark((person.form + 0.15 * dice.share()).min(1.2))),
        };
        let status = match (*event < 20, dice.roll(40)) {
            (_, 0) => "cancelled",
            (true, 1..38) | (false, 1..28) => "confirmed",
            _ => "registered",
        };
        let paid = if dice.roll(6) == 0 { "pending" } else { "paid" };
        let present = *event < 14 && status == "confirmed";
        let _ = writeln!(table, "{},{},{seed},{status},{paid},{present}", person.bib, of.id);
    }
    table
}

/// What the first events ended with: sprints in heats and a final, all else at once.
pub fn results(entries: &[Entry], people: &[Person], events: &[Event]) -> String {
    let mut dice = Dice::new(0x3c19_44ad_8e07_f651);
    let mut table =
        String::from("athlete_bib,event_id,round,position,mark,status,heat,lane,wind_speed,is_record,record_type\n");
    for (place, event) in events.iter().enumerate().take(WITH_RESULTS) {
        let mut starters: Vec<&Person> =
            entries.iter().filter(|one| one.event == place).map(|one| &people[one.athlete]).collect();
        starters.sort_by(|a, b| a.form.partial_cmp(&b.form).unwrap_or(Ordering::Equal));
        if matches!(event.discipline.kind, Kind::Lanes { .. }) {
            for heat in 0..2 {
                let of_heat: Vec<&Person> = starters.iter().copied().skip(heat).step_by(2).collect();
                round(&mut table, &mut dice, event, ("heat", Some(heat + 1)), &of_heat);
            }
            starters.truncate(8);
        }
        round(&mut table, &mut dice, event, ("final", None), &starters);
    }
    table
}

/// One round, by the marks. Now and then the last does not come, or has no mark.
fn round(table: &mut String, dice: &mut Dice, event: &Event, name: (&str, Option<usize>), starters: &[&Person]) {
    let in_heat = if name.1.is_some() { 0.12 } else { 0.0 };
    let mut marks: Vec<(f64, &Person)> =
        starters.iter().map(|person| (event.mark(person.form + in_heat + 0.08 * dice.share()), *person)).collect();
    marks.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap_or(Ordering::Equal));
    if event.is_field() {
        marks.reverse();
    }
    let mut lanes = [4, 5, 3, 6, 2, 7, 1, 8];
    dice.shuffle(&mut lanes[..4]);
    let is_in_lanes = matches!(event.discipline.kind, Kind::Lanes { .. });
    // Of a race there is one wind, of each jump its own.
    let blown = wind(dice);
    let last = marks.len().saturating_sub(1);
    for (i, (mark, person)) in marks.into_iter().enumerate() {
        let is_out = i == last && last > 6 && name.1.is_none();
        let mut row = vec![person.bib.to_string(), event.id.to_string(), name.0.to_owned()];
        if is_out {
            let status = if event.is_field() { "nm" } else { "dns" };
            row.extend([String::new(), String::new(), status.to_owned()]);
        } else {
            row.extend([(i + 1).to_string(), written(mark), "finished".to_owned()]);
        }
        row.push(name.1.map(|heat| heat.to_string()).unwrap_or_default());
        row.push(if is_in_lanes { lanes[i % 8].to_string() } else { String::new() });
        row.push(match event.is_field() {
            _ if is_out || !event.has_wind() => String::new(),
            true => wind(dice),
            false => blown.clone(),
        });
        let is_record = i == 0 && event.is_field() && event.has_wind();
        row.extend(if is_record { ["true".into(), "CR".into()] } else { ["false".into(), String::new()] });
        let _ = writeln!(table, "{}", row.join(","));
    }
}

/// From a little against to a little with.
fn wind(dice: &mut Dice) -> String {
    let tenths = u8::try_from(dice.roll(27)).unwrap_or_default();
    format!("{:.1}", (f64::from(tenths) - 7.0) / 10.0)
}
