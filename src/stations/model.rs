//! What a station is, and what a new one may be.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::auth::policy::Role;
use crate::records::{Fields, Purpose, RecordError};
use crate::time::Moment;

/// The roles a link can open; both write to one event and see nothing private.
const ROLES: [Role; 2] = [Role::Official, Role::Starter];
/// A link ends at midnight after this many days at the latest, today being the first.
const MOST_DAYS: i64 = 3;

/// A station link as it is shown to those who manage them. Its secret is shown once, when it is made.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Station {
    pub id: i64,
    pub event_id: i64,
    pub event_name: String,
    /// M, F or X, as of the event
    pub event_gender: Option<String>,
    pub event_age_group: Option<String>,
    pub race_id: i64,
    pub race_name: String,
    /// official or starter
    pub role: Role,
    pub label: String,
    /// Who made it
    pub created_by: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Moment,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Moment,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Moment>,
    /// Whether it opens at this moment
    pub is_open: bool,
    /// Who came in, the last one first
    #[schema(inline)]
    pub visits: Vec<Visit>,
}

/// Somebody who opened a station link.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Visit {
    #[serde(skip)]
    pub id: i64,
    /// The name they gave
    pub person: String,
    pub user_agent: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub entered_at: Moment,
    #[schema(value_type = String, format = DateTime)]
    pub last_seen_at: Moment,
}

/// A station link to be made.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct NewStation {
    pub event_id: i64,
    /// official (the default) or starter
    #[schema(value_type = Option<String>)]
    pub role: Role,
    /// What the station is called; the event's name unless said otherwise
    pub label: Option<String>,
    /// 1 to 3: until midnight of today, of tomorrow, or of the day after
    #[schema(value_type = Option<i64>)]
    pub days: i64,
}

impl NewStation {
    /// # Errors
    /// Every member that is not valid.
    pub fn read(members: &Map<String, Value>) -> Result<NewStation, RecordError> {
        let mut fields = Fields::new(members, &[("event_id", "eventId")], Purpose::Create);
        let mut new = NewStation { event_id: 0, role: Role::Official, label: None, days: 1 };
        fields.reference("eventId", "Event", &mut new.event_id);
        let words: Vec<(&'static str, Role)> = ROLES.into_iter().map(|role| (role.as_str(), role)).collect();
        fields.defaulted("role", "Role", &mut new.role, |text| crate::records::one_of(text, "Role", &words));
        fields.text("label", "Label", 100, &mut new.label);
        let mut days = Some(new.days);
        fields.integer("days", "Days", 1..=MOST_DAYS, &mut days);
        fields.finish().map_err(RecordError::Invalid)?;
        Ok(NewStation { days: days.unwrap_or(1), ..new })
    }
}
