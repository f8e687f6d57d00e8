mod languages;

use std::collections::{BTreeMap, BTreeSet};

use super::assets::text_of;
use super::bundle::{ENTRIES, SINGLE, bundled, closure, lazy_roots, without_comment};
use super::modules::{export, export_all, import, imports, lazy_imports, resolve};
use super::page::{BUILD_MARK, entry_of};
use super::*;

const PAGES: [&str; 3] = ["index.html", "docs.html", "station.html"];

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
            let screen = bundled(&root).unwrap_or_else(|| panic!("{root} is not bundled"));
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
    for name in ["css/admin.css", "css/app.css", "css/public.css"] {
        let styles = bundled(name).unwrap();
        assert!(!styles.contains("@import "), "an import is left over in {name}");
        assert_eq!(styles.matches("--bronze: ").count(), 1, "{name} has the tokens once");
    }
    let texts: BTreeMap<String, String> = serde_json::from_str(&bundled("i18n/en.json").unwrap()).unwrap();
    assert!(texts.contains_key("app.name") && texts.contains_key("overview.title"));
    assert_eq!(bundled("i18n/xx.json"), None);
}

/// An action that is not in the table would hide what it guards from everybody.
#[test]
fn every_action_that_the_pages_ask_for_is_known() {
    let table = text_of("js/core/session.js").unwrap();
    let table = table.split("const ROLES = {").nth(1).unwrap().split("};").next().unwrap();
    let known = table.lines().filter_map(|line| line.trim().split_once(':')).map(|(name, _)| name.trim_matches('\''));
    let known: BTreeSet<&str> = known.collect();
    for (name, code) in scripts() {
        for asked in ["may('", "may: '", "action: '", "Action: '"] {
            for (at, _) in code.match_indices(asked) {
                let action = code[at + asked.len()..].split('\'').next().unwrap();
                assert!(known.contains(action), "{name} asks for {action}");
            }
        }
    }
}

/// Our own modules with their code: what comments say is no code.
fn scripts() -> Vec<(String, String)> {
    let code = |name: &str| {
        let mut inside = false;
        let text = text_of(name).unwrap();
        text.lines().filter_map(|line| without_comment(line, &mut inside)).collect::<Vec<_>>().join("\n")
    };
    Assets::iter().filter(|name| name.starts_with("js/")).map(|name| (name.to_string(), code(&name))).collect()
}
