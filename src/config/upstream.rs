//! `[upstream.NAME]`: a server to ask, and with what.
//!
//! What it says is checked here as far as the file tells; nobody is asked, and no key is shown.

pub(super) mod headers;
mod key;

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Key;
use super::form::{FieldRows, FormTable, UpstreamModel};
use crate::files::{Problem, Source};
use crate::upstream::KeyPlace;
use crate::upstream::form::FormConfig;
use crate::upstream::profiles::{BaseUrl, Preset};
use crate::upstream::shape::{Mend, ShapeChange};
pub use key::{KeyCommand, KeyLifetime, Oauth};

/// `[upstream.NAME]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpstreamConfig {
    /// What kind of server. Default: `custom`.
    pub preset: Preset,
    /// The base URL; needed where the preset has none of its own.
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
    /// What it is asked with.
    #[schemars(with = "Option<Key>")]
    pub key: Option<Spanned<Key>>,
    /// A file that holds the key, which is read again when it changes.
    #[schemars(with = "Option<String>")]
    pub key_file: Option<Spanned<PathBuf>>,
    /// A program that prints the key, with its arguments.
    #[schemars(with = "Option<KeyCommand>")]
    pub key_command: Option<Spanned<KeyCommand>>,
    /// How long what `key_command` prints is good. Default: 5m.
    #[schemars(with = "Option<KeyLifetime>")]
    pub key_lifetime: Option<Spanned<KeyLifetime>>,
    /// Where a token is got by OAuth's client credentials.
    #[schemars(with = "Option<Oauth>")]
    pub oauth: Option<Spanned<Oauth>>,
    /// The header of the key, alone or with the word before the key, as in `Authorization: Api-Key`.
    /// Default: `Authorization: Bearer`.
    #[schemars(with = "Option<String>")]
    pub key_header: Option<Spanned<KeyPlace>>,
    /// Whether the caller's own key goes on. Default: false.
    pub forward: bool,
    /// Replaces the request's model; or, as `[[upstream.NAME.model]]` with `match`, what differs for
    /// some models.
    pub model: UpstreamModel,
    /// More headers.
    #[schemars(with = "BTreeMap<String, String>")]
    pub headers: BTreeMap<String, Spanned<String>>,
    /// More request fields let through; `["*"]` for all but Vapi's own.
    pub fields: Vec<String>,
    /// More message fields let through.
    pub message_fields: Vec<String>,
    /// Request fields that are left out; `tools.KEY` is a key of tools, `messages.KEY` of messages.
    #[schemars(with = "Vec<String>")]
    pub drop: Vec<Spanned<String>>,
    /// Request fields that go under another name.
    #[schemars(with = "BTreeMap<String, String>")]
    pub rename: BTreeMap<String, Spanned<String>>,
    /// Request fields that are set where the request has none.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub default: BTreeMap<String, Spanned<toml::Value>>,
    /// How messages must be; a preset has its own.
    #[schemars(with = "ShapeChange")]
    pub shape: Option<Spanned<ShapeChange>>,
    /// Whether what is refused for its form is mended and asked again, and what of the history is
    /// mended before; single mends end by name. Default: true.
    pub mend: Mend,
    /// Whether requests of one assistant bear one `prompt_cache_key`, where the provider knows it.
    /// Default: false.
    pub prompt_cache_key: bool,
}

impl UpstreamConfig {
    /// What it says of the form of requests.
    pub fn form(&self) -> FormConfig {
        self.form_table().form()
    }

    fn form_table(&self) -> FormTable<'_> {
        FormTable {
            preset: self.preset,
            fields: &self.fields,
            message_fields: &self.message_fields,
            rows: FieldRows {
                drop: &self.drop,
                rename: &self.rename,
                default: &self.default,
            },
            shape: self.shape.as_ref(),
            mend: self.mend,
            model: &self.model,
            cache_key: self.prompt_cache_key,
        }
    }
}

/// What is wrong with an upstream, as far as its table tells.
pub(super) fn check(
    name: &str,
    upstream: &Spanned<UpstreamConfig>,
    source: &Source,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let (place, upstream) = (upstream.span(), upstream.get_ref());
    if let (None, BaseUrl::Own(like)) = (&upstream.url, upstream.preset.0.base) {
        let problem = source.error(place.clone(), format!("the upstream `{name}` has no `url`"));
        let help = format!("add `url`, which looks like `{like}`");
        problems.push(problem.with_help(help));
    }
    problems.extend(key::check(name, upstream, source));
    problems.extend(headers::check(&upstream.headers, &|value| value, source));
    problems.extend(super::form::check(
        name,
        &upstream.form_table(),
        &place,
        source,
    ));
    problems
}
