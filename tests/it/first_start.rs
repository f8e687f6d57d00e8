//! The first minute: started without any argument, as by a double-click, and started a second time.

use crate::support::desktop::Desktop;

#[test]
fn a_bare_start_shows_the_set_up_page_and_a_second_one_shows_it_again() {
    let desktop = Desktop::new();
    let athsys = desktop.athsys();
    let served = athsys.serve_as(&[]);
    let page = desktop.shown();
    assert!(page.starts_with(&served.url("/setup?token=")), "{page}");
    assert!(served.said.contains(&athsys.db.display().to_string()), "it says where the file is: {}", served.said);

    let second = athsys.run(&[]);
    assert!(second.is(0).err.contains(&format!("athsys is running already, at {}", served.url("/"))), "{second:?}");
    assert_eq!(desktop.shown(), page);
    served.stop();
    assert!(!athsys.db.with_extension("db.live").exists(), "nothing is left beside the file");
}

#[test]
fn with_an_administrator_it_shows_the_dashboard() {
    let desktop = Desktop::new();
    let athsys = desktop.athsys();
    let add = ["user", "add", "--admin", "--email", "a@example.org", "--name", "A", "--password-stdin"];
    athsys.run_with(&add, b"three unrelated words\n").is(0);
    let served = athsys.serve_as(&[]);
    assert_eq!(desktop.shown(), served.url("/admin"));
    athsys.run(&[]).is(0);
    assert_eq!(desktop.shown(), served.url("/admin"));
    served.stop();
}

#[test]
fn nothing_opens_for_servers() {
    let desktop = Desktop::new();
    desktop.remote().serve_as(&[]).stop();
    desktop.athsys().env("ATHSYS_NO_OPEN", "true").serve_as(&[]).stop();
    desktop.athsys().serve(&[]).stop();
    assert!(!desktop.has_shown());
}

#[test]
fn who_said_how_it_is_to_start_is_told_that_another_has_the_file_and_where() {
    let desktop = Desktop::new();
    let athsys = desktop.athsys();
    let served = athsys.serve(&[]);
    let words = format!("is already in use by another athsys on this computer, at {}.", served.url("/"));
    athsys.run(&["serve"]).refused(1, &words);
    desktop.remote().run(&[]).refused(1, &words);
    assert!(!desktop.has_shown());
}

/// The address of a server that was killed is no answer.
#[test]
fn an_address_that_was_left_behind_stands_in_nobodys_way() {
    let desktop = Desktop::new();
    let athsys = desktop.athsys();
    let killed = athsys.serve_as(&[]);
    let before = desktop.shown();
    killed.kill();
    let served = athsys.serve_as(&[]);
    let page = desktop.shown();
    assert!(page.starts_with(&served.url("/setup?token=")) && page != before, "{page} after {before}");
    served.stop();
}
