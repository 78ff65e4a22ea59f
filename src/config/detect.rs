//! `[detect]`: what finds names.
//!
//! It loads no model.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::files::{Problem, Source};

/// `[detect]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DetectConfig {
    /// What finds names. Default: table.
    #[schemars(with = "NamesBy")]
    pub names: Spanned<NamesBy>,
    /// The model's folder, or its ONNX file with `vocab.txt` and `config.json` beside it.
    #[schemars(with = "Option<PathBuf>")]
    pub model: Option<Spanned<PathBuf>>,
}

impl Default for DetectConfig {
    fn default() -> DetectConfig {
        DetectConfig {
            names: Spanned::new(0..0, NamesBy::Table),
            model: None,
        }
    }
}

/// What finds names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NamesBy {
    /// A table of names, and how people give theirs.
    #[default]
    Table,
    /// Both, and a model.
    Model,
}

impl DetectConfig {
    /// The place of the model that is to be used.
    pub fn model(&self) -> Option<&Spanned<PathBuf>> {
        let is_used = *self.names.get_ref() == NamesBy::Model;
        self.model.as_ref().filter(|_| is_used)
    }

    /// What is wrong with it.
    pub(super) fn check(&self, source: &Source) -> Option<Problem> {
        match (self.names.get_ref(), &self.model) {
            (NamesBy::Model, None) => {
                let message = "`names = \"model\"` and there is no `model`";
                let help = "name its folder: `model = \"models/rampart\"`; docs/names-model.md says how to get one";
                Some(source.error(self.names.span(), message).with_help(help))
            }
            (NamesBy::Table, Some(model)) => {
                let message =
                    "there is a `model`, and without `names = \"model\"` it finds nothing";
                let help = "write `names = \"model\"` to use it, or drop the `model`";
                Some(source.error(model.span(), message).with_help(help))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Overrides};

    fn problems(detect: &str) -> String {
        let text = format!("[upstream.a]\nurl = \"http://x\"\n[detect]\n{detect}\n");
        let source = crate::config::source("aside.toml", text);
        let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        problems.iter().map(|it| it.message.clone()).collect()
    }

    #[test]
    fn a_model_is_named_where_it_is_used_and_nowhere_else() {
        assert_eq!(problems(""), "");
        assert_eq!(problems("names = \"table\""), "");
        assert_eq!(problems("names = \"model\"\nmodel = \"m\""), "");
        assert!(problems("names = \"model\"").contains("there is no `model`"));
        assert!(problems("model = \"m\"").contains("finds nothing"));
        assert!(problems("names = \"both\"").contains("both"));
    }
}
