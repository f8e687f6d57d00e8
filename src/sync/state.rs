//! The row in PostgreSQL that says how far a database is there, and who may write it. It is locked for a round, and
//! written in the same transaction as the rows.

use super::error::SyncError;
use super::link::{Link, patiently};
use super::log::{Position, Reason};
use super::schema;

/// A round renews the right to write for so long, in seconds; a computer that went away loses it after that.
pub const LEASE_SECONDS: i32 = 60;

/// Who writes.
#[derive(Debug, Clone)]
pub struct Holder {
    pub id: String,
    /// For people: the name of the computer.
    pub name: String,
}

/// What PostgreSQL says about a database.
#[derive(Debug, Clone)]
pub struct State {
    pub there: Option<Position>,
    /// Why all rows have to be sent, whatever the position.
    pub everything: Option<Reason>,
    /// Somebody else who may write at the moment.
    held_by: Option<String>,
}

const LOOK: &str = "
    SELECT epoch, last_seq, schema, personal_data, holder_name, holder <> $2 AND lease_until > now()
    FROM sync_state WHERE db_id = $1::text::uuid";
const ENTER: &str = "
    INSERT INTO sync_state (db_id, name, epoch, last_seq, schema, personal_data, holder, holder_name, lease_until)
    VALUES ($1::text::uuid, $2, '', 0, 0, false, '', '', now()) ON CONFLICT (db_id) DO NOTHING";
const ADVANCE: &str = "
    UPDATE sync_state SET name = $2, epoch = $3, last_seq = $4, schema = $5, personal_data = $6, holder = $7,
        holder_name = $8, lease_until = now() + make_interval(secs => $9), synced_at = now()
    WHERE db_id = $1::text::uuid";
const RELEASE: &str = "
    UPDATE sync_state SET lease_until = now() WHERE db_id = $1::text::uuid AND holder = $2";

/// Looks without locking anything.
pub async fn look(link: &mut Link, db_id: &str, holder: &Holder) -> Result<State, SyncError> {
    read(link, LOOK, db_id, holder).await?.map_or_else(|| Ok(State::nothing()), Ok)
}

/// Locks the row of a database until the transaction ends.
///
/// # Errors
/// [`SyncError::Held`] while somebody else may write, unless `take_over`.
pub async fn claim(
    link: &mut Link,
    db_id: &str,
    name: &str,
    holder: &Holder,
    take_over: bool,
) -> Result<State, SyncError> {
    let locked = format!("{LOOK} FOR UPDATE");
    let state = match read(link, &locked, db_id, holder).await? {
        Some(state) => state,
        None => {
            let enter = link.statement(ENTER).await?;
            patiently(link.client().execute(&enter, &[&db_id, &name])).await?;
            read(link, &locked, db_id, holder).await?.unwrap_or_else(State::nothing)
        }
    };
    match &state.held_by {
        Some(other) if !take_over => Err(SyncError::Held(other.clone())),
        _ => Ok(state),
    }
}

async fn read(link: &mut Link, sql: &str, db_id: &str, holder: &Holder) -> Result<Option<State>, SyncError> {
    let statement = link.statement(sql).await?;
    let Some(row) = patiently(link.client().query_opt(&statement, &[&db_id, &holder.id])).await? else {
        return Ok(None);
    };
    let version: i32 = row.get(2);
    let is_other = version != schema::VERSION || row.get::<_, bool>(3) != link.personal_data;
    let everything = match (version, is_other) {
        (0, _) => Some(Reason::First),
        (_, true) => Some(Reason::OtherColumns),
        (_, false) => None,
    };
    let held_by = row.get::<_, bool>(5).then(|| row.get(4));
    Ok(Some(State { there: Some(Position { epoch: row.get(0), seq: row.get(1) }), everything, held_by }))
}

impl State {
    fn nothing() -> State {
        State { there: None, everything: Some(Reason::First), held_by: None }
    }
}

/// Writes the new position and renews the right to write.
pub async fn advance(
    link: &mut Link,
    db_id: &str,
    name: &str,
    holder: &Holder,
    end: &Position,
) -> Result<(), SyncError> {
    let statement = link.statement(ADVANCE).await?;
    let (personal, lease) = (link.personal_data, f64::from(LEASE_SECONDS));
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 9] =
        [&db_id, &name, &end.epoch, &end.seq, &schema::VERSION, &personal, &holder.id, &holder.name, &lease];
    patiently(link.client().execute(&statement, &values)).await?;
    Ok(())
}

/// Lets others write at once.
pub async fn release(link: &mut Link, db_id: &str, holder: &Holder) -> Result<(), SyncError> {
    let statement = link.statement(RELEASE).await?;
    patiently(link.client().execute(&statement, &[&db_id, &holder.id])).await?;
    Ok(())
}
