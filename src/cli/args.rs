//! What can be written on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::auth::policy::Role;
use crate::config::TlsOptions;
use crate::db::{Entity, Prefer};
use crate::formats::format::Format;
use crate::imports::{Dataset, Mode, OnDuplicate};
use crate::logs::LogFormat;

mod sync;

pub use sync::{Sync, SyncFlags};

/// Run an athletics meet from this computer: entries, results, import and export.
#[derive(Debug, Parser)]
#[command(name = "athsys", version, after_help = "Example: athsys --db spring-open.db serve --listen 0.0.0.0:5000")]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Args)]
pub struct Common {
    /// The database file; athsys.db in this folder, unless said otherwise
    #[arg(long, global = true, env = "ATHSYS_DB", value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Use the database also where its folder lies on a network drive, which can lose what was saved
    #[arg(long, global = true)]
    pub force: bool,
    /// What to log: error, warn, info, debug, or a filter per module
    #[arg(long, global = true, env = "ATHSYS_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How log lines look
    #[arg(long, global = true, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server (the default command)
    #[command(after_help = "Example: athsys serve --demo --listen 127.0.0.1:5000")]
    Serve(Serve),
    /// Create the database file, then exit
    #[command(after_help = "Example: athsys --db spring-open.db init")]
    Init(Init),
    /// Import a file into a database that is not being served
    #[command(after_help = "Example: athsys import athletes club.csv --on-duplicate update --dry-run")]
    Import(Import),
    /// Export from a database, also from one being served
    #[command(
        after_help = "Example: athsys export results -o results.xlsx --columns athlete_name,club,event,time_seconds"
    )]
    Export(Export),
    /// Make a verified backup of a database, also of one being served
    #[command(after_help = "Example: athsys backup /media/stick")]
    Backup(Backup),
    /// Put a verified backup in place of a database that is not being served
    #[command(after_help = "Example: athsys restore meet-20270516-143000-automatic.db")]
    Restore(Restore),
    /// Check integrity, schema, references and audit chain of a database
    #[command(after_help = "Example: athsys check copy-of-meet.db")]
    Check(Check),
    /// Send everything that changed to PostgreSQL, from a database that is not being served
    #[command(after_help = "Example: athsys sync --to postgres://athsys@db.example.org/meets --verify")]
    Sync(Sync),
    /// Manage accounts of a database that is not being served
    #[command(
        subcommand,
        after_help = "Example: athsys user add --admin --email me@example.org --name 'Amina Odhiambo'"
    )]
    User(User),
    /// Sign sessions with a new key, while no server runs; the key before stays valid until the next rotation
    #[command(after_help = "Example: athsys --db spring-open.db rotate-key")]
    RotateKey,
    /// Give a copied file its own database id, when it is to be another meet
    #[command(after_help = "Example: athsys --db autumn-open.db new-identity")]
    NewIdentity,
    /// Print the OpenAPI 3.1 document
    #[command(after_help = "Example: athsys openapi > openapi.json")]
    Openapi,
}

impl Default for Command {
    fn default() -> Command {
        Command::Serve(Serve::default())
    }
}

#[derive(Debug, Default, Args)]
pub struct Serve {
    /// Address and port; port 0 takes any free one
    #[arg(long, env = "ATHSYS_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Load demo data into an empty database
    #[arg(long, env = "ATHSYS_DEMO")]
    pub demo: bool,
    /// Never open a browser, which happens only where athsys is started without any argument, on a desktop
    #[arg(long, env = "ATHSYS_NO_OPEN")]
    pub no_open: bool,
    /// End when standard input is closed, for a server that started this one
    #[arg(long, hide = true)]
    pub on_leash: bool,
    /// A name besides addresses and localhost under which the server may be called (repeatable)
    #[arg(long, env = "ATHSYS_HOST_NAME", value_name = "NAME", value_delimiter = ',')]
    pub host_name: Vec<String>,
    #[command(flatten)]
    pub tls: TlsFlags,
    /// What counts where another program changed the database file after a crash: the server's own live store, or the
    /// file
    #[arg(long = "use", value_enum, default_value_t, value_name = "WHICH")]
    pub prefer: Which,
    /// Another origin whose pages may use the API (repeatable)
    #[arg(long, env = "ATHSYS_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    pub cors_origin: Vec<String>,
    #[command(flatten)]
    pub backups: BackupDir,
    /// A second folder for backups, on a stick for example
    #[arg(long, env = "ATHSYS_BACKUP_COPY", value_name = "DIR")]
    pub backup_copy: Option<PathBuf>,
    #[command(flatten)]
    pub sync: SyncFlags,
}

