//! The recorder and the inspector that a config asks for.

use std::sync::Arc;

use tracing::warn;

use crate::config::Config;
use crate::files::{Problem, Source};
use crate::inspect::{InspectOptions, Inspector};
use crate::record::{Options, Recorder, Seal};

/// What is wrong with `[record]`, as far as that shows without opening the file.
pub fn check_record(config: &Config, source: &Source) -> Option<Problem> {
    let record = config.record.as_ref()?;
    record.check(source, &|key| Seal::with_key(key).is_some())
}

/// The recorder of a config; none: nothing is recorded.
pub(in crate::server) fn open_recorder(
    config: &Config,
    source: &Source,
) -> Result<Option<Arc<Recorder>>, Box<Problem>> {
    if let Some(problem) = check_record(config, source) {
        return Err(Box::new(problem));
    }
    let Some(record) = &config.record else {
        return Ok(None);
    };
    let key = record.key.as_ref();
    let options = Options {
        file: record.file.get_ref().clone(),
        most: record.most,
        seal: key.and_then(|key| Seal::with_key(key.get_ref().expose())),
    };
    let recorder = Recorder::start(options).map_err(|error| {
        let message = format!("the recording can't be written: {error}");
        let help = "name a file in a folder that aside may write to";
        Box::new(source.error(record.file.span(), message).with_help(help))
    })?;
    Ok(Some(Arc::new(recorder)))
}

/// The inspector of a config; none: it is switched off, or there is no thread for it.
pub(in crate::server) fn open_inspector(config: &Config) -> Option<Arc<Inspector>> {
    let inspect = &config.inspect;
    let options = InspectOptions {
        turns: inspect.turns,
        memory: inspect.memory,
    };
    let started = inspect.enabled.then(|| Inspector::start(options))?;
    started
        .map_err(|error| warn!(%error, "no thread for the inspector; it shows no turns"))
        .ok()
        .map(Arc::new)
}
