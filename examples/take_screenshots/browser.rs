//! Chromium without a window, and the little that pictures need of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetTouchEmulationEnabledParams,
};
use chromiumoxide::cdp::browser_protocol::network::SetUserAgentOverrideParams;
use chromiumoxide::cdp::browser_protocol::page::CaptureScreenshotFormat;
use chromiumoxide::cdp::js_protocol::runtime::EvaluateParams;
use chromiumoxide::page::ScreenshotParams;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures_util::StreamExt;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::palette;

const PATIENCE: Duration = Duration::from_secs(20);

pub struct Window {
    browser: Browser,
    page: Page,
    base: String,
    driver: JoinHandle<()>,
    _profile: TempDir,
}

/// The browser, unless this computer has none.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROME").filter(|name| !name.is_empty()).map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&paths).flat_map(|folder| names.map(|name| folder.join(name)));
    named.or_else(|| found.find(|path| path.is_file()))
}

impl Window {
    pub async fn open(executable: &Path, base: &str) -> anyhow::Result<Window> {
        let profile = tempfile::tempdir()?;
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .user_data_dir(profile.path())
            .no_sandbox() // root has none, and only our own pages are opened
            .window_size(1440, 900)
            .viewport(None)
            .request_timeout(PATIENCE)
            .args(["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--hide-scrollbars"])
            .build()
            .map_err(anyhow::Error::msg)?;
        let (browser, mut handler) = Browser::launch(config).await?;
        let driver = tokio::spawn(async move { while handler.next().await.is_some() {} });
        let page = browser.new_page("about:blank").await?;
        page.emulate_media_features(vec![MediaFeature::new("prefers-reduced-motion", "reduce")]).await?;
        // Days are written as in London.
        let mut agent = SetUserAgentOverrideParams::new(browser.user_agent().await?);
        agent.accept_language = Some("en-GB".into());
        page.set_user_agent(agent).await?;
        Ok(Window { browser, page, base: base.to_owned(), driver, _profile: profile })
    }

    pub async fn close(mut self) -> anyhow::Result<()> {
        self.browser.close().await?;
        self.browser.wait().await?;
        self.driver.abort();
        Ok(())
    }

    pub async fn go(&self, path: &str) -> anyhow::Result<()> {
        self.page.goto(format!("{}{path}", self.base)).await?;
        Ok(())
    }

    /// A desk: 1440 by 900.
    pub async fn desk(&self) -> anyhow::Result<()> {
        self.size(1440, 900, 1.0, false).await
    }

    /// A phone: 390 by 844, with two dots to a point.
    pub async fn phone(&self) -> anyhow::Result<()> {
        self.size(390, 844, 2.0, true).await
    }

    async fn size(&self, width: i64, height: i64, dots: f64, is_phone: bool) -> anyhow::Result<()> {
        self.page.execute(SetDeviceMetricsOverrideParams::new(width, height, dots, is_phone)).await?;
        self.page.execute(SetTouchEmulationEnabledParams::new(is_phone)).await?;
        Ok(())
    }

    /// Light or dark, as somebody would have chosen it.
    pub async fn theme(&self, theme: &str) -> anyhow::Result<()> {
        self.js(&format!("localStorage.setItem('theme', '{theme}')")).await.map(drop)
    }

    pub async fn js(&self, expression: &str) -> anyhow::Result<Value> {
        let ask = EvaluateParams::builder()
            .expression(expression)
            .await_promise(true)
            .return_by_value(true)
            .user_gesture(true)
            .build()
            .map_err(anyhow::Error::msg)?;
        let answer = self.page.execute(ask).await?.result;
        if let Some(details) = answer.exception_details {
            bail!("{expression}: {} {:?}", details.text, details.exception.and_then(|thrown| thrown.description));
        }
        Ok(answer.result.value.unwrap_or(Value::Null))
    }

    /// Waits until an expression in the page is true.
    pub async fn until(&self, condition: &str) -> anyhow::Result<()> {
        let started = Instant::now();
        // While another page comes, there is nobody to answer.
        while self.js(condition).await.ok() != Some(Value::Bool(true)) {
            if started.elapsed() > PATIENCE {
                let text = self.js("document.body.innerText").await.unwrap_or_default();
                bail!("waited in vain for {condition}\n{}", text.as_str().unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    pub async fn shows(&self, text: &str) -> anyhow::Result<()> {
        self.until(&format!("document.body.innerText.includes({})", Value::from(text))).await
    }

    /// Presses what a selector finds, once it is there and may be pressed.
    pub async fn press(&self, selector: &str) -> anyhow::Result<()> {
        let find = format!("document.querySelector({})", Value::from(selector));
        self.until(&format!("Boolean({find}) && !{find}.disabled")).await?;
        self.js(&format!("{find}.click()")).await.map(drop)
    }

    /// Writes into a field.
    pub async fn fill(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        let find = format!("document.querySelector({})", Value::from(selector));
        self.until(&format!("Boolean({find})")).await?;
        let text = Value::from(text);
        self.js(&format!(
            "(() => {{ const field = {find}; field.value = {text};
                field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
        ))
        .await
        .map(drop)
    }

    /// Drops a file with this text onto what a selector finds.
    pub async fn drop_file(&self, selector: &str, name: &str, text: &str) -> anyhow::Result<()> {
        let find = format!("document.querySelector({})", Value::from(selector));
        self.until(&format!("Boolean({find})")).await?;
        self.js(&format!(
            "(() => {{ const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([{}], {}));
                {find}.dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }})); }})()",
            Value::from(text),
            Value::from(name),
        ))
        .await
        .map(drop)
    }

    /// Takes a picture once nothing is on its way any more.
    pub async fn picture(&self, file: &Path) -> anyhow::Result<()> {
        let still = "!document.querySelector('.skeleton, [aria-busy=true]') && document.fonts.status === 'loaded'";
        self.until(still).await?;
        self.js("document.activeElement?.blur()").await?;
        tokio::time::sleep(Duration::from_millis(400)).await;
        let ask = ScreenshotParams::builder().format(CaptureScreenshotFormat::Png).build();
        let bytes = palette::reduced(&self.page.screenshot(ask).await?)?;
        std::fs::write(file, &bytes).with_context(|| file.display().to_string())?;
        println!("{} ({} kB)", file.display(), bytes.len() / 1000);
        Ok(())
    }
}
