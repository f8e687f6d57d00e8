//! The server in its hall: how phones and tablets find it.
//!
//! | module | job |
//! |---|---|
//! | [`addresses`] | every address under which the server can be reached |
//! | [`qr`] | an address as a code for cameras |

pub mod addresses;
pub mod qr;
