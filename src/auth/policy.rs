//! Who may do what: the only place that decides. What is not in this table is refused.

use serde::{Deserialize, Serialize};

/// The roles of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Admin,
    ChiefRegistrar,
    Registrar,
    Official,
    Starter,
    Coach,
    Athlete,
    Viewer,
}

use Role::{Admin, Athlete, ChiefRegistrar, Coach, Official, Registrar, Starter, Viewer};

impl Role {
    pub const ALL: [Role; 8] = [Admin, ChiefRegistrar, Registrar, Official, Starter, Coach, Athlete, Viewer];

    pub fn as_str(self) -> &'static str {
        match self {
            Admin => "admin",
            ChiefRegistrar => "chief_registrar",
            Registrar => "registrar",
            Official => "official",
            Starter => "starter",
            Coach => "coach",
            Athlete => "athlete",
            Viewer => "viewer",
        }
    }

    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == word)
    }

    pub fn may(self, action: Action) -> bool {
        action.roles().contains(&self)
    }
}

/// Something that needs a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Anything that needs no more than an account.
    BeSignedIn,
    ReadPrivateFields,
    ReadRegistrations,
    ManageAthletes,
    /// For good: what the results do not need.
    EraseAthletes,
    /// Everything stored about one person, on a sheet; athletes only their own.
    ExportPerson,
    ManageRegistrations,
    /// Call room: `confirmedPresent` and `status` of a registration.
    MarkPresence,
    ManageRaces,
    EnterResults,
    DeleteResults,
    ManageUsers,
    Administer,
}

impl Action {
    pub const ALL: [Action; 13] = [
        Action::BeSignedIn,
        Action::ReadPrivateFields,
        Action::ReadRegistrations,
        Action::ManageAthletes,
        Action::EraseAthletes,
        Action::ExportPerson,
        Action::ManageRegistrations,
        Action::MarkPresence,
        Action::ManageRaces,
        Action::EnterResults,
        Action::DeleteResults,
        Action::ManageUsers,
        Action::Administer,
    ];

    pub fn roles(self) -> &'static [Role] {
        match self {
            Action::BeSignedIn => &Role::ALL,
            Action::ReadPrivateFields => &[Admin, ChiefRegistrar, Registrar],
            // Coaches and athletes read those of their own only; the list narrows itself.
            Action::ReadRegistrations => &[Admin, ChiefRegistrar, Registrar, Official, Starter, Coach, Athlete],
            Action::ManageAthletes | Action::ManageRegistrations => &[Admin, ChiefRegistrar, Registrar],
            Action::EraseAthletes => &[Admin, ChiefRegistrar],
            Action::ExportPerson => &[Admin, ChiefRegistrar, Registrar, Athlete],
            Action::MarkPresence => &[Admin, ChiefRegistrar, Registrar, Starter],
            Action::ManageRaces => &[Admin, ChiefRegistrar],
            Action::EnterResults => &[Admin, ChiefRegistrar, Registrar, Official],
            Action::DeleteResults => &[Admin, ChiefRegistrar, Registrar],
            Action::ManageUsers => &[Admin, ChiefRegistrar],
            Action::Administer => &[Admin],
        }
    }

    /// The action as the end of "You may not …".
    pub fn in_words(self) -> &'static str {
        match self {
            Action::BeSignedIn => "do this without an account",
            Action::ReadPrivateFields => "read private fields",
            Action::ReadRegistrations => "read registrations",
            Action::ManageAthletes => "change athletes",
            Action::EraseAthletes => "erase athletes",
            Action::ExportPerson => "export what is stored about a person",
            Action::ManageRegistrations => "change registrations",
            Action::MarkPresence => "mark athletes as present",
            Action::ManageRaces => "change races and events",
            Action::EnterResults => "enter results",
            Action::DeleteResults => "delete results",
            Action::ManageUsers => "manage users",
            Action::Administer => "administer the server",
        }
    }
}

/// An action as a type, so that a handler's signature says who may call it.
pub trait Permit: Send + Sync + 'static {
    const ACTION: Action;
}

macro_rules! permits {
    ($($name:ident),*) => {$(
        #[doc = concat!("May do [`Action::", stringify!($name), "`].")]
        #[derive(Debug)]
        pub struct $name;
        impl Permit for $name {
            const ACTION: Action = Action::$name;
        }
    )*};
}

permits!(BeSignedIn, ReadRegistrations, ManageUsers, Administer);
