//! What an event is and which values are good ones.

use rusqlite::Row;
use serde::Serialize;
use serde_json::Value;

use crate::db::Entity;
use crate::http::error::FieldError;
use crate::records::values::{maybe, parsed, read_gender};
use crate::records::{Binder, Fault, Fields, Record, identity, read_moment};
use crate::rules::age::AgeGroup;
use crate::rules::combined::Sex;
use crate::rules::discipline::{Category, Discipline, Measure, find, measure_of, of_event};
use crate::rules::gender::Gender;
use crate::rules::implement;
use crate::rules::text;
use crate::time::Moment;

/// In metres; a race around the world is not held.
const MAX_DISTANCE: f64 = 1_000_000.0;

/// A competition within a race.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[schema(read_only)]
    pub id: i64,
    #[serde(skip)]
    pub version: i64,
    pub race_id: i64,
    /// 1 to 200 characters
    pub name: String,
    /// Track, Field, Road or Combined
    #[schema(value_type = String)]
    pub category: Category,
    /// M, F or X
    #[schema(value_type = Option<String>)]
    pub gender: Option<Gender>,
    pub age_group: Option<String>,
    /// A number or text such as 4x100
    pub distance: Option<String>,
    pub start_time: Option<Moment>,
    pub max_participants: Option<i64>,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub created_at: Moment,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub updated_at: Moment,
}

impl Event {
    /// Whether its marks are times, distances or points.
    pub fn measure(&self) -> Measure {
        measure_of(&self.name, Some(self.category))
    }

    /// What it is contested in, where the rules know it.
    pub fn discipline(&self) -> Option<&'static Discipline> {
        of_event(&self.name)
    }

    /// The age group that may start in it, where the rules know it.
    pub fn group(&self) -> Option<AgeGroup> {
        self.age_group.as_deref().and_then(AgeGroup::parse)
    }

    /// The weight in its name is not that of its age group.
    pub(super) fn wrong_implement(&self) -> Option<FieldError> {
        let sex = match self.gender? {
            Gender::M => Sex::Men,
            Gender::F => Sex::Women,
            Gender::X => return None,
        };
        let group = self.group().unwrap_or(AgeGroup::Senior);
        let usual = implement::objection(sex, &self.discipline()?.code, group, implement::weight_in(&self.name)?)?;
        let message = format!("{group} throw with {usual}; the name of the event says another weight");
        Some(FieldError::new("name", "unusual-implement", message))
    }

    pub(super) fn blank_event() -> Event {
        Event {
            id: 0,
            version: 0,
            race_id: 0,
            name: String::new(),
            category: Category::Track,
            gender: None,
            age_group: None,
            distance: None,
            start_time: None,
            max_participants: None,
            created_at: Moment(0),
            updated_at: Moment(0),
        }
    }

    pub(super) fn fill_from(&mut self, f: &mut Fields<'_>) {
        f.reference("raceId", "Race", &mut self.race_id);
        f.required_text("name", "Name", 200, &mut self.name);
        if f.purpose().creates() {
            self.category = find(&self.name).map_or(Category::Track, |known| known.category());
        }
        f.defaulted("category", "Category", &mut self.category, read_category);
        f.from_text("gender", "Gender", &mut self.gender, read_gender);
        f.text("ageGroup", "Age group", 50, &mut self.age_group);
        f.optional("distance", &mut self.distance, read_distance);
        f.from_text("startTime", "Start time", &mut self.start_time, |text| read_moment(text, "Start time"));
        f.integer("maxParticipants", "Most participants", 1..=100_000, &mut self.max_participants);
        if f.purpose().is_import() {
            f.moment("createdAt", "Created", &mut self.created_at);
            f.moment("updatedAt", "Updated", &mut self.updated_at);
        } else {
            f.ignore(&["createdAt", "updatedAt"]);
        }
    }
}

fn read_category(text: &str) -> Result<Category, Fault> {
    Category::read(text).ok_or_else(|| {
        let shown = text::excerpt(text, 40);
        Fault::new("invalid-category", format!("Category '{shown}' is not Track, Field, Road or Combined"))
    })
}

fn read_distance(value: &Value) -> Result<String, Fault> {
    let text = match value {
        Value::Number(number) if number.as_f64().is_some_and(|metres| metres > 0.0 && metres <= MAX_DISTANCE) => {
            number.to_string()
        }
        Value::Number(_) => {
            return Err(Fault::new("out-of-range", format!("Distance must be above 0 and at most {MAX_DISTANCE}")));
        }
        Value::String(text) if !text::has_control(text) => text::clean(text).into_owned(),
        _ => return Err(Fault::new("wrong-type", "Distance must be a number or text")),
    };
    if text.chars().count() > 50 || text.starts_with('-') {
        return Err(Fault::new("invalid-distance", "Distance must be positive and at most 50 characters long"));
    }
    Ok(text)
}

impl Record for Event {
    const ENTITY: Entity = Entity::Events;
    const COLUMNS: &'static [&'static str] = &[
        "race_id",
        "name",
        "category",
        "gender",
        "age_group",
        "distance",
        "start_time",
        "max_participants",
        "created_at",
        "updated_at",
        "name_key",
    ];

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Event> {
        Ok(Event {
            id: row.get(0)?,
            version: row.get(1)?,
            race_id: row.get(2)?,
            name: row.get(3)?,
            category: parsed(row, 4, Category::read)?,
            gender: maybe(row, 5, Gender::read)?,
            age_group: row.get(6)?,
            distance: row.get(7)?,
            start_time: row.get(8)?,
            max_participants: row.get(9)?,
            created_at: row.get(10)?,
            updated_at: row.get(11)?,
        })
    }

    fn bind(&self, values: &mut Binder<'_, '_>) -> rusqlite::Result<()> {
        values.put(self.race_id)?;
        values.put(&self.name)?;
        values.put(self.category.as_str())?;
        values.put(self.gender.map(Gender::as_str))?;
        values.put(&self.age_group)?;
        values.put(&self.distance)?;
        values.put(self.start_time)?;
        values.put(self.max_participants)?;
        values.put(self.created_at)?;
        values.put(self.updated_at)?;
        values.put(text::fold(&self.name))
    }

    identity!(created_at);
}
