//! The second step of signing in.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::take;
use crate::audit::Actor;
use crate::auth::check::note_failure;
use crate::auth::guard::Input;
use crate::auth::token::random_token;
use crate::http::error::{ApiError, ApiResult};
use crate::records;
use crate::state::App;
use crate::users::{self, User};

/// Time for the second step, before the password has to be given again.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
const MOST: u64 = 4096;

/// Sign-ins between their two steps; a restart forgets them.
pub struct Challenges(moka::sync::Cache<String, Half>);

/// Somebody whose password was right: their id and the version of their tokens at that moment.
type Half = (i64, i64);

impl Challenges {
    pub fn new() -> Challenges {
        Challenges(moka::sync::Cache::builder().max_capacity(MOST).time_to_live(PATIENCE).build())
    }

    fn open(&self, half: Half) -> String {
        let challenge = random_token();
        self.0.insert(challenge.clone(), half);
        challenge
    }
}

impl Default for Challenges {
    fn default() -> Challenges {
        Challenges::new()
    }
}

/// The user of a challenge that was given with the first step, as long as their password has not changed since.
pub async fn user_of(app: &App, challenge: &str) -> ApiResult<User> {
    let refused = || ApiError::unauthorized("challenge-expired", "That took too long; give your password again");
    let (id, version) = app.challenges().0.get(challenge).ok_or_else(refused)?;
    let found = app.db().read(move |conn| {
        let user = records::find::<User>(conn, id)?;
        Ok::<_, ApiError>((user, users::secrets(conn, id)?.1))
    });
    match found.await? {
        (Some(user), now) if now == version => Ok(user),
        _ => Err(refused()),
    }
}

/// Asks somebody whose password was right for a code, where their account wants one, and looks at the code that came.
pub async fn second_step(app: &App, input: &Input, user: &User) -> ApiResult<()> {
    if !user.two_factor_enabled {
        return Ok(());
    }
    let id = user.id;
    let given = input.members.get("code").and_then(Value::as_str).filter(|code| !code.trim().is_empty());
    let Some(code) = given.map(str::to_owned) else {
        let (_, version) = app.db().read(move |conn| users::secrets(conn, id)).await?;
        let detail = "Now give the code of your app, or one of your codes for a lost phone";
        return Err(ApiError::unauthorized("second-factor-needed", detail)
            .with("challenge", app.challenges().open((id, version)))
            .with("expires_in", PATIENCE.as_secs()));
    };
    let attempt = app.attempt_code(id, input.visitor.ip)?;
    if app.db().write(move |tx| take(tx, id, &code)).await? {
        attempt.succeeded();
        return Ok(());
    }
    let remaining = attempt.failed(Instant::now());
    let by = Actor { user_id: None, name: "anonymous".into(), ip: Some(input.visitor.ip) };
    note_failure(app, by, Some(id), &user.email).await?;
    Err(ApiError::unauthorized("wrong-code", "This code is wrong, or was used already. Wait for the next one")
        .with("attempts_remaining", remaining))
}
