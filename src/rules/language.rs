//! The languages in which entry lists come, as far as they change how a value is read.

/// Language of a table's headings. It decides letters such as `H`, `M`, `V` and `D` in a gender column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, and the headings of our own templates.
    #[default]
    English,
    /// French.
    French,
    /// German.
    German,
    /// Spanish.
    Spanish,
    /// Another language whose headings we know (Italian, Portuguese, Dutch, Polish, Nordic).
    Other,
}
