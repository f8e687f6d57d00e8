use proptest::prelude::*;

use super::*;

#[test]
fn a_clean_cell_is_borrowed() {
    for text in ["Ada Lovelace", "  Zoë Müller ", "Γιώργος", "王 小红", "o'Neil-Smith", ""] {
        assert!(matches!(clean(text), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn every_white_space_is_one_blank_and_nothing_invisible_stays() {
    assert_eq!(clean("\u{feff} a\u{a0}\u{2007}b\u{202f}\tc\r\nd\u{200b}e \n"), "a b c de");
    assert_eq!(clean("\u{a0}\u{200b}"), "");
    assert_eq!(clean("\u{202a}+254 700\u{202c} Ada \u{202e}ecalevoL\u{2069}"), "+254 700 Ada ecalevoL");
    assert_eq!(clean("e\u{301}"), "é");
}

#[test]
fn control_characters_are_found() {
    assert!(has_control("a\u{0}b") && has_control("é\u{85}") && has_control("\u{7f}"));
    assert!(!has_control("Zoë O’Neil"));
}

#[test]
fn names_that_a_human_takes_for_one_have_one_key() {
    let alike: [&[&str]; 12] = [
        &["Müller", "MUELLER", "Muller", "Mu\u{308}ller"],
        &["Weiß", "WEISS", "Weiss"],
        &["Sørensen", "Soerensen", "Sorensen"],
        &["Åse Bjørnstad", "Aase Bjoernstad", "Ase Bjornstad"],
        &["Łukasz", "Lukasz"],
        &["Sæterlid", "Saeterlid", "Säterlid"],
        &["Yıldız", "YILDIZ", "Yildiz"],
        &["İpek", "Ipek", "ipek"],
        &["O’Brien", "O'Brien", "O`BRIEN", "O´Brien"],
        &["Þór", "Thor"],
        &["  Van  der\u{a0}Berg ", "van der berg"],
        &["Hämäläinen", "Hamalainen", "Haemaelaeinen"],
    ];
    for names in alike {
        for name in names {
            assert_eq!(fold(name), fold(names[0]), "{name}");
        }
    }
}

#[test]
fn names_of_different_people_keep_different_keys() {
    let different = [
        ("Michael", "Michal"),
        ("Rafael", "Rafał"),
        ("Xue", "Xu"),
        ("Doe", "Do"),
        ("Bauer", "Baur"),
        ("が", "か"),
        ("कुमार", "कमर"),
        ("Mueller", "Miller"),
    ];
    for (one, other) in different {
        assert_ne!(fold(one), fold(other), "{one} {other}");
    }
}

#[test]
fn only_the_agreed_spellings_of_nothing_are_blank() {
    for text in ["", "  ", "-", "--", "n/a", "N/A", "NA", "none", "NULL", "#N/A", "?"] {
        assert!(blank(text), "{text}");
    }
    for text in ["0", "no", "Nana", "---", "x"] {
        assert!(!blank(text), "{text}");
    }
}

#[test]
fn an_excerpt_is_cut_between_characters() {
    assert_eq!(excerpt("Zoë", 3), "Zoë");
    assert_eq!(excerpt("Zoëlla", 4), "Zoë…");
}

#[test]
fn a_key_is_appended_behind_what_is_there() {
    let mut buffer = String::from("a ");
    fold_into(" É ", &mut buffer);
    assert_eq!(buffer, "a e");
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing(text in "\\PC*|[\\s\\u{200b}\\u{feff}\\u{202a}-\\u{202e}a-zà-ÿ\\u{300}-\\u{310}]*") {
        let once = clean(&text).into_owned();
        prop_assert_eq!(clean(&once).into_owned(), once);
    }

    #[test]
    fn folding_twice_changes_nothing(text in "[a-zA-ZÀ-ÿĀ-ſ '\\-’aeou]*|\\PC*") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn a_cleaned_text_has_the_key_of_the_text(text in "[a-zA-ZÀ-ÿ \\u{a0}\\t\\u{200b}]*") {
        prop_assert_eq!(fold(&clean(&text)), fold(&text));
    }
}
