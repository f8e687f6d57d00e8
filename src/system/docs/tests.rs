use std::collections::BTreeSet;

use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(crate::app::api().into_parts().1).unwrap()
}

#[test]
fn every_schema_that_is_named_is_described() {
    let document = document();
    let text = document.to_string();
    let named: BTreeSet<&str> = text
        .split("#/components/schemas/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|name| document["components"]["schemas"].get(name).is_none())
        .collect();
    assert!(named.is_empty(), "named, but not described: {named:?}");
}

#[test]
fn what_the_server_sets_itself_is_not_asked_for() {
    let document = document();
    for entity in ["Athlete", "Race", "Event", "Registration", "Result", "User"] {
        let members = document["components"]["schemas"][entity]["properties"].as_object().unwrap();
        for (name, member) in members.iter().filter(|(name, _)| *name == "id" || name.ends_with("edAt")) {
            assert_eq!(member["readOnly"], true, "{entity}.{name}");
        }
    }
}
