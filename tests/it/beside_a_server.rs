//! Commands on a file that a server has, settings, and what a server says when it starts.

use serde_json::{Value, json};

use crate::support::{Athsys, folder};

#[tokio::test]
async fn commands_that_need_the_file_refuse_and_say_what_to_do_instead() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let served = athsys.serve(&["--demo"]);
    assert!(athsys.db.exists(), "the file is there before the server listens");
    let add = ["user", "add", "--email", "a@example.org", "--name", "A", "--password-stdin"];
    for (command, instead) in [
        (&["init"][..], "exists already"),
        (&["import", "athletes", "-"], "/admin"),
        (&add, "/admin"),
        (&["user", "list"], "/admin"),
        (&["user", "disable", "--email", "viewer@athsys.com"], "/admin"),
        (&["rotate-key"], "Stop it first"),
        (&["serve", "--listen", "127.0.0.1:0"], "--db"),
    ] {
        let ran = athsys.run_with(command, b"name,country\nJane,KEN\n");
        ran.refused(1, "is already in use by another athsys on this computer");
        assert!(ran.err.contains(instead), "{ran:?}");
    }
    let before: Value = athsys.run(&["export", "all"]).is(0).json();
    assert_eq!(before["data"]["athletes"].as_array().unwrap().len(), 5);
    athsys.run(&["check"]).is(0);
    let health = reqwest::get(served.url("/health")).await.unwrap();
    assert_eq!(health.status(), 200);
    served.kill();
    athsys.run(&["check"]).is(0);
    athsys.run_with(&add, b"three unrelated words\n").is(0);
}

/// A file has one server, by whatever name it is called.
#[cfg(unix)]
#[test]
fn a_second_server_is_refused_however_the_file_is_spelled() {
    use std::os::unix::fs::symlink;
    let folder = folder();
    let (hall, shortcuts) = (folder.path().join("hall"), folder.path().join("shortcuts"));
    std::fs::create_dir(&hall).unwrap();
    std::fs::create_dir(&shortcuts).unwrap();
    let athsys = Athsys::on(&hall.join("meet.db"));
    let served = athsys.serve(&[]);
    symlink(&athsys.db, shortcuts.join("to-the-file.db")).unwrap();
    symlink("../hall/meet.db", shortcuts.join("to-the-file-from-here.db")).unwrap();
    symlink(shortcuts.join("to-the-file.db"), shortcuts.join("to-a-link.db")).unwrap();
    symlink(&hall, shortcuts.join("to-the-folder")).unwrap();
    for spelling in [
        shortcuts.join("to-the-file.db"),
        shortcuts.join("to-the-file-from-here.db"),
        shortcuts.join("to-a-link.db"),
        shortcuts.join("to-the-folder/meet.db"),
        hall.join("../shortcuts/../hall/./meet.db"),
        "meet.db".into(),
        "./meet.db".into(),
    ] {
        // Where it is relative, then to the folder the program runs in.
        let ran = athsys.run(&["--db", spelling.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"]);
        ran.refused(1, "is already in use by another athsys on this computer");
        assert!(ran.err.contains("Stop that one first, or choose another file with --db"), "{ran:?}");
    }
    let left = |folder: &std::path::Path| {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".live")).count()
    };
    assert_eq!(
        (left(&hall), left(&shortcuts)),
        (1, 0),
        "the one that runs has a working folder, the refused ones none"
    );
    served.stop();
}

#[tokio::test]
async fn the_first_start_prints_a_link_that_makes_the_first_administrator_once() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let served = athsys.serve(&[]);
    served.kill();
    // The line comes behind the address, so a second server is asked for it when it ends.
    let served = athsys.serve(&[]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let setup = served.url("/api/setup");
    let person = json!({"name": "Amina", "email": "amina@example.org", "password": "three unrelated words"});
    let without = client.post(&setup).json(&person).send().await.unwrap();
    assert!(without.status().is_client_error(), "the token is always needed");
    let said = served.kill();
    let line = said.lines().find(|line| line.contains("/setup?token=")).unwrap_or_else(|| panic!("{said}"));
    assert!(line.starts_with("No administrator yet. Set up the first one here: http://127.0.0.1:"), "{line}");
    let add = ["user", "add", "--admin", "--email", "b@example.org", "--name", "B", "--password-stdin"];
    athsys.run_with(&add, b"three unrelated words\n").is(0);
    let served = athsys.serve(&[]);
    assert_eq!(client.get(served.url("/livez")).send().await.unwrap().status(), 200);
    let gone = client.post(served.url("/api/setup")).json(&person).send().await.unwrap();
    assert_eq!(gone.status(), 404);
    let said = served.kill();
    assert!(!said.contains("/setup?token="), "there is an administrator: {said}");
}

#[tokio::test]
async fn flags_win_over_the_environment_and_that_over_the_file() {
    let folder = folder();
    let config = folder.path().join("athsys.toml");
    std::fs::write(&config, "listen = \"127.0.0.3:0\"\nmax_json_mib = 1\nhost_names = [\"track.local\"]\n").unwrap();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let served = athsys.serve_as(&["serve"]);
    assert_eq!(served.address.ip().to_string(), "127.0.0.3", "the file is read: {}", served.said);
    served.kill();
    let athsys = athsys.env("ATHSYS_LISTEN", "127.0.0.2:0").env("ATHSYS_DEMO", "true");
    let served = athsys.serve_as(&["serve"]);
    assert_eq!(served.address.ip().to_string(), "127.0.0.2", "{}", served.said);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let login = json!({"email": "admin@athsys.com", "password": "Admin@123"});
    let login = client.post(served.url("/api/auth/login")).json(&login).send().await.unwrap();
    assert_eq!(login.status(), 200, "demo data by the environment");
    let token: Value = serde_json::from_str(&login.text().await.unwrap()).unwrap();
    let large = json!([{"name": "x".repeat(1_100_000)}]);
    let import = client.post(served.url("/api/admin/import/races-json")).bearer_auth(token["token"].as_str().unwrap());
    assert_eq!(import.json(&large).send().await.unwrap().status(), 413, "the limit of the file");
    for (host, status) in [("track.local", 200), ("meet.local", 421)] {
        let answer = client.get(served.url("/livez")).header("host", host).send().await.unwrap();
        assert_eq!(answer.status(), status, "{host}");
    }
    served.kill();
    let served = athsys.serve(&[]);
    assert_eq!(served.address.ip().to_string(), "127.0.0.1", "the flag: {}", served.said);
    served.kill();
    let other = folder.path().join("by-flag.db");
    athsys.run(&["--db", other.to_str().unwrap(), "init"]).is(0);
    assert!(other.exists(), "--db wins over ATHSYS_DB");
    std::fs::write(&config, "listen = 5\nhots = 1\n").unwrap();
    athsys.run(&["init"]).is(1);
    std::fs::write(&config, "hots = 1\n").unwrap();
    let wrong = athsys.run(&["init"]);
    assert!(wrong.is(1).err.contains("athsys.toml has a mistake") && wrong.err.contains("hots"), "{wrong:?}");
    std::fs::remove_file(&config).unwrap();
    athsys.env("ATHSYS_LOG", "no such=filter=").run(&["init"]).is(2);
}
