//! Settings: flag, environment, `athsys.toml` beside the database, what an administrator has stored, default — in this
//! order. Read once, at the start; what is stored is the business of [`crate::settings`].

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use crate::backups;
use crate::formats::format::Format;
use crate::formats::workbook;
use crate::http::limits::RateLimits;
use crate::imports::KeepLimits;
use crate::live::Room;
use crate::rules::age;
use crate::rules::data::{self, Table};
use crate::sync::{Options, Target};
use crate::venue::certificates::{Certificates, Origin};

pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 5000);
pub const DEFAULT_HOST_NAME: &str = "meet.local";

/// What the server runs with.
#[derive(Clone)]
pub struct Config {
    /// Names besides addresses and localhost under which the server may be called.
    pub host_names: Vec<String>,
    /// Other origins whose pages may write.
    pub cors_origins: Vec<String>,
    /// Whether people may make accounts (viewers) for themselves.
    pub self_registration: bool,
    pub rates: RateLimits,
    /// How many may follow what changes
    pub room: Room,
    pub import_limits: ImportLimits,
    pub backups: backups::Options,
    /// The PostgreSQL that gets a copy of everything.
    pub sync_to: Option<Target>,
    /// What https needs; without it the server speaks http alone.
    pub certificates: Option<Arc<Certificates>>,
    /// The settings that `athsys.toml` says, by their names in the API: nobody changes them while the server runs.
    pub set_in_file: Vec<&'static str>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            host_names: vec![DEFAULT_HOST_NAME.to_owned()],
            cors_origins: Vec::new(),
            self_registration: false,
            rates: RateLimits::default(),
            room: Room::default(),
            import_limits: ImportLimits::default(),
            backups: backups::Options::default(),
            sync_to: None,
            certificates: None,
            set_in_file: Vec::new(),
        }
    }
}

/// How large a file may be, in bytes, and how long it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportLimits {
    /// Of CSV and NDJSON.
    pub csv_bytes: u64,
    pub json_bytes: u64,
    pub xlsx_bytes: u64,
    /// Rows of a workbook.
    pub xlsx_rows: u64,
    pub keep: KeepLimits,
}

impl Default for ImportLimits {
    fn default() -> ImportLimits {
        ImportLimits {
            csv_bytes: 256 << 20,
            json_bytes: 64 << 20,
            xlsx_bytes: 16 << 20,
            xlsx_rows: workbook::Limits::default().rows,
            keep: KeepLimits::default(),
        }
    }
}

impl ImportLimits {
    pub fn bytes_of(&self, format: Format) -> u64 {
        match format {
            Format::Csv | Format::Ndjson => self.csv_bytes,
            Format::Json => self.json_bytes,
            Format::Xlsx => self.xlsx_bytes,
        }
    }

    pub fn workbook(&self) -> workbook::Limits {
        workbook::Limits { rows: self.xlsx_rows, ..workbook::Limits::default() }
    }
}

/// What the command line says of https.
#[derive(Debug, Default)]
pub struct TlsOptions {
    pub made: bool,
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
}

/// `athsys.toml`: what is set there holds unless a flag or the environment says otherwise.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    pub listen: Option<SocketAddr>,
    pub host_names: Option<Vec<String>>,
    pub cors_origins: Option<Vec<String>>,
    /// https with a certificate made here, or with these files.
    pub tls: Option<bool>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub self_registration: Option<bool>,
    pub log: Option<String>,
    /// Code of the scheme of age groups; the first of the table otherwise.
    pub age_scheme: Option<String>,
    pub reads_per_minute: Option<u32>,
    pub writes_per_minute: Option<u32>,
    pub imports_per_hour: Option<u32>,
    pub registrations_per_hour: Option<u32>,
    pub max_csv_mib: Option<u64>,
    pub max_json_mib: Option<u64>,
    pub max_xlsx_mib: Option<u64>,
    pub max_xlsx_rows: Option<u64>,
    /// The PostgreSQL that gets a copy, its schema there, files with its password and with the certificates to trust, and
    /// whether personal data goes there.
    pub sync_to: Option<String>,
    pub sync_schema: Option<String>,
    pub sync_password_file: Option<PathBuf>,
    pub sync_ca_file: Option<PathBuf>,
    pub sync_personal_data: Option<bool>,
    /// How many days the files of imports are kept, and how much room they may take, compressed.
    pub keep_import_files_days: Option<u64>,
    pub keep_import_files_mib: Option<u64>,
    /// Where backups lie, and a second place for them.
    pub backup_dir: Option<PathBuf>,
    pub backup_copy: Option<PathBuf>,
}

