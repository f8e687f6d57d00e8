//! `athsys serve`: opens the database, finds its port, says where it can be reached, runs until it is told to stop.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::net::TcpListener;

use super::signals::Signals;
use super::{Failure, Outcome, args, desktop, found, is_bare, open_preferring, say};
use crate::config::{ConfigFile, DEFAULT_LISTEN};
use crate::db::Files;
use crate::state::App;
use crate::sync::Target;
use crate::{app, crash, demo, logs, running};

/// Ports tried behind the usual one when it is taken.
const NEXT_PORTS: u16 = 20;

pub fn serve(files: &Files, file: ConfigFile, options: args::Serve) -> Outcome {
    let opens = is_bare() && !options.no_open && desktop::is_there();
    if opens
        && files.is_locked()
        && let Some(other) = running::wait_for(files)
    {
        say(format_args!("athsys is running already, at {}/; your browser shows it.", other.base));
        desktop::show(&other.page);
        return Ok(ExitCode::SUCCESS);
    }
    let asked = options.listen.or(file.listen);
    let sync = file.sync_options(options.sync.options());
    let origin = file.tls_origin(options.tls.options(), files.certificate_file());
    let origin = origin.map_err(|reason| Failure::usage(format!("{reason}.")))?;
    let mut config = file.into_config(options.host_name, options.cors_origin);
    config.backups.folder = options.backups.backup_dir.or(config.backups.folder);
    config.backups.copy = options.backup_copy.or(config.backups.copy);
    if !sync.url.is_empty() {
        config.sync_to = Some(Target::read(&sync).map_err(|reason| Failure::usage(format!("--sync-to: {reason}.")))?);
    }
    config.certificates = origin.map(|origin| found::certificates(origin, &config.host_names)).transpose()?;
    let instead = "Stop that one first, or choose another file with --db.";
    let db = open_preferring(files, options.prefer.into(), instead)?;
    keep_a_log(files);
    crash::report_beside(files);
    tell_of_crashes(files);
    let _awake = if desktop::is_there() { desktop::stay_awake() } else { None };
    if options.demo && !demo::load(&db)? {
        tracing::debug!("the database is not empty, so no demo data was loaded");
    }
    let app = App::new(db, config).map_err(|error| {
        Failure::new(format!("The key file {} cannot be used: {error}.", files.key_file().display()))
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_keep_alive(std::time::Duration::from_secs(5)) // threads that waited for the disk give their memory back
        .build()?;
    runtime.block_on(run(app, asked, &Manner { opens, on_leash: options.on_leash }))
}

/// The log on the disk; a server without one serves as well.
fn keep_a_log(files: &Files) {
    let path = files.log_file();
    let folder = path.parent().unwrap_or(files.folder());
    if let Err(error) = files.make_private_folder(folder).and_then(|()| logs::keep_in(&path)) {
        tracing::warn!("the log is not kept on the disk: {error}");
    }
}

fn tell_of_crashes(files: &Files) {
    let names = crash::names(files);
    if let Some(newest) = names.first() {
        let (count, folder) = (names.len(), files.folder().display());
        say(format_args!(
            "Crash reports in {folder}: {count}, the newest {newest}. The support bundle, under Health, holds them; delete \
             them once it is sent."
        ));
    }
}

/// By whom this server was started.
struct Manner {
    /// By a person at a desktop, who wants to see it.
    opens: bool,
    /// By another server, with which it ends.
    on_leash: bool,
}

async fn run(app: App, asked: Option<SocketAddr>, manner: &Manner) -> Outcome {
    let signal = stop_signal()?; // before anybody is told that we are here
    let listener = listen(asked).await?;
    let address = listener.local_addr()?;
    app.venue().settle(address);
    announce(&app, address).await?;
    welcome(&app, address, manner).await;
    let on_leash = manner.on_leash;
    let (db, was_lost) = (app.db().clone(), Arc::new(AtomicBool::new(false)));
    let noted = was_lost.clone();
    let stop = async move {
        tokio::select! {
            () = signal => {}
            () = let_go(), if on_leash => {}
            () = db.lost() => noted.store(true, Relaxed),
        }
    };
    app::serve(app, listener, stop).await;
    if was_lost.load(Relaxed) {
        return Err(Failure::new(
            "The database can no longer be read or written; the log says why. What was answered as saved is on the \
             disk. Check the disk, then start again.",
        ));
    }
    tracing::info!("stopped; everything is saved");
    Ok(ExitCode::SUCCESS)
}

/// An address that was asked for and is taken is an error; instead of the usual one the next free one is used.
async fn listen(asked: Option<SocketAddr>) -> Result<TcpListener, Failure> {
    if let Some(address) = asked {
        return TcpListener::bind(address).await.map_err(|error| {
            Failure::new(format!("Cannot listen on {address}: {error}. Choose another address with --listen."))
        });
    }
    for port in DEFAULT_LISTEN.port()..=DEFAULT_LISTEN.port() + NEXT_PORTS {
        let address = SocketAddr::new(DEFAULT_LISTEN.ip(), port);
        if let Ok(listener) = TcpListener::bind(address).await {
            if port != DEFAULT_LISTEN.port() {
                say(format_args!("Port {} is taken by another program; using port {port}.", DEFAULT_LISTEN.port()));
            }
            return Ok(listener);
        }
    }
    let (first, last) = (DEFAULT_LISTEN.port(), DEFAULT_LISTEN.port() + NEXT_PORTS);
    Err(Failure::new(format!("The ports {first} to {last} are all taken. Choose an address with --listen.")))
}

async fn announce(app: &App, address: SocketAddr) -> Result<(), Failure> {
    let base = format!("http://{}", reachable(address));
    say(format_args!("athsys {} serves {}", crate::VERSION, app.db().files().database().display()));
    say(format_args!("Open {base}/"));
    found::say_where(app.venue());
    let needs_setup = app.needs_setup().await.map_err(|error| Failure::new(error.to_string()))?;
    if needs_setup {
        say(format_args!("No administrator yet. Set up the first one here: {base}/setup?token={}", app.setup_token()));
    }
    // One line for programs that started us on port 0.
    tracing::info!(address = %address, "listening");
    Ok(())
}

/// Lets a second start find this one, and shows the person who has started it where to begin.
async fn welcome(app: &App, address: SocketAddr, manner: &Manner) {
    let (base, token) = (format!("http://{}", reachable(address)), app.setup_token());
    if let Err(error) = running::leave_address(app.db().files(), &base, token) {
        tracing::warn!("a second start will not find this one: {error}");
    }
    if let (false, Ok(program)) = (manner.on_leash, std::env::current_exe()) {
        app.demo().allow(program, address.ip(), &app.config().host_names);
    }
    if manner.opens {
        // Whether there is an administrator was just read; where it cannot be, the page itself asks.
        let needs_setup = app.needs_setup().await.unwrap_or(false);
        desktop::show(&running::first_page(&base, needs_setup.then_some(token)));
    }
}

/// Ends when standard input does, which is when the server that started this one is gone.
async fn let_go() {
    let (held, gone) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _held = held;
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink())
    });
    let _ = gone.await;
}

/// An address that a browser on this computer can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(IpAddr::from([127, 0, 0, 1]), address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(IpAddr::from([127, 0, 0, 1]), address.port()),
        _ => address,
    }
}

/// Ends when the process is asked to. A second signal ends it at once.
pub(super) fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let mut signals = Signals::new()?;
    Ok(async move {
        signals.next().await;
        say(format_args!("Stopping: finishing what runs."));
        tokio::spawn(async move {
            signals.next().await;
            // What was answered is on the disk already; nothing is lost by not waiting.
            std::process::exit(1);
        });
    })
}
