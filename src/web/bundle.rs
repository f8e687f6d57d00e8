//! Many small files for people, few requests for browsers: a page's modules are sent as one file, its styles as one, and the
//! texts of a language as one.
//!
//! A module becomes a function that runs once and whose exports are kept in a table by the module's path. Screens
//! that are loaded when they are needed hold only what the page has not loaded already, and use the same table. Vendored files stay
//! as they are.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::assets::{Assets, BUILD, names, text_of};
use super::modules::{export, export_all, import, imports, lazy_imports, resolve};

/// The first module of each page of ours.
pub const ENTRIES: [&str; 3] = ["js/main.js", "js/docs.js", "js/station.js"];

/// Scripts that stand alone: one runs before the first paint, one is all the script of the public pages, and one is shared by all
/// tabs of a browser.
pub const SINGLE: [&str; 3] = ["js/boot-theme.js", WORKER, "js/public/refresh.js"];

/// Keeps one stream of changes for all tabs.
pub const WORKER: &str = "js/live-worker.js";

/// Where all modules of a page find each other.
const TABLE: &str = "globalThis.athsysModules";

/// What is served for a path that stands for several files; `None` when the file is served as it lies.
pub fn bundled(path: &str) -> Option<String> {
    if let Some(language) = path.strip_prefix("i18n/").and_then(|name| name.strip_suffix(".json")) {
        return texts(language);
    }
    if path.starts_with("css/") {
        return text_of(path).filter(|text| text.contains("@import ")).map(|text| styles(&text));
    }
    if ENTRIES.contains(&path) {
        return Some(entry(path));
    }
    if SINGLE.contains(&path) {
        return text_of(path).map(|text| without_comments(&text));
    }
    page_of_lazy(path).map(|page| screen(path, &page))
}

fn without_comments(text: &str) -> String {
    let mut inside = false;
    text.lines().filter_map(|line| without_comment(line, &mut inside)).flat_map(|line| [line, "\n"]).collect()
}

/// Its texts are written into the public pages by the server.
const OF_THE_SERVER: &str = "public.json";

/// All texts of a language, of which each subject has its own file.
pub fn texts(language: &str) -> Option<String> {
    let folder = format!("i18n/{language}/");
    let mut all = Map::new();
    for name in names().iter().filter(|name| name.starts_with(&folder) && !name.ends_with(OF_THE_SERVER)) {
        let texts: Map<String, Value> = serde_json::from_str(&text_of(name)?).ok()?;
        all.extend(texts);
    }
    if all.is_empty() { None } else { serde_json::to_string(&all).ok() }
}

/// Puts the files that `@import "…";` names in the place of these lines, and those that these name.
fn styles(text: &str) -> String {
    let mut all = String::new();
    for line in text.lines() {
        let name = line.strip_prefix("@import \"").and_then(|rest| rest.strip_suffix("\";"));
        match name.and_then(|name| text_of(&format!("css/{name}"))) {
            Some(imported) => all.push_str(&styles(&imported)),
            None => all.push_str(line),
        }
        all.push('\n');
    }
    all
}

/// A module and all it imports, directly or not, each after what it needs.
pub fn closure(root: &str) -> Vec<String> {
    let mut done = Vec::new();
    visit(root, &mut Vec::new(), &mut done);
    done
}

fn visit(module: &str, open: &mut Vec<String>, done: &mut Vec<String>) {
    if done.iter().any(|name| name == module) || open.iter().any(|name| name == module) {
        return; // a ring is found by a test
    }
    open.push(module.to_owned());
    if !is_vendored(module) {
        let source = text_of(module).unwrap_or_default();
        for path in imports(&source) {
            visit(&resolve(module, path), open, done);
        }
    }
    open.pop();
    done.push(module.to_owned());
}

/// The modules that a page may load later.
pub fn lazy_roots(entry: &str) -> Vec<String> {
    let mut found = Vec::new();
    for module in closure(entry).iter().filter(|module| !is_vendored(module)) {
        // Comments name types by the same words.
        let source = text_of(module).unwrap_or_default();
        let mut in_comment = false;
        for line in source.lines().filter_map(|line| without_comment(line, &mut in_comment)) {
            found.extend(lazy_imports(line).map(|path| resolve(module, path)));
        }
    }
    found
}

/// The page that loads this module later.
fn page_of_lazy(path: &str) -> Option<String> {
    // What is not there is not looked for in all modules.
    let is_screen = path.starts_with("js/screens/") && Assets::get(path).is_some();
    ENTRIES.iter().find(|entry| is_screen && lazy_roots(entry).iter().any(|root| root == path)).map(|e| (*e).to_owned())
}

