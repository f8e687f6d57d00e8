//! Broken files through the whole import.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use athsys::formats::format::Format;
use athsys::imports::{Dataset, ImportError, OnDuplicate, Options, Report};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{TestError, TestRunner};

use super::mutation::{Edit, ORIGINALS, edit, edit_inside, options, parameters};
use crate::support::{Engine, TestServer, Upload, fixture};

/// Imports by default: a few seconds.
const CASES: u32 = 160;
/// Nothing of this size takes so long.
const LONGEST: Duration = Duration::from_secs(60);

/// One import to try.
#[derive(Debug, Clone)]
struct Case {
    original: Index,
    /// Instead of a file that is there: bytes of no meaning.
    noise: Option<Vec<u8>>,
    edits: Vec<Edit>,
    /// Of a workbook: the edits are made inside this part.
    part: Option<Index>,
    /// Instead of what the file is meant to be.
    target: Option<Index>,
    parameters: Vec<(&'static str, String)>,
    /// Whether there is something in the database.
    is_met: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let noise = prop_oneof![
        vec(any::<u8>(), 0..400),
        "[\\x00-\\x7f]{0,300}".prop_map(String::into_bytes),
        vec(any::<u8>(), 0..200).prop_map(|rest| [&b"PK\x03\x04"[..], &rest].concat()),
        vec(any::<u8>(), 0..200).prop_map(|rest| [&b"name,country\n"[..], &rest].concat()),
    ];
    let parts = (
        any::<Index>(),
        proptest::option::weighted(0.1, noise),
        vec(edit(), 0..8),
        proptest::option::weighted(0.9, any::<Index>()),
        proptest::option::weighted(0.2, any::<Index>()),
        parameters(),
        any::<bool>(),
    );
    parts.prop_map(|(original, noise, edits, part, target, parameters, is_met)| Case {
        original,
        noise,
        edits,
        part,
        target,
        parameters,
        is_met,
    })
}

impl Case {
    fn content(&self) -> Vec<u8> {
        let original = self.original.get(&ORIGINALS[..]);
        let mut content = self.noise.clone().unwrap_or_else(|| original.content.clone());
        match &self.part {
            Some(part) if original.format == Format::Xlsx => edit_inside(&content, part, &self.edits),
            _ => {
                self.edits.iter().for_each(|edit| edit.apply(&mut content));
                content
            }
        }
    }

    fn target(&self) -> (Dataset, Format) {
        let original = self.original.get(&ORIGINALS[..]);
        let pairs: Vec<(Dataset, Format)> = Dataset::pairs().collect();
        self.target.as_ref().map_or((original.dataset, original.format), |target| *target.get(&pairs))
    }
}

fn stored(engine: &Engine) -> u64 {
    engine.stored().values().sum()
}

/// What a whole import may end in: a report, or a sentence about the file. Never a fault of ours.
fn judged(ended: Result<Report, ImportError>) -> Result<Option<Report>, TestCaseError> {
    match ended {
        Ok(report) => Ok(Some(report)),
        Err(ImportError::Unusable { detail, .. } | ImportError::Columns { detail, .. }) => {
            let length = detail.chars().count();
            prop_assert!((10..2_000).contains(&length), "no sentence: {}", detail);
            Ok(None)
        }
        Err(fault) => Err(TestCaseError::fail(format!("a fault of ours: {fault:?}"))),
    }
}

fn check(engine: &Engine, case: &Case) -> Result<(), TestCaseError> {
    let (content, (dataset, format)) = (case.content(), case.target());
    engine.clear();
    if case.is_met {
        let bulk = engine.import(Dataset::Bulk, Format::Json, &fixture("json/bulk.json"), &Options::default());
        prop_assert!(bulk.is_ok_and(|report| report.tally().failed == 0));
    }
    let wanted = options(&case.parameters);
    let dry_run = Options { dry_run: true, is_preview: true, ..wanted.clone() };
    let before = engine.stored();
    let tried = judged(engine.import(dataset, format, &content, &dry_run))?;
    prop_assert_eq!(engine.stored(), before.clone(), "a dry run stores nothing");
    let real = judged(engine.import(dataset, format, &content, &wanted))?;
    prop_assert_eq!(tried.is_some(), real.is_some(), "the dry run and the import end alike");
    let (Some(tried), Some(real)) = (tried, real) else {
        prop_assert_eq!(engine.stored(), before, "a file that cannot be used stores nothing");
        return Ok(());
    };
    let tally = real.tally();
    prop_assert_eq!(tried.tally(), tally, "the dry run tells what the import does");
    let grown = stored(engine) - before.values().sum::<u64>();
    let brought = if real.facts.refused { 0 } else { real.account.created_athletes };
    prop_assert_eq!(grown, tally.imported + brought, "{:?}", tally);
    let refusals = real.account.refusals.sentences();
    prop_assert_eq!(tally.failed > 0, !refusals.is_empty(), "{:?} {:?}", tally, refusals);
    prop_assert!(refusals.iter().all(|sentence| sentence.chars().count() < 1_000), "a short sentence: {:?}", refusals);
    if wanted.on_duplicate != OnDuplicate::Update {
        let again = judged(engine.import(dataset, format, &content, &wanted))?;
        let again = again.ok_or_else(|| TestCaseError::fail("the same file was good the first time"))?;
        prop_assert_eq!(again.tally().imported, 0, "the same file twice: {:?}, then {:?}", tally, again.tally());
    }
    Ok(())
}

/// Where inputs go that have shown a fault.
fn findings() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("fuzz-findings")
}

