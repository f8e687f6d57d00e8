use super::*;
use crate::rules::mark::TimeMs;

const STYLES: &str = r#"<styleSheet><numFmts>
    <numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="[h]:mm:ss.00"/>
    <numFmt numFmtId="166" formatCode="h:mm;&quot;s&quot;"/><numFmt numFmtId="167" formatCode="mm:ss.00"/></numFmts>
    <cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/>
    <xf numFmtId="22"/></cellXfs></styleSheet>"#;
const DATE: u8 = 1;
const DURATION: u8 = 2;
const HOURS: u8 = 3;
const MARK: u8 = 4;
const MOMENT: u8 = 5;

/// The texts of number cells, given as written in the file, with their styles.
fn numbers(cells: &[(u8, &str)], is_1904: bool) -> Vec<String> {
    let mut data = rows(&[(1, &["name"])]);
    for (row, (style, number)) in (2..).zip(cells) {
        data += &format!(r#"<row r="{row}"><c r="A{row}" s="{style}"><v>{number}</v></c></row>"#);
    }
    let mut parts = Parts::of(&[("A", "visible", &data)]);
    parts.set("xl/styles.xml", STYLES);
    if is_1904 {
        let workbook = parts.0.iter().find(|(name, _)| name == "xl/workbook.xml").expect("a part").1.clone();
        parts.set("xl/workbook.xml", &workbook.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#));
    }
    records(opened(&parts)).into_iter().skip(1).map(|(_, text)| text).collect()
}

#[test]
fn numbers_are_plain_and_as_short_as_they_are_shown() {
    for (written, shown) in [
        ("101.0", "101"),
        ("101", "101"),
        ("10.52", "10.52"),
        ("10.520000000000001", "10.52"),
        ("0.30000000000000004", "0.3"),
        ("1.85", "1.85"),
        ("2.547E+11", "254700000000"),
        ("254700000010", "254700000010"),
        ("4111111111111111", "4111111111111111"),
        ("-1.2", "-1.2"),
        ("-0", "0"),
        ("0.000001", "0.000001"),
        ("1E-9", "1e-9"),
        ("1.5E+300", "1.5e300"),
    ] {
        assert_eq!(numbers(&[(0, written)], false), [shown], "{written}");
    }
}

#[test]
fn dates_are_iso_dates_and_fractions_of_a_day_are_marks() {
    for (style, written, shown) in [
        (DATE, "39521", "2008-03-14"),
        (DATE, "1", "1900-01-01"),
        (DATE, "61", "1900-03-01"),
        (DATE, "2958465", "9999-12-31"),
        (DATE, "39521.5", "2008-03-14T12:00:00"),
        (MOMENT, "45943.54100694444", "2025-10-13T12:59:03"),
        (MOMENT, "45943.999999", "2025-10-14"),
        (MARK, "0.002839120370370370", "4:05.3"),
        (MARK, "0.00283912", "4:05.3"),
        (MARK, "0.000121875", "0:10.53"),
        (MARK, "0.0000121527777", "0:01.05"),
        (MARK, "0.0625", "1:30:00"),
        (DURATION, "0.08543981481", "2:03:02"),
        (DURATION, "1.0850694444", "26:02:30"),
        (HOURS, "0.170138888888889", "4:05"),
        (HOURS, "0.6041666667", "14:30"),
        (HOURS, "0.60420138888", "14:30:03"),
        (DATE, "-5", "-5"),
        (DATE, "1e12", "1000000000000"),
    ] {
        assert_eq!(numbers(&[(style, written)], false), [shown], "{written}");
    }
    assert_eq!(
        numbers(&[(DATE, "38059"), (DATE, "0.5"), (MARK, "0.00283912")], true),
        ["2008-03-14", "12:00:00", "4:05.3"]
    );
}

#[test]
fn a_mark_that_was_a_fraction_of_a_day_is_read_as_that_mark() {
    let read = |text| TimeMs::parse(text).expect(text);
    assert_eq!(read("4:05.3"), read("245.30"));
    assert_eq!(read("0:10.53"), read("10.53"));
    assert_eq!(read("2:03:02"), read("123:02"));
}

#[test]
fn formulas_give_their_stored_result_and_are_told_of_without_one() {
    let data = rows(&[(1, &["name"])])
        + r#"<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>SUM(A2)</f></c></row>
             <row r="3"><c r="A3" t="str"><f>A2&amp;"x"</f><v>2x</v></c><c r="B3" t="str"><f>""</f><v></v></c></row>
             <row r="4"><c r="A4"><f t="shared" si="0"/><v/></c><c r="B4" t="str"><f>""</f><v/></c></row>
             <row r="5"><c r="A5" t="inlineStr"><is><t>last</t></is></c></row>"#;
    let sheet = opened(&Parts::of(&[("A", "visible", &data)]));
    assert_eq!(messages(&sheet), ["2 formulas have no stored result and are taken as blank; the first is B2"]);
    let cells: Vec<String> = records(sheet).into_iter().map(|(_, cell)| cell).collect();
    assert_eq!(cells, ["name", "2", "2x", "", "last"]);
}

#[test]
fn booleans_and_errors_are_blank_also_those_of_later_years() {
    let data = rows(&[(1, &["name"])])
        + r##"<row r="2"><c r="A2" t="e"><v>#SPILL!</v></c><c r="B2" t="b"><v>1</v></c><c r="C2"><v>7</v></c></row>
             <row r="3"><c r="A3" t="e"><v>#REF!</v></c><c r="B3" t="d"><v>2008-03-14T00:00:00</v></c></row>"##;
    let mut sheet = opened(&Parts::of(&[("A", "visible", &data)]));
    assert_eq!(text_of(&mut sheet), "name\n,,7\n,2008-03-14\n");
    let expected = "3 cells with TRUE, FALSE or an error such as #REF! are taken as blank";
    assert_eq!(messages(&sheet), [expected]);
}

#[test]
fn texts_of_every_kind_are_texts() {
    let mut parts = Parts::of(&[(
        "A",
        "visible",
        r#"<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c><c t="str"><v>a_x000D_b</v></c></row>
           <row r="3"><c r="A3" t="inlineStr"><is><t>_x0000_nul</t></is></c><c r="Z3" s="1"/></row>"#,
    )]);
    let texts = r#"<sst count="3" uniqueCount="3"><si><t>name</t></si><si><r><t>rich</t></r><r><t xml:space="preserve"> text</t></r>
        <rPh sb="0" eb="1"><t>ruby</t></rPh></si><si><t><![CDATA[<b>]]></t></si></sst>"#;
    parts.set("xl/sharedStrings.xml", texts);
    assert_eq!(text_of(&mut opened(&parts)), "name,rich text\n<b>,\"a\rb\"\nnul\n");
}
