//! Pictures of pages with 256 colours: half the bytes, and nobody sees it.

use std::collections::HashMap;
use std::io::Cursor;

use anyhow::ensure;
use png::{BitDepth, ColorType, Compression, Decoder, Encoder};

type Colour = [u8; 3];

const MOST: usize = 256;
/// Colours nearer than this are one when there are too many.
const STEPS: [u32; 6] = [0, 12, 48, 108, 192, 300];

/// The same picture with a palette.
pub fn reduced(picture: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut reader = Decoder::new(Cursor::new(picture)).read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let info = reader.next_frame(&mut bytes)?;
    ensure!(info.bit_depth == BitDepth::Eight, "a picture of {:?} bits", info.bit_depth);
    let width = match info.color_type {
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        other => anyhow::bail!("a picture of {other:?}"),
    };
    let pixels: Vec<Colour> = bytes.chunks_exact(width).map(|dot| [dot[0], dot[1], dot[2]]).collect();

    let palette = palette(&pixels);
    let mut nearest: HashMap<Colour, u8> = HashMap::new();
    let indexes: Vec<u8> =
        pixels.iter().map(|dot| *nearest.entry(*dot).or_insert_with(|| place_of(&palette, *dot))).collect();

    let mut small = Vec::new();
    let mut encoder = Encoder::new(&mut small, info.width, info.height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indexes)?;
    Ok(small)
}

/// The colours that are used most, the first as they are; the further down, the less alike they may be.
fn palette(pixels: &[Colour]) -> Vec<Colour> {
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for dot in pixels {
        *counts.entry(*dot).or_default() += 1;
    }
    let mut colours: Vec<(usize, Colour)> = counts.into_iter().map(|(colour, count)| (count, colour)).collect();
    colours.sort_unstable_by(|a, b| b.cmp(a));
    let mut palette: Vec<Colour> = Vec::new();
    for step in STEPS {
        palette.clear();
        for (_, colour) in &colours {
            if palette.len() <= MOST && palette.iter().all(|other| distance(*other, *colour) > step) {
                palette.push(*colour);
            }
        }
        if palette.len() <= MOST {
            break;
        }
    }
    palette.truncate(MOST);
    palette
}

fn place_of(palette: &[Colour], dot: Colour) -> u8 {
    let nearest = palette.iter().enumerate().min_by_key(|(_, colour)| distance(**colour, dot));
    nearest.and_then(|(place, _)| u8::try_from(place).ok()).unwrap_or_default()
}

fn distance(a: Colour, b: Colour) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}
