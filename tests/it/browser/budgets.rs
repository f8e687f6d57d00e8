//! What the dashboard may cost: bytes and requests of the first view, elements and script of a long table.

use super::window::Window;
use crate::support::TestServer;

/// A hundred thousand athletes of five hundred clubs, with names that differ.
const CROWD: &str = "
    WITH RECURSIVE
        first (i, name) AS (VALUES (0, 'Amina'), (1, 'Brian'), (2, 'Chloé'), (3, 'Daudi'), (4, 'Elena'), (5, 'Farid'),
            (6, 'Grace'), (7, 'Hugo'), (8, 'Imani'), (9, 'Jonas')),
        last (i, name) AS (VALUES (0, 'Abebe'), (1, 'Barasa'), (2, 'Cheptoo'), (3, 'Dubois'), (4, 'Eklund'),
            (5, 'Fofana'), (6, 'García'), (7, 'Hassan'), (8, 'Ivanov'), (9, 'Juma')),
        counted (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < 99999)
    INSERT INTO athletes (name, name_key, country, gender, club_team, bib_number, bib_key, year_of_birth, created_at, updated_at)
    SELECT first.name || ' ' || last.name || ' ' || n,
        lower(replace(replace(first.name || ' ' || last.name, 'é', 'e'), 'í', 'i')) || ' ' || n,
        'KEN', CASE n % 2 WHEN 0 THEN 'F' ELSE 'M' END, 'Club ' || (n % 500), 'B' || n, 'b' || n, 1990 + n % 20, 0, 0
    FROM counted JOIN first ON first.i = n % 10 JOIN last ON last.i = n / 10 % 10;
    UPDATE athletes SET name = 'Wanjiku Quist', name_key = 'wanjiku quist' WHERE bib_key = 'b77777';";

/// The demo data and many more people.
pub async fn crowded() -> TestServer {
    let server = TestServer::demo().await;
    server.sql(CROWD).await;
    server
}

/// What a person takes for at once.
const ANSWERS_WITHIN_MS: f64 = 100.0;

const ROWS: &str = "document.querySelectorAll('[role=grid] [role=row]').length";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_view_is_light() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.enter(&server).await;
    window.requests().await;
    window.go("/admin").await;
    window.until("document.querySelectorAll('h1').length === 1 && !document.querySelector('.skeleton')").await;
    let asked = window.requests().await;
    let bytes: f64 = window
        .js("[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .reduce((sum, one) => sum + one.transferSize, 0)")
        .await;
    println!("first view: {} requests, {bytes} bytes", asked.len());
    assert!(asked.len() <= 25, "{} requests: {asked:#?}", asked.len());
    assert!(bytes > 10_000.0 && bytes < 350_000.0, "{bytes} bytes");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_rows_scroll_with_few_elements_and_little_script() {
    let server = crowded().await;
    let Some(window) = Window::open(&server).await else { return };
    window.enter(&server).await;
    window.go("/admin/athletes?sort=id").await;
    window.shows("100,005").await;
    window
        .until(&format!("{ROWS} > 10 && document.querySelector('[role=grid]').innerText.includes('John Kamau')"))
        .await;
    window.count_time().await;
    let mut frames = Vec::new();
    for frame in 0..60 {
        let before = window.script_time().await;
        window
            .js::<serde_json::Value>(
                "new Promise((drawn) => {
                    document.querySelector('[role=grid]').scrollTop += 300;
                    requestAnimationFrame(() => requestAnimationFrame(() => drawn(null)));
                })",
            )
            .await;
        frames.push(window.script_time().await - before);
        let scrolled: f64 = window.js("document.querySelector('[role=grid]').scrollTop").await;
        assert!(scrolled >= f64::from(frame + 1) * 300.0, "it stopped at {scrolled}");
        let rows: usize = window.js(ROWS).await;
        assert!(rows < 60, "{rows} rows after {frame} frames");
    }
    frames.sort_by(f64::total_cmp);
    println!("script a frame: median {:.2} ms, 95 % {:.2} ms", frames[30] * 1e3, frames[56] * 1e3);
    // Two frames are counted each time. The median, because the machine has other work.
    assert!(frames[30] < 0.004, "{frames:?}");

    // The end of the list is there as well.
    window.js::<serde_json::Value>("void (document.querySelector('[role=grid]').scrollTop = 1e9)").await;
    window.until("document.querySelector('[role=grid]').innerText.includes('Jonas Juma 99999')").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_answers_at_once_among_a_hundred_thousand() {
    let server = crowded().await;
    let Some(window) = Window::open(&server).await else { return };
    window.enter(&server).await;
    window.go("/admin").await;
    window.until("Boolean(document.querySelector('h1')) && !document.querySelector('.skeleton')").await;
    let mut waited = Vec::new();
    // Until one is quick enough: the machine has other work, which makes some of them slow but no slow search quick.
    for wanted in ["wan", "wanj", "quist", "nji", "qui"].into_iter().cycle().take(25) {
        window.with_control('k').await;
        window.until("document.activeElement?.getAttribute('role') === 'combobox'").await;
        let milliseconds: f64 = window
            .js(&format!(
                "new Promise((answered) => {{
                    const started = performance.now();
                    const field = document.activeElement;
                    field.value = '{wanted}';
                    field.dispatchEvent(new Event('input', {{ bubbles: true }}));
                    const look = () => [...document.querySelectorAll('[role=option]')].some((one) => one.innerText.includes('Wanjiku Quist'))
                        ? answered(performance.now() - started) : setTimeout(look, 5);
                    look();
                }})"
            ))
            .await;
        waited.push(milliseconds);
        window.key("Escape").await;
        window.until("!document.querySelector('dialog[open]')").await;
        if milliseconds < ANSWERS_WITHIN_MS {
            break;
        }
    }
    println!("search: {waited:?} ms");
    assert!(waited.last().is_some_and(|last| *last < ANSWERS_WITHIN_MS), "{waited:?}");
    window.close().await;
}
