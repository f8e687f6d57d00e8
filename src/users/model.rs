//! What an account is. Its password hash lies in another table and is no part of it.

use rusqlite::Row;
use serde::Serialize;

use crate::auth::policy::Role;
use crate::db::Entity;
use crate::records::values::{parsed, read_email};
use crate::records::{Binder, Fault, Fields, Record, identity, one_of};
use crate::time::Moment;

/// Whether an account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    Active,
    Inactive,
    Suspended,
}

impl UserStatus {
    const WORDS: &'static [(&'static str, UserStatus)] = &[
        ("active", UserStatus::Active),
        ("inactive", UserStatus::Inactive),
        ("suspended", UserStatus::Suspended),
        ("disabled", UserStatus::Suspended),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            UserStatus::Active => "active",
            UserStatus::Inactive => "inactive",
            UserStatus::Suspended => "suspended",
        }
    }

    pub fn read(text: &str) -> Option<UserStatus> {
        one_of(text, "Status", UserStatus::WORDS).ok()
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    #[schema(read_only)]
    pub id: i64,
    #[serde(skip)]
    pub version: i64,
    pub name: String,
    /// Unique without case
    pub email: String,
    pub role: Role,
    pub status: UserStatus,
    #[schema(value_type = Option<String>, format = DateTime, read_only)]
    pub last_login: Option<Moment>,
    pub two_factor_enabled: bool,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub created_at: Moment,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub updated_at: Moment,
}

impl User {
    pub(super) fn blank_user() -> User {
        User {
            id: 0,
            version: 0,
            name: String::new(),
            email: String::new(),
            role: Role::Viewer,
            status: UserStatus::Active,
            last_login: None,
            two_factor_enabled: false,
            created_at: Moment(0),
            updated_at: Moment(0),
        }
    }

    /// A new, active account.
    pub fn new(name: &str, email: &str, role: Role) -> User {
        User { name: name.to_owned(), email: email.to_owned(), role, ..User::blank_user() }
    }

    /// The email as it is compared.
    pub fn email_key(email: &str) -> String {
        email.trim().to_lowercase()
    }

    pub fn is_active_admin(&self) -> bool {
        self.role == Role::Admin && self.status == UserStatus::Active
    }

    pub(super) fn fill_from(&mut self, f: &mut Fields<'_>) {
        f.required_text("name", "Name", 100, &mut self.name);
        f.required_from_text("email", "Email", &mut self.email, read_email);
        f.defaulted("role", "Role", &mut self.role, read_role);
        f.defaulted("status", "Status", &mut self.status, |text| one_of(text, "Status", UserStatus::WORDS));
        // Read apart, because it never becomes part of the row.
        f.ignore(&["password", "athleteIds", "twoFactorEnabled"]);
        if f.purpose().is_import() {
            let mut last_login = self.last_login.unwrap_or_default();
            f.moment("lastLogin", "Last login", &mut last_login);
            self.last_login = Some(last_login).filter(|moment| *moment != Moment(0));
            f.moment("createdAt", "Created", &mut self.created_at);
            f.moment("updatedAt", "Updated", &mut self.updated_at);
        } else {
            f.ignore(&["lastLogin", "createdAt", "updatedAt"]);
        }
    }
}

fn read_role(text: &str) -> Result<Role, Fault> {
    let words: Vec<(&'static str, Role)> = Role::ALL.into_iter().map(|role| (role.as_str(), role)).collect();
    one_of(text, "Role", &words)
}

impl Record for User {
    const ENTITY: Entity = Entity::Users;
    const COLUMNS: &'static [&'static str] = &[
        "name",
        "email",
        "role",
        "status",
        "last_login",
        "two_factor_enabled",
        "created_at",
        "updated_at",
        "email_key",
    ];

    fn from_row(row: &Row<'_>) -> rusqlite::Result<User> {
        Ok(User {
            id: row.get(0)?,
            version: row.get(1)?,
            name: row.get(2)?,
            email: row.get(3)?,
            role: parsed(row, 4, Role::from_word)?,
            status: parsed(row, 5, UserStatus::read)?,
            last_login: row.get(6)?,
            two_factor_enabled: row.get(7)?,
            created_at: row.get(8)?,
            updated_at: row.get(9)?,
        })
    }

    fn bind(&self, values: &mut Binder<'_, '_>) -> rusqlite::Result<()> {
        values.put(&self.name)?;
        values.put(&self.email)?;
        values.put(self.role.as_str())?;
        values.put(self.status.as_str())?;
        values.put(self.last_login)?;
        values.put(self.two_factor_enabled)?;
        values.put(self.created_at)?;
        values.put(self.updated_at)?;
        values.put(User::email_key(&self.email))
    }

    identity!(created_at);
}
