//! `aside schema`: the JSON Schema of what people write, for completion in editors.

use clap::{Args, ValueEnum};

use super::CommandOutcome;
use crate::config::Config;
use crate::ruleset::rule_schema;

/// Print the JSON Schema of rule files or of the config, for completion in editors
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Of which file
    of: SchemaOf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaOf {
    /// A rule file
    Rule,
    /// The config file
    Config,
}

impl Schema {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        let schema = match self.of {
            SchemaOf::Rule => rule_schema(),
            SchemaOf::Config => Config::schema(),
        };
        let text = serde_json::to_string_pretty(&schema)?;
        println!("{text}");
        Ok(CommandOutcome::Good)
    }
}
