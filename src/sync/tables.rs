//! What is sent: the tables, their columns, and the statements made of them. The tables themselves are created by
//! `schema/V1__tables.sql`; a test holds the two together.

/// How a value of SQLite becomes one of PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Text,
    /// 0 or 1, a boolean there.
    Flag,
    /// Unix milliseconds, a timestamptz there.
    Instant,
    /// `YYYY-MM-DD`, a date there.
    Day,
    /// An integer with so many decimal places, a numeric there.
    Decimal(u32),
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    /// The expression in SQLite.
    pub from: &'static str,
    pub kind: Kind,
    /// Sent only when personal data is asked for.
    pub personal: bool,
}

#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// The column that, with the id of the database, names a row. The first of the columns.
    pub key: &'static str,
    source: &'static str,
    columns: &'static [Column],
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, from: name, kind, personal: false }
}

const fn made(name: &'static str, from: &'static str, kind: Kind) -> Column {
    Column { name, from, kind, personal: false }
}

const fn personal(name: &'static str, from: &'static str, kind: Kind) -> Column {
    Column { name, from, kind, personal: true }
}

use Kind::{Day, Decimal, Flag, Instant, Integer, Text};

/// In the order in which rows refer to each other.
pub const TABLES: [Table; 7] = [
    Table {
        name: "users",
        key: "id",
        source: "users",
        columns: &[
            column("id", Integer),
            column("name", Text),
            personal("email", "email", Text),
            column("role", Text),
            column("status", Text),
            column("last_login", Instant),
            column("two_factor_enabled", Flag),
            column("created_at", Instant),
            column("updated_at", Instant),
        ],
    },
    Table {
        name: "athletes",
        key: "id",
        source: "athletes",
        columns: &[
            column("id", Integer),
            column("name", Text),
            column("country", Text),
            column("gender", Text),
            made("year_of_birth", "coalesce(year_of_birth, CAST(substr(date_of_birth, 1, 4) AS INTEGER))", Integer),
            personal("date_of_birth", "date_of_birth", Day),
            personal("email", "email", Text),
            personal("phone", "phone", Text),
            column("club_team", Text),
            column("coach", Text),
            column("bib_number", Text),
            column("photo_url", Text),
            column("user_id", Integer),
            column("created_at", Instant),
            column("updated_at", Instant),
        ],
    },
    Table {
        name: "races",
        key: "id",
        source: "races",
        columns: &[
            column("id", Integer),
            column("name", Text),
            column("date", Day),
            column("location", Text),
            column("description", Text),
            column("status", Text),
            column("registration_open", Flag),
            column("registration_deadline", Text),
            column("created_at", Instant),
            column("updated_at", Instant),
        ],
    },
    Table {
        name: "events",
        key: "id",
        source: "events",
        columns: &[
            column("id", Integer),
            column("race_id", Integer),
            column("name", Text),
            column("category", Text),
            column("gender", Text),
            column("age_group", Text),
            column("distance", Text),
            column("start_time", Instant),
            column("max_participants", Integer),
            column("created_at", Instant),
            column("updated_at", Instant),
        ],
    },
    Table {
        name: "registrations",
        key: "id",
        source: "registrations",
        columns: &[
            column("id", Integer),
            column("athlete_id", Integer),
            column("event_id", Integer),
            column("registration_type", Text),
            column("status", Text),
            column("payment_status", Text),
            column("bib_number", Text),
            column("seed_mark", Text),
            column("heat_number", Integer),
            column("lane_number", Integer),
            column("confirmed_present", Flag),
            column("registered_at", Instant),
            column("updated_at", Instant),
        ],
    },
    Table {
        name: "results",
        key: "id",
        source: "results",
        columns: &[
            column("id", Integer),
            column("athlete_id", Integer),
            column("event_id", Integer),
            column("round", Text),
            column("position", Integer),
            made("time_seconds", "time_ms", Decimal(3)),
            made("distance_meters", "distance_cm", Decimal(2)),
            made("points", "points_hundredths", Decimal(2)),
            column("status", Text),
            column("heat_number", Integer),
            column("lane_number", Integer),
            made("wind_speed", "wind_tenths", Decimal(1)),
            column("is_record", Flag),
            column("record_type", Text),
            column("recorded_at", Instant),
            column("recorded_by", Integer),
            column("updated_at", Instant),
        ],
    },
    Table {
        name: "audit_logs",
        key: "seq",
        source: "audit_logs LEFT JOIN audit_payloads USING (seq)",
        columns: &[
            column("seq", Integer),
            column("user_id", Integer),
            column("user_name", Text),
            column("action", Text),
            column("entity_type", Text),
            column("entity_id", Integer),
            column("created_at", Instant),
            column("payload_digest", Text),
            column("hash", Text),
            personal("before", "before", Text),
            personal("after", "after", Text),
            personal("details", "details", Text),
            personal("ip_address", "ip_address", Text),
        ],
    },
];

