//! Thirty desks that save results.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::meet::{ATHLETES, EVENTS, PASSWORD, email};
use super::spectators::IDLE;
use super::{Stage, device};

/// Between two saves of a desk.
const PACE: Duration = Duration::from_millis(1_500);
/// A save that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Official {
    stage: Stage,
    number: usize,
    client: Client,
    token: String,
}

/// Signs everybody in, as they do before a meet begins.
pub async fn sign_in(stage: &Stage, count: usize) -> anyhow::Result<Vec<Official>> {
    let mut officials = Vec::new();
    for number in 0..count.max(1) {
        let builder = Client::builder().no_proxy().local_address(device(2, number)).pool_idle_timeout(IDLE);
        let client = builder.timeout(PATIENCE).build()?;
        let body = json!({"email": email(number), "password": PASSWORD});
        let answer = client.post(stage.url("/api/auth/login")).json(&body).send().await?;
        let (status, answer): (_, Value) = (answer.status(), answer.json().await?);
        ensure!(status.is_success(), "an official cannot sign in: {answer}");
        let token = answer["token"].as_str().context("no token")?.to_owned();
        officials.push(Official { stage: stage.clone(), number, client, token });
    }
    Ok(officials)
}

impl Official {
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.client.get(self.stage.url(path)).bearer_auth(&self.token);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Enters results of one event after the other, and corrects each fourth.
    pub async fn work(self) {
        // Not all at the same instant.
        self.stage.rest(PACE.mul_f64(self.number as f64 / 30.0)).await;
        let mut round = 0;
        while !self.stage.is_over() {
            let event = 1 + (self.number + round / ATHLETES) % EVENTS;
            let time = 10.4 + (round % 400) as f64 / 100.0;
            let body = json!({
                "athleteId": 1 + round % ATHLETES, "eventId": event, "round": "final", "heatNumber": 1 + self.number,
                "timeSeconds": time, "windSpeed": 0.4,
            });
            let saved = self.save(Method::POST, "/api/results", &body).await;
            if let Some(id) = saved {
                self.stage.figures.result_created();
                if round % 4 == 3 {
                    self.stage.rest(PACE / 2).await;
                    let body = json!({"timeSeconds": time + 0.01});
                    self.save(Method::PUT, &format!("/api/results/{id}"), &body).await;
                }
            }
            round += 1;
            self.stage.rest(PACE).await;
        }
    }

    /// Answers the id of what was saved.
    async fn save(&self, method: Method, path: &str, body: &Value) -> Option<i64> {
        let begun = Instant::now();
        match self.send(method, path, body).await {
            Ok(answer) => {
                self.stage.figures.saves.add(begun.elapsed());
                answer["result"]["id"].as_i64()
            }
            Err(error) => {
                self.stage.figures.failed(format!("a save: {error:#}"));
                None
            }
        }
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.client.request(method, self.stage.url(path)).bearer_auth(&self.token).json(body);
        let answer = request.send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "{status} {text}");
        Ok(serde_json::from_str(&text)?)
    }
}
