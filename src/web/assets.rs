//! The embedded files. Debug builds read them from disk, so a reload shows a change.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "web/"]
#[include = "*.html"]
#[include = "*.js"]
#[include = "icon.svg"]
#[include = "css/*"]
#[include = "help/*"]
#[include = "i18n/*"]
#[include = "vendor/*"]
#[exclude = "node_modules/*"]
#[exclude = "*.d.ts"]
#[exclude = "*.md"]
pub struct Assets;

/// Names the state of all embedded files.
pub static BUILD: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for file in names().iter().filter_map(|name| Some((name, Assets::get(name)?))) {
        hasher.update(file.0.as_bytes());
        hasher.update(file.1.metadata.sha256_hash());
    }
    hex(&hasher.finalize()[..8])
});

/// Every embedded file, in order.
pub fn names() -> Vec<Cow<'static, str>> {
    let mut names: Vec<_> = Assets::iter().collect();
    names.sort_unstable();
    names
}

/// A text file; `None` when it is not there or not UTF-8.
pub fn text_of(path: &str) -> Option<String> {
    String::from_utf8(Assets::get(path)?.data.into_owned()).ok()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
