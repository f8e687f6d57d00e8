//! Settings: flag, environment, `athsys.toml` beside the database, default — in this order. Read once, at the start.

use std::net::SocketAddr;
use std::path::Path;

use serde::Deserialize;

use crate::http::limits::RateLimits;

pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), 5000);
pub const DEFAULT_HOST_NAME: &str = "meet.local";

/// What the server runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Names besides addresses and localhost under which the server may be called.
    pub host_names: Vec<String>,
    /// Other origins whose pages may write.
    pub cors_origins: Vec<String>,
    /// Whether people may make accounts (viewers) for themselves.
    pub self_registration: bool,
    pub rates: RateLimits,
    pub import_limits: ImportLimits,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            host_names: vec![DEFAULT_HOST_NAME.to_owned()],
            cors_origins: Vec::new(),
            self_registration: false,
            rates: RateLimits::default(),
            import_limits: ImportLimits::default(),
        }
    }
}

/// How large a file may be, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportLimits {
    pub csv_bytes: u64,
    pub json_bytes: u64,
}

impl Default for ImportLimits {
    fn default() -> ImportLimits {
        ImportLimits { csv_bytes: 256 * 1024 * 1024, json_bytes: 64 * 1024 * 1024 }
    }
}

/// `athsys.toml`: what is set there holds unless a flag or the environment says otherwise.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    pub listen: Option<SocketAddr>,
    pub host_names: Option<Vec<String>>,
    pub cors_origins: Option<Vec<String>>,
    pub self_registration: Option<bool>,
    pub log: Option<String>,
    pub reads_per_minute: Option<u32>,
    pub writes_per_minute: Option<u32>,
    pub imports_per_hour: Option<u32>,
    pub registrations_per_hour: Option<u32>,
    pub max_csv_mib: Option<u64>,
    pub max_json_mib: Option<u64>,
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
        toml::from_str(&text).map_err(|error| format!("{} has a mistake: {error}", path.display()))
    }

    /// The settings of the server; `host_names` and `cors_origins` are those of the command line.
    pub fn into_config(self, host_names: Vec<String>, cors_origins: Vec<String>) -> Config {
        let usual = Config::default();
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
            import_limits: ImportLimits {
                csv_bytes: self.max_csv_mib.map_or(usual.import_limits.csv_bytes, |mib| mib << 20),
                json_bytes: self.max_json_mib.map_or(usual.import_limits.json_bytes, |mib| mib << 20),
            },
        }
    }
}
