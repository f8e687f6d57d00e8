use super::*;

#[test]
fn only_code_of_the_program_itself_is_let_go() {
    let line = "55d0c0a00000-55d0c1300000 r-xp 00358000 08:01 42                  /usr/bin/athsys";
    assert_eq!(code_of(line, "/usr/bin/athsys"), Some((0x55d0_c0a0_0000, 0x55d0_c130_0000)));
    assert_eq!(code_of(line, "/usr/bin/other"), None);
    assert_eq!(code_of(&line.replace("r-xp", "r--p"), "/usr/bin/athsys"), None, "data may have been changed");
    assert_eq!(code_of("7ffd0000-7ffd2000 r-xp 00000000 00:00 0 [vdso]", "/usr/bin/athsys"), None);
}

#[test]
fn the_program_goes_on_after_letting_go() {
    release();
    assert_eq!(format!("{:?}", std::time::Duration::from_millis(1500)), "1.5s");
}
