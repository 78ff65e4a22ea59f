//! The model for names that a config asks for.

use std::sync::Arc;

use crate::config::Config;
use crate::detect::SharedNameFinder;
use crate::files::{Problem, Source};
use crate::names::NameModel;

/// Loads the model of a config, so that what is wrong with it is known; none: the table finds names.
pub fn open_names(
    config: &Config,
    source: &Source,
) -> Result<Option<SharedNameFinder>, Box<Problem>> {
    let Some(model) = config.detect.model() else {
        return Ok(None);
    };
    let names = NameModel::load(model.get_ref()).map_err(|error| {
        let message = format!("the model for names can't be used: {error}");
        let help = "docs/names-model.md says which files it has, and how to get them";
        Box::new(source.error(model.span(), message).with_help(help))
    })?;
    Ok(Some(Arc::new(names)))
}
