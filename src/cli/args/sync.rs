//! What can be said of the copy in PostgreSQL.

use std::path::PathBuf;

use clap::Args;

use crate::sync::Options;

/// Of `serve`.
#[derive(Debug, Default, Args)]
pub struct SyncFlags {
    /// Keep a copy of everything in this PostgreSQL, a moment behind
    #[arg(long, env = "ATHSYS_SYNC_TO", value_name = "URL", hide_env_values = true)]
    pub sync_to: Option<String>,
    /// Its schema there, instead of athsys
    #[arg(long, env = "ATHSYS_SYNC_SCHEMA", value_name = "NAME")]
    pub sync_schema: Option<String>,
    /// A file of mode 0600 with its password, instead of in the URL or PGPASSWORD
    #[arg(long, env = "ATHSYS_SYNC_PASSWORD_FILE", value_name = "FILE")]
    pub sync_password_file: Option<PathBuf>,
    /// Certificates to trust, instead of those of the system
    #[arg(long, env = "ATHSYS_SYNC_CA", value_name = "FILE")]
    pub sync_ca: Option<PathBuf>,
    /// Send contacts, dates of birth and the contents of the audit log too
    #[arg(long, env = "ATHSYS_SYNC_PERSONAL_DATA")]
    pub sync_personal_data: bool,
}

impl SyncFlags {
    /// What they say; none where nothing is said.
    pub fn options(&self) -> Options {
        Options {
            url: self.sync_to.clone().unwrap_or_default(),
            schema: self.sync_schema.clone(),
            password_file: self.sync_password_file.clone(),
            ca_file: self.sync_ca.clone(),
            personal_data: self.sync_personal_data,
        }
    }
}

#[derive(Debug, Args)]
pub struct Sync {
    /// postgres://user:password@host:port/database
    #[arg(long, env = "ATHSYS_SYNC_TO", value_name = "URL", hide_env_values = true)]
    pub to: Option<String>,
    /// The schema there, instead of athsys
    #[arg(long, env = "ATHSYS_SYNC_SCHEMA", value_name = "NAME")]
    pub schema: Option<String>,
    /// A file of mode 0600 with the password, instead of in the URL or PGPASSWORD
    #[arg(long, env = "ATHSYS_SYNC_PASSWORD_FILE", value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Certificates to trust, instead of those of the system
    #[arg(long, env = "ATHSYS_SYNC_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Send contacts, dates of birth and the contents of the audit log too
    #[arg(long, env = "ATHSYS_SYNC_PERSONAL_DATA")]
    pub personal_data: bool,
    /// Go on until stopped, through every outage
    #[arg(long, conflicts_with_all = ["dry_run", "verify"])]
    pub watch: bool,
    /// Then compare both sides row by row; exit code 1 when they differ
    #[arg(long)]
    pub verify: bool,
    /// Say what would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Send everything, whatever is there already
    #[arg(long)]
    pub full: bool,
    /// Send although another computer does
    #[arg(long)]
    pub take_over: bool,
    /// What was done, as JSON on stdout
    #[arg(long)]
    pub json: bool,
}

impl Sync {
    /// As [`SyncFlags::options`].
    pub fn options(&self) -> Options {
        Options {
            url: self.to.clone().unwrap_or_default(),
            schema: self.schema.clone(),
            password_file: self.password_file.clone(),
            ca_file: self.ca.clone(),
            personal_data: self.personal_data,
        }
    }
}
