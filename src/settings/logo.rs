//! The logo of the organisation: a picture by its first bytes, whatever it calls itself. Drawings that carry scripts
//! (SVG) are none.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::audit::hex;

/// Bytes of a logo at most.
pub const MOST: usize = 512 * 1024;

/// Media types a logo may come under.
pub const MEDIA_TYPES: [&str; 3] = ["image/png", "image/jpeg", "image/webp"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub media_type: String,
    /// SHA-256 of the data
    pub digest: String,
    pub data: Bytes,
}

impl Picture {
    /// The picture these bytes are; `None` when they are none.
    pub fn read(data: Vec<u8>) -> Option<Picture> {
        let media_type = media_type(&data)?.to_owned();
        let digest = hex(&Sha256::digest(&data));
        Some(Picture { media_type, digest, data: data.into() })
    }
}

fn media_type(data: &[u8]) -> Option<&'static str> {
    if data.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if data.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if data.starts_with(b"RIFF") && data.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}
