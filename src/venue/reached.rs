//! Which devices have reached the server since it was started. In memory only, and only as many as a screen can show.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};

use crate::rules::text::excerpt;
use crate::time::Moment;

/// A further device takes the place of the one that was not heard of for the longest time.
const MOST: usize = 400;
/// Letters kept of what a browser calls itself.
const LONGEST_AGENT: usize = 200;

/// A device, known by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub ip: IpAddr,
    /// What its browser calls itself.
    pub user_agent: Option<String>,
    pub first_seen: Moment,
    pub last_seen: Moment,
    pub requests: u64,
    /// Whether it has opened the page that the codes lead to.
    pub joined: bool,
}

/// The devices that have reached the server.
#[derive(Default)]
pub struct Reached {
    devices: Mutex<HashMap<IpAddr, Device>>,
}

impl Reached {
    /// A request came from this address.
    pub fn note(&self, ip: IpAddr, headers: &HeaderMap, now: Moment) {
        self.update(ip, headers, now, |_| ());
    }

    /// A device has opened the page that the codes lead to.
    pub fn note_joined(&self, ip: IpAddr, headers: &HeaderMap, now: Moment) {
        self.update(ip, headers, now, |device| device.joined = true);
    }

    fn update(&self, ip: IpAddr, headers: &HeaderMap, now: Moment, change: impl FnOnce(&mut Device)) {
        let mut devices = self.devices();
        if !devices.contains_key(&ip) && devices.len() >= MOST {
            let oldest = devices.values().min_by_key(|device| device.last_seen).map(|device| device.ip);
            oldest.and_then(|oldest| devices.remove(&oldest));
        }
        let device = devices.entry(ip).or_insert_with(|| Device {
            ip,
            user_agent: None,
            first_seen: now,
            last_seen: now,
            requests: 0,
            joined: false,
        });
        device.last_seen = now;
        device.requests += 1;
        // A device that shares its address with others is called by whoever asked last.
        if let Some(agent) = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok())
            && device.user_agent.as_deref() != Some(agent)
        {
            device.user_agent = Some(excerpt(agent, LONGEST_AGENT).into_owned());
        }
        change(device);
    }

    /// All of them, the last heard of first.
    pub fn list(&self) -> Vec<Device> {
        let mut all: Vec<Device> = self.devices().values().cloned().collect();
        all.sort_by_key(|device| (std::cmp::Reverse(device.last_seen), device.ip));
        all
    }

    fn devices(&self) -> MutexGuard<'_, HashMap<IpAddr, Device>> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
