//! The rows that are measured.

use std::io::{BufWriter, Write};

/// Rows as clubs send them: names of several scripts, quoted cells, unique bibs in no order. Of every `bad_every` rows
/// one has a country that nobody knows; with 0 all are clean.
pub fn athletes(rows: usize, first_bib: usize, bad_every: usize) -> Vec<u8> {
    const GIVEN: [&str; 16] = [
        "Eliud",
        "Faith",
        "José",
        "Chloé",
        "Søren",
        "Åse",
        "Jürgen",
        "Łukasz",
        "Żaneta",
        "João",
        "Guðrún",
        "Wēi",
        "Ольга",
        "Γιώργος",
        "Tigist",
        "Haile",
    ];
    const FAMILY: [&str; 16] = [
        "Kipchoge",
        "Obiri",
        "Bol",
        "Duplantis",
        "O'Brien",
        "Müller",
        "Weiß",
        "Peña",
        "Gonçalves",
        "Øberg",
        "Mäkelä",
        "Wójcik",
        "Dvořák",
        "Yılmaz",
        "Шевченко",
        "Gebrselassie",
    ];
    const COUNTRIES: [&str; 8] = ["KEN", "ETH", "USA", "GBR", "GER", "FRA", "JPN", "BRA"];
    let mut file = BufWriter::new(Vec::with_capacity(rows * 110));
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let _ = writeln!(file, "name,country,gender,email,phone,club,coach,bib_number,date_of_birth");
    // A step that shares no factor with the number of rows visits each bib once.
    let step = (rows / 3..).find(|step| gcd(*step, rows) == 1).unwrap_or(1);
    for n in 0..rows {
        let name = format!("{} {} {}", GIVEN[random(16)], FAMILY[random(16)], FAMILY[random(16)]);
        let club = format!("\"Club {}, Track & Field\"", random(300));
        let _ = writeln!(
            file,
            "{name},{},{},a{}@example.org,+{}{:09},{club},Coach {},{},{}-{:02}-{:02}",
            if bad_every > 0 && n % bad_every == bad_every / 2 { "Nowhere" } else { COUNTRIES[random(8)] },
            if random(2) == 0 { "M" } else { "F" },
            n + first_bib,
            20 + random(900),
            random(1_000_000_000),
            random(400),
            n * step % rows + first_bib,
            1950 + random(65),
            1 + random(12),
            1 + random(28),
        );
    }
    file.into_inner().unwrap_or_default()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
