//! The import and the export without HTTP: bytes in, bytes out, on a database of their own.

use std::collections::BTreeMap;

use athsys::audit::Actor;
use athsys::db::{Access, Db, DbError, Entity, Files, Tx};
use athsys::exports::{RowSet, Wanted};
use athsys::formats::format::Format;
use athsys::imports::{Dataset, ImportError, Options, Report, Source, import};
use athsys::records::{RecordError, Resource, create_one};
use rusqlite::Connection;
use serde_json::{Map, Value};
use tempfile::TempDir;

/// A database that a test fills and empties as often as it likes.
pub struct Engine {
    pub db: Db,
    _folder: TempDir,
}

impl Engine {
    pub fn start() -> Engine {
        let folder = super::folder();
        Engine { db: Db::open(Files::of(&folder.path().join("meet.db")), Access::Own).unwrap(), _folder: folder }
    }

    /// Takes every row out again, and what imports have left behind.
    pub fn clear(&self) {
        let tables = ["results", "registrations", "events", "races", "athletes", "users", "imports", "import_mappings"];
        let sql: String = tables.map(|table| format!("DELETE FROM {table};")).concat();
        self.write(move |tx| tx.conn().execute_batch(&sql).map_err(DbError::from));
    }

    pub fn write<T: Send + 'static>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static) -> T {
        self.db.write_blocking(work).unwrap()
    }

    /// Stores a row as the API does, or says why not.
    pub fn add<R: Resource>(&self, members: Map<String, Value>) -> Result<R, RecordError> {
        self.db.write_blocking(move |tx| create_one::<R>(tx, &Actor::console(), &members))
    }

    pub fn import(
        &self,
        dataset: Dataset,
        format: Format,
        content: &[u8],
        options: &Options,
    ) -> Result<Report, ImportError> {
        let mut content = content;
        let source = Source::from_reader(&mut content, &format!("fuzz.{}", format.name())).unwrap();
        import(&self.db, (dataset, format), source, options, |_| {})
    }

    /// The file of all rows of one kind.
    pub fn export(&self, entity: Entity, format: Format) -> Vec<u8> {
        let set = RowSet::from_name(entity.table()).unwrap();
        let mut file = Vec::new();
        let reader = self.db.export_reader().unwrap();
        Wanted::everything(set, format).write(&reader, &mut file).unwrap();
        reader.execute_batch("ROLLBACK").unwrap();
        file
    }

    /// All rows of one kind as JSON, without the moments at which they were stored.
    pub fn rows(&self, entity: Entity) -> Vec<Value> {
        let text = String::from_utf8(self.export(entity, Format::Ndjson)).unwrap();
        let mut rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            row.retain(|name, _| !matches!(name.as_str(), "createdAt" | "updatedAt"));
        }
        rows
    }

    /// How many rows each table of data has.
    pub fn stored(&self) -> BTreeMap<&'static str, u64> {
        let count = |conn: &Connection| {
            Entity::DATA
                .into_iter()
                .map(|entity| {
                    let sql = format!("SELECT count(*) FROM {}", entity.table());
                    Ok((entity.table(), conn.query_row(&sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned()))
                })
                .collect::<Result<BTreeMap<_, _>, DbError>>()
        };
        self.db.read_blocking(count).unwrap()
    }

    /// A number from the database.
    pub fn number(&self, sql: &str) -> i64 {
        self.db.read_blocking(|conn| conn.query_row(sql, [], |row| row.get(0)).map_err(DbError::from)).unwrap()
    }

    /// The refused rows of the newest import as they are kept; nothing when there are none.
    pub fn refused(&self) -> Option<Vec<u8>> {
        let sql = "SELECT data FROM import_file_parts WHERE kind = 'refused'
            AND import_id = (SELECT max(id) FROM imports) ORDER BY seq";
        let parts = self.db.read_blocking(|conn| {
            let mut statement = conn.prepare(sql)?;
            let parts = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            Ok::<_, DbError>(parts.collect::<rusqlite::Result<Vec<_>>>()?.concat())
        });
        let parts = parts.unwrap();
        (!parts.is_empty()).then(|| zstd::decode_all(parts.as_slice()).unwrap())
    }
}
