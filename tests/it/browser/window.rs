//! A window of the browser, and what a person can do with it. Every wait is for something, and ends.

mod visitor;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chromiumoxide::cdp::IntoEventKind;
use chromiumoxide::cdp::browser_protocol::accessibility::GetFullAxTreeParams;
use chromiumoxide::cdp::browser_protocol::browser::{SetDownloadBehaviorBehavior, SetDownloadBehaviorParams};
use chromiumoxide::cdp::browser_protocol::dom::SetFileInputFilesParams;
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetTouchEmulationEnabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::InsertTextParams;
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::network::EventRequestWillBeSent;
use chromiumoxide::cdp::js_protocol::runtime::{
    ConsoleApiCalledType, EvaluateParams, EventConsoleApiCalled, EventExceptionThrown,
};
use chromiumoxide::layout::Point;
use chromiumoxide::{Browser, BrowserConfig, Page};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::support::{TestServer, folder};

/// Longer than a page takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

/// Runs in every page before its own scripts.
const WATCH: &str = "addEventListener('securitypolicyviolation',
    (event) => console.error(`against the policy: ${event.violatedDirective} ${event.blockedURI}`));";

/// What came up in the pages.
#[derive(Default)]
struct Seen {
    /// Errors on the console, exceptions, refused loads.
    trouble: Vec<String>,
    /// Every address that a page asked for.
    requests: Vec<String>,
    /// Our own marks on the console.
    marks: Vec<String>,
}

pub struct Window {
    browser: Browser,
    page: Page,
    seen: Arc<Mutex<Seen>>,
    base: String,
    /// Holds the profile and the downloads.
    folder: TempDir,
    driver: JoinHandle<()>,
}

/// The browser, unless this machine has none.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROME").filter(|name| !name.is_empty()).map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let mut found = std::env::split_paths(&paths).flat_map(|folder| names.map(|name| folder.join(name)));
    let browser = named.or_else(|| found.find(|path| path.is_file()));
    assert!(
        browser.is_some() || std::env::var_os("CI").is_none(),
        "Chromium is not installed, and with the variable CI set the browser tests are not skipped"
    );
    if browser.is_none() {
        eprintln!("Skipped: Chromium is not installed. Install it, or set CHROME to its path.");
    }
    browser
}

impl Window {
    /// An empty window that will show pages of this server; `None` where there is no browser.
    pub async fn open(server: &TestServer) -> Option<Window> {
        Window::at(server.url("")).await
    }

    /// As [`Window::open`], for the server at this address.
    pub async fn at(base: String) -> Option<Window> {
        let executable = chromium()?;
        let folder = folder();
        let config = BrowserConfig::builder()
            .chrome_executable(executable)
            .user_data_dir(folder.path().join("profile"))
            .no_sandbox() // root has none, and only our own pages are opened
            .window_size(1440, 900)
            .viewport(None)
            .request_timeout(PATIENCE)
            .args(["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--lang=en-GB"])
            .build()
            .unwrap();
        let (browser, mut handler) = Browser::launch(config).await.expect("Chromium starts");
        let driver = tokio::spawn(async move { while handler.next().await.is_some() {} });
        let downloads = SetDownloadBehaviorParams::builder()
            .behavior(SetDownloadBehaviorBehavior::Allow)
            .download_path(folder.path().join("downloads").to_string_lossy())
            .build()
            .unwrap();
        browser.execute(downloads).await.unwrap();
        let page = browser.new_page("about:blank").await.unwrap();
        page.evaluate_on_new_document(WATCH).await.unwrap();
        // What moves cannot be pressed.
        page.emulate_media_features(vec![MediaFeature::new("prefers-reduced-motion", "reduce")]).await.unwrap();
        let seen = watch(&page).await;
        Some(Window { browser, page, seen, base, folder, driver })
    }

    /// Ends the browser.
    pub async fn close(mut self) {
        self.browser.close().await.unwrap();
        self.browser.wait().await.unwrap();
        self.driver.abort();
    }

    /// Loads a page of the server.
    pub async fn go(&self, path: &str) {
        self.page.goto(format!("{}{path}", self.base)).await.unwrap();
    }

    /// Runs a script in every page from now on, before its own.
    pub async fn before_each_page(&self, script: &str) {
        self.page.evaluate_on_new_document(script).await.unwrap();
    }

