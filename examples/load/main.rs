//! A meet at its busiest under attack: 500 spectators read and follow the news, 30 officials save results, 200 attackers
//! guess passwords, open silent connections, send half heads and oversized bodies. All on this machine, in a folder that
//! is gone afterwards.
//!
//! ```text
//! cargo build --release
//! cargo run --release --example load                   # five minutes
//! cargo run --release --example load -- --seconds 20   # also --spectators, --officials, --attackers
//! ```
//!
//! It ends with 1 when a read took 200 ms or a save 500 ms at the 99th percentile, or anything failed. The clients take
//! their part of the processor: what is measured is the server beside them.

mod attackers;
mod figures;
mod meet;
mod officials;
mod server;
mod spectators;

use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use tokio::sync::watch;
use tokio::task::JoinSet;

use figures::Figures;
use server::Server;

/// What a read and a save may take at the 99th percentile.
const READ_MS: f64 = 200.0;
const SAVE_MS: f64 = 500.0;

#[derive(Debug, Clone, Copy, clap::Parser)]
struct Options {
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    #[arg(long, default_value_t = 500)]
    spectators: usize,
    #[arg(long, default_value_t = 30)]
    officials: usize,
    #[arg(long, default_value_t = 200)]
    attackers: usize,
}

/// What everybody who takes part needs.
#[derive(Clone)]
struct Stage {
    address: std::net::SocketAddr,
    figures: Arc<Figures>,
    /// True once it is over.
    over: watch::Receiver<bool>,
}

impl Stage {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn is_over(&self) -> bool {
        *self.over.borrow()
    }

    /// Waits, or until it is over.
    async fn rest(&self, time: Duration) {
        let mut over = self.over.clone();
        let _ = tokio::time::timeout(time, over.wait_for(|over| *over)).await;
    }
}

/// Linux lets every address of 127/8 be the sender's, so that each device has one of its own.
fn device(network: u8, number: usize) -> Option<IpAddr> {
    let [high, low] = u16::try_from(number + 1).unwrap_or(1).to_be_bytes();
    cfg!(target_os = "linux").then_some(Ipv4Addr::new(127, network, high, low).into())
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("meet.db");
    meet::make(&file, options.officials)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = Server::start(&file).await?;
        let figures = run(&server, options).await?;
        println!();
        let held = figures.print();
        println!("(loopback is exempt from the limits of requests; delays after wrong passwords hold for it too)");
        Ok(if held { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}

async fn run(server: &Server, options: Options) -> anyhow::Result<Arc<Figures>> {
    let figures = Arc::new(Figures::default());
    let (end, over) = watch::channel(false);
    let stage = Stage { address: server.address, figures: figures.clone(), over };
    let officials = officials::sign_in(&stage, options.officials).await?;
    let before = meet::results(&officials[0]).await?;

    let mut everybody = JoinSet::new();
    // The crowd comes in a tenth of the time.
    let arriving = Duration::from_secs(options.seconds) / 10;
    for number in 0..options.spectators {
        let late = arriving.mul_f64(number as f64 / options.spectators as f64);
        everybody.spawn(spectators::watch(stage.clone(), number, late));
    }
    for official in officials.iter().cloned() {
        everybody.spawn(official.work());
    }
    for number in 0..options.attackers {
        everybody.spawn(attackers::attack(stage.clone(), number));
    }
    println!("{:>8} {:>8} {:>10} {:>10} {:>9} {:>9}", "seconds", "MiB", "reads", "saves", "streams", "failures");
    let begun = Instant::now();
    let every = Duration::from_secs((options.seconds / 15).clamp(2, 20));
    while begun.elapsed() < Duration::from_secs(options.seconds) {
        let left = Duration::from_secs(options.seconds).saturating_sub(begun.elapsed());
        tokio::time::sleep(every.min(left)).await;
        figures.sample(begun.elapsed(), server.memory_mib());
    }
    figures.lasted(begun.elapsed());
    end.send(true)?;
    while everybody.join_next().await.is_some() {}
    let (stored, saved) = (meet::results(&officials[0]).await? - before, figures.created());
    if stored != saved {
        figures.failed(format!("{saved} results were answered as saved, and {stored} are stored"));
    }
    Ok(figures)
}
