//! Names written with the last name first, turned round where the parts can be told apart.

use std::borrow::Cow;

/// `KILONZO Ochieng` and `Kilonzo, Ochieng` as `Ochieng KILONZO` and `Ochieng Kilonzo`, two words by exchanging them. A
/// longer name in which nothing marks the end of the last name stays whole: a wrong guess is worse than an odd order.
pub fn turned_round(name: Cow<'_, str>) -> Cow<'_, str> {
    if let Some((last, first)) = name.split_once(',') {
        return joined(first.trim(), last.trim()).map_or_else(|| name.clone(), Cow::Owned);
    }
    let capitals_end = name.split(' ').take_while(|word| is_capitals(word)).map(|word| word.len() + 1).sum::<usize>();
    if (1..name.len()).contains(&capitals_end) {
        let (last, first) = name.split_at(capitals_end);
        return joined(first.trim(), last.trim()).map_or_else(|| name.clone(), Cow::Owned);
    }
    let mut words = name.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some(last), Some(first), None) => joined(first, last).map_or_else(|| name.clone(), Cow::Owned),
        _ => name,
    }
}

/// Whether a name is written with the last name first: `Kilonzo, Ada`, `KILONZO Ada`.
pub fn is_last_first(name: &str) -> bool {
    let mut words = name.split(' ');
    let starts_in_capitals = words.next().is_some_and(is_capitals);
    name.contains(',') || (starts_in_capitals && words.next_back().is_some_and(|last| !is_capitals(last)))
}

fn joined(first: &str, last: &str) -> Option<String> {
    match (first, last) {
        ("", "") => None,
        ("", one) | (one, "") => Some(one.to_owned()),
        (first, last) => Some(format!("{first} {last}")),
    }
}

/// Whether a word is written in capitals: `KILONZO`, `O'NEIL`, `NÍ`. A single letter may be an initial.
fn is_capitals(word: &str) -> bool {
    let mut letters = word.chars().filter(|c| c.is_alphabetic());
    let has_two = letters.clone().nth(1).is_some();
    has_two && letters.all(char::is_uppercase)
}
