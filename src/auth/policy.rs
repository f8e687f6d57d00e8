//! Who may do what: the only place that decides. What is not in this table is refused.
//!
//! An account's rights hold everywhere; those that come from a station link end at its event (see [`Rights`]).

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
    /// Links that open one event without an account.
    ManageStations,
    ManageUsers,
    Administer,
}

impl Action {
    pub const ALL: [Action; 14] = [
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
        Action::ManageStations,
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
            Action::ManageRaces | Action::ManageStations => &[Admin, ChiefRegistrar],
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
            Action::ManageStations => "manage station links",
            Action::ManageUsers => "manage users",
            Action::Administer => "administer the server",
        }
    }
}

/// What somebody may do, and where: everywhere, or at one event only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    role: Role,
    only_at: Option<i64>,
}

impl Rights {
    /// Those of an account.
    pub fn of(role: Role) -> Rights {
        Rights { role, only_at: None }
    }

    /// Those of a station link: its role, at this event.
    pub fn at_event(role: Role, event: i64) -> Rights {
        Rights { role, only_at: Some(event) }
    }

    pub fn role(self) -> Role {
        self.role
    }

    /// Whether they may do this at the event that it is about; what is about no event is `None`.
    pub fn may(self, action: Action, event: Option<i64>) -> bool {
        let is_here = self.only_at.is_none_or(|own| event == Some(own));
        is_here && self.role.may(action)
    }

    /// Why they may not.
    pub fn refusal(self, action: Action) -> String {
        let role = self.role.as_str();
        if self.only_at.is_some() && self.role.may(action) {
            return "This station link opens another event only".to_owned();
        }
        format!("Your role ({role}) may not {}", action.in_words())
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

permits!(BeSignedIn, ReadRegistrations, ManageStations, ManageUsers, Administer);
