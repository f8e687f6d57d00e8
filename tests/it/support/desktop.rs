//! A desktop on which a program is started by a double-click, and a browser that only notes what it is to show.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Athsys, folder};

/// Longer than a program takes to start another one.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Desktop {
    folder: TempDir,
}

impl Desktop {
    pub fn new() -> Desktop {
        let folder = folder();
        let opener = folder.path().join("xdg-open");
        // The name comes into being with its content.
        let note =
            format!("#!/bin/sh\necho \"$1\" > {0}/note.part && mv {0}/note.part {0}/shown\n", folder.path().display());
        fs::write(&opener, note).unwrap();
        fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(folder.path().join("meet")).unwrap();
        Desktop { folder }
    }

    /// The program with a database in a fresh folder.
    pub fn athsys(&self) -> Athsys {
        self.remote().env("DISPLAY", ":0").env("SSH_CONNECTION", "").env("SSH_TTY", "")
    }

    /// As [`Desktop::athsys`], where nobody would see a window.
    pub fn remote(&self) -> Athsys {
        let path = format!("{}:{}", self.folder.path().display(), std::env::var("PATH").unwrap_or_default());
        let athsys = Athsys::on(&self.folder.path().join("meet/athsys.db")).env("PATH", path);
        athsys.env("ATHSYS_LISTEN", "127.0.0.1:0").env("DISPLAY", "").env("WAYLAND_DISPLAY", "")
    }

    fn note(&self) -> PathBuf {
        self.folder.path().join("shown")
    }

    /// The address that the browser was to show since the last time.
    pub fn shown(&self) -> String {
        let started = Instant::now();
        while !self.has_shown() {
            assert!(started.elapsed() < PATIENCE, "no browser was opened");
            std::thread::yield_now();
        }
        let address = fs::read_to_string(self.note()).unwrap();
        fs::remove_file(self.note()).unwrap();
        address.trim().to_owned()
    }

    pub fn has_shown(&self) -> bool {
        self.note().exists()
    }
}
