//! Streams the elements of one list out of a document.

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{EachError, JsonFault};

/// Gives each element of the wanted list to `f`.
pub(super) fn each<E>(
    text: impl Read,
    section: Option<&str>,
    f: impl FnMut(usize, Value) -> Result<(), E>,
) -> Result<usize, EachError<E>> {
    let mut parser = serde_json::Deserializer::from_reader(text);
    let mut sink = Sink { f, count: 0, refusal: None };
    let walk = match section {
        None => Walk { wanted: Wanted::ThisList, sink: &mut sink },
        Some(name) => Walk { wanted: Wanted::Member { name, may_unwrap: true }, sink: &mut sink },
    };
    let walked = walk.deserialize(&mut parser).and_then(|()| parser.end());
    match (sink.refusal, walked) {
        (Some(error), _) => Err(EachError::Row(error)),
        (None, Err(error)) => Err(EachError::Json(JsonFault::of(error))),
        (None, Ok(())) => Ok(sink.count),
    }
}

/// Where the elements go. An error of the receiver waits here while the parser unwinds.
struct Sink<F, E> {
    f: F,
    count: usize,
    refusal: Option<E>,
}

#[derive(Clone, Copy)]
enum Wanted<'a> {
    /// The elements of this very list.
    ThisList,
    /// The list under this key, or under the same key of the member `data`.
    Member { name: &'a str, may_unwrap: bool },
}

struct Walk<'a, F, E> {
    wanted: Wanted<'a>,
    sink: &'a mut Sink<F, E>,
}

impl<'de, F: FnMut(usize, Value) -> Result<(), E>, E> DeserializeSeed<'de> for Walk<'_, F, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(usize, Value) -> Result<(), E>, E> Visitor<'de> for Walk<'_, F, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<X>(self, _: bool) -> Result<(), X> {
        Ok(())
    }

    fn visit_i64<X>(self, _: i64) -> Result<(), X> {
        Ok(())
    }

    fn visit_u64<X>(self, _: u64) -> Result<(), X> {
        Ok(())
    }

    fn visit_f64<X>(self, _: f64) -> Result<(), X> {
        Ok(())
    }

    fn visit_str<X>(self, _: &str) -> Result<(), X> {
        Ok(())
    }

    fn visit_unit<X>(self) -> Result<(), X> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        match self.wanted {
            Wanted::Member { .. } => while list.next_element::<IgnoredAny>()?.is_some() {},
            Wanted::ThisList => {
                while let Some(value) = list.next_element::<Value>()? {
                    let index = self.sink.count;
                    self.sink.count += 1;
                    if let Err(error) = (self.sink.f)(index, value) {
                        self.sink.refusal = Some(error);
                        return Err(A::Error::custom("stopped"));
                    }
                }
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = object.next_key::<String>()? {
            let wanted = match self.wanted {
                Wanted::Member { name, .. } if key == name => Some(Wanted::ThisList),
                Wanted::Member { name, may_unwrap: true } if key == "data" => {
                    Some(Wanted::Member { name, may_unwrap: false })
                }
                Wanted::Member { .. } | Wanted::ThisList => None,
            };
            match wanted {
                Some(wanted) => object.next_value_seed(Walk { wanted, sink: &mut *self.sink })?,
                None => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}
