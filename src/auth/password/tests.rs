use std::sync::mpsc;

use futures_util::future::poll_immediate;

use super::*;

/// Small parameters, so that a test is about the thread and not about argon2.
fn quick(queue: usize, idle: Duration) -> PasswordHasher {
    PasswordHasher::with(Hasher::with(64, 1), queue, idle)
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_password_is_known_again_and_another_is_not() {
    let hasher = PasswordHasher::new();
    let phc = hasher.hash("correct horse".to_owned()).await.unwrap();
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
    let good = hasher.verify("correct horse".to_owned(), Some(phc.clone())).await.unwrap();
    assert_eq!(good, Verdict { ok: true, needs_rehash: false });
    let bad = hasher.verify("correct horsf".to_owned(), Some(phc)).await.unwrap();
    assert_eq!(bad, Verdict { ok: false, needs_rehash: false });
}

#[test]
fn so_many_may_wait_as_the_contract_says() {
    assert_eq!((QUEUE, MIN_CHARS, MAX_CHARS), (32, 8, 128));
}

#[test]
fn each_hash_has_its_own_salt_of_16_bytes() {
    let (first, second) = (hash_now("same").unwrap(), hash_now("same").unwrap());
    assert_ne!(first, second);
    let salt = first.split('$').nth(4).unwrap();
    assert_eq!(salt.len(), 22, "16 bytes in base64 without padding");
    assert!(verify_now("same", Some(&first)).unwrap().ok);
}

#[test]
fn a_hash_of_the_reference_implementation_verifies() {
    // From argon2's own test suite: argon2 -id -t 2 -m 16 -p 1, password "password", salt "somesalt".
    let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assert_eq!(verify_now("password", Some(phc)).unwrap(), Verdict { ok: true, needs_rehash: true });
    assert_eq!(verify_now("Password", Some(phc)).unwrap(), Verdict { ok: false, needs_rehash: false });
}

#[test]
fn other_parameters_ask_for_a_new_hash() {
    let mut memory = Memory::default();
    let old = Hasher::with(128, 1).hash("secret", &mut memory).unwrap();
    let now = Hasher::with(64, 2);
    assert_eq!(now.verify("secret", Some(&old), &mut memory).unwrap(), Verdict { ok: true, needs_rehash: true });
    let new = now.hash("secret", &mut memory).unwrap();
    assert_eq!(now.verify("secret", Some(&new), &mut memory).unwrap(), Verdict { ok: true, needs_rehash: false });
}

#[test]
fn unusable_hashes_are_wrong_passwords() {
    for phc in [
        "",
        "secret",
        "$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZPBKGFDFRDk2nPRFkfHyM4RwhVnH2e",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ",
    ] {
        assert!(!Hasher::with(64, 1).verify("secret", Some(phc), &mut Memory::default()).unwrap().ok, "{phc}");
    }
}

#[test]
fn a_hash_that_costs_too_much_is_not_tried() {
    let mut memory = Memory::default();
    for (memory_kib, passes) in [(64 * 1024 + 8, 1), (64, 11)] {
        let costly = Hasher::with(memory_kib, passes).hash("secret", &mut memory).unwrap();
        assert!(!Hasher::with(64, 1).verify("secret", Some(&costly), &mut memory).unwrap().ok, "{costly}");
    }
}

#[test]
fn an_unknown_account_costs_as_much_as_a_wrong_password() {
    let hasher = Hasher::standard();
    let phc = hasher.hash("secret", &mut Memory::default()).unwrap();
    // What argon2 costs is the memory it fills.
    let filled = |phc: Option<&str>| {
        let mut memory = Memory::default();
        assert!(!hasher.verify("wrong", phc, &mut memory).unwrap().ok);
        memory.filled()
    };
    assert_eq!(filled(None), filled(Some(&phc)));
    assert_eq!(filled(None), 19_456, "one block a KiB");
}

#[test]
fn both_spellings_of_an_accent_are_one_password() {
    let phc = hash_now("caf\u{e9} au lait").unwrap();
    assert!(verify_now("cafe\u{301} au lait", Some(&phc)).unwrap().ok);
}

/// Occupies the thread until the sender is used or dropped; returns when it is occupied.
fn occupy(hasher: &PasswordHasher) -> (mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
    let (go_on, wait) = mpsc::channel::<()>();
    let (tell, started) = mpsc::channel();
    let worker = hasher.worker.clone();
    let task = tokio::spawn(async move {
        let work = move |_: &Hasher, _: &mut Memory| {
            tell.send(()).unwrap();
            let _ = wait.recv();
        };
        worker.run(work).await.unwrap();
    });
    tokio::task::block_in_place(|| started.recv()).unwrap();
    (go_on, task)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_is_busy_at_once() {
    let hasher = quick(2, LONG);
    let (go_on, task) = occupy(&hasher);
    let mut waiting = [Box::pin(hasher.hash("one".to_owned())), Box::pin(hasher.hash("two".to_owned()))];
    for waiting in &mut waiting {
        assert!(poll_immediate(waiting).await.is_none());
    }
    assert!(matches!(hasher.hash("three".to_owned()).await, Err(PasswordError::Busy)));
    go_on.send(()).unwrap();
    for waiting in waiting {
        waiting.await.unwrap();
    }
    task.await.unwrap();
    assert!(hasher.hash("four".to_owned()).await.is_ok(), "and then there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_for_somebody_who_went_away_is_skipped() {
    let hasher = quick(2, LONG);
    let (go_on, _task) = occupy(&hasher);
    let (tell, done) = mpsc::channel();
    let mut gone = Box::pin(hasher.worker.run(move |_, _| tell.send(()).unwrap()));
    assert!(poll_immediate(&mut gone).await.is_none());
    drop(gone);
    go_on.send(()).unwrap();
    hasher.hash("next".to_owned()).await.unwrap();
    assert!(done.try_recv().is_err());
}

#[tokio::test]
async fn the_thread_ends_when_idle_and_comes_back() {
    let hasher = quick(2, Duration::from_millis(1));
    for _ in 0..3 {
        assert!(hasher.hash("secret".to_owned()).await.is_ok());
        while hasher.worker.has_thread() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_panic_fails_its_own_caller_only() {
    let hasher = quick(2, LONG);
    let work = |_: &Hasher, _: &mut Memory| -> () { panic!("intended by the test") };
    assert!(matches!(hasher.worker.run(work).await, Err(PasswordError::Failed(_))));
    assert!(hasher.hash("secret".to_owned()).await.is_ok());
}

#[test]
fn a_new_password_has_8_to_128_characters() {
    assert_eq!(check_new_password("öäüß€x7"), Err(WeakPassword::TooShort));
    assert_eq!(check_new_password("öäüß€x7q"), Ok(()));
    assert_eq!(check_new_password(&"ö".repeat(128)), Ok(()));
    assert_eq!(check_new_password(&"x".repeat(129)), Err(WeakPassword::TooLong));
    assert_eq!(check_new_password(&"x".repeat(1_000_000)), Err(WeakPassword::TooLong));
    assert_eq!(check_new_password("no rules about kinds"), Ok(()));
}

#[test]
fn the_worst_passwords_are_refused_in_any_case() {
    for bad in ["password", "PassWord1", "12345678", "QWERTYUIOP", "Admin@123", "iloveyou", "passw0rd ", "athletics"] {
        assert_eq!(check_new_password(bad), Err(WeakPassword::Common), "{bad}");
    }
}

#[test]
fn the_list_is_tidy() {
    let lines: Vec<&str> = include_str!("../data/worst_passwords.txt").lines().collect();
    assert!(lines.len() >= 1000, "{}", lines.len());
    let mut sorted = lines.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted, lines, "sorted and without repetitions");
    let long = lines.iter().filter(|line| line.chars().count() >= MIN_CHARS).count();
    assert!(long >= 500, "{long}");
    for line in lines {
        assert_eq!(line, line.trim().to_lowercase());
        assert!(!line.is_empty());
    }
}
