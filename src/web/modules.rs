//! What one of our ES modules imports and exports. Not a parser of JavaScript: it knows the few forms that our modules
//! keep to, each on a line of its own, and a test sees to it that they do.

/// One line `import … from '…';`.
#[derive(Debug, PartialEq, Eq)]
pub struct Import<'a> {
    /// `{ a, b as c }`, a name for the default, or nothing.
    pub what: &'a str,
    /// As it is written, relative to the importing module.
    pub path: &'a str,
}

/// Reads `import { a } from './a.js';`, `import a from './a.js';` and `import './a.js';`.
pub fn import(line: &str) -> Option<Import<'_>> {
    let rest = line.strip_prefix("import ")?;
    let (what, quoted) = match rest.split_once(" from ") {
        Some((what, quoted)) => (what, quoted),
        None => ("", rest),
    };
    Some(Import { what, path: quoted_path(quoted)? })
}

/// Reads `export * from './a.js';`.
pub fn export_all(line: &str) -> Option<&str> {
    quoted_path(line.strip_prefix("export * from ")?)
}

/// The name that `export const a`, `export function a`, `export async function a` or `export class a` declares.
pub fn export(line: &str) -> Option<&str> {
    let declaration = line.strip_prefix("export ")?;
    let kinds = ["const ", "function ", "async function ", "class "];
    let rest = kinds.iter().find_map(|kind| declaration.strip_prefix(kind))?;
    rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '$').next()
}

/// The modules that are loaded when they are needed: `import('./a.js')`.
pub fn lazy_imports(source: &str) -> impl Iterator<Item = &str> {
    source.match_indices("import('").filter_map(|(at, start)| source[at + start.len()..].split('\'').next())
}

/// What a module loads before it runs, as it is written.
pub fn imports(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| import(line).map(|found| found.path).or_else(|| export_all(line)))
}

/// `js/core/html.js` and `../../vendor/htm.module.js` give `vendor/htm.module.js`.
pub fn resolve(module: &str, path: &str) -> String {
    let mut parts: Vec<&str> = module.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn quoted_path(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix("';").filter(|path| path.starts_with('.'))
}
