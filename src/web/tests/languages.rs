//! Texts: every one that a page shows is there, in every language, with the same places to fill.

use std::collections::{BTreeMap, BTreeSet};

use super::super::assets::{names, text_of};
use super::super::bundle::texts;
use super::scripts;

/// Languages besides English.
const TRANSLATED: [&str; 3] = ["fr", "es", "sw"];
/// Forms that a language may need beside the English ones (CLDR plural categories).
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn all(language: &str) -> BTreeMap<String, String> {
    serde_json::from_str(&texts(language).unwrap_or_else(|| panic!("there are no texts in {language}"))).unwrap()
}

#[test]
fn every_language_has_the_texts_of_english_and_no_others() {
    let english = all("en");
    for language in TRANSLATED {
        let texts = all(language);
        let missing: Vec<&String> = english.keys().filter(|key| !texts.contains_key(*key)).collect();
        assert!(missing.is_empty(), "{language} lacks {missing:?}");
        // A language may have more plural forms than English.
        let is_form = |key: &str| {
            key.rsplit_once('.')
                .is_some_and(|(text, form)| FORMS.contains(&form) && english.contains_key(&format!("{text}.other")))
        };
        let strange: Vec<&String> = texts.keys().filter(|key| !english.contains_key(*key) && !is_form(key)).collect();
        assert!(strange.is_empty(), "{language} has {strange:?}, which English has not");
    }
}

#[test]
fn every_translation_has_the_same_places_to_fill() {
    let english = all("en");
    for language in TRANSLATED {
        for (key, text) in all(language) {
            assert!(!text.trim().is_empty(), "{language} {key} is empty");
            let Some(original) = english.get(&key) else { continue };
            let (mut found, mut wanted) = (places(&text), places(original));
            // "One row" and "{n} row" say the same of one.
            if key.ends_with(".one") {
                found.remove("n");
                wanted.remove("n");
            }
            assert_eq!(found, wanted, "{language} {key}: {text}");
        }
    }
}

/// The names in braces.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
}

/// The files of the help below a language's folder.
fn help(language: &str) -> BTreeSet<String> {
    let folder = format!("help/{language}/");
    names().iter().filter_map(|name| name.strip_prefix(&folder).map(str::to_owned)).collect()
}

#[test]
fn every_language_has_the_same_help() {
    let english = help("en");
    assert!(english.contains("index.json") && english.len() > 10, "{english:?}");
    for language in TRANSLATED {
        assert_eq!(help(language), english, "{language}");
        for file in &english {
            let read = |language: &str| -> serde_json::Value {
                let text = text_of(&format!("help/{language}/{file}")).unwrap();
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("help/{language}/{file}: {error}"))
            };
            assert_eq!(shape(&read(language)), shape(&read("en")), "help/{language}/{file}");
        }
    }
}

/// What a topic is made of: its members, how long its lists are, and what leads somewhere.
fn shape(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let kept = |name: &str, value: &Value| match name {
                "id" | "to" | "related" => value.clone(),
                // Words to search by are as many as a language has.
                "keywords" => Value::Null,
                _ => shape(value),
            };
            Value::Object(members.iter().map(|(name, value)| (name.clone(), kept(name, value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(shape).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Value::Null,
    }
}

#[test]
fn every_text_that_the_pages_show_is_there_and_none_is_left_over() {
    let texts = all("en");
    let is_plural = |key: &str| texts.contains_key(&format!("{}.other", plain(key)));
    let keys: BTreeSet<&str> = texts.keys().map(|key| if is_plural(key) { plain(key) } else { key }).collect();
    let subjects: BTreeSet<&str> = keys.iter().filter_map(|key| key.split('.').next()).collect();
    let mut used = BTreeSet::new();
    for (name, source) in scripts() {
        for subject in &subjects {
            for key in quoted_with(&source, '\'', subject).into_iter().filter(|key| !is_action(key)) {
                let key = if keys.contains(key.as_str()) { key.as_str() } else { plain(&key) };
                assert!(keys.contains(key), "{name} shows {key}, for which there is no text");
                used.insert(key.to_owned());
            }
            for pattern in quoted_with(&source, '`', subject) {
                let parts = fixed_parts(plain(&pattern));
                let meant: Vec<&str> = keys.iter().copied().filter(|key| fits(key, &parts)).collect();
                assert!(!meant.is_empty(), "{name} shows {pattern}, for which there is no text");
                used.extend(meant.into_iter().map(str::to_owned));
            }
        }
    }
    let left: Vec<&&str> = keys.iter().filter(|key| !used.contains(**key)).collect();
    assert!(left.is_empty(), "no page shows {left:?}");
}

/// What somebody may do is written like the key of a text.
fn is_action(key: &str) -> bool {
    let others =
        ["athletes.private", "athletes.erase", "registrations.read", "registrations.presence", "results.delete"];
    key.ends_with(".write") || others.contains(&key)
}

/// `rows.one` and `rows.other` are both `rows`.
fn plain(key: &str) -> &str {
    key.strip_suffix(".one").or_else(|| key.strip_suffix(".other")).unwrap_or(key)
}

/// What stands in these quotes and begins with a subject and a point.
fn quoted_with(source: &str, quote: char, subject: &str) -> Vec<String> {
    let start = format!("{quote}{subject}.");
    let found = source.match_indices(&start).filter_map(|(at, _)| source[at + 1..].split(quote).next());
    found.map(str::to_owned).collect()
}

/// `health.${what}Failed` has the fixed parts `health.` and `Failed`.
fn fixed_parts(pattern: &str) -> Vec<&str> {
    let mut parts = pattern.split("${");
    let first = parts.next().unwrap_or_default();
    std::iter::once(first).chain(parts.map(|part| part.split_once('}').map_or("", |(_, rest)| rest))).collect()
}

/// True when the parts stand in this order, the first at the start and the last at the end, with one word in between.
fn fits(key: &str, parts: &[&str]) -> bool {
    let [first, others @ ..] = parts else { return false };
    let Some(rest) = key.strip_prefix(first) else { return false };
    let Some(next) = others.first() else { return rest.is_empty() };
    (1..=rest.len())
        .any(|end| !rest[..end].contains('.') && rest[end..].starts_with(next) && fits(&rest[end..], others))
}
