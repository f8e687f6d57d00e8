//! Where the data goes: the address, the password and what it is encrypted with. Whatever is secret stays in here.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::SyncError;

const CONNECT: Duration = Duration::from_secs(10);
/// A connection that says nothing for so long is dead, as when somebody pulls the cable.
const SILENCE: Duration = Duration::from_secs(30);
/// The schema in PostgreSQL unless another is named.
pub const DEFAULT_SCHEMA: &str = "athsys";

/// What somebody set up, as written.
#[derive(Clone, Default)]
pub struct Options {
    /// `postgres://user:password@host:port/database?sslmode=…`
    pub url: String,
    pub schema: Option<String>,
    /// A file with the password on its first line.
    pub password_file: Option<PathBuf>,
    /// Certificates to trust instead of those of the system.
    pub ca_file: Option<PathBuf>,
    pub personal_data: bool,
}

/// An address holds a password.
impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// A PostgreSQL that can be connected to.
#[derive(Clone)]
pub struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    schema: String,
    personal_data: bool,
    shown: String,
}

impl Target {
    /// Reads what was set up.
    ///
    /// # Errors
    /// A sentence that says which part is wrong; it repeats neither the address nor the password.
    pub fn read(options: &Options) -> Result<Target, String> {
        if !options.url.starts_with("postgres://") && !options.url.starts_with("postgresql://") {
            return Err(
                "the address of PostgreSQL begins with postgres://, as in postgres://athsys@db.example.org/meets"
                    .into(),
            );
        }
        let (url, mode) = without_mode(&options.url)?;
        let mut config =
            Config::from_str(&url).map_err(|error| format!("the address of PostgreSQL cannot be read: {error}"))?;
        if config.get_hosts().is_empty() {
            return Err("the address of PostgreSQL names no host".into());
        }
        let mode = mode.unwrap_or(if is_here(&config) { SslMode::Prefer } else { SslMode::Require });
        config.ssl_mode(mode);
        if let Some(password) = password(&config, options.password_file.as_deref())? {
            config.password(password);
        }
        config.connect_timeout(CONNECT).tcp_user_timeout(SILENCE).keepalives_idle(SILENCE).application_name("athsys");
        let tls = match mode {
            SslMode::Disable => None,
            _ => Some(MakeRustlsConnect::new(trust(options.ca_file.as_deref())?)),
        };
        let schema = options.schema.clone().unwrap_or_else(|| DEFAULT_SCHEMA.to_owned());
        if schema.is_empty() || schema.len() > 63 || schema.starts_with("pg_") || schema.contains('\0') {
            return Err("the name of the schema has 1 to 63 characters and does not begin with pg_".into());
        }
        let shown = shown(&config, &schema);
        Ok(Target { config, tls, schema, personal_data: options.personal_data, shown })
    }

    pub fn schema(&self) -> &str {
        &self.schema
    }

    pub fn personal_data(&self) -> bool {
        self.personal_data
    }

    /// The address without the password.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// A new connection; what drives it ends with the client.
    pub async fn connect(&self) -> Result<tokio_postgres::Client, SyncError> {
        let client = match &self.tls {
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await?;
                tokio::spawn(connection);
                client
            }
            None => {
                let (client, connection) = self.config.connect(NoTls).await?;
                tokio::spawn(connection);
                client
            }
        };
        Ok(client)
    }
}

/// The address without `sslmode`, which knows more words than the driver: a certificate is always verified, so all
/// that ask for that mean the same.
fn without_mode(url: &str) -> Result<(String, Option<SslMode>), String> {
    let Some((base, query)) = url.split_once('?') else { return Ok((url.to_owned(), None)) };
    let mut mode = None;
    let mut rest = Vec::new();
    for part in query.split('&') {
        match part.split_once('=') {
            Some(("sslmode", "disable")) => mode = Some(SslMode::Disable),
            Some(("sslmode", "allow" | "prefer")) => mode = Some(SslMode::Prefer),
            Some(("sslmode", "require" | "verify-ca" | "verify-full")) => mode = Some(SslMode::Require),
            Some(("sslmode", _)) => {
                return Err("sslmode in the address is disable, prefer, require, verify-ca or verify-full".into());
            }
            _ => rest.push(part),
        }
    }
    Ok((format!("{base}?{}", rest.join("&")), mode))
}

/// True when nothing leaves this computer.
fn is_here(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

fn password(config: &Config, file: Option<&Path>) -> Result<Option<String>, String> {
    if let Some(file) = file {
        return read_secret(file).map(Some);
    }
    if config.get_password().is_some() {
        return Ok(None);
    }
    Ok(std::env::var("PGPASSWORD").ok().filter(|password| !password.is_empty()))
}

fn read_secret(file: &Path) -> Result<String, String> {
    let name = file.display();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            std::fs::metadata(file).map_err(|error| format!("{name} cannot be read: {error}"))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(format!("others on this computer can read {name}; make it yours alone with `chmod 600`"));
        }
    }
    let text = std::fs::read_to_string(file).map_err(|error| format!("{name} cannot be read: {error}"))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// The certificates to trust: those of the file, or of the system.
fn trust(file: Option<&Path>) -> Result<rustls::ClientConfig, String> {
    use rustls::pki_types::pem::PemObject;
    let mut roots = rustls::RootCertStore::empty();
    match file {
        Some(file) => {
            let wrong = |reason: String| format!("{} holds no certificate to trust: {reason}", file.display());
            let found = rustls::pki_types::CertificateDer::pem_file_iter(file).map_err(|e| wrong(e.to_string()))?;
            for certificate in found {
                let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(wrong("it is empty".into()));
            }
        }
        // Some systems have certificates that nobody can read; the others serve.
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn shown(config: &Config, schema: &str) -> String {
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(index, host)| {
            let ports = config.get_ports();
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(path) => format!("{}:{port}", path.display()),
            }
        })
        .collect();
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("postgres://{user}{}/{database} ({schema})", hosts.join(","))
}

#[cfg(test)]
mod tests;
