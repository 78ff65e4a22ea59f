//! What the server tells its operators. Never what people said.

pub mod metrics;

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts the log on standard error. `level`: `info`, `debug`, or per module as in
/// `aside=debug`. The message of an error says what a level looks like.
pub fn start_log(is_json: bool, level: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(level).map_err(|error| {
        format!("`{level}` is no log level ({error}); use error, warn, info, debug or trace")
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A log that was started already, as in tests, goes on as it is.
    let _ = if is_json {
        builder.json().try_init()
    } else {
        builder
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .try_init()
    };
    Ok(())
}

/// From now on a panic is logged by its place alone: its message may quote what people said.
pub fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "something broke inside; please report this place");
    }));
}
