//! `restore` and `restore_tools`: which values come back.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// What comes back: everything, nothing, or what is named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum RestoreChoice {
    #[default]
    All,
    Nothing,
    Only(Vec<String>),
}

impl RestoreChoice {
    /// What is named one by one.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        match self {
            RestoreChoice::Only(names) => names.iter(),
            _ => [].iter(),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            RestoreChoice::All => true,
            RestoreChoice::Nothing => false,
            RestoreChoice::Only(names) => {
                names.iter().any(|known| known.eq_ignore_ascii_case(name))
            }
        }
    }
}

impl JsonSchema for RestoreChoice {
    fn schema_name() -> Cow<'static, str> {
        "RestoreChoice".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "boolean" },
            { "type": "array", "items": { "type": "string" } },
        ] })
    }
}

impl<'de> Deserialize<'de> for RestoreChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RestoreChoice, D::Error> {
        struct BoolOrList;
        impl<'de> Visitor<'de> for BoolOrList {
            type Value = RestoreChoice;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false or a list of names")
            }
            fn visit_bool<E: de::Error>(self, is_all: bool) -> Result<RestoreChoice, E> {
                Ok(if is_all {
                    RestoreChoice::All
                } else {
                    RestoreChoice::Nothing
                })
            }
            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut access: A,
            ) -> Result<RestoreChoice, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = access.next_element()? {
                    names.push(name);
                }
                Ok(RestoreChoice::Only(names))
            }
        }
        deserializer.deserialize_any(BoolOrList)
    }
}
