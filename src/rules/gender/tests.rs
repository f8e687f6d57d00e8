use proptest::prelude::*;

use super::*;

fn column(values: &[&str], language: Language) -> Vec<Option<Gender>> {
    let mut survey = GenderSurvey::default();
    values.iter().for_each(|value| survey.feed(value));
    let letters = survey.decide(language);
    values.iter().map(|value| letters.read(value)).collect()
}

#[test]
fn the_words_of_many_languages_are_read() {
    let cases = [
        (
            "M Male man MEN Boy BOYS Mr H Homme Masculin Garçon männlich Mann Männer Herr Junge Masculino Hombre Varón",
            Gender::M,
        ),
        ("Chico Maschio Uomo Homem Mannen Jongen Mężczyzna 男 maennlich", Gender::M),
        (
            "F Female Woman women Girl Girls W w Ms Mrs. Femme Féminin Fille Dame weiblich Frau Frauen Mädchen",
            Gender::F,
        ),
        ("Femenino Mujer Chica Femmina Donna Mulher Feminino V Vrouw Meisje K Kobieta 女", Gender::F),
        ("X x Mixed Mixte Gemischt Mixto Other Autre Divers D Non-binary NB O", Gender::X),
    ];
    for (words, gender) in cases {
        for word in words.split(' ') {
            assert_eq!(Gender::read(word), Some(gender), "{word}");
        }
    }
    assert_eq!(Gender::read(" f. "), Some(Gender::F));
}

#[test]
fn what_is_unknown_is_not_guessed() {
    for value in ["unknown", "MF", "", "  ", "1", "Z", "Malle", "m/f"] {
        assert_eq!(Gender::read(value), None, "{value}");
    }
}

#[test]
fn the_values_of_a_column_decide_what_its_letters_mean() {
    use Gender::{F, M, X};
    type Case = (&'static [&'static str], Language, &'static [Option<Gender>]);
    let cases: [Case; 12] = [
        (&["H", "M"], Language::Spanish, &[Some(M), Some(F)]),
        (&["H", "M"], Language::French, &[Some(M), None]),
        (&["H", "F", "M"], Language::Spanish, &[Some(M), Some(F), Some(M)]),
        (&["M", "W"], Language::German, &[Some(M), Some(F)]),
        (&["M", "V"], Language::Other, &[Some(M), Some(F)]),
        (&["M", "V"], Language::Spanish, &[Some(F), Some(M)]),
        (&["V", "F"], Language::English, &[Some(M), Some(F)]),
        (&["H", "D"], Language::French, &[Some(M), Some(F)]),
        (&["M", "W", "D"], Language::German, &[Some(M), Some(F), Some(X)]),
        (&["M", "D"], Language::English, &[Some(M), None]),
        (&["M", "K"], Language::Other, &[Some(M), Some(F)]),
        (&["M", "F", "Homme"], Language::English, &[Some(M), Some(F), Some(M)]),
    ];
    for (values, language, expected) in cases {
        assert_eq!(column(values, language), expected, "{values:?} {language:?}");
    }
}

#[test]
fn json_is_the_letter() {
    assert_eq!(serde_json::to_string(&Gender::X).expect("serialises"), "\"X\"");
    assert_eq!(serde_json::from_str::<Gender>("\"F\"").expect("reads"), Gender::F);
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(value in "\\PC{0,20}") {
        let mut survey = GenderSurvey::default();
        survey.feed(&value);
        let _ = survey.decide(Language::Spanish).read(&value);
    }
}
