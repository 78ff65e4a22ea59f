//! What the server tells its operators. Never what people said.

pub mod metrics;

use std::io::IsTerminal;
use std::str::FromStr;

use tracing_subscriber::EnvFilter;

/// What is logged: a level, and levels of modules, as in `warn,aside::server=debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLevel(String);

impl Default for LogLevel {
    fn default() -> LogLevel {
        LogLevel("info".to_owned())
    }
}

/// A text is no log level.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no log level: use error, warn, info, debug, trace or off, also for one module as in `warn,aside::server=debug`"
)]
pub struct LogLevelError(String);

impl FromStr for LogLevel {
    type Err = LogLevelError;

    fn from_str(text: &str) -> Result<LogLevel, LogLevelError> {
        for part in text.split(',').map(str::trim) {
            let (module, level) = part.rsplit_once('=').unwrap_or(("aside", part));
            let is_level = is_any(level, LEVELS);
            let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_:-".contains(letter);
            if !is_level || module.is_empty() || !module.chars().all(is_letter) {
                return Err(LogLevelError(part.to_owned()));
            }
        }
        Ok(LogLevel(text.to_owned()))
    }
}

impl LogLevel {
    fn filter(&self) -> EnvFilter {
        let mut directives = self.0.clone();
        let parts = || self.0.split(',').map(str::trim);
        let of_all = parts().rfind(|part| !part.contains('='));
        let is_quiet = of_all.is_none_or(|level| !is_any(level, &["debug", "trace"]));
        let is_named = parts().any(|part| part.starts_with("actix"));
        if is_quiet && !is_named {
            directives.push_str(WEB_SERVER);
        }
        // What can't be read was refused before.
        EnvFilter::new(directives)
    }
}

/// The web server's own lines are about clients' connections: they are shown from debug on, but
/// for what the operator must know, such as that no more connections can be opened.
const WEB_SERVER: &str = ",actix_http=off,actix_web=off,actix_rt=off,actix_server=error,mio=off";

const LEVELS: &[&str] = &["error", "warn", "info", "debug", "trace", "off"];

fn is_any(level: &str, levels: &[&str]) -> bool {
    levels.iter().any(|one| one.eq_ignore_ascii_case(level))
}

/// Starts the log on standard error.
pub fn start_log(is_json: bool, level: &LogLevel) {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(level.filter())
        // Where nobody reads standard error any more, a line is lost; else writing that down would
        // panic in the middle of a turn.
        .log_internal_errors(false)
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
}

/// From now on a panic is logged by its place alone: its message may quote what people said.
pub fn hide_panic_messages() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "something broke inside; please report this place");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_log_level_is_named() {
        for text in [
            "info",
            "WARN",
            "off",
            "aside=debug",
            "warn,aside::server=trace",
            "info, aside::record=debug",
        ] {
            assert!(text.parse::<LogLevel>().is_ok(), "{text}");
        }
        for (text, named) in [
            ("verbose", "verbose"),
            ("infos", "infos"),
            ("", ""),
            ("2", "2"),
            ("aside", "aside"),
            ("aside=loud", "aside=loud"),
            ("=debug", "=debug"),
            ("info,verbose", "verbose"),
            ("info,,warn", ""),
            ("aside[span]=debug", "aside[span]=debug"),
        ] {
            let message = text.parse::<LogLevel>().expect_err(text);
            let message = message.to_string();
            assert!(message.starts_with(&format!("`{named}` is no log level")));
        }
    }

    #[test]
    fn the_web_servers_own_lines_are_shown_from_debug_on() {
        let filter = |text: &str| {
            let level: LogLevel = text.parse().expect(text);
            level.filter().to_string()
        };
        for quiet in ["info", "warn", "error", "info,aside=debug"] {
            assert!(filter(quiet).contains("actix_http=off"), "{quiet}");
        }
        for loud in ["debug", "trace", "DEBUG", "info,actix_http=warn"] {
            assert!(!filter(loud).contains("actix_http=off"), "{loud}");
        }
    }
}
