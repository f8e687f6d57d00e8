//! A server that runs for days: its log on the disk, crash reports, the battery and the sleep of its computer.

use athsys::auth::policy::Role;
use athsys::computer::battery::Battery;
use serde_json::{Value, json};

use crate::support::saving::{plain_client, sign_in, with_an_administrator};
use crate::support::{TestServer, folder};

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_kept_beside_the_database_without_requests_and_secrets() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    let served = athsys.serve(&[]);
    let token = sign_in(&served.url("")).await;
    plain_client().get(served.url("/api/athletes?q=secretword")).bearer_auth(&token).send().await.unwrap();
    served.stop();
    athsys.serve(&[]).stop();
    let log = std::fs::read_to_string(folder.path().join("logs/meet.log")).unwrap();
    assert_eq!(log.matches("listening").count(), 2, "it goes on in the same file: {log}");
    assert!(log.contains("stopped; everything is saved"), "{log}");
    for secret in ["three unrelated words", &token, "secretword", "duration_ms", "\u{1b}["] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    #[cfg(unix)]
    {
        let mode = |name: &str| {
            std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(folder.path().join(name)).unwrap()) & 0o777
        };
        assert_eq!((mode("logs"), mode("logs/meet.log")), (0o700, 0o600));
    }
    // Commands that end keep none.
    std::fs::remove_dir_all(folder.path().join("logs")).unwrap();
    athsys.run(&["check"]).is(0);
    assert!(!folder.path().join("logs").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_report_is_told_at_the_start_and_to_administrators() {
    let folder = folder();
    let athsys = with_an_administrator(&folder);
    assert!(!athsys.serve(&[]).stop().contains("Crash reports"));
    for day in [14, 15] {
        std::fs::write(folder.path().join(format!("crash-202705{day}-093000.txt")), format!("on day {day}\n")).unwrap();
    }
    let served = athsys.serve(&[]);
    assert!(served.said.contains(": 2, the newest crash-20270515-093000.txt."), "{}", served.said);
    let token = sign_in(&served.url("")).await;
    let health = plain_client().get(served.url("/api/admin/database/health")).bearer_auth(token).send().await.unwrap();
    let health: Value = serde_json::from_str(&health.text().await.unwrap()).unwrap();
    let names = ["crash-20270515-093000.txt", "crash-20270514-093000.txt"];
    assert_eq!(health["details"]["crash_reports"], json!(names));
    served.stop();
}

/// A server whose own first look is over, so that it does not overwrite what a test says.
pub async fn watched() -> TestServer {
    let server = TestServer::demo().await;
    let looked = async {
        while server.app.health().newest().is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), looked).await.expect("it looks at itself");
    server
}

#[tokio::test]
async fn the_battery_and_a_sleep_are_told_to_administrators() {
    let server = watched().await;
    let admin = server.admin().await;
    server.app.health().note_battery(Some(Battery { percent: 9, charging: false }));
    server.app.health().note_sleep(840);
    let details = server.get("/api/admin/database/health").by(&admin).await.is(200).body["details"].clone();
    assert_eq!(details["battery"], json!({"percent": 9, "charging": false}));
    assert_eq!(details["slept"]["seconds"], 840);
    details["slept"]["until"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();

    let decided = server.get("/api/dashboard/stats").by(&admin).await.is(200).body["decisions"].clone();
    let low = decided.as_array().unwrap().iter().find(|one| one["code"] == "battery-low").expect("somebody must know");
    assert_eq!((&low["severity"], &low["examples"]), (&json!("bad"), &json!(["9 %"])));
    let viewer = server.token(Role::Viewer).await;
    let hidden = server.get("/api/admin/database/health").by(&viewer).await.is(200).body.get("details").cloned();
    assert_eq!(hidden, None);

    server.app.health().note_battery(Some(Battery { percent: 9, charging: true }));
    let decided = server.get("/api/dashboard/stats").by(&admin).await.is(200).body["decisions"].clone();
    assert!(!decided.to_string().contains("battery-low"), "{decided}");
}