fn is_vendored(module: &str) -> bool {
    module.starts_with("vendor/")
}

/// A page's first module with everything it imports.
fn entry(path: &str) -> String {
    let modules = closure(path);
    let mut out = head(&modules);
    for module in modules.iter().filter(|module| *module != path && !is_vendored(module)) {
        define(module, &mut out);
    }
    let (body, _) = body(path);
    // The page's own module may wait for something, which a function of the table could not.
    let _ = writeln!(out, "{{\n{body}}}");
    out
}

/// A screen with what its page has not loaded yet.
fn screen(path: &str, page: &str) -> String {
    let loaded = closure(page);
    let modules: Vec<String> = closure(path).into_iter().filter(|module| !loaded.contains(module)).collect();
    let mut out = head(&modules);
    for module in modules.iter().filter(|module| !is_vendored(module)) {
        define(module, &mut out);
    }
    let names = body(path).1.join(", ");
    let _ = writeln!(out, "export const {{ {names} }} = modules['{path}'];");
    out
}

/// The imports of vendored files and the table.
fn head(modules: &[String]) -> String {
    let mut out = String::new();
    let vendored: Vec<&String> = modules.iter().filter(|module| is_vendored(module)).collect();
    for (number, module) in vendored.iter().enumerate() {
        let _ = writeln!(out, "import * as vendored{number} from '/a/{}/{module}';", *BUILD);
    }
    let _ = writeln!(out, "const modules = {TABLE} ??= {{}};");
    for (number, module) in vendored.iter().enumerate() {
        let _ = writeln!(out, "modules['{module}'] = vendored{number};");
    }
    out
}

/// Another screen may have brought the module already.
fn define(module: &str, out: &mut String) {
    let source = text_of(module).unwrap_or_default();
    if let Some(path) = source.lines().find_map(export_all) {
        let _ = writeln!(out, "modules['{module}'] ??= modules['{}'];", resolve(module, path));
        return;
    }
    let (body, names) = body(module);
    let _ = writeln!(out, "modules['{module}'] ??= (() => {{\n{body}return {{ {} }};\n}})();", names.join(", "));
}

/// The module's code with its imports taken from the table, and what it exports. Comments of whole lines stay behind.
fn body(module: &str) -> (String, Vec<String>) {
    let source = text_of(module).unwrap_or_default();
    let (mut code, mut names) = (String::new(), Vec::new());
    let mut in_comment = false;
    for line in source.lines() {
        let Some(line) = without_comment(line, &mut in_comment) else { continue };
        if let Some(found) = import(line) {
            let path = resolve(module, found.path);
            let names = found.what.replace(" as ", ": ");
            match names.chars().next() {
                None => {}
                Some('{') => _ = writeln!(code, "const {names} = modules['{path}'];"),
                Some(_) => _ = writeln!(code, "const {{ default: {names} }} = modules['{path}'];"),
            }
            continue;
        }
        names.extend(export(line).map(str::to_owned));
        let line = line.strip_prefix("export ").unwrap_or(line);
        code.push_str(&with_addresses(module, line));
        code.push('\n');
    }
    (code, names)
}

/// The code of a line; `None` for one that is only a comment. A comment behind code stays.
pub fn without_comment<'a>(line: &'a str, in_comment: &mut bool) -> Option<&'a str> {
    let start = line.trim_start();
    if !*in_comment && start.starts_with("//") {
        return None;
    }
    if !*in_comment && !start.starts_with("/**") {
        return Some(line);
    }
    match line.split_once("*/") {
        Some((_, rest)) => {
            *in_comment = false;
            let rest = rest.trim_start();
            if rest.is_empty() { None } else { Some(rest) }
        }
        None => {
            *in_comment = true;
            None
        }
    }
}

/// Addresses that are relative to the module become whole ones.
fn with_addresses(module: &str, line: &str) -> String {
    let here = format!("new URL('/a/{}/{module}', location.origin)", *BUILD);
    let mut line = line.replace("import.meta.url", &here);
    let lazy: BTreeMap<String, String> = lazy_imports(&line)
        .map(|path| (format!("import('{path}')"), format!("import('/a/{}/{}')", *BUILD, resolve(module, path))))
        .collect();
    for (relative, whole) in lazy {
        line = line.replace(&relative, &whole);
    }
    line
}
