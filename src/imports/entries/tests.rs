use super::*;

fn shown(entries: Vec<Entry>) -> Vec<String> {
    entries.into_iter().map(|one| format!("{}={}", one.event, one.seed_mark.unwrap_or_default())).collect()
}

#[test]
fn several_events_in_one_cell_are_told_apart() {
    assert_eq!(shown(packed("100m, 200m, LJ")), ["100m=", "200m=", "LJ="]);
    assert_eq!(shown(packed("100m (12.31); LJ (5.48)")), ["100m=12.31", "LJ=5.48"]);
    assert_eq!(shown(packed("1,500m")), ["1,500m="]);
    assert_eq!(shown(packed("SP (7.26kg)")), ["SP (7.26kg)="]);
    assert_eq!(shown(packed("Sack race, final")), ["Sack race, final="]);
}

#[test]
fn a_cell_below_an_event_is_a_mark_or_a_tick_or_nothing() {
    assert_eq!(ticked("LJ", "5.48").and_then(|entry| entry.seed_mark).as_deref(), Some("5.48"));
    for tick in ["x", "X", "1", "Oui", "ja", "sí"] {
        assert_eq!(ticked("LJ", tick), Some(Entry { event: "LJ".into(), seed_mark: None }), "{tick}");
    }
    for nothing in ["", "-", "no", "0", "n/a"] {
        assert_eq!(ticked("LJ", nothing), None, "{nothing}");
    }
}
