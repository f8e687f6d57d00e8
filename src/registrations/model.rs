//! What a registration is and which values are good ones.

use rusqlite::Row;
use serde::Serialize;

use crate::db::Entity;
use crate::records::values::read_bib;
use crate::records::{Binder, Fault, Fields, Record, identity, one_of};
use crate::time::Moment;

const TYPES: &[(&str, &str)] = &[("manual", "manual"), ("bulk", "bulk"), ("public", "public")];
/// The four words first, then those that other programs send.
const STATUSES: &[(&str, &str)] = &[
    ("registered", "registered"),
    ("confirmed", "confirmed"),
    ("cancelled", "cancelled"),
    ("dns", "dns"),
    ("canceled", "cancelled"),
    ("withdrawn", "cancelled"),
    ("scratched", "cancelled"),
];
const PAYMENTS: &[(&str, &str)] = &[("pending", "pending"), ("paid", "paid"), ("refunded", "refunded")];

/// One athlete's entry in one event.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registration {
    #[schema(read_only)]
    pub id: i64,
    #[serde(skip)]
    pub version: i64,
    pub athlete_id: i64,
    pub event_id: i64,
    /// manual, bulk or public
    pub registration_type: String,
    /// registered, confirmed, cancelled or dns
    pub status: String,
    /// pending, paid or refunded
    pub payment_status: String,
    pub bib_number: Option<String>,
    /// As it was entered
    pub seed_mark: Option<String>,
    pub heat_number: Option<i64>,
    pub lane_number: Option<i64>,
    pub confirmed_present: bool,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub registered_at: Moment,
    #[schema(value_type = String, format = DateTime, read_only)]
    pub updated_at: Moment,
}

impl Registration {
    pub(super) fn blank_registration() -> Registration {
        Registration {
            id: 0,
            version: 0,
            athlete_id: 0,
            event_id: 0,
            registration_type: "manual".into(),
            status: "registered".into(),
            payment_status: "pending".into(),
            bib_number: None,
            seed_mark: None,
            heat_number: None,
            lane_number: None,
            confirmed_present: false,
            registered_at: Moment(0),
            updated_at: Moment(0),
        }
    }

    /// Takes up a starting place.
    pub fn counts(&self) -> bool {
        self.status != "cancelled"
    }

    pub(super) fn fill_from(&mut self, f: &mut Fields<'_>) {
        f.reference("athleteId", "Athlete", &mut self.athlete_id);
        f.reference("eventId", "Event", &mut self.event_id);
        if f.purpose().is_import() && f.purpose().creates() {
            self.registration_type = "bulk".into();
        }
        let word = |label, words| move |text: &str| one_of::<&str>(text, label, words).map(str::to_owned);
        f.defaulted(
            "registrationType",
            "Registration type",
            &mut self.registration_type,
            word("Registration type", TYPES),
        );
        f.defaulted("status", "Status", &mut self.status, word("Status", STATUSES));
        f.defaulted("paymentStatus", "Payment", &mut self.payment_status, word("Payment", PAYMENTS));
        f.from_text("bibNumber", "Bib", &mut self.bib_number, |text| read_bib(text).map(String::from));
        f.from_text("seedMark", "Seed mark", &mut self.seed_mark, read_seed_mark);
        f.integer("heatNumber", "Heat", 1..=999, &mut self.heat_number);
        f.integer("laneNumber", "Lane", 1..=999, &mut self.lane_number);
        f.boolean("confirmedPresent", "Present", &mut self.confirmed_present);
        if f.purpose().is_import() {
            f.moment("registeredAt", "Registered", &mut self.registered_at);
            f.moment("updatedAt", "Updated", &mut self.updated_at);
        } else {
            f.ignore(&["registeredAt", "updatedAt"]);
        }
    }
}

/// As it was entered, a number too: what it means depends on the event.
fn read_seed_mark(text: &str) -> Result<String, Fault> {
    if text.chars().count() > 50 {
        return Err(Fault::new("too-long", "Seed mark is at most 50 characters long"));
    }
    Ok(text.to_owned())
}

impl Record for Registration {
    const ENTITY: Entity = Entity::Registrations;
    const COLUMNS: &'static [&'static str] = &[
        "athlete_id",
        "event_id",
        "registration_type",
        "status",
        "payment_status",
        "bib_number",
        "seed_mark",
        "heat_number",
        "lane_number",
        "confirmed_present",
        "registered_at",
        "updated_at",
    ];

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Registration> {
        Ok(Registration {
            id: row.get(0)?,
            version: row.get(1)?,
            athlete_id: row.get(2)?,
            event_id: row.get(3)?,
            registration_type: row.get(4)?,
            status: row.get(5)?,
            payment_status: row.get(6)?,
            bib_number: row.get(7)?,
            seed_mark: row.get(8)?,
            heat_number: row.get(9)?,
            lane_number: row.get(10)?,
            confirmed_present: row.get(11)?,
            registered_at: row.get(12)?,
            updated_at: row.get(13)?,
        })
    }

    fn bind(&self, values: &mut Binder<'_, '_>) -> rusqlite::Result<()> {
        values.put(self.athlete_id)?;
        values.put(self.event_id)?;
        values.put(&self.registration_type)?;
        values.put(&self.status)?;
        values.put(&self.payment_status)?;
        values.put(&self.bib_number)?;
        values.put(&self.seed_mark)?;
        values.put(self.heat_number)?;
        values.put(self.lane_number)?;
        values.put(self.confirmed_present)?;
        values.put(self.registered_at)?;
        values.put(self.updated_at)
    }

    identity!(registered_at);
}
