//! Users: the accounts of those who run a meet.

mod model;
mod routes;
mod store;

pub use model::{User, UserStatus};
pub use routes::{refuse_admins, routes};
pub use store::{
    NewPassword, active_admins, add_secrets, by_email, insert_with_password, linked_athletes, revoke_tokens, secrets,
    set_password, set_status,
};
