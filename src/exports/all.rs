//! Everything of a meet as one JSON document. Imported into an empty database it exports again equal.

use std::io::Write;

use rusqlite::Connection;

use super::json_list;
use crate::athletes::Athlete;
use crate::events::Event;
use crate::races::Race;
use crate::records::{ListQuery, Sight};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::users::User;

/// Writes `{data: {users, athletes, …, exported_at}, exported_at, format, message}`, every list by id, users without
/// secrets. Answers how many rows there were.
pub fn all_json(conn: &Connection, out: &mut dyn Write) -> anyhow::Result<u64> {
    let everything = ListQuery::everything();
    let now = crate::time::now();
    let mut rows = 0;
    write!(out, "{{\"data\":{{\"users\":")?;
    rows += json_list::<User>(conn, &everything, &Sight::Full, out)?;
    write!(out, ",\"athletes\":")?;
    rows += json_list::<Athlete>(conn, &everything, &Sight::Full, out)?;
    write!(out, ",\"races\":")?;
    rows += json_list::<Race>(conn, &everything, &Sight::Full, out)?;
    write!(out, ",\"events\":")?;
    rows += json_list::<Event>(conn, &everything, &Sight::Full, out)?;
    write!(out, ",\"registrations\":")?;
    rows += json_list::<Registration>(conn, &everything, &Sight::Full, out)?;
    write!(out, ",\"results\":")?;
    rows += json_list::<MeetResult>(conn, &everything, &Sight::Full, out)?;
    write!(out, ",\"exported_at\":\"{now}\"}},\"exported_at\":\"{now}\",\"format\":\"json\",")?;
    write!(out, "\"message\":\"✅ {rows} rows exported\"}}")?;
    Ok(rows)
}
