//! Files that nobody has thought of: what is stored comes back from every format as it was, and no bytes at all, however
//! broken, make the import panic, hang, or store anything that its report does not name.

mod bytes;
mod mutation;
mod round_trip;