/// The place of a table in [`TABLES`].
pub fn number_of(name: &str) -> Option<usize> {
    TABLES.iter().position(|table| table.name == name)
}

/// Text as an SQL identifier.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Table {
    pub fn columns(&self, personal_data: bool) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(move |column| personal_data || !column.personal)
    }

    /// The statement that reads rows whose keys lie between ?1 and ?2, in their order.
    pub fn select(&self, personal_data: bool) -> String {
        let columns: Vec<&str> = self.columns(personal_data).map(|column| column.from).collect();
        let (columns, source, key) = (columns.join(", "), self.source, self.key);
        format!("SELECT {columns} FROM {source} WHERE {key} BETWEEN ?1 AND ?2 ORDER BY {key}")
    }

    /// The columns in PostgreSQL, the id of the database first.
    fn names(&self, personal_data: bool) -> Vec<String> {
        let own = self.columns(personal_data).map(|column| quoted(column.name));
        std::iter::once("db_id".to_owned()).chain(own).collect()
    }

    /// The name of the temporary table that changed rows go through.
    fn staging(&self) -> String {
        format!("incoming_{}", self.name)
    }

    pub fn create_staging(&self, personal_data: bool) -> String {
        let (staging, names, table) = (self.staging(), self.names(personal_data).join(", "), self.name);
        format!(
            "CREATE TEMPORARY TABLE IF NOT EXISTS {staging} ON COMMIT DELETE ROWS AS SELECT {names} FROM {table} WITH NO DATA"
        )
    }

    pub fn empty_staging(&self) -> String {
        format!("TRUNCATE {}", self.staging())
    }

    pub fn copy_in(&self, personal_data: bool, to_staging: bool) -> String {
        let table = if to_staging { self.staging() } else { self.name.to_owned() };
        format!("COPY {table} ({}) FROM STDIN", self.names(personal_data).join(", "))
    }

    /// Moves the rows of the staging table into their place.
    pub fn upsert(&self, personal_data: bool) -> String {
        let (table, staging, key) = (self.name, self.staging(), self.key);
        let names = self.names(personal_data);
        let set: Vec<String> = names[2..].iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let (names, set) = (names.join(", "), set.join(", "));
        format!(
            "INSERT INTO {table} ({names}) SELECT {names} FROM {staging} ON CONFLICT (db_id, {key}) DO UPDATE SET {set}"
        )
    }

    /// Deletes rows of one database whose keys are in a list.
    pub fn delete(&self) -> String {
        format!("DELETE FROM {} WHERE db_id = $1::text::uuid AND {} = ANY($2)", self.name, self.key)
    }

    /// Deletes all rows of one database.
    pub fn delete_all(&self) -> String {
        format!("DELETE FROM {} WHERE db_id = $1::text::uuid", self.name)
    }

    /// All rows of one database as they were copied in, in the order of their keys.
    pub fn copy_out(&self, personal_data: bool, db_id: &str) -> String {
        let (names, table, key) = (self.names(personal_data).join(", "), self.name, self.key);
        format!("COPY (SELECT {names} FROM {table} WHERE db_id = '{db_id}' ORDER BY {key}) TO STDOUT")
    }
}
