//! The walls of the house: what each room may not know, read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

const LONGEST: usize = 400;

/// Every file below a folder of the project whose name ends as given, with its text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                // Neither ours: a package manager's, and what is vendored as it came.
                if !name.ends_with("node_modules") && !name.ends_with("web/vendor") {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "there is nothing under {folder}");
    found.sort();
    found
}

/// Lines of code in `folder` that hold one of `words`, as `file: line`.
fn holding(folder: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files(folder, ".rs") {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let bad = code.filter(|line| words.iter().any(|word| line.contains(word)));
        found.extend(bad.map(|line| format!("{name}: {}", line.trim())));
    }
    found
}

#[test]
fn rules_are_pure() {
    let strangers = [
        "axum",
        "rusqlite",
        "tokio",
        "std::fs",
        "SystemTime",
        "Zoned::now",
        "Timestamp::now",
        "Instant::now",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "getrandom",
        "rand::",
        "crate::db",
    ];
    assert_eq!(holding("src/rules", &strangers), [""; 0]);
}

/// Where the rule stands, how sure it is, and an example that runs.
#[test]
fn every_public_rule_names_its_source_and_has_an_example() {
    let mut lacking = Vec::new();
    for (name, text) in files("src/rules", ".rs") {
        let mut doc = String::new();
        for line in text.lines().map(str::trim_start) {
            if line.starts_with("///") || line.starts_with("#[") {
                doc.push_str(line);
                continue;
            }
            let is_function = line.starts_with("pub fn ") || line.starts_with("pub const fn ");
            let source = ["TR", "CR25", "section "].iter().any(|source| doc.contains(source));
            let tag = ["\\[P", "\\[S", "\\[D", "\\[K", "\\[C"].iter().any(|tag| doc.contains(tag));
            if is_function && !(source && tag && doc.contains("```")) {
                lacking.push(format!("{name}: {line}"));
            }
            doc.clear();
        }
    }
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn formats_know_no_database_and_no_http() {
    assert_eq!(holding("src/formats", &["rusqlite", "crate::db", "axum", "crate::http", "crate::records"]), [""; 0]);
}

#[test]
fn stores_and_models_know_no_http_framework() {
    let strangers = ["axum", "hyper", "http::reply", "http::extract", "crate::state"];
    let seen: Vec<String> = holding("src", &strangers)
        .into_iter()
        .filter(|line| {
            line.split(": ").next().is_some_and(|name| name.ends_with("/store.rs") || name.ends_with("/model.rs"))
        })
        .collect();
    assert_eq!(seen, [""; 0]);
}

#[test]
fn the_database_knows_nothing_of_the_rest() {
    let strangers = ["axum", "crate::http", "crate::records", "crate::auth", "crate::state", "crate::rules"];
    assert_eq!(holding("src/db", &strangers), [""; 0]);
}

/// What sends the rows elsewhere knows tables, not the sport.
#[test]
fn the_copy_knows_no_entities() {
    let strangers =
        ["crate::rules", "crate::athletes", "crate::results", "crate::imports", "crate::exports", "crate::system"];
    assert_eq!(holding("src/sync", &strangers), [""; 0]);
}

/// Every write goes through the writer thread: connections are opened in one place.
#[test]
fn connections_are_opened_by_the_database_room_alone() {
    let opened = holding("src", &["Connection::open"]).into_iter();
    let strangers: Vec<String> =
        opened.filter(|line| !line.starts_with("src/db/") && !line.contains("/tests.rs: ")).collect();
    assert_eq!(strangers, [""; 0]);
}

/// Whoever edits a test does not want the library built anew, nor to read tests between the code.
#[test]
fn unit_tests_have_files_of_their_own() {
    let inside: Vec<String> = holding("src", &["#[test]", "#[tokio::test", "mod tests {"])
        .into_iter()
        .filter(|line| {
            !line.split(": ").next().is_some_and(|name| name.ends_with("tests.rs") || name.contains("/tests/"))
        })
        .collect();
    assert_eq!(inside, [""; 0]);
}

#[test]
fn no_file_is_too_long_to_read() {
    let sources = [("src", ".rs"), ("tests", ".rs"), ("web", ".js")];
    let all = sources.into_iter().flat_map(|(folder, ending)| files(folder, ending));
    let long: Vec<String> = all
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(name, lines)| format!("{name}: {lines}"))
        .collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn nothing_is_left_to_do() {
    let words = ["TODO", "FIXME", "XXX", "HACK"];
    let all = [("src", ".rs"), ("web", ".js")].into_iter().flat_map(|(folder, ending)| files(folder, ending));
    let found: Vec<String> =
        all.filter(|(_, text)| words.iter().any(|word| text.contains(word))).map(|(name, _)| name).collect();
    assert_eq!(found, [""; 0]);
}
