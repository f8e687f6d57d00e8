//! Walks through a document without keeping it: counts lists, and refuses a member that occurs twice in an object.

use std::collections::HashSet;
use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::de::IoRead;

use super::{Content, Section, Shape};

pub(super) const OBJECT: &str = "an object";

/// What the document behind the parser holds, all of it validated.
pub(super) fn shape<R: Read>(parser: &mut serde_json::Deserializer<IoRead<R>>) -> Result<Shape, serde_json::Error> {
    let mut sections = Vec::new();
    let kind = Skim { sections: Some(&mut sections), is_under_data: false }.deserialize(parser)?;
    Ok(match kind {
        Content::List(count) => Shape::List(count),
        Content::NotAList(OBJECT) => Shape::Object(sections),
        Content::NotAList(other) => Shape::Other(other),
    })
}

/// One value. With `sections` it is an object whose members are noted.
struct Skim<'a> {
    sections: Option<&'a mut Vec<Section>>,
    is_under_data: bool,
}

const INNER: Skim<'static> = Skim { sections: None, is_under_data: false };

impl<'de> DeserializeSeed<'de> for Skim<'_> {
    type Value = Content;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Content, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skim<'_> {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Content, E> {
        Ok(Content::NotAList("true or false"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Content, E> {
        Ok(Content::NotAList("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Content, E> {
        Ok(Content::NotAList("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Content, E> {
        Ok(Content::NotAList("a number"))
    }

    fn visit_str<E>(self, _: &str) -> Result<Content, E> {
        Ok(Content::NotAList("a text"))
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::NotAList("null"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Content, A::Error> {
        let mut count = 0;
        while list.next_element_seed(INNER)?.is_some() {
            count += 1;
        }
        Ok(Content::List(count))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Content, A::Error> {
        let mut names = HashSet::new();
        let Skim { mut sections, is_under_data } = self;
        while let Some(name) = object.next_key::<String>()? {
            if names.contains(&name) {
                let shown: String = name.chars().take(40).collect();
                return Err(A::Error::custom(format!("the member \"{shown}\" occurs twice in one object")));
            }
            match &mut sections {
                None => {
                    object.next_value_seed(INNER)?;
                }
                Some(sections) => note_section(&mut object, sections, &name, is_under_data)?,
            }
            names.insert(name);
        }
        Ok(Content::NotAList(OBJECT))
    }
}

/// Notes one member, and those of `data` behind it.
fn note_section<'de, A: MapAccess<'de>>(
    object: &mut A,
    sections: &mut Vec<Section>,
    name: &str,
    is_under_data: bool,
) -> Result<(), A::Error> {
    let mut inner = Vec::new();
    let is_wrapper = name == "data" && !is_under_data;
    let skim = Skim { sections: is_wrapper.then_some(&mut inner), is_under_data: true };
    let content = object.next_value_seed(skim)?;
    sections.push(Section { name: name.to_owned(), is_under_data, content });
    sections.append(&mut inner);
    Ok(())
}
