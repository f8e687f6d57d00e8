//! What can be imported: which datasets, in which formats.

use crate::db::Entity;
use crate::formats::format::Format;

/// The rows of one kind, or several kinds in one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dataset {
    Rows(Entity),
    Bulk,
}

impl Dataset {
    pub const ALL: [Dataset; 7] = [
        Dataset::Rows(Entity::Athletes),
        Dataset::Rows(Entity::Races),
        Dataset::Rows(Entity::Events),
        Dataset::Rows(Entity::Registrations),
        Dataset::Rows(Entity::Results),
        Dataset::Rows(Entity::Users),
        Dataset::Bulk,
    ];

    /// The name in addresses and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Dataset::Rows(entity) => entity.table(),
            Dataset::Bulk => "bulk",
        }
    }

    pub fn from_name(name: &str) -> Option<Dataset> {
        Dataset::ALL.into_iter().find(|dataset| dataset.name() == name)
    }

    /// The kind of rows, when there is only one.
    pub fn entity(self) -> Option<Entity> {
        match self {
            Dataset::Rows(entity) => Some(entity),
            Dataset::Bulk => None,
        }
    }

    /// Whether a file may hold rows of this kind.
    pub fn may_hold(self, entity: Entity) -> bool {
        self.entity().is_none_or(|own| own == entity)
    }

    /// Several kinds of rows do not fit into one table.
    pub fn formats(self) -> &'static [Format] {
        match self {
            Dataset::Rows(_) => &Format::ALL,
            Dataset::Bulk => &[Format::Json],
        }
    }

    /// Every dataset in every format it comes in.
    pub fn pairs() -> impl Iterator<Item = (Dataset, Format)> {
        Dataset::ALL.into_iter().flat_map(|dataset| dataset.formats().iter().map(move |format| (dataset, *format)))
    }
}