    /// What an expression in the page gives; a promise is awaited.
    pub async fn js<T: DeserializeOwned>(&self, expression: &str) -> T {
        let value = self.value(expression).await.unwrap_or_else(|error| panic!("{error}\nin {expression}"));
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}\nin {expression}"))
    }

    async fn value(&self, expression: &str) -> Result<Value, String> {
        let ask = EvaluateParams::builder()
            .expression(expression)
            .await_promise(true)
            .return_by_value(true)
            .user_gesture(true)
            .build()
            .unwrap();
        let answer = self.page.execute(ask).await.map_err(|error| error.to_string())?.result;
        match answer.exception_details {
            Some(details) => Err(format!("{} {:?}", details.text, details.exception.and_then(|e| e.description))),
            None => Ok(answer.result.value.unwrap_or(Value::Null)),
        }
    }

    /// Waits until an expression in the page is true.
    pub async fn until(&self, condition: &str) {
        self.eventually(condition, || async { (self.value(condition).await == Ok(Value::Bool(true))).then_some(()) })
            .await;
    }

    /// Waits until the page shows this text.
    pub async fn shows(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({})", quoted(text))).await;
    }

    /// Asks again and again until there is an answer.
    async fn eventually<T, F: Future<Output = Option<T>>>(&self, what: &str, mut ask: impl FnMut() -> F) -> T {
        let started = Instant::now();
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            if started.elapsed() > PATIENCE {
                let text = self.value("location.href + '\\n' + document.body.innerText").await;
                let trouble = self.seen.lock().unwrap().trouble.clone();
                panic!("waited in vain for {what}\n{trouble:?}\n{}", text.unwrap_or_default().as_str().unwrap_or(""));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Presses what a selector finds.
    pub async fn click(&self, selector: &str) {
        self.press_found(&format!("document.querySelector({})", quoted(selector))).await;
    }

    /// Presses the visible button or link with this name; in a dialog when one is open.
    pub async fn press(&self, name: &str) {
        let find = format!(
            "[...([...document.querySelectorAll('dialog[open]')].at(-1) ?? document).querySelectorAll('button, a, summary')].find(
                (one) => one.checkVisibility() && (one.ariaLabel ?? one.textContent).trim() === {})",
            quoted(name)
        );
        self.press_found(&find).await;
    }

    /// Presses the middle of an element once nothing lies over it, again when the page moved it away meanwhile.
    async fn press_found(&self, find: &str) {
        let place = format!(
            "(() => {{
                const one = {find};
                if (!one || one.disabled) return null;
                one.scrollIntoView({{ block: 'center' }});
                const box = one.getBoundingClientRect();
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                if (!one.contains(document.elementFromPoint(x, y))) return null;
                window.pressed = false;
                one.addEventListener('click', () => (window.pressed = true), {{ once: true, capture: true }});
                return [x, y];
            }})()"
        );
        self.eventually(find, || async {
            let [x, y]: [f64; 2] = serde_json::from_value(self.value(&place).await.ok()?).ok()?;
            self.page.click(Point::new(x, y)).await.unwrap();
            // A press that led to another page was one as well.
            (self.value("window.pressed").await != Ok(Value::Bool(false))).then_some(())
        })
        .await;
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, selector: &str, text: &str) {
        self.click(selector).await;
        self.js::<Value>(&format!("document.querySelector({}).select()", quoted(selector))).await;
        if text.is_empty() {
            self.key("Backspace").await;
        } else {
            self.page.execute(InsertTextParams::new(text)).await.unwrap();
        }
    }

    /// Chooses a value of a select, as a person does who opens it.
    pub async fn select(&self, selector: &str, value: &str) {
        let (selector, value) = (quoted(selector), quoted(value));
        self.until(&format!(
            "[...(document.querySelector({selector})?.options ?? [])].some((one) => one.value === {value})"
        ))
        .await;
        self.js::<Value>(&format!(
            "(() => {{ const select = document.querySelector({selector}); select.value = {value};
                select.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
        ))
        .await;
    }

    /// Drops a file with this text onto what a selector finds.
    pub async fn drop_file(&self, selector: &str, name: &str, text: &str) {
        self.js::<Value>(&format!(
            "(() => {{ const dataTransfer = new DataTransfer(); dataTransfer.items.add(new File([{}], {}));
                document.querySelector({}).dispatchEvent(
                    new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }})); }})()",
            quoted(text),
            quoted(name),
            quoted(selector)
        ))
        .await;
    }

    /// Presses a key where the keyboard is.
    pub async fn key(&self, key: &str) {
        self.page.find_element("body").await.unwrap().press_key(key).await.unwrap();
    }

    pub async fn text(&self, selector: &str) -> String {
        self.js(&format!("document.querySelector({}).innerText", quoted(selector))).await
    }

    /// A screen of this size, with a finger instead of a mouse when it is a phone's.
    pub async fn size(&self, width: i64, height: i64, phone: bool) {
        let metrics = SetDeviceMetricsOverrideParams::new(width, height, 1.0, phone);
        self.page.execute(metrics).await.unwrap();
        self.page.execute(SetTouchEmulationEnabledParams::new(phone)).await.unwrap();
    }

    /// Signs in through the form on this page.
    pub async fn sign_in(&self, path: &str, email: &str, password: &str) {
        self.go(path).await;
        self.until("document.activeElement?.id === 'sign-in-email'").await;
        self.fill("#sign-in-email", email).await;
        self.fill("#sign-in-password", password).await;
        self.press("Sign in").await;
        self.until("Boolean(document.querySelector('.shell'))").await;
    }

    pub async fn sign_in_as_admin(&self, path: &str) {
        self.sign_in(path, "admin@athsys.com", "Admin@123").await;
    }

    /// Puts files into a file field, as the browser's own dialog would.
    pub async fn choose_file(&self, selector: &str, file: &Path) {
        let element = self.page.find_element(selector).await.unwrap();
        let files =
            SetFileInputFilesParams::builder().file(file.to_string_lossy()).backend_node_id(element.backend_node_id);
        self.page.execute(files.build().unwrap()).await.unwrap();
    }

    /// Name and content of the one file that was downloaded; it is taken away.
    pub async fn downloaded(&self) -> (String, String) {
        let folder = self.folder.path().join("downloads");
        self.eventually("a download", || async {
            // While it comes in, the browser holds the name by an empty file and writes into another.
            let files: Vec<_> = std::fs::read_dir(&folder).ok()?.flatten().collect();
            let [file] = files.as_slice() else { return None };
            let name = file.file_name().into_string().ok().filter(|name| !name.ends_with(".crdownload"))?;
            let content = std::fs::read(file.path()).ok().filter(|content| !content.is_empty())?;
            std::fs::remove_file(file.path()).unwrap();
            Some((name, String::from_utf8_lossy(&content).into_owned()))
        })
        .await
    }

    /// The names of all parts of the page with this role, as a screen reader has them.
    pub async fn names_of(&self, role: &str) -> Vec<String> {
        let tree = self.page.execute(GetFullAxTreeParams::default()).await.unwrap();
        let text = |value: &Option<chromiumoxide::cdp::browser_protocol::accessibility::AxValue>| {
            let value = value.as_ref().and_then(|value| value.value.clone());
            value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
        };
        let nodes = tree.nodes.iter().filter(|node| !node.ignored && text(&node.role) == role);
        nodes.map(|node| text(&node.name)).collect()
    }

    /// Errors, exceptions and broken rules since the last time.
    pub async fn trouble(&self) -> Vec<String> {
        self.caught_up().await;
        std::mem::take(&mut self.seen.lock().unwrap().trouble)
    }

    /// Every address that was asked for since the last time.
    pub async fn requests(&self) -> Vec<String> {
        self.caught_up().await;
        std::mem::take(&mut self.seen.lock().unwrap().requests)
    }

    /// Waits until all that happened before is noted.
    async fn caught_up(&self) {
        let mark = format!("mark {:?}", Instant::now());
        self.js::<Value>(&format!("console.debug({})", quoted(&mark))).await;
        self.eventually("our mark", || async { self.seen.lock().unwrap().marks.contains(&mark).then_some(()) }).await;
    }
}

