//! Being found, and https: addresses, codes, devices, certificates, and http beside them.

mod https;

use athsys::auth::policy::Role;
use serde_json::Value;

use crate::support::TestServer;

async fn network(server: &TestServer) -> Value {
    server.get("/api/admin/network").by(&server.admin().await).await.is(200).body.clone()
}

#[tokio::test]
async fn the_network_is_told_with_addresses_and_devices() {
    let server = TestServer::demo().await;
    let told = network(&server).await;
    let url = format!("http://{}", server.addr);
    assert_eq!(told["addresses"][0]["url"], url.as_str());
    assert_eq!(told["addresses"][0]["join_url"], format!("{url}/join").as_str());
    assert_eq!(told["addresses"][0]["secure_url"], Value::Null);
    assert_eq!((&told["local_only"], &told["name"]["state"]), (&Value::Bool(true), &Value::from("off")));
    assert_eq!(told["tls"]["mode"], "off");
    let info = server.get("/api/info").await.body;
    assert_eq!((&info["join"], &info["https"]), (&Value::Null, &Value::Null), "no phone could come, and no https");
    assert_eq!(told["system"], std::env::consts::OS);
    server.get("/api/admin/network").by(&server.token(Role::ChiefRegistrar).await).await.refused(403, "forbidden");
}

#[tokio::test]
async fn opening_join_counts_as_reached() {
    let server = TestServer::demo().await;
    let told = network(&server).await;
    let device = &told["devices"][0];
    assert_eq!((&device["joined"], &device["this_computer"]), (&Value::Bool(false), &Value::Bool(true)));
    assert_eq!(told["device_reached"], false, "only this computer came");
    let before = device["requests"].as_u64().unwrap();

    let page =
        server.get("/join").header("user-agent", "Mozilla/5.0 (iPhone; test)").header("accept-language", "en").await;
    page.is(200);
    assert!(page.text.contains("You are connected") && page.text.contains(&server.addr.to_string()), "{}", page.text);
    assert!(!page.text.contains("https://") && !page.text.contains("/join/certificate"), "there is no https here");

    let device = network(&server).await["devices"][0].clone();
    assert_eq!((&device["joined"], &device["ip"]), (&Value::Bool(true), &Value::from("127.0.0.1")));
    assert!(device["requests"].as_u64().unwrap() > before, "{device}");
}

#[tokio::test]
async fn a_code_leads_to_an_address_of_this_server_and_nowhere_else() {
    let server = TestServer::demo().await;
    let best = server.get("/api/join/qr.svg").await;
    assert_eq!(best.is(200).header("content-type"), "image/svg+xml");
    assert!(best.text.contains("<svg"), "{}", best.text);
    let same = server.get("/api/join/qr.svg?host=127.0.0.1").await;
    assert_eq!(same.is(200).text, best.text);
    server.get("/api/join/qr.svg?host=evil.example").await.refused(404, "not-found");

    let sheet = server.get("/join/sheet").header("accept-language", "en").await;
    assert!(sheet.is(200).text.contains("/api/join/qr.svg?host=127.0.0.1"), "{}", sheet.text);
    server.get("/join/sheet?host=evil.example").await.is(404);
    server.get("/join/certificate").await.is(404);
}
