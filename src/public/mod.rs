//! The pages for everybody: what is on, start lists, results, search, and the form to register. The server writes them
//! whole, so that they read without a script and weigh little; a small script only keeps them fresh.
//!
//! | module | job |
//! |---|---|
//! | [`routes`] | which page there is at which address |
//! | [`frame`] | what lies around every page, and how one is answered |
//! | [`texts`] | the language of who reads: words, numbers, dates |
//! | [`site`] | what the organiser has set, as far as these pages show it |
//! | [`store`] | what the pages read, public fields only |
//! | [`parts`], [`pages`] | rows and lists, and the pages made of them |
//! | [`register`] | the form behind the registration link of a race |

mod frame;
mod pages;
mod parts;
mod register;
mod routes;
mod site;
mod store;
mod texts;

pub use routes::routes;
