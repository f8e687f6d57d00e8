//! Text as a QR code: a picture for pages and paper, letters for the terminal.

use qrcode::render::{svg, unicode::Dense1x2};
use qrcode::{EcLevel, QrCode};

/// Width of a picture's smallest square. Pages scale it; only the proportions count.
const SQUARE: u32 = 4;

/// A QR code.
pub struct Qr(QrCode);

impl Qr {
    /// The code of `text`, readable with a seventh of it covered. `None` for text that is too long for a code (beyond
    /// 2,331 bytes).
    pub fn of(text: &str) -> Option<Qr> {
        QrCode::with_error_correction_level(text, EcLevel::M).ok().map(Qr)
    }

    /// As an SVG picture, black on white with the quiet zone that readers need, on every theme.
    pub fn svg(&self) -> String {
        let black_on_white = (svg::Color("#000"), svg::Color("#fff"));
        let mut picture = self.0.render::<svg::Color<'_>>();
        picture.dark_color(black_on_white.0).light_color(black_on_white.1).module_dimensions(SQUARE, SQUARE).build()
    }

    /// As lines of half blocks. A terminal usually writes light on dark: what is light in the code is written.
    pub fn blocks(&self) -> String {
        let mut text = self.0.render::<Dense1x2>();
        text.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).module_dimensions(1, 1).build()
    }
}

#[cfg(test)]
mod tests;
