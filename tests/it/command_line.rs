//! The program on the command line: what it says, where, and with which exit code.

use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Athsys, data, folder, people};

const PASSWORD: &[u8] = b"three unrelated words\n";

fn sample(name: &str) -> String {
    data(name).display().to_string()
}

/// A file that `init` has made, and its folder.
fn ready() -> (tempfile::TempDir, Athsys) {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init"]).is(0);
    (folder, athsys)
}

fn count(db: &Path, table: &str) -> i64 {
    let conn = rusqlite::Connection::open(db).unwrap();
    conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn init_creates_a_file_and_demo_fills_only_an_empty_one() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let first = athsys.run(&["init"]);
    assert!(first.is(0).err.contains("meet.db was created.") && first.out.is_empty(), "{first:?}");
    let again = athsys.run(&["init", "--demo", "--json"]);
    assert_eq!(again.is(0).json()["created"], false);
    assert_eq!(again.json()["demo_data"], true);
    for (table, rows) in
        [("users", 7), ("athletes", 5), ("races", 3), ("events", 9), ("registrations", 6), ("results", 3)]
    {
        assert_eq!(count(&athsys.db, table), rows, "{table}");
    }
    let twice = athsys.run(&["init", "--demo"]);
    assert!(twice.is(0).err.contains("no demo data was loaded"), "{twice:?}");
    assert_eq!(count(&athsys.db, "users"), 7);
    athsys.run(&["check"]).is(0);
}

#[test]
fn accounts_are_added_listed_and_disabled() {
    let (_folder, athsys) = ready();
    let add = ["user", "add", "--admin", "--email", "amina@example.org", "--name", "Amina", "--password-stdin"];
    let added = athsys.run_with(&add, PASSWORD);
    assert!(added.is(0).err.contains("Amina (amina@example.org) can sign in as admin."), "{added:?}");
    athsys.run_with(&add, PASSWORD).refused(1, "There is already a user with the email amina@example.org");
    let role =
        ["user", "add", "--role", "chief-registrar", "--email", "c@example.org", "--name", "C", "--password-stdin"];
    athsys.run_with(&role, PASSWORD).is(0);
    let short = ["user", "add", "--email", "s@example.org", "--name", "S", "--password-stdin"];
    athsys.run_with(&short, b"short\n").refused(1, "8");
    let list = athsys.run(&["user", "list", "--json"]).is(0).json();
    let roles: Vec<&Value> = list.as_array().unwrap().iter().map(|user| &user["role"]).collect();
    assert_eq!(roles, ["admin", "chief_registrar"]);
    assert!(!list.to_string().contains("argon2"));
    let plain = athsys.run(&["user", "list"]);
    assert_eq!(plain.is(0).out.lines().count(), 2, "data goes to standard output: {plain:?}");
    athsys.run_with(&["user", "passwd", "--email", "c@example.org", "--password-stdin"], b"another good one\n").is(0);
    athsys.run(&["user", "disable", "--email", "c@example.org"]).is(0);
    athsys.run(&["user", "disable", "--email", "amina@example.org"]).refused(1, "last active administrator");
    athsys.run(&["user", "passwd", "--email", "x@example.org", "--password-stdin"]).refused(1, "There is no user");
    assert_eq!(athsys.run(&["user", "add", "--role", "king", "--email", "k@example.org", "--name", "K"]).code, Some(2));
    let missing = Athsys::on(&athsys.db.with_file_name("mistyped.db"));
    missing
        .run(&["user", "passwd", "--email", "c@example.org", "--password-stdin"])
        .refused(1, "there is no such file");
    assert!(!missing.db.exists(), "a mistyped name makes no file");
}

#[test]
fn imports_tell_by_their_exit_code_whether_rows_were_refused() {
    let (_folder, athsys) = ready();
    let good = athsys.run(&["import", "athletes", &sample("athletes/athletes-200.csv"), "--json"]);
    let report = good.is(0).json();
    assert_eq!((&report["imported"], &report["status"], &good.err), (&json!(200), &json!("success"), &String::new()));
    let bad = athsys.run(&["import", "athletes", &sample("athletes/dirty-missing-names.csv")]);
    assert!(bad.is(3).err.contains("⚠️ 7 athletes imported, 3 refused") && bad.out.is_empty(), "{bad:?}");
    assert!(bad.err.contains("  Row 4: Name required"), "{bad:?}");
    let dry = athsys.run_with(&["import", "athletes", "-", "--dry-run"], b"name,country\nJane,KEN\n");
    assert!(dry.is(0).err.contains("1 athletes would be imported"), "{dry:?}");
    let races = athsys.run(&["import", "races", &sample("json/races.json"), "--json"]);
    assert_eq!(races.is(0).json()["imported"], 6);
    let bulk = athsys.run(&["import", "bulk", &sample("json/bulk.json"), "--on-duplicate", "update", "--json"]);
    assert_eq!(bulk.is(0).json()["results"]["results"]["success"], 3);
    let told = [
        "import",
        "athletes",
        "-",
        "--delimiter",
        "semicolon",
        "--mapping",
        "{\"Wer\": \"name\"}",
        "--encoding",
        "utf-8",
    ];
    athsys.run_with(&told, "Wer;country\nJosé;ESP\n".as_bytes()).is(0);
    athsys.run_with(&["import", "athletes", "-"], b"").refused(1, "The file is empty.");
    athsys.run(&["import", "athletes", "no-such.csv"]).refused(1, "Cannot read no-such.csv");
    athsys.run(&["import", "bulk", &sample("athletes/athletes-200.csv")]).refused(2, "bulk is imported from JSON");
    athsys.run(&["import", "athletes", "list.pdf"]).refused(2, "The ending .pdf is not known");
    athsys.run(&["import", "athletes", "-", "--mapping", "{"]).refused(2, "--mapping cannot be read");
    assert_eq!(athsys.run(&["import", "athletes", "-", "--mode", "all"]).code, Some(2));
    assert_eq!(athsys.run(&["frobnicate"]).code, Some(2));
    athsys.run(&["check"]).is(0);
}

