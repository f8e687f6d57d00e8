//! `athsys user` and `athsys rotate-key`: accounts and keys, for whoever sits at the computer.

use std::io::BufRead;
use std::process::ExitCode;

use super::{Failure, Outcome, args, open_existing, open_own, print_data, say};
use crate::audit::{Actor, Entry, Verb};
use crate::auth::password::{check_new_password, hash_now};
use crate::auth::policy::Role;
use crate::auth::second_factor;
use crate::auth::token::KeyFile;
use crate::db::{Access, Db, DbError, Entity, Files};
use crate::records::{ListQuery, RecordError};
use crate::rules::contact::read_email;
use crate::users::{self, NewPassword, User, UserStatus};

/// What to do about accounts while a server has the file.
const INSTEAD: &str = "Manage its accounts on its page /admin, or stop it first.";

pub fn user(files: &Files, command: args::User) -> Outcome {
    match command {
        args::User::Add { email, name, admin, role, password_stdin } => {
            let role = if admin { Role::Admin } else { role.unwrap_or(Role::Viewer) };
            add(files, &email, &name, role, password_stdin)
        }
        args::User::Passwd { email, password_stdin } => passwd(files, &email, password_stdin),
        args::User::List { json } => list(files, json),
        args::User::SecondFactorOff { email } => second_factor_off(files, &email),
        args::User::Disable { email } => disable(files, &email),
    }
}

fn add(files: &Files, email: &str, name: &str, role: Role, from_stdin: bool) -> Outcome {
    let (email, _) = read_email(email).map_err(|error| Failure::usage(error.to_string()))?;
    let name = crate::rules::text::clean(name).into_owned();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Failure::usage("A name has 1 to 100 characters."));
    }
    let db = open_own(files, INSTEAD)?;
    let password = new_password(from_stdin)?;
    let mut user = User::new(&name, &email, role);
    let added = db.write_blocking(move |tx| {
        users::insert_with_password(tx, &Actor::console(), &mut user, Some(&password))?;
        Ok::<_, RecordError>(user)
    })?;
    db.close();
    say(format_args!("{} ({}) can sign in as {}.", added.name, added.email, added.role.as_str()));
    Ok(ExitCode::SUCCESS)
}

fn passwd(files: &Files, email: &str, from_stdin: bool) -> Outcome {
    let db = open_existing(files, INSTEAD)?;
    let user = known(&db, email)?;
    let password = new_password(from_stdin)?;
    let id = user.id;
    db.write_blocking(move |tx| {
        users::set_password(tx, id, &password)?;
        let details = serde_json::json!({ "password": "changed" });
        Entry::new(Verb::Update, Entity::Users).id(id).details(&details).write(tx, &Actor::console())
    })?;
    db.close();
    say(format_args!("{} has a new password, and was signed out everywhere.", user.name));
    Ok(ExitCode::SUCCESS)
}

fn list(files: &Files, json: bool) -> Outcome {
    let db = Db::open(files.clone(), Access::Beside).map_err(|error| Failure::open(files, &error))?;
    if files.is_locked() {
        return Err(Failure::in_use(files, INSTEAD));
    }
    let found = db.read_blocking(|conn| {
        let mut found = Vec::new();
        ListQuery::everything().page::<User>(conn, |user| {
            found.push(user);
            Ok(())
        })?;
        Ok::<_, DbError>(found)
    })?;
    if json {
        return print_data(&format!("{}\n", serde_json::to_string(&found)?));
    }
    let lines: String = found
        .iter()
        .map(|user| format!("{}\t{}\t{}\t{}\n", user.email, user.name, user.role.as_str(), user.status.as_str()))
        .collect();
    print_data(&lines)
}

fn disable(files: &Files, email: &str) -> Outcome {
    let db = open_existing(files, INSTEAD)?;
    let user = known(&db, email)?;
    let after = db.write_blocking(move |tx| users::set_status(tx, &Actor::console(), &user, UserStatus::Suspended))?;
    db.close();
    say(format_args!("{} is suspended, and was signed out everywhere.", after.name));
    Ok(ExitCode::SUCCESS)
}

fn second_factor_off(files: &Files, email: &str) -> Outcome {
    let db = open_existing(files, INSTEAD)?;
    let user = known(&db, email)?;
    let name = user.name.clone();
    db.write_blocking(move |tx| second_factor::switch_off(tx, &Actor::console(), &user))?;
    db.close();
    say(format_args!("{name} signs in with the password alone."));
    Ok(ExitCode::SUCCESS)
}

/// A server reads its keys when it starts: beside one a new key would wait unseen, so it is refused.
pub fn rotate_key(files: &Files) -> Outcome {
    let db = open_existing(files, "Stop it first: a server reads its keys when it starts.")?;
    let keys = KeyFile::rotate(&files.key_file())?;
    db.write_blocking(|tx| {
        let details = serde_json::json!({ "signing_key": "rotated" });
        Entry::about(Verb::Setting, "key").details(&details).write(tx, &Actor::console())
    })?;
    db.close();
    let before =
        if keys > 1 { "; tokens of the key before are good until they expire, or the next rotation" } else { "" };
    say(format_args!("{} holds a new key{before}.", files.key_file().display()));
    Ok(ExitCode::SUCCESS)
}

fn known(db: &Db, email: &str) -> Result<User, Failure> {
    let wanted = email.to_owned();
    let found = db.read_blocking(move |conn| users::by_email(conn, &wanted))?;
    found.ok_or_else(|| Failure::new(format!("There is no user with the email {email}.")))
}

/// Asked for twice at a terminal, or one line of standard input.
fn new_password(from_stdin: bool) -> Result<NewPassword, Failure> {
    let password = if from_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        let first = rpassword::prompt_password("New password: ")?;
        let second = rpassword::prompt_password("Again: ")?;
        if first != second {
            return Err(Failure::new("The two passwords differ; nothing was changed."));
        }
        first
    };
    check_new_password(&password).map_err(|reason| Failure::new(reason.to_string()))?;
    Ok(NewPassword(hash_now(&password)?))
}
