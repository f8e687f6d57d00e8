//! A federation's own tables of the rules, beside the database.

use serde_json::Value;

use crate::support::{Athsys, folder};

const SCHEME: &str = "scheme,name,group,oldest,reference,starting_up\nOWN,Ours,U99,98,year_end,yes\n";

/// A program with a file in its folder of rules.
fn with_table(name: &str, text: &str) -> (tempfile::TempDir, Athsys) {
    let folder = folder();
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    std::fs::write(folder.path().join("rules").join(name), text).unwrap();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    (folder, athsys)
}

/// The age group of a demo athlete as a running server tells it.
async fn age_group(athsys: &Athsys) -> Value {
    athsys.run(&["init", "--demo"]).is(0);
    let server = athsys.serve(&[]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = r#"{"email": "admin@athsys.com", "password": "Admin@123"}"#;
    let login = client.post(server.url("/api/auth/login")).header("content-type", "application/json").body(body);
    let answer: Value = serde_json::from_str(&login.send().await.unwrap().text().await.unwrap()).unwrap();
    let token = answer["token"].as_str().unwrap();
    let athlete = client.get(server.url("/api/athletes/1")).bearer_auth(token).send().await.unwrap();
    let athlete: Value = serde_json::from_str(&athlete.text().await.unwrap()).unwrap();
    athlete["athlete"]["ageGroup"].clone()
}

#[tokio::test]
async fn an_own_table_takes_the_place_of_the_built_in_one() {
    let (folder, athsys) = with_table("age_groups.csv", SCHEME);
    std::fs::write(folder.path().join("rules/README.txt"), "ours").unwrap();
    assert_eq!(age_group(&athsys).await, "U99");
}

#[tokio::test]
async fn a_built_in_scheme_is_chosen_in_the_settings_file() {
    let folder = folder();
    std::fs::write(folder.path().join("athsys.toml"), "age_scheme = \"SUI\"\n").unwrap();
    let group = age_group(&Athsys::on(&folder.path().join("meet.db"))).await;
    assert!(group == "SEN" || group.as_str().unwrap().starts_with('U') || group == "V30", "{group}");
}

#[test]
fn a_wrong_table_is_refused_with_file_line_and_reason() {
    let (_folder, athsys) = with_table("lanes.csv", "table,class,lanes,groups\nown,straight,4,2 3|3 9\n");
    athsys.run(&["init"]).refused(1, "lanes.csv: line 2: lane 3 stands in it twice");
    let (_folder, athsys) = with_table("lane.csv", "");
    athsys.run(&["init"]).refused(1, "lane.csv is no table of the rules; they are events.csv");
    let folder = folder();
    std::fs::write(folder.path().join("athsys.toml"), "age_scheme = \"MOON\"\n").unwrap();
    let athsys = Athsys::on(&folder.path().join("meet.db"));
    athsys.run(&["init"]).refused(1, "there is no scheme of age groups MOON; known are WA, UK, SUI");
}
