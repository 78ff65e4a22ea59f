//! JSON as CEL sees it: borrowed, so that a condition costs what it looks at.
//!
//! Numbers keep their kind: what is written without a point compares as an integer. A map on the
//! left of `==` compares with any map, a map literal on the left only with another literal.

use std::sync::OnceLock;

use cel::{
    ExecutionError,
    common::{
        traits::{self, Container, Indexer, Iterable, Sizer},
        types::{CelBool, CelDouble, CelInt, CelList, CelNull, CelString, CelUInt, MAP_TYPE, Type},
        value::{CowVal, Val},
    },
    context::VariableResolver,
};
use serde_json::{Map, Value as Json};

use super::ENV;
use super::names::ConditionNames;
use super::opening::LiteralHours;
use super::pattern::LiteralPattern;
use crate::lang::facts::Facts;

/// The facts and patterns that one evaluation can reach.
pub(super) struct EvaluationScope<'a> {
    roots: Vec<(&'a str, &'a Json)>,
    now: Option<CowVal<'a, 'a>>,
    patterns: &'a [LiteralPattern],
    hours: &'a [LiteralHours],
}

impl<'a> EvaluationScope<'a> {
    pub(super) fn new(names: &'a ConditionNames, facts: &'a Facts) -> EvaluationScope<'a> {
        let known = |name: &'a String| facts.root(name).map(|value| (name.as_str(), value));
        let roots: Vec<(&str, &Json)> = names.roots.iter().filter_map(known).collect();
        let now = roots.iter().find(|(name, _)| *name == "now");
        let now = now.and_then(|(_, value)| timestamp(value.as_str()?));
        EvaluationScope {
            roots,
            now,
            patterns: &names.patterns,
            hours: &names.hours,
        }
    }
}

impl VariableResolver for EvaluationScope<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        if let Some(pattern) = self.patterns.iter().find(|pattern| pattern.name == name) {
            return Some(CowVal::Borrowed(pattern));
        }
        if let Some(hours) = self.hours.iter().find(|hours| hours.name == name) {
            return Some(CowVal::Borrowed(hours));
        }
        if name == "now" && self.now.is_some() {
            return self.now.clone();
        }
        let (_, value) = self.roots.iter().find(|(root, _)| *root == name)?;
        Some(CowVal::Owned(view(value)))
    }
}

/// A point in time from its text, by the language's own function.
fn timestamp<'a>(text: &'a str) -> Option<CowVal<'a, 'a>> {
    let text = vec![CowVal::owned(CelString::from(text))];
    let parse = ENV.find_overload("timestamp", &text)?;
    parse(text).ok()
}

fn view<'j>(json: &'j Json) -> Box<dyn Val + 'j> {
    match json {
        Json::Null => Box::new(CelNull),
        Json::Bool(value) => Box::new(CelBool::from(*value)),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Box::new(CelInt::from(int)),
            (None, Some(int)) => Box::new(CelUInt::from(int)),
            // Without `arbitrary_precision` every other number is a double.
            (None, None) => Box::new(CelDouble::from(number.as_f64().unwrap_or(f64::NAN))),
        },
        Json::String(text) => Box::new(CelString::from(text.as_str())),
        Json::Array(items) => Box::new(CelList::from(items.iter().map(view).collect::<Vec<_>>())),
        Json::Object(map) => Box::new(MapView {
            map,
            keys: OnceLock::new(),
        }),
    }
}

#[derive(Debug)]
struct MapView<'j> {
    map: &'j Map<String, Json>,
    /// Lent out by iterations; most conditions never iterate over a map.
    keys: OnceLock<Vec<CelString<'j>>>,
}

impl<'j> MapView<'j> {
    fn find(&self, key: &dyn Val) -> Option<&'j Json> {
        self.map.get(key.downcast_ref::<CelString<'_>>()?.inner())
    }
}

impl Val for MapView<'_> {
    fn get_type(&self) -> &Type {
        &MAP_TYPE
    }

    fn cel_type() -> &'static Type {
        &MAP_TYPE
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn equals(&self, other: &dyn Val) -> bool {
        let same = |key: &str, value: &Json, other: &dyn Val| {
            let key = CelString::from(key);
            let found = other.as_indexer().and_then(|other| other.get(&key).ok());
            found.is_some_and(|found| view(value).equals(found.as_ref()))
        };
        let size = match other.get_type() == &MAP_TYPE {
            true => other.as_sizer().map(|other| *other.size().inner()),
            false => None,
        };
        size == Some(*self.size().inner())
            && self.map.iter().all(|(key, value)| same(key, value, other))
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(MapView {
            map: self.map,
            keys: OnceLock::new(),
        })
    }
}

impl Container for MapView<'_> {
    fn contains(&self, key: &dyn Val) -> Result<bool, ExecutionError> {
        Ok(self.find(key).is_some())
    }
}

impl Indexer for MapView<'_> {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let absent = || ExecutionError::no_such_key("");
        self.find(key)
            .map(|value| CowVal::Owned(view(value)))
            .ok_or_else(absent)
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(key).map(CowVal::into_owned)
    }
}

impl Sizer for MapView<'_> {
    fn size(&self) -> CelInt {
        i64::try_from(self.map.len()).unwrap_or(i64::MAX).into()
    }
}

impl<'j> Iterable for MapView<'j> {
    fn iter<'b, 'v>(&'b self) -> Box<dyn traits::Iterator<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        let keys = || {
            self.map
                .keys()
                .map(|key| CelString::from(key.as_str()))
                .collect()
        };
        Box::new(Keys(self.keys.get_or_init(keys).iter()))
    }
}

struct Keys<'b, 'j>(std::slice::Iter<'b, CelString<'j>>);

impl<'b, 'j: 'v, 'v> traits::Iterator<'b, 'v> for Keys<'b, 'j> {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        self.0.next().map(|key| key as &(dyn Val + 'v))
    }
}
