//! `athsys export`, without a server.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use rusqlite::Connection;

use super::args::{ExportSet, FileFormat};
use super::{Failure, Outcome, args, print_data, say};
use crate::athletes::Athlete;
use crate::audit::Actor;
use crate::db::{Access, Db, Files};
use crate::exports::{self, Audited, Exported};
use crate::races::Race;
use crate::records::{ListQuery, Sight};
use crate::results::MeetResult;

/// What the file's name says, unless the flag says otherwise.
fn format_of(path: &Path, flag: Option<FileFormat>) -> Option<FileFormat> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    flag.or(match extension.as_deref() {
        Some("csv" | "txt" | "tsv") => Some(FileFormat::Csv),
        Some("json") => Some(FileFormat::Json),
        _ => None,
    })
}

pub fn export(files: &Files, options: &args::Export) -> Outcome {
    let usual = if options.dataset == ExportSet::All { FileFormat::Json } else { FileFormat::Csv };
    let format = format_of(&options.output, options.format).unwrap_or(usual);
    if options.dataset == ExportSet::All && format == FileFormat::Csv {
        return Err(Failure::usage("Everything together is exported as JSON; csv holds one kind of rows."));
    }
    let to_stdout = options.output.as_os_str() == "-";
    if to_stdout && options.json {
        return Err(Failure::usage("--json and the data would both go to standard output; name a file with -o."));
    }
    let db = Db::open(files.clone(), Access::Beside).map_err(|error| Failure::open(files, &error))?;
    let reader = db.export_reader()?;
    let mut pipe = Pipe { out: io::stdout().lock(), is_closed: false };
    let written = if to_stdout {
        write_all(&reader, options, format, &mut BufWriter::new(&mut pipe), "standard output")
    } else {
        to_file(&reader, options, format)
    };
    reader.execute_batch("ROLLBACK")?;
    drop((reader, db));
    let (done, rows) = written.map_err(|error| Failure::new(format!("The export was not completed: {error}.")))?;
    leave_trace(files, options.dataset, &done);
    match rows {
        Err(_) if pipe.is_closed => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Failure::new(format!("The export was not completed: {error}."))),
        Ok(_) if options.json => print_data(&format!("{}\n", serde_json::to_string(&done)?)),
        Ok(rows) => {
            say(format_args!("{rows} rows exported."));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The audit row of an export. A file that a server has, or that cannot be written, is exported without one, and that
/// is said.
fn leave_trace(files: &Files, dataset: ExportSet, done: &Exported) {
    let entity = match dataset {
        ExportSet::Athletes => "athletes",
        ExportSet::Races => "races",
        ExportSet::Results => "results",
        ExportSet::All => "all",
    };
    let traced = Db::open(files.clone(), Access::Own).map_err(anyhow::Error::from).and_then(|db| {
        done.audit(&db, Actor::console(), entity)?;
        db.close();
        Ok(())
    });
    if traced.is_err() {
        say("The file is in use or cannot be written, so its audit log does not know of this export.");
    }
}

type Written = anyhow::Result<(Exported, anyhow::Result<u64>)>;

/// Writes beside the target first: a file that is there is complete.
fn to_file(conn: &Connection, options: &args::Export, format: FileFormat) -> Written {
    let folder = options.output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder)?;
    let name = options.output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (done, rows) = write_all(conn, options, format, &mut BufWriter::new(file.as_file()), &name)?;
    if rows.is_ok() {
        file.as_file().sync_all()?;
        file.persist(&options.output)?;
    }
    Ok((done, rows))
}

fn write_all(
    conn: &Connection,
    options: &args::Export,
    format: FileFormat,
    out: &mut dyn Write,
    name: &str,
) -> Written {
    let mut out = Audited::new(out);
    let rows = write_rows(conn, options, format, &mut out).and_then(|rows| Ok(out.flush().map(|()| rows)?));
    Ok((out.done(name.to_owned(), &rows), rows))
}

fn write_rows(
    conn: &Connection,
    options: &args::Export,
    format: FileFormat,
    out: &mut dyn Write,
) -> anyhow::Result<u64> {
    let everything = ListQuery::everything();
    let sight = Sight::Full;
    match (options.dataset, format) {
        (ExportSet::All, _) => exports::all_json(conn, out),
        (ExportSet::Athletes, FileFormat::Csv) => exports::csv::<Athlete>(conn, &everything, &sight, options.bom, out),
        (ExportSet::Races, FileFormat::Csv) => exports::csv::<Race>(conn, &everything, &sight, options.bom, out),
        (ExportSet::Results, FileFormat::Csv) => {
            exports::csv::<MeetResult>(conn, &everything, &sight, options.bom, out)
        }
        (ExportSet::Athletes, FileFormat::Json) => exports::json_document::<Athlete>(conn, &everything, &sight, out),
        (ExportSet::Races, FileFormat::Json) => exports::json_document::<Race>(conn, &everything, &sight, out),
        (ExportSet::Results, FileFormat::Json) => exports::json_document::<MeetResult>(conn, &everything, &sight, out),
    }
}

/// Standard output; whoever reads it may stop at any time, and that is no failure.
struct Pipe<'o> {
    out: io::StdoutLock<'o>,
    is_closed: bool,
}

impl Pipe<'_> {
    fn note<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        self.is_closed |= outcome.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        outcome
    }
}

impl Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let outcome = self.out.write(bytes);
        self.note(outcome)
    }

    fn flush(&mut self) -> io::Result<()> {
        let outcome = self.out.flush();
        self.note(outcome)
    }
}
