//! Why a row was not read or written. One enum for every entity: they share their ways to fail.

use serde_json::Value;

use crate::db::{DbError, Entity};
use crate::http::error::FieldError;

#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("There is no {} with the id {id}", entity.singular())]
    NotFound { entity: Entity, id: i64 },
    #[error("{}", sentence(.0))]
    Invalid(Vec<FieldError>),
    /// Conflicts with another stored row, named in the sentence.
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String, field: Option<&'static str> },
    #[error("Somebody else has changed this {} since you read it", entity.singular())]
    Stale { entity: Entity, current: Value },
    /// Other rows hang on it; `counts` names them.
    #[error("{detail}")]
    InUse { detail: String, counts: Value },
    /// Other rows are not as they would have to be; `value` under `member` names them.
    #[error("{detail}")]
    Obstructed { code: &'static str, detail: String, member: &'static str, value: Value },
    /// Something that is no entity is not there.
    #[error("{0}")]
    Missing(String),
    #[error("{0}")]
    Forbidden(String),
    #[error("This Idempotency-Key was used before, with another request")]
    KeyReused,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<rusqlite::Error> for RecordError {
    fn from(error: rusqlite::Error) -> RecordError {
        RecordError::Db(error.into())
    }
}

impl RecordError {
    /// One invalid member.
    pub fn field(field: &'static str, code: &'static str, message: impl Into<String>) -> RecordError {
        RecordError::Invalid(vec![FieldError::new(field, code, message)])
    }

    pub fn conflict(code: &'static str, field: &'static str, detail: impl Into<String>) -> RecordError {
        RecordError::Conflict { code, detail: detail.into(), field: Some(field) }
    }
}

fn sentence(fields: &[FieldError]) -> String {
    fields.iter().map(|field| field.message.as_str()).collect::<Vec<_>>().join("; ")
}
