//! The commands: one file each. The only module that prints.

/// Prints a line as the one of the standard library does, which panics where the pipe is closed.
macro_rules! println {
    () => { $crate::cli::print::line(format_args!("")) };
    ($($text:tt)*) => { $crate::cli::print::line(format_args!($($text)*)) };
}

/// Prints text as the one of the standard library does, which panics where the pipe is closed.
macro_rules! print {
    ($($text:tt)*) => { $crate::cli::print::text(format_args!($($text)*)) };
}

/// Prints a line to standard error, or nowhere, where nobody reads it.
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::cli::print::error_line(format_args!($($text)*)) };
}

mod check;
mod demo;
mod explain;
mod health;
mod new;
mod paint;
mod print;
mod probe;
mod redact;
mod replay;
mod schema;
mod serve;
mod setup;
mod test;
mod upstream_flags;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::telemetry::{LogLevel, LogLevelError};

/// Context-rewriting middleware for voice agents: between Vapi and any OpenAI-compatible model.
#[derive(Debug, Parser)]
#[command(name = "aside", version, about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Check(check::Check),
    Test(test::Test),
    New(new::New),
    Explain(explain::Explain),
    Probe(probe::ProbeArguments),
    Replay(replay::Replay),
    Redact(redact::Redact),
    Schema(schema::Schema),
    Health(health::HealthCheck),
}

/// What came of a command: 0 good, 1 problems found, 2 wrong usage.
enum CommandOutcome {
    Good,
    Problems,
}

/// What was asked for in the arguments is not there.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUsage(String);

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; what else clap says is wrong usage.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    if let Err(message) = log_level() {
        eprintln!("error: ASIDE_LOG: {message}");
        return ExitCode::from(2);
    }
    let result = match arguments.command {
        Command::Serve(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Check(command) => command.run(),
        Command::Test(command) => command.run(),
        Command::New(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Probe(command) => command.run(),
        Command::Replay(command) => command.run(),
        Command::Redact(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Health(command) => command.run(),
    };
    let result = result.and_then(|outcome| {
        print::finish()?;
        Ok(outcome)
    });
    match result {
        Ok(CommandOutcome::Good) => ExitCode::SUCCESS,
        Ok(CommandOutcome::Problems) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<WrongUsage>() { 2 } else { 1 })
        }
    }
}

/// What is to be logged, as `ASIDE_LOG` says.
fn log_level() -> Result<LogLevel, LogLevelError> {
    let said = std::env::var_os("ASIDE_LOG").filter(|said| !said.is_empty());
    match said {
        None => Ok(LogLevel::default()),
        Some(said) => said.to_string_lossy().parse(),
    }
}

/// Prints problems to standard error, each with its place.
fn show(problems: &[crate::files::Problem]) {
    for problem in problems {
        eprintln!("{problem}");
    }
}

/// Whether standard output shows colours: a terminal that can, of somebody who wants them
/// (<https://no-color.org>).
fn has_colours() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    std::io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb
}