#[test]
fn check_says_what_holds_and_what_does_not() {
    let (folder, athsys) = ready();
    let good = athsys.run(&["check", "--json"]);
    assert_eq!((&good.is(0).json()["ok"], good.json()["checks"].as_array().unwrap().len() >= 4), (&json!(true), true));
    let plain = athsys.run(&["check"]);
    assert!(plain.is(0).err.contains("ok   audit chain: ") && plain.out.is_empty(), "{plain:?}");
    let copy = folder.path().join("copy.db");
    std::fs::copy(&athsys.db, &copy).unwrap();
    let conn = rusqlite::Connection::open(&copy).unwrap();
    conn.execute_batch("UPDATE meta SET value = '7' WHERE key = 'audit_count'; DROP TABLE results").unwrap();
    drop(conn);
    let bad = athsys.run(&["check", copy.to_str().unwrap(), "--json"]);
    let failed: Vec<Value> = bad.is(1).json()["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["ok"] == false)
        .map(|check| check["name"].clone())
        .collect();
    assert_eq!(failed, ["schema", "invariants", "audit chain", "seal"], "{bad:?}");
    athsys.run(&["check", "nowhere.db"]).refused(1, "there is no such file");
}

#[test]
fn files_that_are_none_of_ours_are_left_untouched() {
    let folder = folder();
    let letter = Athsys::on(&folder.path().join("letter.db"));
    let text = "Dear club, this is a letter and no database at all.".repeat(50);
    std::fs::write(&letter.db, &text).unwrap();
    let other = Athsys::on(&folder.path().join("other.db"));
    rusqlite::Connection::open(&other.db).unwrap().execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    for athsys in [&letter, &other] {
        let before = std::fs::read(&athsys.db).unwrap();
        for command in [&["serve"][..], &["init"], &["check"], &["export", "all"], &["import", "athletes", "-"]] {
            athsys.run_with(command, b"name,country\nJane,KEN\n").refused(1, "is not an athsys database");
        }
        assert_eq!(std::fs::read(&athsys.db).unwrap(), before);
    }
}

#[test]
fn a_file_of_a_newer_version_is_refused() {
    let (_folder, athsys) = ready();
    rusqlite::Connection::open(&athsys.db).unwrap().execute_batch("PRAGMA user_version = 999").unwrap();
    for command in ["serve", "init", "check"] {
        athsys.run(&[command]).refused(1, "written by a newer athsys (schema 999");
    }
}

#[test]
fn places_where_nothing_can_be_written_are_named() {
    let folder = folder();
    let inside = Athsys::on(&folder.path().join("missing/meet.db"));
    // The folder is missing, so the program starts beside it.
    let missing = Athsys::on(&folder.path().join("x.db"));
    missing.run(&["--db", inside.db.to_str().unwrap(), "init"]).refused(1, "does not exist");
    let taken = Athsys::on(&folder.path().join("folder.db"));
    std::fs::create_dir(&taken.db).unwrap();
    taken.run(&["init"]).refused(1, "folder.db");
    taken.run(&["serve"]).refused(1, "folder.db");
    // A folder where the lock should be stops also those who may write everywhere.
    let locked = Athsys::on(&folder.path().join("meet.db"));
    std::fs::create_dir(folder.path().join("meet.db.lock")).unwrap();
    locked.run(&["serve"]).refused(1, "meet.db");
    assert!(!locked.db.exists());
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let (_folder, athsys) = ready();
    athsys.run_with(&["import", "athletes", "-"], people(1, 20_000).as_bytes()).is(0);
    for command in [&["export", "athletes"][..], &["export", "all"], &["openapi"]] {
        let mut child =
            athsys.command(command).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            (output.status.code(), said.contains("athsys:"), said.contains("panic")),
            (Some(0), false, false),
            "{said}"
        );
    }
    // Nobody listens to what is said either.
    let mut child = athsys.command(&["init"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn openapi_is_one_json_document() {
    let folder = folder();
    let ran = Athsys::on(&folder.path().join("meet.db")).run(&["openapi"]);
    assert_eq!(ran.is(0).json()["openapi"].as_str().unwrap().split('.').next(), Some("3"));
    assert!(ran.json()["paths"]["/api/admin/import/athletes-csv"]["post"].is_object() && ran.err.is_empty());
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "it touches no file");
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    for command in
        [&[][..], &["serve"], &["init"], &["import"], &["export"], &["check"], &["user"], &["rotate-key"], &["openapi"]]
    {
        let help = athsys.run(&[command, &["--help"]].concat());
        assert!(help.is(0).out.contains("Example: athsys "), "{command:?}: {}", help.out);
    }
    assert!(athsys.run(&["--version"]).is(0).out.starts_with("athsys "));
}

#[test]
fn a_taken_port_is_an_error_only_when_it_was_asked_for() {
    let (_folder, athsys) = ready();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    athsys.run(&["serve", "--listen", &address]).refused(1, "Choose another address with --listen.");
    // Whoever has the usual port already makes the point as well.
    let _usual = TcpListener::bind("0.0.0.0:5000");
    let served = athsys.serve_as(&["serve"]);
    assert!((5001..=5020).contains(&served.address.port()), "{}", served.said);
    let said = format!("Port 5000 is taken by another program; using port {}.", served.address.port());
    assert!(served.said.contains(&said), "{}", served.said);
}
