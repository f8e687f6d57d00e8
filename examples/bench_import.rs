//! How fast and how lean imports and exports are, measured beside the least that could do the same.
//!
//! ```text
//! cargo run --release --example bench_import            # 1,000, 10,000 and 100,000 athletes
//! cargo run --release --example bench_import -- 1000000
//! ```
//!
//! The least for an import is a loop of `csv` and `rusqlite` that inserts the same rows into the same tables with the
//! same indexes, page cache and durability in one transaction; for an export, a loop that writes the same columns.
//! The server runs in a process of its own, so that its memory can be read from the outside.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use athsys::app;
use athsys::auth::password::hash_now;
use athsys::auth::policy::Role;
use athsys::config::Config;
use athsys::db::{Access, Db, DbError, Files};
use athsys::http::limits::RateLimits;
use athsys::records::{RecordError, insert_sql};
use athsys::rules::text::fold;
use athsys::state::App;
use athsys::users::{NewPassword, User, insert_with_password};
use rusqlite::{Connection, params};

const ROUNDS: usize = 5;
const PASSWORD: &str = "a long bench password";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, path] = arguments.as_slice()
        && role == "serve"
    {
        return serve(Path::new(path));
    }
    let sizes: Vec<usize> = arguments.iter().filter_map(|size| size.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![1_000, 10_000, 100_000] } else { sizes };
    println!("medians of {ROUNDS} turns; the server's memory is what it needs beyond idle");
    println!("{:28} {:>10} {:>10} {:>7} {:>10}", "", "athsys", "least", "ratio", "memory");
    for rows in sizes {
        measure(rows)?;
    }
    Ok(())
}

/// The server process: a database with one administrator, and its address on the first line.
fn serve(path: &Path) -> anyhow::Result<()> {
    let db = Db::open(Files::of(path), Access::Own)?;
    let hash = NewPassword(hash_now(PASSWORD)?);
    db.write_blocking(move |tx| {
        let mut admin = User::new("Bench", "bench@example.org", Role::Admin);
        insert_with_password(tx, &athsys::audit::Actor::console(), &mut admin, Some(&hash))?;
        Ok::<_, RecordError>(())
    })?;
    let rates = RateLimits { imports_per_hour: 0, ..RateLimits::default() };
    let app = App::new(db, Config { rates, ..Config::default() })?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        app::serve(app, listener, std::future::pending()).await;
        Ok(())
    })
}

/// A running server process; ended with the value.
struct Server {
    child: Child,
    base: String,
    token: String,
    client: reqwest::Client,
}

impl Server {
    async fn start(path: &Path) -> anyhow::Result<Server> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut address = String::new();
        let out = child.stdout.take().ok_or_else(|| anyhow::anyhow!("no output"))?;
        BufReader::new(out).read_line(&mut address)?;
        let base = format!("http://{}", address.trim());
        let client = reqwest::Client::new();
        let body = serde_json::json!({"email": "bench@example.org", "password": PASSWORD}).to_string();
        let answer =
            client.post(format!("{base}/api/auth/login")).header("content-type", "application/json").body(body);
        let text = answer.send().await?.error_for_status()?.text().await?;
        let answer: serde_json::Value = serde_json::from_str(&text)?;
        let token = answer["token"].as_str().unwrap_or_default().to_owned();
        Ok(Server { child, base, token, client })
    }

    /// Seconds an import takes, from the first byte sent to the answer.
    async fn import(&self, file: &[u8]) -> anyhow::Result<f64> {
        let request = self.client.post(format!("{}/api/admin/import/athletes-csv", self.base));
        let request = request.bearer_auth(&self.token).header("content-type", "text/csv").body(file.to_vec());
        let started = Instant::now();
        let answer = request.send().await?;
        let seconds = started.elapsed().as_secs_f64();
        anyhow::ensure!(answer.status() == 201, "not imported: {}", answer.text().await?);
        Ok(seconds)
    }

    /// Seconds an export takes to its last byte.
    async fn export(&self) -> anyhow::Result<f64> {
        let started = Instant::now();
        let request = self.client.get(format!("{}/api/admin/export/athletes-csv", self.base)).bearer_auth(&self.token);
        let mut answer = request.send().await?.error_for_status()?;
        while answer.chunk().await?.is_some() {}
        Ok(started.elapsed().as_secs_f64())
    }

    /// `VmRSS` or `VmHWM` in MiB; nothing where there is no /proc.
    fn memory(&self, name: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    }

    fn reset_peak(&self) {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::main]
async fn measure(rows: usize) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = athletes(rows);
    let (mut ours, mut least) = (Vec::new(), Vec::new());
    let (mut ours_out, mut least_out) = (Vec::new(), Vec::new());
    let (mut memory_in, mut memory_out) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let path = folder.path().join(format!("ours-{round}.db"));
        let server = Server::start(&path).await?;
        let idle = server.memory("VmRSS");
        server.reset_peak();
        ours.push(server.import(&file).await?);
        memory_in.extend(over(server.memory("VmHWM"), idle));
        let idle = server.memory("VmRSS");
        server.reset_peak();
        ours_out.push(server.export().await?);
        memory_out.extend(over(server.memory("VmHWM"), idle));
        drop(server);

        let path = folder.path().join(format!("least-{round}.db"));
        least.push(least_import(&path, &file)?);
        least_out.push(least_export(&path, &folder.path().join("least.csv"))?);
    }
    line(&format!("import of {rows}"), &mut ours, &mut least, &mut memory_in);
    line(&format!("export of {rows}"), &mut ours_out, &mut least_out, &mut memory_out);
    Ok(())
}

