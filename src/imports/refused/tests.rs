use super::*;

fn form(header: &str, delimiter: u8, encoding: Encoding) -> SheetForm {
    let columns = scan(header, delimiter).expect("a header");
    let had_errors = header.ends_with("error");
    SheetForm { header: header.into(), columns, delimiter, encoding, has_mark: false, had_errors }
}

fn written(form: SheetForm, rows: &[(&str, &[&str])]) -> Vec<u8> {
    let mut refused = Refused::new(Form::Sheet(form));
    for (number, (raw, messages)) in rows.iter().enumerate() {
        let messages: Vec<String> = messages.iter().map(|message| (*message).to_owned()).collect();
        let place = Place::Sheet { row: number as u64 + 2, line: number as u64 + 2 };
        refused.add(place, raw, &messages).expect("writes");
    }
    let packed = refused.done().expect("flushes").expect("some rows");
    zstd::decode_all(packed.into_file()).expect("unpacks")
}

fn text(form: SheetForm, rows: &[(&str, &[&str])]) -> String {
    String::from_utf8(written(form, rows)).expect("UTF-8")
}

#[test]
fn rows_stay_as_they_came_and_the_error_is_the_last_cell() {
    let got = text(
        form("name;country", b';', Encoding::Utf8),
        &[("\"Kilonzo; Ada\";KENIA X", &["Country 'KENIA X' is not known"]), ("Bob", &["Country required", "a; b"])],
    );
    let expected = "name;country;error\r\n\"Kilonzo; Ada\";KENIA X;Country 'KENIA X' is not known\r\n\
        Bob;;\"Country required; a; b\"\r\n";
    assert_eq!(got, expected);
}

#[test]
fn the_errors_of_an_earlier_round_are_replaced() {
    let got =
        text(form("name,country,error", b',', Encoding::Utf8), &[("Bob,X,\"old, one\"", &["new"]), ("Eve", &["e"])]);
    assert_eq!(got, "name,country,error\r\nBob,X,new\r\nEve,,e\r\n");
}

#[test]
fn a_quote_that_never_closes_does_not_swallow_the_error() {
    let got = text(form("name,country", b',', Encoding::Utf8), &[("\"Bob,KEN", &["never closes"])]);
    assert_eq!(got, "name,country,error\r\n\"\"\"Bob,KEN\",,never closes\r\n");
}

#[test]
fn the_encoding_is_the_one_they_came_in() {
    let latin = written(form("name,country", b',', Encoding::Windows1252), &[("Zoé,X", &["é"])]);
    assert_eq!(latin, b"name,country,error\r\nZo\xe9,X,\xe9\r\n");
    let mut wide = form("a\tb", b'\t', Encoding::Utf16Le);
    wide.has_mark = true;
    let wide = written(wide, &[("Z\tX", &["e"])]);
    assert_eq!(wide[..6], [0xff, 0xfe, b'a', 0, b'\t', 0]);
}

#[test]
fn one_row_that_is_refused_twice_is_written_once() {
    let mut refused = Refused::new(Form::Sheet(form("name", b',', Encoding::Utf8)));
    let place = Place::Sheet { row: 2, line: 2 };
    refused.add(place, "Ada", &["one".into()]).expect("writes");
    refused.add(place, "Ada", &["one".into(), "two".into()]).expect("writes");
    let packed = refused.done().expect("flushes").expect("a row");
    assert_eq!(zstd::decode_all(packed.into_file()).expect("unpacks"), b"name,error\r\nAda,one; two\r\n");
}

#[test]
fn nothing_refused_is_no_file() {
    assert!(Refused::new(Form::Json).done().expect("flushes").is_none());
}