fn keep(case: &Case, reason: &str) -> PathBuf {
    let (dataset, format) = case.target();
    let number = std::fs::read_dir(findings()).map_or(0, Iterator::count);
    std::fs::create_dir_all(findings()).unwrap();
    let file = findings().join(format!("{number:04}-{}.{}", dataset.name(), format.name()));
    std::fs::write(&file, case.content()).unwrap();
    std::fs::write(file.with_extension("txt"), format!("{reason}\n\n{case:#?}\n")).unwrap();
    file
}

/// Ends the whole run when one case takes too long, after its input is kept: a hang is a finding, too.
fn watched(work: impl FnOnce(&dyn Fn(&Case))) {
    let (began, cases) = channel::<Case>();
    let watch = std::thread::spawn(move || {
        let mut current = None;
        loop {
            match cases.recv_timeout(LONGEST) {
                Ok(case) => current = Some(case),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    let kept = current.as_ref().map(|case| keep(case, "it takes too long"));
                    eprintln!("an import has not ended after {LONGEST:?}: {kept:?}");
                    std::process::exit(101);
                }
            }
        }
    });
    work(&|case| began.send(case.clone()).unwrap());
    drop(began);
    watch.join().unwrap();
}

/// Runs so many cases, or as long as `ATHSYS_FUZZ_SECONDS` says, every round with new ones.
#[test]
fn broken_files_are_refused_or_imported_as_their_report_says() {
    let seconds = std::env::var("ATHSYS_FUZZ_SECONDS").ok().map(|text| text.parse::<u64>().unwrap());
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let engine = Engine::start();
    let tried = Cell::new(0_u64);
    let found: RefCell<BTreeMap<String, PathBuf>> = RefCell::default();
    watched(|began| {
        loop {
            let mut runner =
                TestRunner::new(ProptestConfig { max_shrink_iters: 150, ..ProptestConfig::with_cases(CASES) });
            let ended = runner.run(&case(), |case| {
                began(&case);
                tried.set(tried.get() + 1);
                check(&engine, &case)
            });
            if let Err(TestError::Fail(reason, case)) = ended {
                let reason = reason.to_string();
                let kind: String = reason.chars().filter(|c| !c.is_ascii_digit()).take(60).collect();
                if !found.borrow().contains_key(&kind) {
                    let kept = keep(&case, &reason);
                    eprintln!("{}: {reason}", kept.display());
                    found.borrow_mut().insert(kind, kept);
                }
            }
            if until.is_none_or(|until| Instant::now() > until) {
                break;
            }
        }
    });
    if seconds.is_some() {
        eprintln!("{} imports tried", tried.get());
    }
    assert!(tried.get() >= u64::from(CASES) || !found.borrow().is_empty());
    assert!(found.borrow().is_empty(), "{:#?}", found.borrow());
    let broken = engine.number("SELECT count(*) FROM pragma_foreign_key_check");
    assert_eq!(broken, 0, "every row refers to rows that are there");
}

#[test]
fn a_preview_of_a_broken_file_is_an_answer() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::demo());
    proptest!(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(60) }, |(case in case())| {
        let (dataset, format) = case.target();
        let path = format!("/api/admin/import/{}-{}", dataset.name(), format.name());
        let parameters: Vec<(&str, &str)> = case.parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for path in [format!("{path}/preview"), format!("{path}?dry_run=true")] {
            let upload = Upload::of(&format!("a.{}", format.name()), case.content()).with(&parameters);
            let answer = runtime.block_on(server.send(&path, upload));
            prop_assert!([200, 400, 422].contains(&answer.status), "{path}: {}", answer.text);
            prop_assert!(answer.body["message"].is_string(), "{path}: {}", answer.text);
        }
    });
}
