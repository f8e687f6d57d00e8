//! The command line. Progress and human text go to stderr, data to stdout.

mod args;
mod backup;
mod check;
mod desktop;
mod export;
mod found;
mod import;
mod place;
mod serve;
mod signals;
mod sync;
mod user;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::app;
use crate::config::ConfigFile;
use crate::db::{Db, Files, OpenError, Prefer};
use crate::formats::format::Format;
use crate::{backups, demo, imports, logs, privacy, running};

use args::{Cli, Command};

/// Finished, but some rows were refused.
const SOME_REFUSED: u8 = 3;
const WRONG_USAGE: u8 = 2;

/// Why a command failed, as a sentence, with its exit code.
#[derive(Debug)]
struct Failure {
    code: u8,
    sentence: String,
}

type Outcome = Result<ExitCode, Failure>;

impl Failure {
    fn new(sentence: impl Into<String>) -> Failure {
        let mut sentence: String = sentence.into();
        if !sentence.ends_with(['.', '!', '?']) {
            sentence.push('.');
        }
        Failure { code: 1, sentence }
    }

    fn usage(sentence: impl Into<String>) -> Failure {
        Failure { code: WRONG_USAGE, sentence: sentence.into() }
    }

    fn open(files: &Files, error: &OpenError) -> Failure {
        Failure::new(format!("Cannot open {}: {error}.", files.database().display()))
    }

    /// Another athsys has the file; `instead` says what can be done while it has.
    fn in_use(files: &Files, instead: &str) -> Failure {
        let file = files.database().display();
        let at = running::find(files).map(|other| format!(", at {}/", other.base)).unwrap_or_default();
        Failure::new(format!("{file} is already in use by another athsys on this computer{at}. {instead}"))
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure::new(format!("{error}"))
    }
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    match start(read_arguments()) {
        Ok(code) => code,
        Err(failure) => {
            say(format_args!("athsys: {}", failure.sentence));
            if cfg!(windows) && is_bare() {
                stay();
            }
            ExitCode::from(failure.code)
        }
    }
}

/// Without a command it is `serve`, with what the environment says about that.
fn read_arguments() -> Cli {
    let cli = Cli::parse();
    if cli.command.is_some() {
        return cli;
    }
    Cli::parse_from(std::env::args_os().chain(["serve".into()]))
}

/// Started without any argument, as by a double-click.
fn is_bare() -> bool {
    std::env::args_os().len() <= 1
}

/// The window that a double-click opened would close over the sentence.
fn stay() {
    say("Press Enter to close this window.");
    let _ = std::io::stdin().read_line(&mut String::new());
}

fn start(cli: Cli) -> Outcome {
    let usual = if is_bare() { place::of_a_bare_start } else { || PathBuf::from(place::USUAL) };
    let files = Files::of(&cli.common.db.unwrap_or_else(usual)).also_on_a_network(cli.common.force);
    let file = ConfigFile::read(&files.config_file()).map_err(Failure::new)?;
    let filter = cli.common.log.clone().or_else(|| file.log.clone()).unwrap_or_else(|| "info".into());
    logs::start(&filter, cli.common.log_format).map_err(Failure::usage)?;
    file.put_rules_in_force(&files.config_file().with_file_name("rules")).map_err(Failure::new)?;
    match cli.command.unwrap_or_default() {
        Command::Serve(options) => serve::serve(&files, file, options),
        Command::Init(options) => init(&files, &options),
        Command::Import(options) => import::import(&files, &options),
        Command::Export(options) => export::export(&files, &options),
        Command::Backup(options) => backup::backup(&files, file, &options),
        Command::Restore(options) => backup::restore(&files, file, &options),
        Command::Check(options) => check::check(&files, &options),
        Command::Sync(options) => sync::sync(&files, &file, &options),
        Command::NewIdentity => sync::new_identity(&files),
        Command::User(command) => user::user(&files, command),
        Command::RotateKey => user::rotate_key(&files),
        Command::Openapi => openapi(),
    }
}

/// The database for this process alone, brought up to date; imports that a crash interrupted are taken back. `instead`
/// says what can be done while another process has it.
fn open_own(files: &Files, instead: &str) -> Result<Db, Failure> {
    open_preferring(files, Prefer::default(), instead)
}

fn open_preferring(files: &Files, prefer: Prefer, instead: &str) -> Result<Db, Failure> {
    let db = Db::open_own(files.clone(), prefer).map_err(|error| match error {
        OpenError::InUse => Failure::in_use(files, instead),
        other => Failure::open(files, &other),
    })?;
    if let Some(sentence) = db.origin().sentence(&files.database().display().to_string()) {
        say(format_args!("{sentence}."));
    }
    backups::settle_put_back(&db)?;
    privacy::list::settle(&db)?;
    imports::recover(&db)?;
    Ok(db)
}

/// For what only makes sense with accounts in it: a mistyped file is not created.
fn open_existing(files: &Files, instead: &str) -> Result<Db, Failure> {
    if !files.exists() {
        return Err(Failure::open(files, &OpenError::Missing));
    }
    open_own(files, instead)
}

/// The format of a file: what the flag says, or its name. None where neither does.
fn format_of(file: &Path, flag: Option<Format>) -> Result<Option<Format>, Failure> {
    match (flag, file.extension()) {
        (None, Some(extension)) => Format::of_file(file).map(Some).ok_or_else(|| {
            let ending = extension.to_string_lossy();
            Failure::usage(format!("The ending .{ending} is not known; say --format csv, json, ndjson or xlsx."))
        }),
        (flag, _) => Ok(flag),
    }
}

/// A line for the person at the console. Nobody may be listening, and that is no failure.
fn say(text: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn init(files: &Files, options: &args::Init) -> Outcome {
    let was_there = files.exists();
    let db =
        open_own(files, "It exists already, so there is nothing to create; stop the other one to do more with it.")?;
    let loaded = options.demo && demo::load(&db)?;
    db.close();
    let name = files.database().display().to_string();
    if options.json {
        let done = serde_json::json!({"database": name, "created": !was_there, "demo_data": loaded});
        return print_data(&format!("{done}\n"));
    }
    let what = if was_there { "is up to date" } else { "was created" };
    let demo = match (options.demo, loaded) {
        (true, true) => ", with demo data",
        (true, false) => "; it is not empty, so no demo data was loaded",
        (false, _) => "",
    };
    say(format_args!("{name} {what}{demo}."));
    Ok(ExitCode::SUCCESS)
}

fn openapi() -> Outcome {
    let (_, document) = app::api().into_parts();
    print_data(&format!("{}\n", document.to_pretty_json()?))
}

/// Data on stdout; a reader that has gone away is no failure.
fn print_data(text: &str) -> Outcome {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
