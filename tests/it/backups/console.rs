//! `athsys backup`, `restore` and `check`, without a server and beside one.

use serde_json::{Value, json};

use crate::support::{Athsys, folder};

fn counts(ran: &crate::support::Ran) -> Value {
    ran.is(0).json()["contents"]["record_counts"].clone()
}

#[test]
fn a_backup_is_made_into_a_folder_a_file_and_the_usual_place() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    let usual = athsys.run(&["backup", "--json"]);
    let made = usual.is(0).json();
    assert_eq!(made["backup"]["verified"], true);
    assert!(made["file"].as_str().unwrap().contains("backups"), "{made}");
    let stick = folder.path().join("stick");
    std::fs::create_dir(&stick).unwrap();
    athsys.run(&["backup", "stick"]).is(0);
    assert_eq!(std::fs::read_dir(&stick).unwrap().count(), 2, "the copy and its digest");
    for _ in 0..2 {
        athsys.run(&["backup", "stick/copy.db"]).is(0);
    }
    let checked = athsys.run(&["check", "stick/copy.db", "--json"]);
    assert_eq!(counts(&checked)["athletes"], 5);
    let names: Vec<Value> =
        checked.json()["checks"].as_array().unwrap().iter().map(|check| check["name"].clone()).collect();
    assert!(names.contains(&json!("seal")) && names.contains(&json!("audit chain")), "{names:?}");
    assert!(athsys.run(&["check", "stick/copy.db"]).is(0).err.contains("audit head: "));
    athsys.run(&["backup", "meet.db"]).refused(1, "is the database itself");
    std::fs::write(stick.join("letter.txt"), "Dear club").unwrap();
    athsys.run(&["backup", "stick/letter.txt"]).refused(1, "is no backup of athsys");
    athsys.run(&["backup", "nowhere/copy.db"]).is(1);
    assert_eq!(Athsys::on(&folder.path().join("none.db")).run(&["backup"]).code, Some(1));
}

#[test]
fn a_restore_says_what_was_replaced_and_keeps_it() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    athsys.run(&["backup", "copy.db"]).is(0);
    athsys.run_with(&["import", "athletes", "-"], b"name,country\nJane Okoye,KEN\n").is(0);
    let told = athsys.run(&["restore", "copy.db", "--json"]);
    let told = told.is(0).json();
    assert_eq!(
        (&told["before"]["record_counts"]["athletes"], &told["after"]["record_counts"]["athletes"]),
        (&json!(6), &json!(5))
    );
    let after: Value = athsys.run(&["export", "all"]).is(0).json();
    assert_eq!(after["data"]["athletes"].as_array().unwrap().len(), 5);
    assert!(!folder.path().join("meet.db.live").exists(), "one file is left");
    athsys.run(&["check"]).is(0);
    // By the name of the one that it kept, without its ending.
    let kept = std::path::Path::new(told["kept"].as_str().unwrap()).file_stem().unwrap().to_str().unwrap().to_owned();
    let said = athsys.run(&["restore", &kept]);
    assert!(said.is(0).err.contains("athletes: 6 (there were 5)"), "{said:?}");
    athsys.run(&["restore", "nowhere"]).refused(1, "There is no backup nowhere");
    std::fs::write(folder.path().join("letter.db"), "Dear club".repeat(100)).unwrap();
    athsys.run(&["restore", "letter.db"]).refused(1, "is not an athsys database");
}

#[test]
fn a_database_that_cannot_be_opened_is_replaced_and_kept() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    athsys.run(&["backup", "copy.db"]).is(0);
    let bytes = std::fs::read(&athsys.db).unwrap();
    std::fs::write(&athsys.db, &bytes[..bytes.len() / 3]).unwrap();
    assert_eq!(athsys.run(&["check"]).code, Some(1));
    let told = athsys.run(&["restore", "copy.db", "--json"]);
    let aside = told.is(0).json()["set_aside"][0].as_str().unwrap().to_owned();
    assert_eq!(std::fs::metadata(aside).unwrap().len(), (bytes.len() / 3) as u64);
    assert_eq!(counts(&athsys.run(&["check", "--json"]))["athletes"], 5);
}

#[test]
fn beside_a_server_a_backup_works_and_a_restore_says_what_to_do() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    let served = athsys.serve(&["--demo"]);
    athsys.run(&["backup", "copy.db"]).is(0);
    assert_eq!(counts(&athsys.run(&["check", "copy.db", "--json"]))["athletes"], 5);
    let both = athsys.run(&["check", "--json"]);
    assert_eq!((&both.is(0).json()["live"]["ok"], &both.json()["ok"]), (&json!(true), &json!(true)));
    athsys.run(&["restore", "copy.db"]).refused(1, "under Backups");
    served.kill();
    athsys.run(&["check"]).is(0);
    athsys.run(&["restore", "copy.db"]).is(0);
    athsys.run(&["check"]).is(0);
}

#[test]
fn what_is_for_everybody_has_no_users_and_nothing_private() {
    let folder = folder();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init", "--demo"]).is(0);
    let all = athsys.run(&["export", "all"]);
    assert!(all.is(0).json()["audit_head"].as_str().unwrap().len() > 64);
    let public = athsys.run(&["export", "all", "--public"]);
    let document = public.is(0).json();
    assert_eq!((document.get("audit_head"), document["data"].get("users")), (None, None));
    assert_eq!(document["data"]["athletes"].as_array().unwrap().len(), 5);
    for private in ["@", "dateOfBirth", "phone"] {
        assert!(!public.out.contains(private), "{private} in {}", public.out);
    }
    athsys.run(&["export", "athletes", "--public"]).refused(2, "--public");
    // It can be imported elsewhere.
    let other = Athsys::on(&folder.path().join("other.db"));
    let report = other.run_with(&["import", "bulk", "-", "--format", "json", "--json"], public.out.as_bytes());
    assert_eq!(report.is(0).json()["total_failed"], 0, "{report:?}");
}
