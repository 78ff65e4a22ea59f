//! What `[upstream.NAME]` says of the form of requests: fields left out, renamed and set, the shape of
//! messages, rows by model.

mod wrong_rows;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use crate::chat::request::Takes;
use crate::upstream::fields::{EditWhen, FieldAction, FieldEdit};
use crate::upstream::form::{FormConfig, ModelConfig};
use crate::upstream::profiles::Preset;
use crate::upstream::shape::{Mend, ShapeChange};
pub(super) use wrong_rows::check;

/// A value of TOML as it goes into a request.
type FieldValue = toml::Value;

/// The model of an upstream: the one that it is asked for, or rows of what differs by model.
#[derive(Debug, Clone, Default, JsonSchema)]
#[schemars(untagged)]
pub enum UpstreamModel {
    /// The request's own.
    #[default]
    #[schemars(skip)]
    OfRequest,
    /// Replaces the request's model.
    Named(String),
    /// What differs for some models; all rows count that a model is of, in order.
    Rows(Vec<ModelRow>),
}

/// `[[upstream.NAME.model]]`: what differs for some models.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRow {
    /// Which models: a name, in which `*` stands for any characters.
    #[serde(rename = "match")]
    #[schemars(with = "String")]
    pub matches: Spanned<String>,
    /// Request fields that are left out; `tools.KEY` is a key of tools, `messages.KEY` of messages.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub drop: Vec<Spanned<String>>,
    /// Request fields that go under another name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub rename: BTreeMap<String, Spanned<String>>,
    /// Request fields that are set where the request has none.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub default: BTreeMap<String, Spanned<FieldValue>>,
    /// How messages must be.
    #[serde(default)]
    #[schemars(with = "ShapeChange")]
    pub shape: Option<Spanned<ShapeChange>>,
}

/// What a table says of fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldRows<'u> {
    pub(super) drop: &'u [Spanned<String>],
    pub(super) rename: &'u BTreeMap<String, Spanned<String>>,
    pub(super) default: &'u BTreeMap<String, Spanned<FieldValue>>,
}

impl ModelRow {
    fn rows(&self) -> FieldRows<'_> {
        FieldRows {
            drop: &self.drop,
            rename: &self.rename,
            default: &self.default,
        }
    }
}

impl<'de> Deserialize<'de> for UpstreamModel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<UpstreamModel, D::Error> {
        deserializer.deserialize_any(ModelVisitor)
    }
}

struct ModelVisitor;

impl<'de> Visitor<'de> for ModelVisitor {
    type Value = UpstreamModel;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text, the name of a model; or rows `[[upstream.NAME.model]]` with `match`")
    }

    fn visit_str<E>(self, name: &str) -> Result<UpstreamModel, E> {
        Ok(UpstreamModel::Named(name.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, rows: A) -> Result<UpstreamModel, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(rows)).map(UpstreamModel::Rows)
    }

    fn visit_map<A: MapAccess<'de>>(self, row: A) -> Result<UpstreamModel, A::Error> {
        let row = ModelRow::deserialize(MapAccessDeserializer::new(row))?;
        Ok(UpstreamModel::Rows(vec![row]))
    }
}

impl UpstreamModel {
    /// The model that replaces the request's.
    pub fn name(&self) -> Option<&str> {
        match self {
            UpstreamModel::Named(name) => Some(name),
            UpstreamModel::OfRequest | UpstreamModel::Rows(_) => None,
        }
    }

    fn rows(&self) -> &[ModelRow] {
        match self {
            UpstreamModel::Rows(rows) => rows,
            UpstreamModel::OfRequest | UpstreamModel::Named(_) => &[],
        }
    }
}

/// What a table says of the form of requests.
pub(super) struct FormTable<'u> {
    pub(super) preset: Preset,
    pub(super) fields: &'u [String],
    pub(super) message_fields: &'u [String],
    pub(super) rows: FieldRows<'u>,
    pub(super) shape: Option<&'u Spanned<ShapeChange>>,
    pub(super) mend: Mend,
    pub(super) model: &'u UpstreamModel,
    pub(super) cache_key: bool,
}

impl FormTable<'_> {
    /// The same as data for those who ask.
    pub(super) fn form(&self) -> FormConfig {
        let row = |row: &ModelRow| ModelConfig {
            models: row.matches.get_ref().clone(),
            edits: row.rows().edits(),
            without_message_fields: row.rows().message_fields(),
            shape: shape_of(row.shape.as_ref()),
        };
        let known = self.preset.0.fields().map(str::to_owned);
        // What a rename or a default brings goes as well.
        let tables = self.model.rows().iter().map(ModelRow::rows);
        let brought = tables.chain([self.rows]).flat_map(FieldRows::brought);
        FormConfig {
            takes: Takes {
                fields: known
                    .chain(self.fields.iter().cloned())
                    .chain(brought)
                    .collect(),
                all_fields: self.fields.iter().any(|field| field == "*"),
                message_fields: self.message_fields.to_vec(),
                without_message_fields: self.rows.message_fields(),
                model: self.model.name().map(str::to_owned),
            },
            wanted: self.fields.to_vec(),
            edits: self.rows.edits(),
            shape: shape_of(self.shape),
            mend: self.mend,
            models: self.model.rows().iter().map(row).collect(),
            cache_key: self.cache_key,
        }
    }
}

/// Before a key of messages in `drop`.
const OF_MESSAGES: &str = "messages.";
/// Before a key of tools in `drop`.
const OF_TOOLS: &str = "tools.";

fn shape_of(said: Option<&Spanned<ShapeChange>>) -> ShapeChange {
    said.map_or(ShapeChange::NONE, |shape| *shape.get_ref())
}

impl FieldRows<'_> {
    /// The keys of messages that are left out.
    fn message_fields(self) -> Vec<String> {
        let fields = self.drop.iter();
        let keys = fields.filter_map(|field| field.get_ref().strip_prefix(OF_MESSAGES));
        keys.map(str::to_owned).collect()
    }

    /// The fields that come where a request had none of the name.
    fn brought(self) -> impl Iterator<Item = String> {
        let renamed = self.rename.values().map(Spanned::get_ref);
        renamed.chain(self.default.keys()).cloned()
    }

    /// What is done with fields, in this order.
    fn edits(self) -> Vec<FieldEdit> {
        let edit = |field: &str, action| FieldEdit {
            field: field.to_owned().into(),
            action,
            when: EditWhen::Always,
        };
        let drop = self.drop.iter().map(Spanned::get_ref);
        let drop = drop.filter(|field| !field.starts_with(OF_MESSAGES));
        let drop = drop.map(|field| match field.strip_prefix(OF_TOOLS) {
            Some(key) => edit("tools", FieldAction::DropInTools(key.to_owned().into())),
            None => edit(field, FieldAction::Drop),
        });
        let rename = self.rename.iter().map(|(field, to)| {
            let to = to.get_ref().clone();
            edit(field, FieldAction::Rename(to.into()))
        });
        let default = self.default.iter().map(|(field, value)| {
            let json = serde_json::to_string(value.get_ref()).unwrap_or_default();
            edit(field, FieldAction::Default(json.into()))
        });
        drop.chain(rename).chain(default).collect()
    }
}
