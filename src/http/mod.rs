//! HTTP, as far as it knows nothing of athletics.
//!
//! | module | job |
//! |---|---|
//! | [`server`] | accepts connections and closes slow ones |
//! | [`tls`] | https on the same port |
//! | [`shell`] | the layer around every request: id, checks, envelope, log |
//! | [`guard`], [`limits`] | what is refused before any route: foreign hosts and origins, floods |
//! | [`api`] | routes and their description in one call |
//! | [`extract`], [`reply`], [`error`], [`problems`] | what comes in, what goes out, what is refused |
//! | [`idempotency`], [`lists`] | answers kept: for a repeated request, for a hot list |
//! | [`stream`] | long answers from a blocking writer |
//! | [`metrics`] | counters |

pub mod api;
pub mod error;
pub mod extract;
pub mod guard;
pub mod idempotency;
pub mod limits;
pub mod lists;
pub mod metrics;
pub mod problems;
pub mod reply;
pub mod server;
pub mod shell;
pub mod stream;
pub mod tls;