fn over(peak: Option<f64>, idle: Option<f64>) -> Option<f64> {
    Some(peak? - idle?)
}

fn line(name: &str, ours: &mut [f64], least: &mut [f64], memory: &mut [f64]) {
    let (ours, least) = (median(ours) * 1000.0, median(least) * 1000.0);
    let memory = if memory.is_empty() { "-".to_owned() } else { format!("{:.1} MiB", median(memory)) };
    println!("{name:28} {ours:8.0}ms {least:8.0}ms {:7.2} {memory:>10}", ours / least);
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The same schema and settings as the server's writer, and nothing else.
fn least_import(path: &Path, file: &[u8]) -> anyhow::Result<f64> {
    drop(Db::open(Files::of(path), Access::Own)?);
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -((file.len() as i64 / 1024 * 8 / 5).clamp(4_000, 65_536)))?;
    let started = Instant::now();
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let sql = insert_sql::<athsys::athletes::Athlete>();
    let mut insert = conn.prepare(&sql)?;
    let mut reader = csv::Reader::from_reader(file);
    let now = athsys::time::now_ms();
    let mut record = csv::StringRecord::new();
    let given = |text: &str| if text.is_empty() { None } else { Some(text.to_owned()) };
    while reader.read_record(&mut record)? {
        let bib = given(&record[7]).map(|bib| format!("{}{bib}", char::from(b'a' + bib.len() as u8)));
        insert.execute(params![
            None::<i64>,
            &record[0],
            &record[1],
            given(&record[8]),
            None::<i64>,
            given(&record[2]),
            given(&record[3]),
            given(&record[4]),
            given(&record[5]),
            given(&record[6]),
            given(&record[7]),
            None::<String>,
            None::<i64>,
            now,
            now,
            fold(&record[0]),
            bib,
        ])?;
    }
    conn.execute_batch("COMMIT")?;
    Ok(started.elapsed().as_secs_f64())
}

fn least_export(path: &Path, target: &PathBuf) -> anyhow::Result<f64> {
    let conn = Connection::open(path)?;
    let started = Instant::now();
    let mut out = csv::Writer::from_writer(BufWriter::new(std::fs::File::create(target)?));
    let mut statement = conn.prepare(
        "SELECT id, name, country, gender, email, phone, club_team, coach, bib_number, date_of_birth FROM athletes ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next().map_err(DbError::from)? {
        out.write_field(row.get::<_, i64>(0)?.to_string())?;
        for column in 1..10 {
            out.write_field(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default())?;
        }
        out.write_record(None::<&[u8]>)?;
    }
    out.flush()?;
    Ok(started.elapsed().as_secs_f64())
}

/// Clean rows as clubs send them: names of several scripts, quoted cells, unique bibs in no order.
fn athletes(rows: usize) -> Vec<u8> {
    const GIVEN: [&str; 16] = [
        "Eliud",
        "Faith",
        "José",
        "Chloé",
        "Søren",
        "Åse",
        "Jürgen",
        "Łukasz",
        "Żaneta",
        "João",
        "Guðrún",
        "Wēi",
        "Ольга",
        "Γιώργος",
        "Tigist",
        "Haile",
    ];
    const FAMILY: [&str; 16] = [
        "Kipchoge",
        "Obiri",
        "Bol",
        "Duplantis",
        "O'Brien",
        "Müller",
        "Weiß",
        "Peña",
        "Gonçalves",
        "Øberg",
        "Mäkelä",
        "Wójcik",
        "Dvořák",
        "Yılmaz",
        "Шевченко",
        "Gebrselassie",
    ];
    const COUNTRIES: [&str; 8] = ["KEN", "ETH", "USA", "GBR", "GER", "FRA", "JPN", "BRA"];
    let mut file = BufWriter::new(Vec::with_capacity(rows * 110));
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let _ = writeln!(file, "name,country,gender,email,phone,club,coach,bib_number,date_of_birth");
    // A step that shares no factor with the number of rows visits each bib once.
    let step = (rows / 3..).find(|step| gcd(*step, rows) == 1).unwrap_or(1);
    for n in 0..rows {
        let name = format!("{} {} {}", GIVEN[random(16)], FAMILY[random(16)], FAMILY[random(16)]);
        let club = format!("\"Club {}, Track & Field\"", random(300));
        let _ = writeln!(
            file,
            "{name},{},{},a{n}@example.org,+{}{:09},{club},Coach {},{},{}-{:02}-{:02}",
            COUNTRIES[random(8)],
            if random(2) == 0 { "M" } else { "F" },
            20 + random(900),
            random(1_000_000_000),
            random(400),
            n * step % rows + 1,
            1950 + random(65),
            1 + random(12),
            1 + random(28),
        );
    }
    file.into_inner().unwrap_or_default()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
