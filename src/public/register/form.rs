//! What somebody typed into the form, and what is wrong with it.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::athletes::Athlete;
use crate::http::error::FieldError;
use crate::public::parts;
use crate::public::store::Event;
use crate::public::texts::Texts;
use crate::records::{Fields, Purpose, Resource};
use crate::rules::date::{Birth, DateOrder, depends_on_order, read_birth};
use crate::rules::gender::Gender;
use crate::rules::text;

const FIELDS: [&str; 9] = ["name", "gender", "birth", "country", "club", "email", "phone", "events", "consent"];

/// Far more than anybody starts in.
const MOST_EVENTS: usize = 1_000;

/// Everything as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub name: String,
    pub country: String,
    pub gender: String,
    pub birth: String,
    pub club: String,
    pub email: String,
    pub phone: String,
    pub events: Vec<i64>,
    pub consent: bool,
    /// Drawn anew with each page: tells a second press from a second form.
    pub once: String,
}

/// A registration that can be tried: the members of the athlete, and the events.
#[derive(Debug)]
pub struct Wish {
    pub athlete: Map<String, Value>,
    pub birth: Birth,
    pub events: Vec<i64>,
}

/// Something to mend, said in the reader's language. Without a field it is about the whole form.
#[derive(Debug)]
pub struct Fault {
    pub field: &'static str,
    pub message: String,
}

impl Fault {
    pub fn new(field: &'static str, message: &str) -> Fault {
        Fault::said(field, message.to_owned())
    }

    pub fn said(field: &'static str, message: String) -> Fault {
        Fault { field, message }
    }

    /// A refusal of the records in the words of the form.
    pub fn of(t: Texts, fault: &FieldError) -> Fault {
        let field = match fault.field.as_ref() {
            "name" => "name",
            "country" => "country",
            "gender" => "gender",
            "dateOfBirth" | "yearOfBirth" => "birth",
            "clubTeam" => "club",
            "email" => "email",
            "phone" => "phone",
            _ => "",
        };
        let key = match fault.code.as_ref() {
            "required" => "faultRequired",
            "too-long" => "faultTooLong",
            "control-character" => "faultCharacters",
            "invalid-country" => "faultCountry",
            "invalid-gender" => "faultRequired",
            "invalid-date" | "out-of-range" => "faultBirth",
            "invalid-email" => "faultEmail",
            "invalid-phone" => "faultPhone",
            _ => return Fault::new(field, &fault.message),
        };
        Fault::new(field, t.get(key))
    }
}

impl Typed {
    /// An empty form.
    pub fn blank() -> Typed {
        Typed { once: crate::auth::token::random_token(), ..Typed::default() }
    }

    pub fn read(body: &[u8]) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in form_urlencoded::parse(body) {
            let value = text::clean(&value).into_owned();
            match name.as_ref() {
                "name" => typed.name = value,
                "country" => typed.country = value,
                "gender" => typed.gender = value,
                "birth" => typed.birth = value,
                "club" => typed.club = value,
                "email" => typed.email = value,
                "phone" => typed.phone = value,
                "event" => typed.events.extend(value.parse::<i64>()),
                "consent" => typed.consent = value == "yes",
                "once" => typed.once = value,
                _ => {}
            }
        }
        typed.events.sort_unstable();
        typed.events.dedup();
        typed.events.truncate(MOST_EVENTS);
        typed
    }

    /// Everything that is wrong, at once; else what can be tried.
    pub fn check(&self, t: Texts, events: &[Event], today: Date) -> Result<Wish, Vec<Fault>> {
        let mut faults = Vec::new();
        let birth = self.birth(t, today).map_err(|fault| faults.push(fault)).ok();
        let athlete = self.members(birth);
        let mut fields = Fields::new(&athlete, Athlete::ALIASES, Purpose::Create);
        Athlete::blank().fill(&mut fields);
        faults.extend(fields.finish().err().unwrap_or_default().iter().map(|fault| Fault::of(t, fault)));
        // The records keep any text, as files bring extensions and remarks; a person can be asked again.
        let digits = self.phone.bytes().filter(u8::is_ascii_digit).count();
        if !self.phone.is_empty() && digits < 3 && !faults.iter().any(|fault| fault.field == "phone") {
            faults.push(Fault::new("phone", t.get("faultPhone")));
        }
        let gender = Some(self.gender.as_str()).filter(|word| !word.is_empty()).and_then(Gender::read);
        if gender.is_none() {
            faults.retain(|fault| fault.field != "gender");
            faults.push(Fault::new("gender", t.get("faultRequired")));
        }
        faults.extend(self.event_faults(t, events, gender));
        if !self.consent {
            faults.push(Fault::new("consent", t.get("faultConsent")));
        }
        // As they stand in the form.
        faults.sort_by_key(|fault| FIELDS.iter().position(|field| *field == fault.field));
        match birth {
            Some(birth) if faults.is_empty() => Ok(Wish { athlete, birth, events: self.events.clone() }),
            _ => Err(faults),
        }
    }

    fn birth(&self, t: Texts, today: Date) -> Result<Birth, Fault> {
        if self.birth.is_empty() {
            return Err(Fault::new("birth", t.get("faultRequired")));
        }
        // 3/4/2008 is a day in March in one country and in April in the next.
        if depends_on_order(&self.birth) {
            return Err(Fault::new("birth", t.get("faultBirthOrder")));
        }
        read_birth(&self.birth, DateOrder::default(), today).map_err(|_| Fault::new("birth", t.get("faultBirth")))
    }

    fn members(&self, birth: Option<Birth>) -> Map<String, Value> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let members = json!({
            "name": self.name,
            "country": self.country,
            "gender": given(&self.gender),
            "dateOfBirth": birth.and_then(Birth::day).map(|day| day.to_string()),
            "yearOfBirth": birth.filter(|birth| birth.day().is_none()).map(Birth::year),
            "clubTeam": given(&self.club),
            "email": given(&self.email),
            "phone": given(&self.phone),
        });
        match members {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    fn event_faults(&self, t: Texts, events: &[Event], gender: Option<Gender>) -> Vec<Fault> {
        if self.events.is_empty() {
            return vec![Fault::new("events", t.get("faultNoEvent"))];
        }
        let fault = |id: &i64| {
            let Some(event) = events.iter().find(|event| event.id == *id) else {
                return Some(Fault::new("events", t.get("faultEventGone")));
            };
            let name = parts::event_name(t, event);
            let say = |key| Some(Fault::said("events", t.fill(key, &[("event", &name)])));
            match (event.gender, gender) {
                _ if event.is_full() => say("faultFull"),
                (Some(Gender::M), Some(Gender::F)) | (Some(Gender::F), Some(Gender::M)) => say("faultGender"),
                _ => None,
            }
        };
        let mut faults: Vec<Fault> = self.events.iter().filter_map(fault).collect();
        // Said once, however many there are.
        faults.dedup_by(|one, other| one.message == other.message);
        faults
    }
}
