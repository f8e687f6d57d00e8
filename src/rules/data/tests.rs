use super::*;

#[test]
fn every_built_in_table_is_right() {
    for table in Table::ALL {
        assert_eq!(table.check(table.built_in()), Ok(()), "{table:?}");
        assert_eq!(Table::of_file(table.file()), Some(table));
    }
}

#[test]
fn no_text_is_a_table_by_accident() {
    for table in Table::ALL {
        for text in ["", "\n", "a,b\n1,2\n", "\u{0}\u{1}", "event\n\"", table.built_in().lines().next().unwrap()] {
            let error = table.check(text).unwrap_err().to_string();
            assert!(error.starts_with(table.file()) && !error.contains("byte"), "{error}");
        }
    }
}
