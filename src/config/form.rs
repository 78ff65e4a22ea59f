//! What `[upstream.NAME]` says of the form of requests: fields left out, renamed and set, the shape of
//! messages, rows by model.

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use crate::chat::fields;
use crate::chat::request::Takes;
use crate::files::{Problem, Source};
use crate::upstream::fields::{EditWhen, FieldAction, FieldEdit};
use crate::upstream::form::{FormConfig, ModelConfig, RequestForm};
use crate::upstream::profiles::Preset;
use crate::upstream::shape::{Mend, ShapeChange};

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
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRow {
    /// Which models: a name, in which `*` stands for any characters.
    #[serde(rename = "match")]
    pub matches: String,
    /// Request fields that are left out; `tools.KEY` is a key of tools, `messages.KEY` of messages.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Request fields that go under another name.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// Request fields that are set where the request has none.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub default: BTreeMap<String, FieldValue>,
    /// How messages must be.
    #[serde(default)]
    pub shape: ShapeChange,
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
    pub(super) drop: &'u [String],
    pub(super) rename: &'u BTreeMap<String, String>,
    pub(super) default: &'u BTreeMap<String, FieldValue>,
    pub(super) shape: ShapeChange,
    pub(super) mend: Mend,
    pub(super) model: &'u UpstreamModel,
    pub(super) cache_key: bool,
}

impl FormTable<'_> {
    /// The same as data for those who ask.
    pub(super) fn form(&self) -> FormConfig {
        let is_of_messages = |field: &&String| field.starts_with(OF_MESSAGES);
        let left_out = self.drop.iter().filter(is_of_messages);
        let left_out = left_out.map(|field| field[OF_MESSAGES.len()..].to_owned());
        let row = |row: &ModelRow| ModelConfig {
            models: row.matches.clone(),
            edits: edits(&row.drop, &row.rename, &row.default),
            shape: row.shape,
        };
        let known = self.preset.0.fields().map(str::to_owned);
        // What a rename or a default brings goes as well.
        let renamed = self
            .model
            .rows()
            .iter()
            .map(|row| &row.rename)
            .chain([self.rename]);
        let renamed = renamed.flat_map(|rename| rename.values());
        let set = self
            .model
            .rows()
            .iter()
            .map(|row| &row.default)
            .chain([self.default]);
        let brought = renamed
            .chain(set.flat_map(|default| default.keys()))
            .cloned();
        FormConfig {
            takes: Takes {
                fields: known
                    .chain(self.fields.iter().cloned())
                    .chain(brought)
                    .collect(),
                all_fields: self.fields.iter().any(|field| field == "*"),
                message_fields: self.message_fields.to_vec(),
                without_message_fields: left_out.collect(),
                model: self.model.name().map(str::to_owned),
            },
            wanted: self.fields.to_vec(),
            edits: edits(self.drop, self.rename, self.default),
            shape: self.shape,
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

fn edits(
    drop: &[String],
    rename: &BTreeMap<String, String>,
    default: &BTreeMap<String, FieldValue>,
) -> Vec<FieldEdit> {
    let edit = |field: &str, action| FieldEdit {
        field: field.to_owned().into(),
        action,
        when: EditWhen::Always,
    };
    let drop = drop.iter().filter(|field| !field.starts_with(OF_MESSAGES));
    let drop = drop.map(|field| match field.strip_prefix(OF_TOOLS) {
        Some(key) => edit("tools", FieldAction::DropInTools(key.to_owned().into())),
        None => edit(field, FieldAction::Drop),
    });
    let rename = rename
        .iter()
        .map(|(field, to)| edit(field, FieldAction::Rename(to.clone().into())));
    let default = default.iter().map(|(field, value)| {
        let json = serde_json::to_string(value).unwrap_or_default();
        edit(field, FieldAction::Default(json.into()))
    });
    drop.chain(rename).chain(default).collect()
}

/// What of an upstream's form can't be meant. `place`: of its table.
pub(super) fn check(
    name: &str,
    upstream: &FormTable<'_>,
    place: &Range<usize>,
    source: &Source,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut error = |message: String, help: &str| {
        problems.push(source.error(place.clone(), message).with_help(help));
    };
    let rows = upstream.model.rows();
    let drops = rows.iter().map(|row| &*row.drop).chain([upstream.drop]);
    for field in drops.flatten() {
        if matches!(&**field, "messages" | "model" | "stream") {
            let message = format!("the upstream `{name}` can't do without `{field}`");
            error(
                message,
                "take it out of `drop`; how messages must be says `shape`",
            );
        }
    }
    let renames = rows.iter().map(|row| &row.rename).chain([upstream.rename]);
    for (field, to) in renames.flatten() {
        if fields::VAPI.contains(&&**to) || matches!(&**field, "messages" | "stream") {
            let message = format!("the upstream `{name}` can't have `{field}` renamed to `{to}`");
            error(
                message,
                "name the field as the server's own reference has it",
            );
        }
    }
    for row in rows.iter().filter(|row| row.matches.trim().is_empty()) {
        let _ = row;
        let message = format!("a row of models of the upstream `{name}` matches none");
        error(
            message,
            "write `match = \"gpt-5*\"`; `*` stands for any characters",
        );
    }
    let form = upstream.form();
    let models = rows
        .iter()
        .map(|row| &*row.matches)
        .chain(upstream.model.name());
    for model in models.chain([""]) {
        let shape = RequestForm::of(upstream.preset.0, &form, model).shape;
        if let Some(why) = ShapeChange::contradiction(&shape) {
            error(
                format!("the upstream `{name}`: the shape contradicts itself"),
                why,
            );
            break;
        }
    }
    problems
}
