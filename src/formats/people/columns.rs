//! Which columns hold the values of an athlete, and what only a whole column can decide.

use std::io::{self, Read, Seek};

use jiff::civil::Date;

use crate::formats::headings::NameOrder;
use crate::formats::table::{Note, Survey};
use crate::rules::date::{DateOrder, OrderSurvey};
use crate::rules::gender::{GenderLetters, GenderSurvey};
use crate::rules::text;

/// Where the values of an athlete stand in a table, and how its columns are to be read.
#[derive(Debug, Clone)]
pub struct AthleteColumns {
    pub(super) headings: Vec<String>,
    pub(super) name: Vec<usize>,
    pub(super) name_order: NameOrder,
    /// First, middle, last and second last name, in the order in which they are put together.
    pub(super) name_parts: [Vec<usize>; 4],
    pub(super) id: Vec<usize>,
    pub(super) country: Vec<usize>,
    pub(super) gender: Vec<usize>,
    pub(super) birth_date: Vec<usize>,
    pub(super) birth_year: Vec<usize>,
    pub(super) email: Vec<usize>,
    pub(super) phone: Vec<usize>,
    pub(super) club: Vec<usize>,
    pub(super) coach: Vec<usize>,
    pub(super) bib: Vec<usize>,
    pub(super) letters: GenderLetters,
    pub(super) order: DateOrder,
    pub(super) is_order_sure: bool,
    pub(super) today: Date,
}

impl AthleteColumns {
    /// Decides the columns of a survey. Reads the file again only when its first 200 rows leave a letter or a date open.
    /// `usual` is the order of day and month where nothing in the file proves one.
    ///
    /// # Errors
    /// When the source fails.
    pub fn of<S: Read + Seek>(survey: &Survey, source: &mut S, usual: DateOrder) -> io::Result<AthleteColumns> {
        let mut columns = AthleteColumns::bare(survey);
        let mut genders = GenderSurvey::default();
        let mut dates = OrderSurvey::default();
        for row in survey.sample() {
            let cell = |index: usize| row.get(index).map_or("", String::as_str);
            columns.gender.iter().for_each(|&index| genders.feed(cell(index)));
            columns.birth_date.iter().for_each(|&index| dates.feed(cell(index)));
        }
        let mut is_whole = survey.is_sample_whole();
        if !is_whole && (genders.is_ambiguous() || dates.is_open()) {
            columns.survey_all(survey, source, &mut genders, &mut dates)?;
            is_whole = true;
        }
        columns.letters = genders.decide(survey.language);
        columns.order = dates.decide(usual).order;
        columns.is_order_sure = dates.is_proved();
        if !is_whole {
            columns.letters = columns.letters.without_unseen(&genders);
            // The sample had no such dates at all: one that turns up later must not be guessed.
            if !dates.is_proved() {
                columns.order = DateOrder::Contradictory;
            }
        }
        Ok(columns)
    }

    fn bare(survey: &Survey) -> AthleteColumns {
        let of = |field| survey.columns_of(field);
        let name = of("name");
        AthleteColumns {
            headings: survey.columns.iter().map(|column| column.heading.clone()).collect(),
            name_order: name.first().map_or(NameOrder::AsWritten, |&index| survey.columns[index].order),
            name,
            name_parts: ["first_name", "middle_name", "last_name", "second_last_name"].map(of),
            id: of("id"),
            country: of("country"),
            gender: of("gender"),
            birth_date: of("date_of_birth"),
            birth_year: of("year_of_birth"),
            email: of("email"),
            phone: of("phone"),
            club: of("club"),
            coach: of("coach"),
            bib: of("bib_number"),
            letters: GenderLetters::default(),
            order: DateOrder::default(),
            is_order_sure: false,
            today: survey.today,
        }
    }

    fn survey_all<S: Read + Seek>(
        &self,
        survey: &Survey,
        source: &mut S,
        genders: &mut GenderSurvey,
        dates: &mut OrderSurvey,
    ) -> io::Result<()> {
        let mut rows = survey.rows(source)?;
        while let Some(row) = rows.read()? {
            let Ok(row) = row else { continue };
            self.gender.iter().for_each(|&index| genders.feed(&text::clean(row.cell(index))));
            self.birth_date.iter().for_each(|&index| dates.feed(&text::clean(row.cell(index))));
        }
        Ok(())
    }

    /// What is worth telling about how the columns are read.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if let Some(&column) = self.birth_date.first()
            && self.order == DateOrder::Contradictory
            && self.is_order_sure
        {
            let message =
                format!("The column {} holds dates with the day first and with the month first", self.headings[column]);
            notes.push(Note { code: "ambiguous_date", row: None, message });
        }
        notes
    }

    /// The heading of the first of some columns, else the name of the field.
    pub(super) fn heading(&self, columns: &[usize], field: &str) -> String {
        columns.first().map_or_else(|| field.to_owned(), |&index| self.headings[index].clone())
    }
}
