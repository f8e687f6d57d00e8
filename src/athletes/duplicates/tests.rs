use super::*;
use Reason::{SameBirthDate, SameBirthYear, SameClub, SameName, SimilarName, TurnedName};

fn person(id: i64, name: &str, birth: u32, club: u32) -> Person {
    let birth = Some(birth).filter(|birth| *birth > 9999);
    let year = birth.map(|birth| birth / 10_000);
    Person { birth, year, club: Some(club).filter(|club| *club > 0), ..Person::new(id, &text::fold(name)) }
}

fn reasons(one: &Person, other: &Person) -> Option<Vec<Reason>> {
    let found = find(&[one.clone(), other.clone()]);
    assert!(found.len() <= 1, "a pair is found once: {found:?}");
    found.into_iter().next().map(|pair| pair.reasons)
}

#[test]
fn what_two_have_in_common_is_named() {
    let one = person(1, "Jane Okoye", 20_010_203, 1);
    for (other, wanted) in [
        (person(2, "JANE OKOYE", 20_010_203, 1), Some(vec![SameName, SameBirthDate, SameClub])),
        (person(2, "Jané Okoye", 20_010_203, 2), Some(vec![SameName, SameBirthDate])),
        (person(2, "Okoye, Jane", 20_010_203, 0), Some(vec![TurnedName, SameBirthDate])),
        (person(2, "Jane Okoyee", 20_010_203, 0), Some(vec![SimilarName, SameBirthDate])),
        (person(2, "Jnae Okoye", 20_010_203, 0), Some(vec![SimilarName, SameBirthDate])),
        (person(2, "Jane Adaeze Okoye", 20_010_203, 0), Some(vec![SimilarName, SameBirthDate])),
        (person(2, "Jane Okoye", 0, 1), Some(vec![SameName, SameClub])),
        (person(2, "Jane Okoye", 0, 0), Some(vec![SameName])),
        (person(2, "Jane Okoye", 20_010_204, 1), None),
        (person(2, "Jane Okoyee", 0, 1), None),
        (person(2, "Joan Okoro", 20_010_203, 1), None),
        (person(2, "Jane", 20_010_203, 1), None),
    ] {
        assert_eq!(reasons(&one, &other), wanted, "{}", other.name);
        assert_eq!(reasons(&other, &one), wanted, "{} the other way round", other.name);
    }
    let year = |id, name: &str| Person { year: Some(2001), club: Some(1), ..Person::new(id, name) };
    assert_eq!(
        reasons(&year(1, "jane okoye"), &year(2, "jane okoyo")),
        Some(vec![SimilarName, SameBirthYear, SameClub])
    );
    assert_eq!(reasons(&one, &year(2, "jane okoye")), Some(vec![SameName, SameBirthYear, SameClub]));
    assert_eq!(reasons(&one, &Person { year: Some(2002), ..Person::new(2, "jane okoye") }), None);
}

#[test]
fn the_surest_pairs_come_first() {
    let people = [
        person(1, "Jane Okoye", 20_010_203, 1),
        person(2, "Jane Okoye", 0, 0),
        person(3, "Jane Okoye", 20_010_203, 1),
        person(4, "Jane Okoyee", 20_010_203, 1),
    ];
    let found = find(&people);
    let pairs: Vec<(i64, i64)> = found.iter().map(|pair| (pair.first, pair.second)).collect();
    assert_eq!(pairs, [(1, 3), (1, 4), (3, 4), (1, 2), (2, 3)]);
    assert!(found.is_sorted_by_key(|pair| std::cmp::Reverse(pair.sureness)));
    assert!(found.iter().all(|pair| (1..=99).contains(&pair.sureness)));
    let other = Person { gender: Some(b'M'), country: 7, ..people[2].clone() };
    let doubtful = find(&[Person { gender: Some(b'F'), ..people[0].clone() }, other]);
    assert!(doubtful[0].sureness < found[0].sureness);
}

/// Thousands who share a name or a made-up birth date: pair by pair that would take minutes.
#[test]
fn large_groups_are_looked_through_all_the_same() {
    let same_name = (0..6_000).map(|id| person(id, "John Kamau", 0, 0));
    let made_up_date = (6_000..12_000).map(|id| person(id, &format!("Runner Number{id}"), 20_000_101, 3));
    let people: Vec<Person> = same_name.chain(made_up_date).collect();
    assert_eq!(find(&people).len(), MOST);
}
