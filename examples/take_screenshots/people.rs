//! Three hundred people of five countries, the same every time.

use std::collections::HashSet;
use std::fmt::Write;

pub const COUNT: usize = 300;

/// Who starts.
#[derive(Clone)]
pub struct Person {
    /// As the server counts them.
    pub id: i64,
    pub bib: usize,
    pub name: String,
    pub country: &'static str,
    pub gender: char,
    /// Year, month, day
    pub born: (i16, u32, u32),
    pub club: &'static str,
    pub coach: &'static str,
    /// From 0, the best, to 1
    pub form: f64,
}

impl Person {
    /// Whether they start with the youth of this year.
    pub fn is_youth(&self, year: i16) -> bool {
        year - self.born.0 < 18
    }
}

/// A club with its country and who trains there.
type Club = (&'static str, &'static str, &'static str);

const CLUBS: [Club; 14] = [
    ("Rift Valley AC", "KEN", "Ann Chebet"),
    ("Lakeside Striders", "KEN", "Peter Ouma"),
    ("Kisumu Harriers", "KEN", "Grace Atieno"),
    ("Nairobi City AC", "KEN", "James Mutua"),
    ("Eldoret Youth Track", "KEN", "Moses Kiptoo"),
    ("Mombasa Flyers", "KEN", "Salim Bakari"),
    ("Kampala Athletics", "UGA", "Robert Kato"),
    ("Jinja Striders", "UGA", "Sarah Nambi"),
    ("Gulu Runners", "UGA", "Denis Ocen"),
    ("Arusha Track Club", "TAN", "Joseph Mollel"),
    ("Dodoma Athletics", "TAN", "Neema Msuya"),
    ("Kigali AC", "RWA", "Eric Habimana"),
    ("Huye Athletics", "RWA", "Diane Uwase"),
    ("Addis Track Academy", "ETH", "Bekele Tadesse"),
];

const WOMEN: [&str; 24] = [
    "Mary", "Faith", "Grace", "Mercy", "Esther", "Joyce", "Naomi", "Ruth", "Hellen", "Agnes", "Beatrice", "Caroline",
    "Diana", "Lilian", "Purity", "Sharon", "Winnie", "Zawadi", "Neema", "Amina", "Tigist", "Aline", "Doreen", "Stella",
];
const MEN: [&str; 24] = [
    "John", "Peter", "Samuel", "David", "Brian", "Kevin", "Dennis", "Victor", "Collins", "Emmanuel", "Joseph", "Moses",
    "Isaac", "Elijah", "Hassan", "Juma", "Baraka", "Eric", "Felix", "Geoffrey", "Haile", "Patrick", "Ronald", "Simon",
];
const FAMILIES: [(&str, [&str; 14]); 5] = [
    (
        "KEN",
        [
            "Wanjiru",
            "Kamau",
            "Otieno",
            "Achieng",
            "Cheruiyot",
            "Kiprono",
            "Mutua",
            "Njoroge",
            "Odhiambo",
            "Barasa",
            "Chepkoech",
            "Koech",
            "Mwangi",
            "Wafula",
        ],
    ),
    (
        "UGA",
        [
            "Nakato",
            "Okello",
            "Ssemwanga",
            "Kiplangat",
            "Nansubuga",
            "Ochieng",
            "Mugisha",
            "Akello",
            "Byaruhanga",
            "Kato",
            "Lubega",
            "Namutebi",
            "Opio",
            "Tumusiime",
        ],
    ),
    (
        "TAN",
        [
            "Mushi", "Massawe", "Mollel", "Komba", "Lyimo", "Simbu", "Nyerere", "Shayo", "Mrosso", "Kimaro", "Swai",
            "Urassa", "Temba", "Mbwambo",
        ],
    ),
    (
        "RWA",
        [
            "Uwase",
            "Mugabo",
            "Habimana",
            "Ingabire",
            "Niyonzima",
            "Mukamana",
            "Hakizimana",
            "Umutoni",
            "Nsengiyumva",
            "Uwimana",
            "Bizimana",
            "Gasana",
            "Iradukunda",
            "Kayitesi",
        ],
    ),
    (
        "ETH",
        [
            "Tadesse", "Bekele", "Girma", "Alemu", "Tesfaye", "Worku", "Abebe", "Desta", "Kebede", "Lemma", "Mekonnen",
            "Negash", "Hailu", "Demissie",
        ],
    ),
];

/// Numbers that look like chance and are the same in each run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed | 1)
    }

    /// From 0 to below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).unwrap_or_default()
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.roll(1_000_000)).unwrap_or_default()) / 1_000_000.0
    }

    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for i in (1..things.len()).rev() {
            things.swap(i, self.roll(i + 1));
        }
    }
}

/// Everybody, club by club, for a meet of this year.
pub fn athletes(year: i16) -> Vec<Person> {
    let mut dice = Dice::new(0x5eed_a7b1_0c3d_9e42);
    let mut names = HashSet::new();
    let mut people = Vec::new();
    while people.len() < COUNT {
        // Clubs stand one after another, as their lists came in.
        let (club, country, coach) = CLUBS[people.len() * CLUBS.len() / COUNT];
        let gender = if dice.roll(2) == 0 { 'F' } else { 'M' };
        let given = if gender == 'F' { WOMEN } else { MEN }[dice.roll(24)];
        let families = FAMILIES.iter().find(|(of, _)| *of == country).map_or(&FAMILIES[0].1, |(_, names)| names);
        let name = format!("{given} {}", families[dice.roll(14)]);
        if !names.insert(name.clone()) {
            continue;
        }
        let age = if dice.roll(10) < 3 { 15 + dice.roll(3) } else { 18 + dice.roll(13) };
        let days = (1 + dice.roll(12), 1 + dice.roll(28));
        let small = |n: usize| u32::try_from(n).unwrap_or_default();
        people.push(Person {
            id: small(people.len() + 1).into(),
            bib: 101 + people.len(),
            name,
            country,
            gender,
            born: (year - i16::try_from(age).unwrap_or_default(), small(days.0), small(days.1)),
            club,
            coach,
            form: dice.share(),
        });
    }
    people
}

/// A club's list as it comes by mail. One in sixty has no birth date.
pub fn table(people: &[Person]) -> String {
    let mut table = String::from("bib_number,name,country,gender,date_of_birth,club,coach,email\n");
    for Person { bib, name, country, gender, born, club, coach, .. } in people {
        let born = match bib % 60 {
            41 => String::new(),
            _ => format!("{}-{:02}-{:02}", born.0, born.1, born.2),
        };
        let email = match bib % 3 {
            0 => format!("{}@example.org", name.to_lowercase().replace(' ', ".")),
            _ => String::new(),
        };
        let _ = writeln!(table, "{bib},{name},{country},{gender},{born},{club},{coach},{email}");
    }
    table
}
