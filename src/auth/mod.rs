//! Who somebody is and what they may do.

mod check;
mod confirm;
mod device_cookie;
pub mod devices;
pub mod guard;
pub mod password;
pub mod policy;
mod profile;
mod remembered;
pub(crate) mod routes;
pub mod second_factor;
pub mod sessions;
pub mod throttle;
pub mod token;
pub mod visits;

pub use routes::routes;

/// A password for somebody to type once and change: four groups of four letters that are not mistaken for others.
pub fn made_up_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).expect("the system has randomness");
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let groups: Vec<String> = random.chunks(4).map(|chunk| chunk.iter().map(letter).collect()).collect();
    groups.join("-")
}
