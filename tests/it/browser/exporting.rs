//! Export with the mouse: whatever is offered comes.

use super::window::Window;
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_is_saved_in_the_chosen_form() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    for (kind, format, start, inside) in [
        ("athletes", "csv", "athletes_", "Grace Nakato"),
        ("races", "json", "races_", "Regional Track Meet 2026"),
        ("registrations", "ndjson", "registrations_", "10.48"),
        ("results", "xlsx", "results_", "PK"),
        ("all", "json", "athsys_backup_", "\"registrations\""),
    ] {
        window.select("#export-kind", kind).await;
        window.select("#export-format", format).await;
        window.press("Download").await;
        let (name, content) = window.downloaded().await;
        assert!(name.starts_with(start) && name.ends_with(&format!(".{format}")), "{name}");
        assert!(content.contains(inside), "{kind}: {content}");
    }
    window.shows("Everything exported").await;
    // The lists lead to the page of exports, which knows what they show.
    window.go("/admin/races").await;
    window.click(".page-head a[href^='/admin/export']").await;
    window
        .until("location.pathname === '/admin/export' && document.querySelector('#export-kind')?.value === 'races'")
        .await;
    window.press("Download").await;
    assert!(window.downloaded().await.0.starts_with("races_"));
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_offered_is_served() {
    let server = TestServer::shared();
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let served = server.get("/api/openapi.json").await;
    window.until("Boolean(document.querySelector('#export-kind'))").await;
    let kinds: Vec<String> =
        window.js("[...document.querySelector('#export-kind').options].map((one) => one.value)").await;
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    for kind in kinds {
        window.select("#export-kind", &kind).await;
        // The second select follows.
        let hint = "new Promise((done) => requestAnimationFrame(done)).then(() =>
            [...document.querySelector('#export-format').options].map((one) => one.value))";
        let formats: Vec<String> = window.js(hint).await;
        assert!(!formats.is_empty());
        for format in formats {
            let path = format!("/api/admin/export/{kind}-{format}");
            assert!(served.body["paths"][&path].is_object(), "{path} is offered, but not served");
        }
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_administer_exports_what_everybody_may_see() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in("/admin", "viewer@athsys.com", "Viewer@123").await;
    window.until("Boolean(document.querySelector('#export-kind'))").await;
    let names = window.names_of("region").await;
    assert!(!names.contains(&"Import".to_owned()), "{names:?}");
    let kinds: Vec<String> =
        window.js("[...document.querySelector('#export-kind').options].map((one) => one.value)").await;
    assert_eq!(kinds, ["athletes", "results", "events", "races"]);
    window.press("Download").await;
    let (name, content) = window.downloaded().await;
    assert!(name.starts_with("athletes") && content.contains("Grace Nakato"), "{name}: {content}");
    assert!(!content.contains("john@athsys.com"), "{content}");
    assert_eq!(window.trouble().await, Vec::<String>::new());
    window.close().await;
}
