//! Lists of athletes with known faults, from a generator, in the encodings, delimiters and line ends of the wild: what the
//! generator calls good goes in, and nothing else.
//!
//! `ATHSYS_DIRTY_FILES` says how many of them.

use std::process::{Command, Stdio};

use athsys::db::Entity;
use athsys::formats::format::Format;
use athsys::imports::{Dataset, Options, Report, RowError};
use encoding_rs::WINDOWS_1252;
use serde_json::Value;

use crate::support::{Chances, Engine, data};

const FILES: u64 = 25;

/// Rows of the generator, its header first, and what it says about them.
fn generated(seed: u64, rows: u64, dirty_percent: u64) -> (Vec<csv::StringRecord>, Value) {
    let (seed, rows, dirty) = (seed.to_string(), rows.to_string(), dirty_percent.to_string());
    let mut command = Command::new("python3");
    command.arg(data("gen_athletes.py")).args(["--seed", &seed, "--rows", &rows, "--dirty-percent", &dirty]);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(output.stdout.as_slice());
    (reader.records().collect::<Result<_, _>>().unwrap(), serde_json::from_slice(&output.stderr).unwrap())
}

/// A file as somebody might have saved it, and for each of its rows which of the generator's it is.
struct Saved {
    content: Vec<u8>,
    rows: Vec<Option<usize>>,
    how: String,
}

fn saved(records: &[csv::StringRecord], chances: &mut Chances) -> Saved {
    let delimiter = chances.one_of(&[",", ";", "\t", "|"]);
    let encoding = chances.one_of(&["utf-8", "utf-8 with a mark", "utf-16le", "utf-16be", "windows-1252"]);
    let ends: &[&str] = chances.one_of(&[&["\n"][..], &["\r\n"], &["\r"], &["\n", "\r\n", "\r"]]);
    let mut lines: Vec<(String, Option<usize>)> = Vec::new();
    if chances.below(10) == 0 {
        lines.push((format!("sep={delimiter}"), None));
    }
    let titles = ["Spring Open 2026", "Läuferbund Köln", "", "Entries, as of 1 May; final", "Contact: office | club"];
    for _ in 0..chances.below(6) {
        lines.push((chances.one_of(&titles).to_owned(), None));
    }
    for (number, record) in records.iter().enumerate() {
        let cells: Vec<String> = record.iter().map(|cell| written(cell, delimiter, encoding)).collect();
        lines.push((cells.join(delimiter), Some(number)));
        if number > 0 && chances.below(20) == 0 {
            lines.push((if chances.below(2) == 0 { String::new() } else { delimiter.repeat(8) }, None));
        }
    }
    for _ in 0..chances.below(3) {
        let footer = chances.one_of(&["Total: 24", "Signature", "", "Printed: today"]);
        lines.push((written(footer, delimiter, encoding), None));
    }
    let mut text = String::new();
    for (line, _) in &lines {
        // A lone LF behind a CR would end no line of its own.
        let end = chances.one_of(ends);
        text.push_str(line);
        text.push_str(if line.is_empty() && text.ends_with('\r') && end == "\n" { "\r\n" } else { end });
    }
    let how = format!("{encoding}, delimiter {delimiter:?}, line ends {ends:?}");
    Saved { content: encoded(&text, encoding), rows: lines.into_iter().map(|(_, row)| row).collect(), how }
}

/// A cell with quotes where it needs them. What an encoding lacks is written as another letter, or as no letter.
fn written(cell: &str, delimiter: &str, encoding: &str) -> String {
    let known = |c: char| encoding != "windows-1252" || !WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).2;
    let letter = |c: char| char::from(b'a' + (u32::from(c) % 26) as u8);
    let other = |c: char| if c.is_alphabetic() { letter(c) } else { '¤' };
    let cell: String = cell.chars().map(|c| if known(c) { c } else { other(c) }).collect();
    if cell.contains('"') || cell.contains(delimiter) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let wide = |of: fn(u16) -> [u8; 2]| std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(of).collect();
    match encoding {
        "utf-16le" => wide(u16::to_le_bytes),
        "utf-16be" => wide(u16::to_be_bytes),
        "windows-1252" => WINDOWS_1252.encode(text).0.into_owned(),
        "utf-8" => text.as_bytes().to_vec(),
        _ => format!("\u{feff}{text}").into_bytes(),
    }
}

/// Rows that the generator calls good and that are not new: one of two people of the same name and club, of whom one
/// has neither bib nor birth date because the row is short. Anything else is a fault.
fn explained(report: &Report, saved: &Saved, records: &[csv::StringRecord]) -> u64 {
    let who = |at: usize| (records[at].get(0).unwrap(), records[at].get(5).unwrap_or_default());
    let is_short = |at: usize| records[at].len() < records[0].len();
    let namesake = |error: &&RowError| {
        let Some(at) = saved.rows[usize::try_from(error.row).unwrap() - 1] else { return false };
        let mut others = (1..records.len()).filter(|other| *other != at && who(*other) == who(at));
        matches!(error.code.as_str(), "duplicate_row" | "ambiguous_match")
            && others.any(|other| is_short(at) || is_short(other))
    };
    report.account.refusals.details().iter().filter(namesake).count() as u64 + report.tally().unchanged
}

#[test]
fn every_dirty_file_gives_exactly_its_good_rows() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "python3 is missing: the dirty files cannot be made");
        eprintln!("SKIPPED: python3 is missing, so no dirty files were made");
        return;
    }
    let files = std::env::var("ATHSYS_DIRTY_FILES").map_or(FILES, |text| text.parse().unwrap());
    let engine = Engine::start();
    let athletes = (Dataset::Rows(Entity::Athletes), Format::Csv);
    let (mut rows, mut imported, mut namesakes) = (0, 0, 0);
    for seed in 1..=files {
        let mut chances = Chances(seed);
        let (records, summary) = generated(seed, 20 + chances.below(281), chances.below(101));
        let saved = saved(&records, &mut chances);
        let told = || format!("seed {seed}: {}, {summary}", saved.how);
        engine.clear();
        let report = engine.import(athletes.0, athletes.1, &saved.content, &Options::default());
        let report = report.unwrap_or_else(|error| panic!("{error}; {}", told()));
        let tally = report.tally();
        assert_eq!(tally.rows(), summary["rows"].as_u64().unwrap(), "every row is counted once; {tally:?}, {}", told());
        let expected = summary["accepted_if"]["contract"].as_u64().unwrap();
        let of_namesakes = explained(&report, &saved, &records);
        let refusals = report.account.refusals.sentences();
        assert_eq!(tally.imported + of_namesakes, expected, "{tally:?}, {}: {refusals:#?}", told());
        assert_eq!(engine.stored()["athletes"], tally.imported, "{}", told());
        assert_eq!((tally.updated, tally.skipped), (0, 0), "{}", told());
        match engine.refused() {
            None => assert_eq!(tally.failed, 0, "{}", told()),
            Some(refused) => {
                let again = engine.import(athletes.0, athletes.1, &refused, &Options::default());
                let again = again.unwrap_or_else(|error| panic!("the refused rows: {error}; {}", told())).tally();
                assert_eq!(
                    (again.imported, again.failed),
                    (0, tally.failed),
                    "nothing was mended; {again:?}, {}",
                    told()
                );
            }
        }
        rows += tally.rows();
        imported += tally.imported;
        namesakes += of_namesakes;
    }
    eprintln!("{files} files, {rows} rows: {imported} imported, {namesakes} good ones of somebody's namesakes refused");
    assert!(imported > 0 && imported < rows, "there were good rows and bad ones");
}
