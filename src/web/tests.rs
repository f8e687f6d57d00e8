use std::collections::{BTreeMap, BTreeSet};

use super::assets::text_of;
use super::bundle::{ENTRIES, bundled, closure, lazy_roots, without_comment};
use super::modules::{export, export_all, import, imports, lazy_imports, resolve};
use super::page::{BUILD_MARK, entry_of};
use super::*;

const PAGES: [&str; 2] = ["index.html", "docs.html"];
/// They stand alone: one runs before the first paint, the other is all the script of the public pages.
const SINGLE: [&str; 2] = ["js/boot-theme.js", "js/public/refresh.js"];

#[test]
fn pages_hold_nothing_the_policy_forbids() {
    for name in PAGES {
        let html = Page::render(name).html;
        assert!(!html.contains("style=\"") && !html.contains("<style") && !html.contains(BUILD_MARK), "{html}");
        assert!(
            html.split("<script").skip(1).all(|rest| rest.contains("src=\"") && rest.contains("></script>")),
            "{html}"
        );
    }
}

#[test]
fn what_only_the_type_check_needs_is_not_embedded() {
    let stray =
        Assets::iter().find(|name| name.ends_with(".d.ts") || name.ends_with(".md") || name.ends_with("config.json"));
    assert_eq!(stray, None);
}

#[test]
fn the_vendored_files_are_those_the_readme_names() {
    let readme = include_str!("../../web/vendor/README.md");
    for name in Assets::iter().filter(|name| name.starts_with("vendor/") && !name.ends_with(".txt")) {
        let hash = hex(&Assets::get(&name).expect("it was just listed").metadata.sha256_hash());
        assert!(readme.contains(&hash), "{name} has the hash {hash}");
    }
}

#[test]
fn a_known_tag_needs_no_body() {
    let first = file("icon.svg", ASK_AGAIN, &HeaderMap::new());
    let mut asked = HeaderMap::new();
    asked.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
    assert_eq!(file("icon.svg", ASK_AGAIN, &asked).status(), StatusCode::NOT_MODIFIED);
}

/// The modules that belong to a page, at once or later.
fn modules_of_all_pages() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for entry in ENTRIES {
        all.extend(closure(entry));
        all.extend(lazy_roots(entry).iter().flat_map(|root| closure(root)));
    }
    all
}

#[test]
fn every_page_starts_with_a_module_that_is_bundled() {
    let entries = PAGES.map(|name| entry_of(&text_of(name).expect("embedded")).expect("it has one").to_owned());
    assert_eq!(BTreeSet::from(entries), ENTRIES.map(str::to_owned).into());
}

#[test]
fn every_module_belongs_to_a_page_and_imports_what_is_there() {
    let loaded = modules_of_all_pages();
    for module in &loaded {
        assert!(Assets::get(module).is_some(), "{module} is imported but not there");
    }
    for (name, source) in scripts() {
        assert!(loaded.contains(&name) || SINGLE.contains(&name.as_str()), "no page loads {name}");
        for path in imports(&source) {
            assert!(Assets::get(&resolve(&name, path)).is_some(), "{name} imports {path}, which is not there");
        }
    }
}

#[test]
fn modules_keep_to_the_forms_that_the_bundle_understands() {
    for (name, source) in scripts() {
        for line in source.lines() {
            let known_import = import(line).is_some() || lazy_imports(line).next().is_some();
            assert!(!line.starts_with("import") || known_import, "{name}: {line}");
            let known_export = export(line).is_some() || export_all(line).is_some();
            assert!(!line.starts_with("export") || known_export, "{name}: {line}");
        }
    }
}

#[test]
fn no_module_imports_itself_by_a_detour() {
    for (name, source) in scripts() {
        for path in imports(&source) {
            let imported = resolve(&name, path);
            assert!(!closure(&imported).contains(&name), "{name} imports {imported}, which needs {name}");
        }
    }
}

#[test]
fn a_bundle_holds_every_module_once_and_a_screen_only_what_its_page_has_not() {
    for entry in ENTRIES {
        let text = bundled(entry).unwrap();
        for module in closure(entry).iter().filter(|module| *module != entry && !module.starts_with("vendor/")) {
            assert_eq!(text.matches(&format!("modules['{module}'] ??=")).count(), 1, "{module} in {entry}");
        }
        for root in lazy_roots(entry) {
            let screen = bundled(&root).unwrap();
            assert!(screen.contains("export const {"), "{root} exports nothing");
            assert!(!screen.contains("modules['js/core/html.js'] ??="), "{root} brings what the page has");
        }
    }
}

#[test]
fn comments_stay_behind_and_code_after_them_does_not() {
    let mut inside = false;
    let mut kept = |line| without_comment(line, &mut inside).map(str::to_owned);
    assert_eq!(kept("  // only words"), None);
    assert_eq!(kept("const a = 1; // why"), Some("const a = 1; // why".to_owned()));
    assert_eq!(kept("  /** @type {Node} */ (node).focus();"), Some("(node).focus();".to_owned()));
    assert_eq!(kept("/** a"), None);
    assert_eq!(kept(" * b = 2;"), None);
    assert_eq!(kept(" */"), None);
    assert_eq!(kept("  c();"), Some("  c();".to_owned()));
}

#[test]
fn styles_and_texts_are_sent_as_one_file() {
    let styles = bundled("css/admin.css").unwrap();
    assert!(!styles.contains("@import ") && styles.contains("@layer tokens"), "an import is left over");
    let texts: BTreeMap<String, String> = serde_json::from_str(&bundled("i18n/en.json").unwrap()).unwrap();
    assert!(texts.contains_key("app.name") && texts.contains_key("overview.title"));
    assert_eq!(bundled("i18n/xx.json"), None);
}

#[test]
fn every_text_that_the_pages_show_is_there_and_none_is_left_over() {
    let texts: BTreeMap<String, String> = serde_json::from_str(&bundle::texts("en").unwrap()).unwrap();
    let is_plural = |key: &str| texts.contains_key(&format!("{}.other", plain(key)));
    let keys: BTreeSet<&str> = texts.keys().map(|key| if is_plural(key) { plain(key) } else { key }).collect();
    let subjects: BTreeSet<&str> = keys.iter().filter_map(|key| key.split('.').next()).collect();
    let mut used = BTreeSet::new();
    for (name, source) in scripts() {
        for subject in &subjects {
            for key in quoted_with(&source, '\'', subject).into_iter().filter(|key| !is_action(key)) {
                assert!(keys.contains(key.as_str()), "{name} shows {key}, for which there is no text");
                used.insert(key);
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
    let others = ["athletes.private", "registrations.read", "registrations.presence", "results.delete"];
    key.ends_with(".write") || others.contains(&key)
}

/// Our own modules with their text.
fn scripts() -> Vec<(String, String)> {
    let names = Assets::iter().filter(|name| name.starts_with("js/"));
    names.map(|name| (name.to_string(), text_of(&name).unwrap())).collect()
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
