use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn detected(bytes: &[u8]) -> Result<Encoding, EncodingError> {
    detect(&mut Cursor::new(bytes), None).map(|detected| detected.encoding)
}

fn decoded(bytes: &[u8], chosen: Option<Encoding>) -> (String, u64) {
    let mut source = Cursor::new(bytes);
    let found = detect(&mut source, chosen).expect("text");
    let mut decoder = Decoder::new(source, &found).expect("seeks");
    let mut text = String::new();
    decoder.read_to_string(&mut text).expect("UTF-8");
    (text, decoder.nuls())
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn a_mark_decides_and_is_not_part_of_the_text() {
    assert_eq!(decoded(b"\xef\xbb\xbfname\n", None), ("name\n".into(), 0));
    let wide = [b"\xff\xfe".to_vec(), utf16("näme\tland", u16::to_le_bytes)].concat();
    assert_eq!(decoded(&wide, None), ("näme\tland".into(), 0));
    let wide = [b"\xfe\xff".to_vec(), utf16("näme", u16::to_be_bytes)].concat();
    assert_eq!(decoded(&wide, None), ("näme".into(), 0));
}

#[test]
fn without_a_mark_the_bytes_decide() {
    assert_eq!(detected("name,café".as_bytes()).expect("text"), Encoding::Utf8);
    assert_eq!(detected(b"name,caf\xe9").expect("text"), Encoding::Windows1252);
    assert_eq!(detected(&utf16("name,country\n", u16::to_le_bytes)).expect("text"), Encoding::Utf16Le);
    assert_eq!(detected(&utf16("name,country\n", u16::to_be_bytes)).expect("text"), Encoding::Utf16Be);
    assert_eq!(decoded(b"caf\xe9 \x80", None).0, "café €");
}

#[test]
fn a_wrong_byte_far_behind_still_decides() {
    let mut bytes = b"name,country\n".repeat(20_000);
    bytes.extend(b"M\xfcller,GER\n");
    assert_eq!(detected(&bytes).expect("text"), Encoding::Windows1252);
    assert!(decoded(&bytes, None).0.ends_with("Müller,GER\n"));
}

#[test]
fn a_sequence_across_two_chunks_is_one() {
    for shift in 0..4 {
        let text = format!("{}{}", "x".repeat(shift), "€".repeat(60_000));
        assert_eq!(detected(text.as_bytes()).expect("text"), Encoding::Utf8);
        assert_eq!(decoded(text.as_bytes(), None).0, text);
    }
}

#[test]
fn utf8_with_a_few_wrong_bytes_is_refused_with_the_line() {
    let mut bytes = "name\r\nZoë\rÅsa\nÖzğil\n".as_bytes().to_vec();
    bytes.extend(b"M\xfcller\n");
    assert!(matches!(detected(&bytes), Err(EncodingError::Mixed { line: 5 })));
    let chosen = detect(&mut Cursor::new(&bytes), Some(Encoding::Utf8));
    assert!(matches!(chosen, Err(EncodingError::NotUtf8 { line: 5 })));
    let chosen = detect(&mut Cursor::new(&bytes), Some(Encoding::Windows1252)).expect("chosen");
    assert_eq!(chosen.encoding, Encoding::Windows1252);
}

#[test]
fn nul_bytes_are_removed_and_counted() {
    assert_eq!(decoded(b"na\0me\n\0\0Zoe", None), ("name\nZoe".into(), 3));
    let mut bytes = b"name\n".repeat(1000);
    bytes.extend([0; 100_000]);
    bytes.extend(b"Zoe");
    assert!(decoded(&bytes, None).0.ends_with("name\nZoe"));
}

#[test]
fn what_is_no_text_is_named() {
    let cases: [(&[u8], Container); 9] = [
        (b"PK\x03\x04rest", Container::Zip),
        (b"\xd0\xcf\x11\xe0\xa1", Container::OldExcel),
        (b"%PDF-1.7", Container::Pdf),
        (b"\xef\xbb\xbf <!DOCTYPE HTML><table>", Container::Html),
        (b"<table><tr>", Container::Html),
        (b"<?xml version=\"1.0\"?>", Container::Xml),
        (b"{\\rtf1 x", Container::Rtf),
        (b"\x89PNG\r\n", Container::Binary),
        (b"\x01\x02\x03\x04\x05abcdefgh", Container::Binary),
    ];
    for (bytes, expected) in cases {
        match detected(bytes) {
            Err(EncodingError::NotText(container)) => assert_eq!(container, expected),
            other => panic!("{bytes:?}: {other:?}"),
        }
    }
    let message = detected(b"PK\x03\x04rest").expect_err("a zip").to_string();
    assert!(message.starts_with("This is an Excel workbook"), "{message}");
}

#[test]
fn an_empty_file_is_empty() {
    for bytes in [&b""[..], b"\xef\xbb\xbf", b"\xff\xfe"] {
        assert!(matches!(detected(bytes), Err(EncodingError::Empty)));
    }
}

#[test]
fn labels_are_read_back() {
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252, Encoding::MacRoman] {
        assert_eq!(Encoding::from_label(&encoding.label().to_uppercase()), Some(encoding));
    }
    assert_eq!(Encoding::from_label("ebcdic"), None);
    assert_eq!(decoded(b"Z\x91", Some(Encoding::MacRoman)).0, "Zë");
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_become_utf8(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut source = Cursor::new(&bytes);
        if let Ok(found) = detect(&mut source, None) {
            let mut text = String::new();
            Decoder::new(source, &found).expect("seeks").read_to_string(&mut text).expect("UTF-8");
            prop_assert!(!text.contains('\0'));
        }
    }

    #[test]
    fn utf8_text_comes_out_as_it_is(text in "[a-zA-Zà-ÿ,;\\n 王]{1,200}") {
        prop_assert_eq!(decoded(text.as_bytes(), None).0, text);
    }
}