/// https beside http, on the same port.
#[derive(Debug, Default, Args)]
pub struct TlsFlags {
    /// Speak https too, with a certificate made at the first start for all names and addresses
    #[arg(long, env = "ATHSYS_TLS")]
    pub tls: bool,
    /// Speak https too, with this certificate (PEM, with those between it and its authority)
    #[arg(long, env = "ATHSYS_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The key of that certificate (PEM)
    #[arg(long, env = "ATHSYS_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

impl TlsFlags {
    pub fn options(self) -> TlsOptions {
        TlsOptions { made: self.tls, cert: self.tls_cert, key: self.tls_key }
    }
}

/// Where backups lie.
#[derive(Debug, Default, Args)]
pub struct BackupDir {
    /// Where backups lie, instead of the folder `backups` beside the database
    #[arg(long, env = "ATHSYS_BACKUP_DIR", value_name = "DIR")]
    pub backup_dir: Option<PathBuf>,
}

/// See [`Serve::prefer`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Which {
    #[default]
    Live,
    File,
}

impl From<Which> for Prefer {
    fn from(which: Which) -> Prefer {
        match which {
            Which::Live => Prefer::Live,
            Which::File => Prefer::File,
        }
    }
}

#[derive(Debug, Args)]
pub struct Init {
    /// Load demo data into an empty database
    #[arg(long, env = "ATHSYS_DEMO")]
    pub demo: bool,
    /// Machine-readable output on stdout
    #[arg(long)]
    pub json: bool,
}

fn dataset(word: &str) -> Result<Dataset, String> {
    Dataset::from_name(word).ok_or_else(|| {
        let known: Vec<&str> = Dataset::ALL.into_iter().map(Dataset::name).collect();
        format!("known datasets are {}", known.join(", "))
    })
}

#[derive(Debug, Args)]
pub struct Import {
    /// What the file holds: athletes, races, events, registrations, results, users or bulk
    #[arg(value_parser = dataset)]
    pub dataset: Dataset,
    /// The file, or - for standard input
    pub file: PathBuf,
    /// Usually the file's extension says it
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// What happens to good rows when there are bad ones
    #[arg(long, value_enum, default_value_t)]
    pub mode: Mode,
    /// What happens to a row that is stored already, with other values
    #[arg(long, value_enum, default_value_t)]
    pub on_duplicate: OnDuplicate,
    /// Everything but the commit
    #[arg(long)]
    pub dry_run: bool,
    /// JSON {column heading: field or null}
    #[arg(long)]
    pub mapping: Option<String>,
    /// Instead of what is detected
    #[arg(long)]
    pub encoding: Option<String>,
    /// Instead of what is detected: one character, or tab
    #[arg(long)]
    pub delimiter: Option<String>,
    /// Entries and results may bring athletes that are not there yet
    #[arg(long)]
    pub create_athletes: bool,
    /// The race of entries, results and events that name none
    #[arg(long, value_name = "ID")]
    pub race_id: Option<i64>,
    /// The report as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportSet {
    Athletes,
    Races,
    Events,
    Registrations,
    Results,
    Users,
    /// Everything, as JSON or as a workbook
    All,
}

impl ExportSet {
    /// The name of the dataset.
    pub fn name(self) -> &'static str {
        match self {
            ExportSet::Athletes => Entity::Athletes.table(),
            ExportSet::Races => Entity::Races.table(),
            ExportSet::Events => Entity::Events.table(),
            ExportSet::Registrations => Entity::Registrations.table(),
            ExportSet::Results => Entity::Results.table(),
            ExportSet::Users => Entity::Users.table(),
            ExportSet::All => "all",
        }
    }
}

#[derive(Debug, Args)]
pub struct Export {
    /// What to export
    pub dataset: ExportSet,
    /// The file to write, or - for standard output
    #[arg(short, long, default_value = "-", value_name = "FILE")]
    pub output: PathBuf,
    /// Usually the file's extension says it
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Only these columns, in this order, with commas between them
    #[arg(long, value_name = "NAMES")]
    pub columns: Option<String>,
    /// CSV with a byte order mark
    #[arg(long)]
    pub bom: bool,
    /// Everything that anybody may see: without users, private fields and the audit log
    #[arg(long)]
    pub public: bool,
    /// What was written, as JSON on stdout (not together with -o -)
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// A folder or a file, instead of the folder of backups
    pub destination: Option<PathBuf>,
    #[command(flatten)]
    pub backups: BackupDir,
    /// What was written, as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// A file, or the name of one in the folder of backups
    pub backup: PathBuf,
    #[command(flatten)]
    pub backups: BackupDir,
    /// What was replaced by what, as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The file, instead of --db
    pub file: Option<PathBuf>,
    /// The findings as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Create an account; asks for the password twice
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// An administrator
        #[arg(long, conflicts_with = "role")]
        admin: bool,
        #[arg(long, value_parser = role)]
        role: Option<Role>,
        /// Read the password as one line from standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// Set a new password and sign the user out everywhere
    Passwd {
        #[arg(long)]
        email: String,
        #[arg(long)]
        password_stdin: bool,
    },
    /// List the accounts
    List {
        #[arg(long)]
        json: bool,
    },
    /// Switch the second factor of an account off, when phone and codes are lost
    SecondFactorOff {
        #[arg(long)]
        email: String,
    },
    /// Suspend an account
    Disable {
        #[arg(long)]
        email: String,
    },
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(&word.replace('-', "_")).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.into_iter().map(Role::as_str).collect();
        format!("known roles are {}", known.join(", "))
    })
}
