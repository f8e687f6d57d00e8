use super::*;
use crate::rules::gender::Gender;

#[test]
fn the_list_is_found_by_code_and_name_however_written() {
    for (name, code) in [
        ("100m", "100"),
        ("100 m", "100"),
        ("100 Metres", "100"),
        ("100", "100"),
        ("110mH", "110H"),
        ("110m hurdles", "110H"),
        ("400 metres hurdles", "400H"),
        ("4 x 100 m", "4x100"),
        ("4x100m relay", "4x100"),
        ("Long Jump", "LJ"),
        ("lj", "LJ"),
        ("10,000m", "10000"),
        ("3000m steeplechase", "3000SC"),
        ("Decathlon", "DEC"),
        ("Heptathlon", "HEP"),
        ("1500m", "1500"),
        ("Marathon", "MAR"),
        ("1M", "1M"),
        ("20,000m race walk", "20000W"),
    ] {
        assert_eq!(find(name).map(|event| event.code.as_str()), Some(code), "{name}");
    }
    assert_eq!(find("Vortex throw"), None);
    assert_eq!(find(""), None);
}

#[test]
fn every_listed_event_is_found_by_its_own_code() {
    for event in all() {
        assert_eq!(find(&event.code).map(|found| &found.code), Some(&event.code));
    }
}

#[test]
fn free_spellings_of_a_category_are_mapped() {
    for (value, category) in [
        ("Sprint", Category::Track),
        ("sprints", Category::Track),
        ("Middle distance", Category::Track),
        ("Distance", Category::Track),
        ("Hurdles", Category::Track),
        ("Relays", Category::Track),
        ("track", Category::Track),
        ("Haies", Category::Track),
        ("Jumps", Category::Field),
        ("Throws", Category::Field),
        ("FIELD", Category::Field),
        ("Lancers", Category::Field),
        ("Stabhochsprung", Category::Field),
        ("Marathon", Category::Road),
        ("Road running", Category::Road),
        ("Cross Country", Category::Road),
        ("Decathlon", Category::Combined),
        ("Multi-events", Category::Combined),
        ("Mehrkampf", Category::Combined),
        ("Pruebas combinadas", Category::Combined),
        ("100m", Category::Track),
        ("LJ", Category::Field),
    ] {
        assert_eq!(Category::read(value), Some(category), "{value}");
    }
    assert_eq!(Category::read("Juniors"), None);
    assert_eq!(Category::read(""), None);
}

#[test]
fn the_category_decides_what_is_measured_and_the_name_where_it_is_silent() {
    assert_eq!(measure_of("Open", Some(Category::Track)), Measure::Time);
    assert_eq!(measure_of("Open", Some(Category::Field)), Measure::Distance);
    assert_eq!(measure_of("Open", Some(Category::Combined)), Measure::Points);
    assert_eq!(measure_of("Long Jump", None), Measure::Distance);
    assert_eq!(measure_of("Vortex throw", None), Measure::Distance);
    assert_eq!(measure_of("U16 Mehrkampf", None), Measure::Points);
    assert_eq!(measure_of("100m", None), Measure::Time);
    assert_eq!(measure_of("Fun run", None), Measure::Time);
    assert_eq!(measure_of("24HR", Some(Category::Road)), Measure::Distance);
}

#[test]
fn plausible_marks_are_in_stored_units() {
    let sprint = find("100m").expect("listed");
    assert_eq!((sprint.plausible_min, sprint.plausible_max, sprint.has_wind), (9_400, 60_000, true));
    assert_eq!(find("HJ").expect("listed").plausible_max, 250);
}

#[test]
fn names_in_json_are_the_documented_ones() {
    assert_eq!(serde_json::to_string(&Category::Combined).expect("serialises"), "\"Combined\"");
}

#[test]
fn events_are_read_in_the_words_of_entry_lists() {
    for (written, code) in [
        ("100m", "100"),
        ("100 Metres", "100"),
        ("1,500m", "1500"),
        ("1.500 m", "1500"),
        ("10 000 m", "10000"),
        ("110 m haies", "110H"),
        ("400m Hürden", "400H"),
        ("80 vallas", "80H"),
        ("3000 m Hindernis", "3000SC"),
        ("3000 steeple", "3000SC"),
        ("5000m marche", "5000W"),
        ("4 x 100m", "4x100"),
        ("4*100 relais", "4x100"),
        ("Staffel 4x400", "4x400"),
        ("Longueur", "LJ"),
        ("Weitsprung", "LJ"),
        ("Stab", "PV"),
        ("Kugel (7.26kg)", "SP"),
        ("peso", "SP"),
        ("Dreisprung", "TJ"),
        ("martillo", "HT"),
        ("Frauen 100 m", "100"),
        ("U18 Girls LJ", "LJ"),
    ] {
        assert_eq!(read_spoken(written).map(|spoken| spoken.discipline.code.as_str()), Some(code), "{written}");
    }
    let spoken = read_spoken("U18 Girls 100m").expect("an event");
    assert_eq!((spoken.gender, spoken.age_group.as_deref()), (Some(Gender::F), Some("U18")));
    for nothing in ["H", "Name", "Club", "", "Total", "17", "Notes", "hammer time club"] {
        let read = read_spoken(nothing).map(|spoken| spoken.discipline.code.as_str());
        assert!(read.is_none() || nothing.starts_with("hammer"), "{nothing}: {read:?}");
    }
}
