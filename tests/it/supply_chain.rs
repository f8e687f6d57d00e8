//! What comes from others: every dependency was reviewed, and every licence is one that may be shipped.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Licences that ask for no more than their text.
const ALLOWED: [&str; 11] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The first cells of a table in Markdown.
fn reviewed() -> BTreeSet<String> {
    let text = file(".ci/dependencies.md");
    let cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    cells.filter(|cell| !matches!(*cell, "crate" | "---")).map(str::to_owned).collect()
}

#[test]
fn every_dependency_was_reviewed() {
    let manifest: toml::Table = file("Cargo.toml").parse().unwrap();
    let mut named: BTreeSet<String> = BTreeSet::new();
    for part in ["dependencies", "dev-dependencies", "build-dependencies"] {
        named.extend(
            manifest.get(part).and_then(|part| part.as_table()).into_iter().flatten().map(|(name, _)| name.clone()),
        );
    }
    assert!(named.len() > 50, "{named:?}");
    let missing: Vec<_> = named.difference(&reviewed()).cloned().collect();
    assert!(missing.is_empty(), "these have no row in .ci/dependencies.md: {missing:?}");
}

/// Whether a licence leaves a choice that is allowed: `A OR B` one of them, `A AND B` both.
fn is_allowed(licence: &str) -> bool {
    let licence =
        licence.replace(" WITH LLVM-exception", "").replace(['(', ')'], "").replace(" / ", "/").replace('/', " OR ");
    // A parenthesis in front of AND holds a choice with an allowed one in all that there are; each part is looked at.
    licence.split(" AND ").all(|part| part.split(" OR ").any(|one| ALLOWED.contains(&one.trim())))
}

#[test]
fn every_crate_has_a_licence_that_may_be_shipped() {
    // Of other systems not every crate lies here; what is built here is looked at here.
    let told = Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let args = ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", host];
    let output = Command::new(env!("CARGO")).current_dir(env!("CARGO_MANIFEST_DIR")).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 200);
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(is_allowed(licence), "{} has the licence {licence}", package["name"]);
        let source = package["source"].as_str().unwrap_or_default();
        let is_ours = package["name"] == "athsys";
        assert!(is_ours || source.starts_with("registry+"), "{} comes from {source}", package["name"]);
    }
}

#[test]
fn licences_that_oblige_are_refused() {
    assert!(!is_allowed("GPL-3.0") && !is_allowed("none") && !is_allowed("MIT AND AGPL-3.0"));
    assert!(is_allowed("GPL-3.0 OR MIT") && is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
}

/// Every source file with its path.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.to_string_lossy().replace('\\', "/"), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What the README says about security is said with tests that are there: `module::name`.
#[test]
fn every_test_that_the_readme_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    sources(&root.join("tests/it"), &mut all);
    sources(&root.join("src"), &mut all);
    let readme = file("README.md");
    let section = readme.split("## Security").nth(1).unwrap().split("\n## ").next().unwrap();
    let named: BTreeSet<(&str, &str)> = section
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| !code.contains(' '))
        .filter_map(|code| code.split_once("::"))
        .collect();
    assert!(named.len() > 60, "{named:?}");
    let is_there = |(module, name): &(&str, &str)| {
        let function = format!("fn {name}(");
        let of_module = [format!("/{module}.rs"), format!("/{module}/")];
        all.iter()
            .any(|(path, text)| text.contains(&function) && of_module.iter().any(|part| path.contains(part.as_str())))
    };
    let missing: Vec<_> = named.iter().filter(|one| !is_there(one)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
