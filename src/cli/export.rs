//! `athsys export`: the same engine as the API, without a server or beside one.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use rusqlite::Connection;

use super::args::ExportSet;
use super::{Failure, Outcome, args, format_of, print_data, say};
use crate::audit::Actor;
use crate::db::{Access, Db, Files};
use crate::exports::{Audited, ExportError, Exported, RowSet, Wait, Wanted, all_json, all_xlsx, public_json};
use crate::formats::format::Format;

pub fn export(files: &Files, options: &args::Export) -> Outcome {
    let content = Content::of(options)?;
    let to_stdout = options.output.as_os_str() == "-";
    if to_stdout && options.json {
        return Err(Failure::usage("--json and the data would both go to standard output; name a file with -o."));
    }
    let db = Db::open(files.clone(), Access::Beside).map_err(|error| Failure::open(files, &error))?;
    let reader = db.export_reader()?;
    let mut pipe = Pipe { out: io::stdout().lock(), is_closed: false };
    let written = if to_stdout {
        Ok(write_all(&reader, &content, &mut BufWriter::new(&mut pipe), "standard output"))
    } else {
        to_file(&reader, &content, &options.output)
    };
    drop((reader, db));
    let (done, rows) = written.map_err(|error| incomplete(&error))?;
    leave_trace(files, options.dataset, &done);
    match rows {
        Err(_) if pipe.is_closed => Ok(ExitCode::SUCCESS),
        Err(error) => Err(incomplete(&error)),
        Ok(_) if options.json => print_data(&format!("{}\n", serde_json::to_string(&done)?)),
        Ok(rows) => {
            say(format_args!("{rows} rows exported."));
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn incomplete(error: &ExportError) -> Failure {
    Failure::new(format!("The export was not completed: {error}"))
}

/// What the file will hold.
enum Content {
    Rows(Wanted),
    Document,
    Public,
    Workbook,
}

impl Content {
    fn of(options: &args::Export) -> Result<Content, Failure> {
        let format = format_of(&options.output, options.format)?;
        if options.public {
            return match (options.dataset, format.unwrap_or(Format::Json)) {
                (ExportSet::All, Format::Json) => Ok(Content::Public),
                _ => Err(Failure::usage("--public goes with `export all` as JSON.")),
            };
        }
        let Some(set) = RowSet::from_name(options.dataset.name()) else {
            if options.columns.is_some() {
                return Err(Failure::usage("--columns chooses among those of one dataset, not of everything."));
            }
            return match format.unwrap_or(Format::Json) {
                Format::Json => Ok(Content::Document),
                Format::Xlsx => Ok(Content::Workbook),
                Format::Csv | Format::Ndjson => Err(Failure::usage(
                    "Everything together is exported as JSON or xlsx; the other formats hold one kind of rows.",
                )),
            };
        };
        let mut wanted = Wanted::everything(set, format.unwrap_or(Format::Csv));
        wanted.bom = options.bom;
        let wanted = wanted.choose(options.columns.as_deref().unwrap_or_default());
        wanted.map(Content::Rows).map_err(|error| Failure::usage(format!("--columns: {error}.")))
    }

    fn write(&self, conn: &Connection, out: &mut dyn Write) -> Result<u64, ExportError> {
        match self {
            Content::Rows(wanted) => wanted.write(conn, out),
            Content::Document => all_json(conn, out),
            Content::Public => public_json(conn, out),
            Content::Workbook => {
                let mut built = all_xlsx(conn, &Wait::for_ever())?;
                io::copy(&mut built.file, out)?;
                Ok(built.rows)
            }
        }
    }
}

/// The audit row of an export. A file that a server has, or that cannot be written, is exported without one, and that
/// is said.
fn leave_trace(files: &Files, dataset: ExportSet, done: &Exported) {
    let traced = Db::open(files.clone(), Access::Own).map_err(anyhow::Error::from).and_then(|db| {
        done.audit(&db, Actor::console(), dataset.name())?;
        db.close();
        Ok(())
    });
    if traced.is_err() {
        say("The file is in use or cannot be written, so its audit log does not know of this export.");
    }
}

/// What was written, and whether that is all.
type Written = (Exported, Result<u64, ExportError>);

/// Writes beside the target first: a file that is there is complete.
fn to_file(conn: &Connection, content: &Content, target: &Path) -> Result<Written, ExportError> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (done, rows) = write_all(conn, content, &mut BufWriter::new(file.as_file()), &name);
    if rows.is_ok() {
        file.as_file().sync_all()?;
        file.persist(target).map_err(|error| error.error)?;
    }
    Ok((done, rows))
}

fn write_all(conn: &Connection, content: &Content, out: &mut dyn Write, name: &str) -> Written {
    let mut out = Audited::new(out);
    let rows = content.write(conn, &mut out).and_then(|rows| Ok(out.flush().map(|()| rows)?));
    (out.done(name.to_owned(), &rows), rows)
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
