//! Whoever means harm, or has a broken disk: bombs, bodies without end, a disk that fills, nonsense in every parameter,
//! several at once. The server says no in a sentence, stays small, serves everybody else, and stores no half of anything.

mod at_once;
mod bodies;
mod bombs;
mod disk;
mod nonsense;
mod small;
mod walk;
