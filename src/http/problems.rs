//! How the failures of the rooms below look from outside.

use axum::http::StatusCode;

use super::error::ApiError;
use crate::db::DbError;
use crate::records::RecordError;

impl From<DbError> for ApiError {
    fn from(error: DbError) -> ApiError {
        match error {
            DbError::QueueFull => {
                ApiError::unavailable("busy", "Too many changes are waiting to be saved. Try again in a second", 1)
            }
            DbError::Stopped => ApiError::unavailable(
                "stopping",
                "The server is stopping or not writing. Nothing was saved; try again",
                5,
            ),
            DbError::Restoring => ApiError::unavailable(
                "restoring",
                "A backup is being put in place of the database. Nothing was saved; try again in a few seconds",
                3,
            ),
            DbError::DiskFull => ApiError::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk-full",
                "The disk is full, so this was not saved. Free some space on the server; reading goes on",
            ),
            DbError::NoConnection(_) => {
                ApiError::unavailable("busy", "Too many people are reading at the moment. Try again in a second", 1)
            }
            DbError::Down(_) => ApiError::unavailable(
                "database-down",
                "The database cannot be used at the moment. Nothing was saved",
                5,
            )
            .caused_by(error),
            DbError::Panicked => ApiError::internal(error),
            DbError::Sqlite(cause) => match cause.sqlite_error_code() {
                Some(rusqlite::ErrorCode::OperationInterrupted) => {
                    ApiError::unavailable("too-slow", "This took too long. Ask for less at a time", 5)
                }
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                    ApiError::unavailable("busy", "The database is busy. Try again in a second", 1)
                }
                _ => ApiError::internal(cause),
            },
        }
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> ApiError {
        DbError::from(error).into()
    }
}

impl From<RecordError> for ApiError {
    fn from(error: RecordError) -> ApiError {
        let detail = error.to_string();
        match error {
            RecordError::NotFound { .. } => ApiError::not_found(detail),
            RecordError::Invalid(fields) => ApiError::invalid(fields),
            RecordError::Conflict { code, field, .. } => {
                let mut problem = ApiError::conflict(code, detail.clone());
                problem.fields.extend(field.map(|field| super::error::FieldError::new(field, code, detail)));
                problem
            }
            RecordError::Stale { entity, current } => {
                ApiError::conflict("stale-version", detail).with(entity.singular(), current)
            }
            RecordError::InUse { counts, .. } => ApiError::conflict("in-use", detail).with("counts", counts),
            RecordError::Obstructed { code, member, value, .. } => ApiError::conflict(code, detail).with(member, value),
            RecordError::Missing(_) => ApiError::not_found(detail),
            RecordError::Forbidden(_) => ApiError::forbidden(detail),
            RecordError::KeyReused => ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused", detail),
            RecordError::Db(error) => error.into(),
        }
    }
}