/// Text as JavaScript writes it.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Notes what goes wrong in the page and what it asks for.
async fn watch(page: &Page) -> Arc<Mutex<Seen>> {
    let seen = Arc::new(Mutex::new(Seen::default()));
    page.enable_log().await.unwrap();
    note(page, &seen, |seen, event: &EventConsoleApiCalled| {
        let words = event.args.iter().map(|arg| arg.value.as_ref().map_or_else(String::new, Value::to_string));
        let text = words.collect::<Vec<_>>().join(" ");
        match event.r#type {
            ConsoleApiCalledType::Debug => seen.marks.push(text.trim_matches('"').to_owned()),
            ConsoleApiCalledType::Error | ConsoleApiCalledType::Warning | ConsoleApiCalledType::Assert => {
                seen.trouble.push(text);
            }
            _ => {}
        }
    })
    .await;
    note(page, &seen, |seen, event: &EventExceptionThrown| {
        let details = &event.exception_details;
        let description = details.exception.as_ref().and_then(|exception| exception.description.clone());
        seen.trouble.push(description.unwrap_or_else(|| details.text.clone()));
    })
    .await;
    note(page, &seen, |seen, event: &EventEntryAdded| {
        if event.entry.level == LogEntryLevel::Error {
            seen.trouble.push(format!("{} {}", event.entry.text, event.entry.url.clone().unwrap_or_default()));
        }
    })
    .await;
    note(page, &seen, |seen, event: &EventRequestWillBeSent| seen.requests.push(event.request.url.clone())).await;
    seen
}

async fn note<T: IntoEventKind + Unpin>(page: &Page, seen: &Arc<Mutex<Seen>>, keep: fn(&mut Seen, &T)) {
    let mut events = page.event_listener::<T>().await.unwrap();
    let seen = seen.clone();
    tokio::spawn(async move {
        while let Some(event) = events.next().await {
            keep(&mut seen.lock().unwrap(), &event);
        }
    });
}
