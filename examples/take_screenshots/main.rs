//! The pictures of `examples/screenshots/`, taken anew: a meet of 300 athletes on the day of the run, in a server of its
//! own in a folder that is thrown away, looked at with Chromium.
//!
//! ```text
//! cargo run --example take_screenshots                    # into examples/screenshots/
//! cargo run --example take_screenshots -- some/folder
//! ```
//!
//! Names, entries and marks are the same every time. What changes from run to run is what the clock and the computer
//! say: the day, the hours around now, the room on the disk, the curves of the last minutes. Chromium is looked for in
//! `PATH`, or named by the variable `CHROME`. It takes about two minutes, as the curves need something to show.

use std::path::{Path, PathBuf};

mod browser;
mod entries;
mod events;
mod files;
mod meet;
mod palette;
mod people;
mod pictures;
mod server;

use browser::Window;
use server::Server;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Some(chromium) = browser::chromium() else {
        eprintln!("Chromium is not installed, so there are no pictures. Install it, or set CHROME to its path.");
        std::process::exit(1);
    };
    let named = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/screenshots"));
    std::fs::create_dir_all(&folder)?;

    let server = Server::start().await?;
    let meet = meet::fill(&server).await?;
    println!("a meet with {} athletes and {} entries is on", meet.athletes, meet.entries);
    let window = Window::open(&chromium, server.base()).await?;
    let taken = pictures::take(&window, &server, &meet, &folder).await;
    window.close().await?;
    server.stop().await?;
    taken
}
