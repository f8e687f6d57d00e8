//! athsys runs an athletics meet from one binary. So far: the values of the sport and the file formats.

pub mod formats;
pub mod rules;
