//! Lists as clubs send them: not quite right.

use std::fmt::Write;

/// At the end of a list that was imported: rows that were refused.
pub const REFUSED: &str = "\
    ,Ivan Achola,Atlantis,M,2003-05-05,Kigali AC,Eric Habimana,\n\
    ,Sylvia Mutesi,RWA,F,2004-02-30,Kigali AC,Eric Habimana,\n\
    ,Ruth Ingabire,RWA,F,2006-07-12,Kigali AC,Eric Habimana,ruth(at)example.org\n";

pub const SCHOOLS_NAME: &str = "coast-schools.csv";

/// The list that is looked at in the import: titles of its own, and a few things to mend.
pub fn schools(year: i16) -> String {
    let rows = [
        "Fatuma Ali,Kenya,Girl,03/04,fatuma.ali@example.org",
        "Omar Said,Kenia,Boy,17/06,omar.said@example.org",
        "Halima Yusuf,Kenya,Girl,22/01,halima(at)example.org",
        "Ali Bakari,Kenya,Boy,30/02,",
        "Mwanaisha Juma,Kenya,Girl,11/09,mwanaisha@example.org",
        "Khalid Omar,Kenia,Boy,05/05,",
        "Zainab Hassan,Kenya,Girl,28/07,zainab@example.org",
        "Rashid Mwinyi,Tanzana,Boy,09/12,",
        "Saida Abdi,Kenya,Girl,14/03,saida@@example.org",
        "Yusuf Hamisi,Kenya,Boy,19/10,yusuf@example.org",
        "Rehema Kombo,Kenya,Grl,02/08,rehema@example.org",
        "Abdul Karim,Kenya,Boy,26/11,",
        "Asha Mohamed,Kenya,Girl,07/02,asha@example.org",
        "Bakari Shee,Kenya,Boy,13/04,",
        "Maryam Salim,Kenya,Girl,21/06,maryam@example.org",
        "Hamadi Chai,Kenya,Boy,16/01,",
        "Nuru Athman,Kenya,Girl,24/05,nuru@example.org",
        "Suleiman Ngowa,Kenya,Boy,08/08,",
    ];
    let mut table = String::from("Bib;Name;Nation;Sex;Born;School;E-mail\n");
    for (i, row) in rows.iter().enumerate() {
        let mut cells = row.split(',');
        let mut next = || cells.next().unwrap_or_default();
        let (name, nation, sex, day, email) = (next(), next(), next(), next(), next());
        let school = ["Malindi High School", "Lamu Girls Secondary", "Kilifi Academy"][i % 3];
        let born = year - 16 + i16::from(i % 2 == 0);
        let _ = writeln!(table, "{};{name};{nation};{sex};{day}/{born};{school};{email}", 501 + i);
    }
    table
}
