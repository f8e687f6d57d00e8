//! The thirteen pictures.

use std::path::Path;
use std::time::{Duration, Instant};

use super::browser::Window;
use super::files;
use super::meet::Meet;
use super::server::{ADMIN, CHIEF, PASSWORD, Server};

/// The curves of the health screen get a point every ten seconds.
const CURVES: Duration = Duration::from_secs(90);
const REST: Duration = Duration::from_secs(30);
const HOME: &str = "for (const path of document.querySelectorAll('main code'))
    path.textContent = path.textContent.replace(/^\\/.*\\/(?=[^/]+$)/, '/home/meet/')";
const ROWS: &str = "document.querySelectorAll('.vrow').length > 8";

pub async fn take(window: &Window, server: &Server, meet: &Meet, folder: &Path) -> anyhow::Result<()> {
    let begun = Instant::now();
    let picture = |name: &str| {
        let file = folder.join(name);
        async move { window.picture(&file).await }
    };
    // As somebody sees it who has no account.
    window.phone().await?;
    window.go(&format!("/events/{}", meet.jump)).await?;
    window.shows("Results").await?;
    picture("public-results-phone.png").await?;

    window.desk().await?;
    sign_in(window).await?;
    window.theme("light").await?;

    window.go("/admin/athletes").await?;
    window.until(ROWS).await?;
    picture("athletes-light.png").await?;

    window.go(&format!("/admin/athletes?id={}&tab=history", meet.changed)).await?;
    window.until("document.querySelectorAll('dialog .history li').length > 3").await?;
    picture("athlete-history-light.png").await?;

    check(window, meet).await?;
    picture("import-check-light.png").await?;

    window.theme("dark").await?;
    window.go("/admin/registrations?sort=eventName").await?;
    window.until(ROWS).await?;
    for row in [1, 2, 4, 5, 7] {
        window.press(&format!(".vrow[data-index='{row}'] input[type=checkbox]")).await?;
    }
    window.until("document.querySelectorAll('.vrow[aria-selected=true]').length === 5").await?;
    picture("entries-dark.png").await?;

    window.go(&format!("/admin/results?eventId={}", meet.jump)).await?;
    window.until(ROWS).await?;
    picture("results-dark.png").await?;

    // These tell how quickly the server is: it has time to show that, as a page stays open for long.
    window.theme("light").await?;
    window.go("/admin").await?;
    busy(server, begun + CURVES).await?;
    window.until("document.querySelectorAll('.now-next tbody tr').length > 3").await?;
    picture("overview-light.png").await?;
    window.js("document.documentElement.dataset.theme = 'dark'").await?;
    picture("overview-dark.png").await?;
    window.js("document.documentElement.dataset.theme = 'light'").await?;
    window.phone().await?;
    picture("overview-phone.png").await?;

    window.desk().await?;
    window.go("/admin/health").await?;
    busy(server, Instant::now() + REST).await?;
    window.shows("How quickly it answers").await?;
    picture("health-light.png").await?;

    window.go("/admin/network").await?;
    window.until("document.querySelectorAll('main img').length > 1").await?;
    picture("network-light.png").await?;

    window.go("/admin/backups").await?;
    window.press(".panel .btn.primary").await?;
    window.until("document.querySelectorAll('main tbody tr').length > 1").await?;
    // The folder is one that is thrown away, and would tell nobody anything.
    window.js(HOME).await?;
    picture("backups-light.png").await?;

    // Last, as it leaves the dashboard for good.
    let link = server.session(&ADMIN).await?.station(meet.jump).await?;
    window.phone().await?;
    window.go(&link).await?;
    window.fill("#station-name", CHIEF.name).await?;
    window.press("button[type=submit]").await?;
    window.until("document.querySelectorAll('.station-row .mark').length > 4").await?;
    picture("station-phone.png").await
}

async fn sign_in(window: &Window) -> anyhow::Result<()> {
    window.go("/admin").await?;
    window.fill("#sign-in-email", ADMIN.email).await?;
    window.fill("#sign-in-password", PASSWORD).await?;
    window.press("button[type=submit]").await?;
    window.until("Boolean(document.querySelector('.shell'))").await
}

/// A file that is dropped on the import, up to its third step.
async fn check(window: &Window, meet: &Meet) -> anyhow::Result<()> {
    window.go("/admin/import").await?;
    window.drop_file(".drop", files::SCHOOLS_NAME, &files::schools(meet.year)).await?;
    window.until("document.querySelector('.file-line .state')?.innerText.includes('refused')").await?;
    for step in ["columns", "check"] {
        window.press(".wizard-buttons .primary").await?;
        window
            .until(&format!("Boolean(document.querySelector('.step-body[data-step={step}][aria-busy=false]'))"))
            .await?;
    }
    Ok(())
}

/// What a hall full of phones asks for.
async fn busy(server: &Server, end: Instant) -> anyhow::Result<()> {
    let admin = server.session(&ADMIN).await?;
    let mut page = 0;
    while Instant::now() < end {
        page += 1;
        admin.get(&format!("/api/athletes?perPage=50&page={}&sort=clubTeam", 1 + page % 6)).await?;
        admin.get("/api/registrations?perPage=100&sort=athleteName").await?;
        // In waves, as people look when a race is over.
        let pause = if page / 60 % 2 == 0 { 40 } else { 160 };
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    Ok(())
}
