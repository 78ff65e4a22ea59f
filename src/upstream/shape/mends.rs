//! `mend`: what of a request is mended for an upstream, and whether one that it refused for its form
//! is sent again.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

/// Which mends there are: `true`, `false`, or a table in which single ones of the history are off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mend {
    /// Whether a request that was refused for its form is sent again, mended.
    pub repeats: bool,
    /// What of the history is mended before.
    pub history: HistoryMends,
}

/// What of the history is mended, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HistoryMends {
    /// Tool calls without results get one that says so; a second result of a call joins the first.
    pub tool_results: bool,
    /// Results without a call go, and so does an empty list of calls; a call without an id, a type or
    /// arguments that are a JSON object gets them.
    pub tool_calls: bool,
    /// What stands between a call and its results moves behind them.
    pub order: bool,
    /// An assistant's message with neither content nor calls does not go.
    pub content: bool,
    /// A request without a user message gets one, for upstreams that need it.
    pub user: bool,
    /// The functions of 2023 become tools, for upstreams that know no others.
    pub functions: bool,
}

impl HistoryMends {
    /// All of them.
    pub const ALL: HistoryMends = HistoryMends {
        tool_results: true,
        tool_calls: true,
        order: true,
        content: true,
        user: true,
        functions: true,
    };

    /// None of them.
    pub const NONE: HistoryMends = HistoryMends {
        tool_results: false,
        tool_calls: false,
        order: false,
        content: false,
        user: false,
        functions: false,
    };
}

impl Default for HistoryMends {
    fn default() -> HistoryMends {
        HistoryMends::ALL
    }
}

impl Mend {
    /// Everything that can be mended is.
    pub const ALL: Mend = Mend {
        repeats: true,
        history: HistoryMends::ALL,
    };

    /// Nothing is.
    pub const NONE: Mend = Mend {
        repeats: false,
        history: HistoryMends::NONE,
    };
}

impl Default for Mend {
    fn default() -> Mend {
        Mend::ALL
    }
}

impl JsonSchema for Mend {
    fn schema_name() -> Cow<'static, str> {
        "Mend".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let history = generator.subschema_for::<HistoryMends>();
        json_schema!({ "anyOf": [{ "type": "boolean" }, history] })
    }
}

impl<'de> Deserialize<'de> for Mend {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Mend, D::Error> {
        struct BoolOrMends;
        impl<'de> Visitor<'de> for BoolOrMends {
            type Value = Mend;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false or a table of mends, such as { tool_results = false }")
            }
            fn visit_bool<E: de::Error>(self, is_on: bool) -> Result<Mend, E> {
                Ok(if is_on { Mend::ALL } else { Mend::NONE })
            }
            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Mend, A::Error> {
                let history = HistoryMends::deserialize(MapAccessDeserializer::new(table))?;
                Ok(Mend {
                    repeats: true,
                    history,
                })
            }
        }
        deserializer.deserialize_any(BoolOrMends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Table {
        mend: Mend,
    }

    #[test]
    fn mends_are_all_on_all_off_or_off_by_name() {
        for (text, expected) in [
            ("true", Mend::ALL),
            ("false", Mend::NONE),
            ("{}", Mend::ALL),
            (
                "{ tool_results = false, user = true }",
                Mend {
                    repeats: true,
                    history: HistoryMends {
                        tool_results: false,
                        ..HistoryMends::ALL
                    },
                },
            ),
        ] {
            let read: Table = toml::from_str(&format!("mend = {text}")).expect(text);
            assert_eq!(read.mend, expected, "{text}");
        }
        for wrong in ["\"all\"", "{ result = false }", "1", "{ order = \"no\" }"] {
            let read = toml::from_str::<Table>(&format!("mend = {wrong}"));
            assert!(read.is_err(), "{wrong}");
        }
    }
}
