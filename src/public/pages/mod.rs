//! The pages: each reads its own rows and draws them.

pub mod event;
pub mod find;
pub mod home;
pub mod join;
pub mod person;
pub mod privacy;
pub mod race;
