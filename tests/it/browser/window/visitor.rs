//! Who sits at the window, and what the browser has measured.

use chromiumoxide::cdp::browser_protocol::emulation::SetUserAgentOverrideParams;
use chromiumoxide::cdp::browser_protocol::input::{DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams};
use chromiumoxide::cdp::browser_protocol::performance::{EnableParams, GetMetricsParams};
use serde_json::Value;

use super::{Window, quoted};
use crate::support::TestServer;

impl Window {
    /// Pages from now on are asked for in this language.
    pub async fn speak(&self, language: &str) {
        let agent: String = self.js("navigator.userAgent").await;
        let mut asked = SetUserAgentOverrideParams::new(agent);
        asked.accept_language = Some(language.to_owned());
        self.page.execute(asked).await.unwrap();
    }

    /// Signs in as administrator without the form: the token lies where the form would have put it.
    pub async fn enter(&self, server: &TestServer) {
        let answer = server.sign_in("admin@athsys.com", "Admin@123").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.go("/favicon.svg").await;
        for (key, member) in [("authToken", "token"), ("refreshToken", "refresh_token")] {
            let value = quoted(answer.body[member].as_str().unwrap());
            self.js::<Value>(&format!("void localStorage.setItem({}, {value})", quoted(key))).await;
        }
    }

    /// Writes where the keyboard is.
    pub async fn write(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Presses a letter together with Ctrl.
    pub async fn with_control(&self, letter: char) {
        for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
            let event = DispatchKeyEventParams::builder()
                .r#type(kind)
                .modifiers(2) // Ctrl
                .key(letter)
                .code(format!("Key{}", letter.to_ascii_uppercase()))
                .windows_virtual_key_code(i64::from(u32::from(letter.to_ascii_uppercase())))
                .build()
                .unwrap();
            self.page.execute(event).await.unwrap();
        }
    }

    /// Seconds of script that the page has run so far.
    pub async fn script_time(&self) -> f64 {
        let metrics = self.page.execute(GetMetricsParams::default()).await.unwrap();
        let script = metrics.metrics.iter().find(|metric| metric.name == "ScriptDuration");
        script.expect("the browser counts it").value
    }

    /// To be called once before [`Window::script_time`].
    pub async fn count_time(&self) {
        self.page.execute(EnableParams::default()).await.unwrap();
    }
}
