use super::*;

fn fields(heading: &str) -> Vec<&'static str> {
    let mut fields: Vec<_> = meanings(heading).iter().map(|meaning| meaning.field).collect();
    fields.dedup();
    fields
}

#[test]
fn headings_of_many_languages_are_known_however_written() {
    for (heading, field) in [
        ("name", "name"),
        ("FULL NAME *", "name"),
        ("Athlete Name", "name"),
        ("Runner", "name"),
        ("NOM Prénom", "name"),
        ("Name, Vorname", "name"),
        ("First_Name", "first_name"),
        ("Vorname", "first_name"),
        ("Prénom", "first_name"),
        ("Surname:", "last_name"),
        ("Apellidos", "last_name"),
        ("Gender (M/F)", "gender"),
        ("m/w", "gender"),
        ("Geschlecht", "gender"),
        ("D.O.B.", "date_of_birth"),
        ("date_of_birth", "date_of_birth"),
        ("NÉ(E) LE", "date_of_birth"),
        ("Fecha nac.", "date_of_birth"),
        ("Nacido", "date_of_birth"),
        ("Nacido/a el", "date_of_birth"),
        ("dateOfBirth", "date_of_birth"),
        ("Jahrgang", "year_of_birth"),
        ("Nat.", "country"),
        ("País", "country"),
        ("Nationalität", "country"),
        ("Nationalitaet", "country"),
        ("Club / Team", "club"),
        ("Structure", "club"),
        ("clubTeam", "club"),
        ("Entraîneur", "coach"),
        ("Trainer", "coach"),
        ("E-Mail-Adresse", "email"),
        ("Correo electrónico", "email"),
        ("Courriel", "email"),
        ("Tel.", "phone"),
        ("Móvil", "phone"),
        ("N° dossard", "bib_number"),
        ("Bib #", "bib_number"),
        ("#", "bib_number"),
        ("bibNumber", "bib_number"),
        ("Startnummer", "bib_number"),
        ("Dorsal", "bib_number"),
        ("Competitor No.", "bib_number"),
        ("Disziplin", "event"),
        ("Épreuve", "event"),
        ("Perf.", "seed_mark"),
        ("Bestleistung", "pb"),
        ("id", "id"),
        ("Timestamp", "ignore"),
    ] {
        assert_eq!(fields(heading).first(), Some(&field), "{heading}");
    }
}

#[test]
fn unknown_headings_mean_nothing() {
    for heading in ["", "foo", "shoe size", "nme", "names of parents", "(", "()"] {
        assert!(fields(heading).is_empty(), "{heading}");
    }
}

#[test]
fn headings_tell_the_order_of_names() {
    let order = |heading: &str| meanings(heading)[0].order;
    for heading in ["Nom Prénom", "Name, Vorname", "Apellidos y Nombre", "Cognome Nome", "Surname First name"] {
        assert_eq!(order(heading), NameOrder::LastFirst, "{heading}");
    }
    for heading in ["Prénom Nom", "Vorname Name", "Nombre y apellidos"] {
        assert_eq!(order(heading), NameOrder::FirstLast, "{heading}");
    }
    assert_eq!(order("Name"), NameOrder::AsWritten);
}

#[test]
fn a_slip_is_recognised_but_never_taken() {
    assert_eq!(nearest("nme", &["name", "country"]), Some("name"));
    assert_eq!(nearest("contry", &["name", "country"]), Some("country"));
    assert_eq!(nearest("foo", &["name", "country"]), None);
    assert_eq!(nearest("ab", &["name"]), None);
}

#[test]
fn every_line_of_the_table_can_be_found_again() {
    let mut reader = csv::Reader::from_reader(HEADINGS.as_bytes());
    for line in reader.deserialize::<Line>() {
        let line = line.expect("well-formed");
        for heading in line.headings.split('|') {
            assert!(!normalise(heading).is_empty(), "{heading}");
            let (field, _) = field_of(line.field.clone());
            assert!(fields(heading).contains(&field), "{heading}");
        }
    }
    assert_eq!(super::field("bib_number"), Some("bib_number"));
    assert_eq!(super::field("ignore"), None);
    assert_eq!(super::field("shoe"), None);
}