impl ConfigFile {
    /// Reads the file; none is as good as an empty one.
    ///
    /// # Errors
    /// A sentence with line and reason when the file cannot be understood.
    pub fn read(path: &Path) -> Result<ConfigFile, String> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(ConfigFile::default()),
            Err(error) => return Err(format!("{} cannot be read: {error}", path.display())),
        };
        toml::from_str(&text).map_err(|error| {
            // The whole error shows the line, and that of sync_to holds a password.
            let line = text.get(..error.span().unwrap_or_default().start).map_or(0, |before| before.lines().count());
            format!("{} has a mistake in line {}: {}", path.display(), line.max(1), error.message())
        })
    }

    /// The PostgreSQL of this file, with what the command line says of it before what the file says.
    pub fn sync_options(&self, flags: Options) -> Options {
        Options {
            url: if flags.url.is_empty() { self.sync_to.clone().unwrap_or_default() } else { flags.url },
            schema: flags.schema.or_else(|| self.sync_schema.clone()),
            password_file: flags.password_file.or_else(|| self.sync_password_file.clone()),
            ca_file: flags.ca_file.or_else(|| self.sync_ca_file.clone()),
            personal_data: flags.personal_data || self.sync_personal_data.unwrap_or_default(),
        }
    }

    /// Where the certificate for https comes from, with what the command line says before what the file says. `made` is
    /// where one that is made here lies.
    ///
    /// # Errors
    /// A sentence when half of it is missing.
    pub fn tls_origin(&self, flags: TlsOptions, made: PathBuf) -> Result<Option<Origin>, String> {
        let cert = flags.cert.or_else(|| self.tls_cert.clone());
        let key = flags.key.or_else(|| self.tls_key.clone());
        match (cert, key) {
            (Some(cert), Some(key)) => Ok(Some(Origin::Given { cert, key })),
            (Some(_), None) => Err("--tls-cert needs --tls-key too: the file with the key of that certificate".into()),
            (None, Some(_)) => Err("--tls-key needs --tls-cert too: the file with the certificate of that key".into()),
            (None, None) => Ok((flags.made || self.tls.unwrap_or_default()).then_some(Origin::Made(made))),
        }
    }

    /// Puts a federation's own tables into force, `rules/*.csv` beside the database, and the scheme of age groups. Once, and
    /// before anything else.
    ///
    /// # Errors
    /// A sentence with file, line and reason.
    pub fn put_rules_in_force(&self, folder: &Path) -> Result<(), String> {
        data::replace(own_tables(folder)?).map_err(|error| format!("In {}: {error}", folder.display()))?;
        match &self.age_scheme {
            Some(code) => age::choose_scheme(code).map_err(|error| format!("age_scheme in athsys.toml: {error}")),
            None => Ok(()),
        }
    }

    /// The settings of the server; `host_names` and `cors_origins` are those of the command line.
    pub fn into_config(self, host_names: Vec<String>, cors_origins: Vec<String>) -> Config {
        let usual = Config::default();
        let set_in_file = self.settings();
        let given = |flags: Vec<String>, file: Option<Vec<String>>| if flags.is_empty() { file } else { Some(flags) };
        Config {
            host_names: given(host_names, self.host_names).unwrap_or(usual.host_names),
            cors_origins: given(cors_origins, self.cors_origins).unwrap_or_default(),
            self_registration: self.self_registration.unwrap_or(usual.self_registration),
            rates: RateLimits {
                reads_per_minute: self.reads_per_minute.unwrap_or(usual.rates.reads_per_minute),
                writes_per_minute: self.writes_per_minute.unwrap_or(usual.rates.writes_per_minute),
                imports_per_hour: self.imports_per_hour.unwrap_or(usual.rates.imports_per_hour),
                registrations_per_hour: self.registrations_per_hour.unwrap_or(usual.rates.registrations_per_hour),
            },
            room: usual.room,
            import_limits: ImportLimits {
                csv_bytes: self.max_csv_mib.map_or(usual.import_limits.csv_bytes, |mib| mib << 20),
                json_bytes: self.max_json_mib.map_or(usual.import_limits.json_bytes, |mib| mib << 20),
                xlsx_bytes: self.max_xlsx_mib.map_or(usual.import_limits.xlsx_bytes, |mib| mib << 20),
                xlsx_rows: self.max_xlsx_rows.unwrap_or(usual.import_limits.xlsx_rows),
                keep: KeepLimits {
                    age: self.keep_import_files_days.map_or(usual.import_limits.keep.age, days),
                    bytes: self.keep_import_files_mib.map_or(usual.import_limits.keep.bytes, |mib| mib << 20),
                },
            },
            backups: backups::Options { folder: self.backup_dir, copy: self.backup_copy, every: None },
            sync_to: None,
            certificates: None,
            set_in_file,
        }
    }

    /// The settings this file says, by their names in the API.
    fn settings(&self) -> Vec<&'static str> {
        [
            ("selfRegistration", self.self_registration.is_some()),
            ("readsPerMinute", self.reads_per_minute.is_some()),
            ("writesPerMinute", self.writes_per_minute.is_some()),
            ("importsPerHour", self.imports_per_hour.is_some()),
            ("registrationsPerHour", self.registrations_per_hour.is_some()),
            ("maxCsvMib", self.max_csv_mib.is_some()),
            ("maxJsonMib", self.max_json_mib.is_some()),
            ("maxXlsxMib", self.max_xlsx_mib.is_some()),
            ("maxXlsxRows", self.max_xlsx_rows.is_some()),
            ("keepImportFilesDays", self.keep_import_files_days.is_some()),
            ("keepImportFilesMib", self.keep_import_files_mib.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_set)| is_set.then_some(name))
        .collect()
    }
}

/// The tables in a folder; it need not exist. Files of other kinds may lie beside them.
fn own_tables(folder: &Path) -> Result<Vec<(Table, String)>, String> {
    let unreadable = |path: &Path, error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, error)),
    };
    let mut tables = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let table = path.file_name().and_then(|name| Table::of_file(&name.to_string_lossy())).ok_or_else(|| {
            let known: Vec<&str> = Table::ALL.into_iter().map(Table::file).collect();
            format!("{} is no table of the rules; they are {}", path.display(), known.join(", "))
        })?;
        tables.push((table, std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?));
    }
    Ok(tables)
}

fn days(count: u64) -> std::time::Duration {
    std::time::Duration::from_secs(count.saturating_mul(24 * 3600))
}
