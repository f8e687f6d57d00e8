//! Everything of a meet as one JSON document. Imported into an empty database it exports again equal.
//!
//! Passwords do not travel. Where somebody is there already, as when the document is imported through a running server,
//! users are met by their email: who is there stays as they are, the others come with their own ids where these are free.

use std::io::Write;

use rusqlite::Connection;

use super::dataset::{Failure, json_list};
use crate::athletes::Athlete;
use crate::events::Event;
use crate::races::Race;
use crate::records::{ListQuery, Resource, Sight};
use crate::registrations::Registration;
use crate::results::MeetResult;
use crate::users::{User, linked_athletes};

/// Writes `{data: {users, athletes, …, exported_at}, exported_at, format, message}`, every list by id, users without
/// secrets. Answers how many rows there were.
pub fn all_json(conn: &Connection, out: &mut dyn Write) -> anyhow::Result<u64> {
    let everything = ListQuery::everything();
    let now = crate::time::now();
    let mut rows = 0;
    write!(out, "{{\"data\":{{\"users\":")?;
    rows += users(conn, &everything, out)?;
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

/// Users as the API shows them; those of coaches with the ids of their athletes.
fn users(conn: &Connection, asked: &ListQuery, out: &mut dyn Write) -> anyhow::Result<u64> {
    let (mut text, mut rows) = (Vec::with_capacity(512), 0);
    out.write_all(b"[")?;
    asked.each::<User, Failure>(conn, |user| {
        text.clear();
        if rows > 0 {
            text.push(b',');
        }
        user.write_json(&Sight::Full, &mut text);
        let athletes = linked_athletes(conn, user.id)?;
        if !athletes.is_empty() {
            text.pop();
            text.extend_from_slice(b",\"athleteIds\":");
            text.extend_from_slice(crate::records::json(&athletes).get().as_bytes());
            text.push(b'}');
        }
        rows += 1;
        Ok(out.write_all(&text)?)
    })?;
    out.write_all(b"]")?;
    Ok(rows)
}
